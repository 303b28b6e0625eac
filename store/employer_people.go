package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
)

// Workforce is what the register knows of the people an employer pays for.
type Workforce struct {
	Known   int64 // people with a spell of compulsory SI on the day that this employer pays for
	Reached int64 // of them, who came to a session since another day
	Phone   int64 // of them, who have a telephone that works
}

// worksAt are the people of the scope who are in compulsory SI through an employer on a day.
const worksAt = ` FROM person p JOIN area a ON a.id = p.area_id WHERE p.merged_into = '' AND p.id IN (SELECT c.person_id FROM contribution c WHERE c.employer_id = $1 AND c.employer_id <> '')
	AND EXISTS (SELECT 1 FROM spell s WHERE s.person_id = p.id AND s.scheme = 'compulsory_si' AND s.starts_on <= $2 AND s.ends_on > $2) AND `

// Workforce counts an employer's people inside the scope.
func (db *DB) Workforce(ctx context.Context, in loa.Scope, id loa.EmployerID, on, since loa.Day) (w Workforce, err error) {
	if _, err := db.Employer(ctx, in, id); err != nil {
		return w, err
	}
	where, args := inScope(in, "a.path", 4)
	err = db.read.QueryRowContext(ctx, `SELECT count(*), CAST(coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM attendance t WHERE t.person_id = p.id AND t.happened_on >= $3 AND t.happened_on <= $2) THEN 1 ELSE 0 END), 0) AS BIGINT),
		CAST(coalesce(sum(CASE WHEN p.phone <> '' AND NOT p.phone_bad THEN 1 ELSE 0 END), 0) AS BIGINT)`+worksAt+where, append([]any{id, on, since}, args...)...).Scan(&w.Known, &w.Reached, &w.Phone)
	if err != nil {
		return w, fmt.Errorf("count an employer's people: %w", err)
	}
	return w, nil
}

// EmployerPerson is somebody an employer pays compulsory SI for.
type EmployerPerson struct {
	ID       loa.PersonID
	Name     string
	BornYear int
	Area     loa.AreaID
}

// EmployerPeople is one page of an employer's people by name.
func (db *DB) EmployerPeople(ctx context.Context, in loa.Scope, id loa.EmployerID, on loa.Day, skip, take int) ([]EmployerPerson, error) {
	if _, err := db.Employer(ctx, in, id); err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 3)
	n := len(args) + 3
	rows, err := db.read.QueryContext(ctx, `SELECT p.id, p.name, p.born_year, p.area_id`+worksAt+where+` ORDER BY p.sort_key, p.id LIMIT $`+strconv.Itoa(n)+` OFFSET $`+strconv.Itoa(n+1),
		append(append([]any{id, on}, args...), take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (p EmployerPerson, err error) {
		return p, r.Scan(&p.ID, &p.Name, &p.BornYear, &p.Area)
	})
	if err != nil {
		return nil, fmt.Errorf("list an employer's people: %w", err)
	}
	return list, nil
}

// EmployerSession is a session at an employer.
type EmployerSession struct {
	Session loa.SessionID
	On      loa.Day
	Form    loa.Form
	Title   string
	State   loa.SessionState
}

// EmployerSessions are the newest sessions at an employer inside the scope, planned and held.
func (db *DB) EmployerSessions(ctx context.Context, in loa.Scope, id loa.EmployerID, take int) ([]EmployerSession, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT s.id, s.on_day, s.form, s.title, s.state FROM session s JOIN area a ON a.id = s.area_id
		WHERE s.employer_id = $1 AND s.employer_id <> '' AND s.office_id = $2 AND `+where+` ORDER BY s.on_day DESC, s.id LIMIT $3`, append([]any{id, in.Office, take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (s EmployerSession, err error) {
		return s, r.Scan(&s.Session, &s.On, &s.Form, &s.Title, &s.State)
	})
	if err != nil {
		return nil, fmt.Errorf("read the sessions at an employer: %w", err)
	}
	return list, nil
}

// EmployerCount is one line of the official list: how many work somewhere.
type EmployerCount struct {
	Employer  loa.EmployerID
	Employees int
}

// SaveEmployerCounts writes the numbers of the official list of a day. A number of a later day stays; a line that says what is
// known is left alone. It tells how many lines changed.
func (db *DB) SaveEmployerCounts(ctx context.Context, in loa.Scope, by loa.By, on loa.Day, list []EmployerCount) (changed, later int, err error) {
	if !on.Valid() || on > by.Day() {
		return 0, 0, loa.Refuse(loa.Invalid, "on", "bad_day")
	}
	for len(list) > 0 && err == nil { // in parts, so that nobody else has to wait for a long list
		n := min(len(list), countsAtOnce)
		var more, kept int
		more, kept, err = db.saveEmployerCounts(ctx, in, by, on, list[:n])
		changed, later, list = changed+more, later+kept, list[n:]
	}
	return changed, later, err
}

// countsAtOnce is how many numbers one transaction writes.
const countsAtOnce = 40

func (db *DB) saveEmployerCounts(ctx context.Context, in loa.Scope, by loa.By, on loa.Day, list []EmployerCount) (changed, later int, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		for _, c := range list {
			old, err := employerIn(ctx, tx, in, c.Employer)
			if err != nil {
				return err
			}
			if old.EmployeesOn > on {
				later++
				continue
			}
			if old.Employees == c.Employees && old.EmployeesOn == on {
				continue
			}
			now := old
			now.Employees, now.EmployeesOn = c.Employees, on
			if err := now.Check(); err != nil {
				return err
			}
			if _, err := saveRecord(ctx, tx, in, by, "employer", string(old.ID), old.ChangeNo, 0, []recordField{{"employees", old.Employees, now.Employees}, {"employees_on", old.EmployeesOn, now.EmployeesOn}}); err != nil {
				return err
			}
			changed++
		}
		return nil
	})
	return changed, later, err
}
