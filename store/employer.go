package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
	"loa/vn"
)

const employerColumns = `e.id, e.office_id, e.area_id, e.code, e.name, e.employees, e.employees_on, e.contact, e.phone, e.email, e.note, e.retired_at > 0, e.change_no`

func scanEmployer(r interface{ Scan(...any) error }, more ...any) (e loa.Employer, err error) {
	return e, r.Scan(append([]any{&e.ID, &e.Office, &e.Area, &e.Code, &e.Name, &e.Employees, &e.EmployeesOn, &e.Contact, &e.Phone, &e.Email, &e.Note, &e.Retired, &e.ChangeNo}, more...)...)
}

// EmployerLine is an employer in a list.
type EmployerLine struct {
	loa.Employer
	Sessions int64
}

// EmployerTotals are of all employers a list shows a page of.
type EmployerTotals struct{ N, Employees int64 }

// Employers is one page of the employers in the order of their names, and the totals over all of them.
func (db *DB) Employers(ctx context.Context, in loa.Scope, p ListPage) ([]EmployerLine, EmployerTotals, error) {
	scope, args := inScope(in, "a.path", 2)
	seen, _ := inScope(in, "x.path", 2) // the sessions of the scope, with the same arguments
	cond, more := p.where("e", 2+len(args))
	all := append(append([]any{in.Office}, args...), more...)
	from := ` FROM employer e JOIN area a ON a.id = e.area_id WHERE e.office_id = $1 AND ` + scope + ` AND ` + cond
	var sum EmployerTotals
	if err := db.read.QueryRowContext(ctx, `SELECT count(*), coalesce(CAST(sum(e.employees) AS BIGINT), 0)`+from, all...).Scan(&sum.N, &sum.Employees); err != nil {
		return nil, sum, fmt.Errorf("count the employers: %w", err)
	}
	next, after := p.next("e", len(all)+1)
	all = append(all, after...)
	n := len(all)
	rows, err := db.read.QueryContext(ctx, `SELECT `+employerColumns+`,
		(SELECT count(*) FROM session s JOIN area x ON x.id = s.area_id WHERE s.employer_id = e.id AND s.employer_id <> '' AND s.office_id = $1 AND s.state = 'held' AND `+seen+`)`+
		from+` AND `+next+` ORDER BY e.folded, e.id LIMIT $`+strconv.Itoa(n+1), append(all, p.Take)...)
	list, err := collect(rows, err, func(r *sql.Rows) (l EmployerLine, err error) {
		l.Employer, err = scanEmployer(r, &l.Sessions)
		return l, err
	})
	if err != nil {
		return nil, sum, fmt.Errorf("read the employers: %w", err)
	}
	return list, sum, nil
}

// Employer is one employer inside the scope.
func (db *DB) Employer(ctx context.Context, in loa.Scope, id loa.EmployerID) (loa.Employer, error) {
	return employerIn(ctx, db.read, in, id)
}

func employerIn(ctx context.Context, q querier, in loa.Scope, id loa.EmployerID) (loa.Employer, error) {
	var path string
	e, err := scanEmployer(q.QueryRowContext(ctx, `SELECT `+employerColumns+`, a.path FROM employer e JOIN area a ON a.id = e.area_id WHERE e.id = $1`, id), &path)
	if err != nil {
		return e, notFound(err)
	}
	if !in.Holds(path) || e.Office != in.Office {
		return loa.Employer{}, loa.ErrNotFound
	}
	return e, nil
}

// freeEmployerCode refuses a code another employer of the office has.
func freeEmployerCode(ctx context.Context, tx *sql.Tx, in loa.Scope, e loa.Employer) error {
	if e.Code == "" {
		return nil
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM employer WHERE office_id = $1 AND code = $2 AND id <> $3`, in.Office, e.Code, e.ID).Scan(&n); err != nil {
		return fmt.Errorf("look for an employer's code: %w", err)
	}
	if n > 0 {
		return loa.Refuse(loa.Conflict, "code", "employer_code_taken")
	}
	return nil
}

// AddEmployer notes a unit that pays compulsory SI.
func (db *DB) AddEmployer(ctx context.Context, in loa.Scope, by loa.By, e loa.Employer) (loa.Employer, error) {
	e.Name, e.Office = vn.Tidy(e.Name), in.Office
	if e.ID == "" {
		e.ID = loa.EmployerID(loa.NewID())
	}
	if err := e.Check(); err != nil {
		return e, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, e.Area); err != nil {
			return err
		}
		if err := freeEmployerCode(ctx, tx, in, e); err != nil {
			return err
		}
		var err error
		if e.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO employer (id, office_id, area_id, code, name, folded, employees, employees_on, contact, phone, email, note, change_no) VALUES (`+placeholders(1, 13)+`)`,
			e.ID, e.Office, e.Area, e.Code, e.Name, vn.Fold(e.Name), e.Employees, e.EmployeesOn, e.Contact, e.Phone, e.Email, e.Note, e.ChangeNo)
		if err != nil {
			return fmt.Errorf("save an employer: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "employer", string(e.ID), "")
	})
	return e, err
}

// SaveEmployer changes an employer's fields; one that somebody else changed since the form was read comes back instead.
func (db *DB) SaveEmployer(ctx context.Context, in loa.Scope, by loa.By, e loa.Employer, read int64) (clashes []loa.FieldChange, err error) {
	e.Name = vn.Tidy(e.Name)
	if err := e.Check(); err != nil {
		return nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		old, err := employerIn(ctx, tx, in, e.ID)
		if err != nil {
			return err
		}
		if _, err := areaForWrite(ctx, tx, in, e.Area); err != nil {
			return err
		}
		if err := freeEmployerCode(ctx, tx, in, e); err != nil {
			return err
		}
		clashes, err = saveRecord(ctx, tx, in, by, "employer", string(e.ID), old.ChangeNo, read, []recordField{{"area_id", old.Area, e.Area}, {"code", old.Code, e.Code}, {"name", old.Name, e.Name},
			{"employees", old.Employees, e.Employees}, {"employees_on", old.EmployeesOn, e.EmployeesOn}, {"contact", old.Contact, e.Contact}, {"phone", old.Phone, e.Phone}, {"email", old.Email, e.Email}, {"note", old.Note, e.Note}})
		return err
	})
	return clashes, err
}

// RetireEmployer takes an employer out of use, or back.
func (db *DB) RetireEmployer(ctx context.Context, in loa.Scope, by loa.By, id loa.EmployerID, retire bool) error {
	if _, err := db.Employer(ctx, in, id); err != nil {
		return err
	}
	return db.retireRecord(ctx, in, by, "employer", string(id), retire)
}

// EmployerPlan are the lines of the compulsory-SI plan an employer has, newest first.
func (db *DB) EmployerPlan(ctx context.Context, in loa.Scope, id loa.EmployerID) ([]loa.Target, error) {
	if _, err := db.Employer(ctx, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, scheme, measure, year, month, value, revision, in_force_on, document FROM target
		WHERE employer_id = $1 AND office_id = $2 AND scheme = 'compulsory_si' AND NOT withdrawn AND `+notUndone+` ORDER BY year DESC, month, revision DESC LIMIT 60`, id, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (t loa.Target, err error) {
		return t, r.Scan(&t.ID, &t.Scheme, &t.Measure, &t.Year, &t.Month, &t.Value, &t.Revision, &t.InForce, &t.Document)
	})
	if err != nil {
		return nil, fmt.Errorf("read an employer's plan: %w", err)
	}
	return list, nil
}
