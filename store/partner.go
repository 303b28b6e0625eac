package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
	"loa/vn"
)

const partnerColumns = `p.id, p.office_id, p.area_id, p.kind, p.name, p.contact, p.phone, p.email, p.address, p.meeting, p.note, p.retired_at > 0, p.change_no`

func scanPartner(r interface{ Scan(...any) error }, more ...any) (p loa.Partner, err error) {
	return p, r.Scan(append([]any{&p.ID, &p.Office, &p.Area, &p.Kind, &p.Name, &p.Contact, &p.Phone, &p.Email, &p.Address, &p.Meeting, &p.Note, &p.Retired, &p.ChangeNo}, more...)...)
}

// PartnerLine is a partner in a list, with what was done together.
type PartnerLine struct {
	loa.Partner
	Sessions int64
	LastOn   loa.Day // of the last session held together
	NextOn   loa.Day // of the next session planned together
}

// together are the sessions of one line of the list.
const together = ` FROM session_partner l JOIN session s ON s.id = l.session_id JOIN area x ON x.id = s.area_id WHERE l.partner_id = p.id AND `

// Partners is one page of the partners in the order of their names, and how many there are in all. kind may be empty.
func (db *DB) Partners(ctx context.Context, in loa.Scope, p ListPage, kind string) ([]PartnerLine, int, error) {
	scope, args := inScope(in, "a.path", 3)
	seen, _ := inScope(in, "x.path", 3) // the sessions of the scope, with the same arguments
	cond, more := p.where("p", 3+len(args))
	all := append(append([]any{in.Office, kind}, args...), more...)
	from := ` FROM partner p JOIN area a ON a.id = p.area_id WHERE p.office_id = $1 AND ($2 = '' OR p.kind = $2) AND ` + scope + ` AND ` + cond
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+from, all...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the partners: %w", err)
	}
	next, after := p.next("p", len(all)+1)
	all = append(all, after...)
	rows, err := db.read.QueryContext(ctx, `SELECT `+partnerColumns+`,
		(SELECT count(*)`+together+seen+` AND s.state = 'held'), coalesce((SELECT max(s.on_day)`+together+seen+` AND s.state = 'held'), ''),
		coalesce((SELECT min(s.on_day)`+together+seen+` AND s.state = 'planned'), '')`+
		from+` AND `+next+` ORDER BY p.folded, p.id LIMIT $`+strconv.Itoa(len(all)+1), append(all, p.Take)...)
	list, err := collect(rows, err, func(r *sql.Rows) (l PartnerLine, err error) {
		l.Partner, err = scanPartner(r, &l.Sessions, &l.LastOn, &l.NextOn)
		return l, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the partners: %w", err)
	}
	return list, total, nil
}

// Partner is one partner inside the scope.
func (db *DB) Partner(ctx context.Context, in loa.Scope, id loa.PartnerID) (loa.Partner, error) {
	return partnerIn(ctx, db.read, in, id)
}

func partnerIn(ctx context.Context, q querier, in loa.Scope, id loa.PartnerID) (loa.Partner, error) {
	var path string
	p, err := scanPartner(q.QueryRowContext(ctx, `SELECT `+partnerColumns+`, a.path FROM partner p JOIN area a ON a.id = p.area_id WHERE p.id = $1`, id), &path)
	if err != nil {
		return p, notFound(err)
	}
	if !in.Holds(path) || p.Office != in.Office {
		return loa.Partner{}, loa.ErrNotFound
	}
	return p, nil
}

// AddPartner notes a body that helps to reach people.
func (db *DB) AddPartner(ctx context.Context, in loa.Scope, by loa.By, p loa.Partner) (loa.Partner, error) {
	p.Name, p.Office = vn.Tidy(p.Name), in.Office
	if p.ID == "" {
		p.ID = loa.PartnerID(loa.NewID())
	}
	if err := p.Check(); err != nil {
		return p, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, p.Area); err != nil {
			return err
		}
		var err error
		if p.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO partner (id, office_id, area_id, kind, name, folded, contact, phone, email, address, meeting, note, change_no) VALUES (`+placeholders(1, 13)+`)`,
			p.ID, p.Office, p.Area, p.Kind, p.Name, vn.Fold(p.Name), p.Contact, p.Phone, p.Email, p.Address, p.Meeting, p.Note, p.ChangeNo)
		if err != nil {
			return fmt.Errorf("save a partner: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "partner", string(p.ID), p.Kind)
	})
	return p, err
}

// SavePartner changes a partner's fields; one that somebody else changed since the form was read comes back instead.
func (db *DB) SavePartner(ctx context.Context, in loa.Scope, by loa.By, p loa.Partner, read int64) (clashes []loa.FieldChange, err error) {
	p.Name = vn.Tidy(p.Name)
	if err := p.Check(); err != nil {
		return nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		old, err := partnerIn(ctx, tx, in, p.ID)
		if err != nil {
			return err
		}
		if _, err := areaForWrite(ctx, tx, in, p.Area); err != nil {
			return err
		}
		clashes, err = saveRecord(ctx, tx, in, by, "partner", string(p.ID), old.ChangeNo, read, []recordField{{"area_id", old.Area, p.Area}, {"kind", old.Kind, p.Kind}, {"name", old.Name, p.Name},
			{"contact", old.Contact, p.Contact}, {"phone", old.Phone, p.Phone}, {"email", old.Email, p.Email}, {"address", old.Address, p.Address}, {"meeting", old.Meeting, p.Meeting}, {"note", old.Note, p.Note}})
		return err
	})
	return clashes, err
}

// RetirePartner takes a partner out of use, or back.
func (db *DB) RetirePartner(ctx context.Context, in loa.Scope, by loa.By, id loa.PartnerID, retire bool) error {
	if _, err := db.Partner(ctx, in, id); err != nil {
		return err
	}
	return db.retireRecord(ctx, in, by, "partner", string(id), retire)
}

// PartnerSession is a session held or planned with a partner.
type PartnerSession struct {
	Session   loa.SessionID
	On        loa.Day
	Form      loa.Form
	Title     string
	State     loa.SessionState
	Area      loa.AreaID
	Confirmed loa.Day // the day the partner said yes; empty while it has not
	LetterNo  int64   // of the invitation; 0 while none was written
	LetterOn  loa.Day
}

// PartnerSessions is one page of what a partner was asked to, newest first, with how many it was asked to and confirmed.
func (db *DB) PartnerSessions(ctx context.Context, in loa.Scope, id loa.PartnerID, skip, take int) (list []PartnerSession, total, confirmed int, err error) {
	where, args := inScope(in, "a.path", 2)
	all := append([]any{id}, args...)
	from := ` FROM session_partner l JOIN session s ON s.id = l.session_id JOIN area a ON a.id = s.area_id WHERE l.partner_id = $1 AND ` + where
	err = db.read.QueryRowContext(ctx, `SELECT count(*), coalesce(CAST(sum(CASE WHEN l.confirmed_on <> '' THEN 1 ELSE 0 END) AS BIGINT), 0)`+from, all...).Scan(&total, &confirmed)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("count a partner's sessions: %w", err)
	}
	n := len(all)
	rows, err := db.read.QueryContext(ctx, `SELECT s.id, s.on_day, s.form, s.title, s.state, s.area_id, l.confirmed_on, l.letter_no, l.letter_on`+from+
		` ORDER BY s.on_day DESC, s.id LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2), append(all, take, skip)...)
	list, err = collect(rows, err, func(r *sql.Rows) (p PartnerSession, err error) {
		return p, r.Scan(&p.Session, &p.On, &p.Form, &p.Title, &p.State, &p.Area, &p.Confirmed, &p.LetterNo, &p.LetterOn)
	})
	if err != nil {
		return nil, 0, 0, fmt.Errorf("read a partner's sessions: %w", err)
	}
	return list, total, confirmed, nil
}
