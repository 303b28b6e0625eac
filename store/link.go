package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"loa"
)

const linkColumns = `l.id, l.office_id, l.area_id, l.code, l.spoken, l.kind, l.page, l.noun, l.noun_id, l.officer_id, l.network, l.channel_id, l.label, l.created_at, l.created_by`

func scanLink(r interface{ Scan(...any) error }, more ...any) (l loa.Link, err error) {
	var created int64
	err = r.Scan(append([]any{&l.ID, &l.Office, &l.Area, &l.Code, &l.Spoken, &l.Kind, &l.Page, &l.Noun, &l.NounID, &l.Officer, &l.Network, &l.Channel, &l.Label, &created, &l.CreatedBy}, more...)...)
	l.CreatedAt = instant(created)
	return l, err
}

// SaveLink makes a link with its code and its spoken number, the next of the office. The same link sent again, and a second one of
// the same officer or of the same channel of a broadcast, come back as they were made first. An empty area is the whole office's.
func (db *DB) SaveLink(ctx context.Context, in loa.Scope, by loa.By, l loa.Link) (loa.Link, error) {
	err := db.tx(ctx, func(tx *sql.Tx) (err error) {
		l, err = saveLink(ctx, tx, in, by, l)
		return err
	})
	return l, err
}

// saveLink is SaveLink inside a transaction that makes other things along with the link.
func saveLink(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, l loa.Link) (loa.Link, error) {
	if l.Page == "" {
		l.Page = "home"
	}
	if err := l.Check(); err != nil {
		return l, err
	}
	if l.Area == "" {
		if err := tx.QueryRowContext(ctx, `SELECT anchor_id FROM office WHERE id = $1`, in.Office).Scan(&l.Area); err != nil {
			return l, notFound(err)
		}
		if in.Empty() {
			return l, loa.ErrNotFound
		}
	} else if err := areaInScope(ctx, tx, in, l.Area); err != nil {
		return l, err
	}
	if err := officerInOffice(ctx, tx, in, l.Officer); err != nil {
		return l, err
	}
	change, err := nextChange(ctx, tx, in.Office, 1) // the office's row is locked: numbers are given one after another
	if err != nil {
		return l, err
	}
	old, err := scanLink(tx.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM link l WHERE l.office_id = $1 AND (l.id = $2 OR l.kind = 'officer' AND $3 = 'officer' AND l.officer_id = $4 OR l.kind = 'kit' AND $3 = 'kit' AND l.officer_id = $4 AND l.noun_id = $5
		OR l.kind = 'broadcast' AND $3 = 'broadcast' AND l.noun_id = $5 AND l.network = $6 AND l.channel_id = $7)`,
		in.Office, l.ID, string(l.Kind), l.Officer, l.NounID, l.Network, l.Channel))
	if err == nil && old.Kind == loa.BroadcastLink && old.Page != l.Page { // the broadcast was taken back and leads elsewhere now
		old.Page = l.Page
		if _, err := tx.ExecContext(ctx, `UPDATE link SET page = $1, change_no = $2 WHERE id = $3`, old.Page, change, old.ID); err != nil {
			return l, fmt.Errorf("lead a link elsewhere: %w", err)
		}
		return old, addAudit(ctx, tx, in.Office, by, "changed", "link", string(old.ID), old.Page)
	}
	if err == nil {
		return old, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return l, fmt.Errorf("look for the link: %w", err)
	}
	if err := tx.QueryRowContext(ctx, `SELECT CAST(COALESCE(max(spoken), 0) + 1 AS BIGINT) FROM link WHERE office_id = $1`, in.Office).Scan(&l.Spoken); err != nil {
		return l, fmt.Errorf("take a spoken number: %w", err)
	}
	for {
		l.Code = loa.NewCode()
		var taken bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM link WHERE code = $1)`, l.Code).Scan(&taken); err != nil {
			return l, fmt.Errorf("look for the code: %w", err)
		}
		if !taken {
			break
		}
	}
	l.Office, l.CreatedAt, l.CreatedBy = in.Office, by.At, by.Officer
	_, err = tx.ExecContext(ctx, `INSERT INTO link (id, office_id, area_id, code, spoken, kind, page, noun, noun_id, officer_id, network, channel_id, label, created_at, created_by, change_no) VALUES (`+placeholders(1, 16)+`)`,
		l.ID, l.Office, l.Area, l.Code, l.Spoken, l.Kind, l.Page, l.Noun, l.NounID, l.Officer, l.Network, l.Channel, l.Label, millis(l.CreatedAt), l.CreatedBy, change)
	if err != nil {
		return l, fmt.Errorf("save the link: %w", err)
	}
	return l, addAudit(ctx, tx, l.Office, by, "created", "link", string(l.ID), strconv.Itoa(l.Spoken))
}

// LinkByCode is the link behind a short address; it takes no scope, since everybody may open it.
func (db *DB) LinkByCode(ctx context.Context, code string) (loa.Link, error) {
	if code = loa.ReadCode(code); code == "" {
		return loa.Link{}, loa.ErrNotFound
	}
	l, err := scanLink(db.read.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM link l WHERE l.code = $1`, code))
	return l, notFound(err)
}

// LinkBySpoken is the link of an office by the number that is said for it; it takes no scope, as that number is printed for everybody.
func (db *DB) LinkBySpoken(ctx context.Context, office loa.OfficeID, spoken int) (loa.Link, error) {
	l, err := scanLink(db.read.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM link l WHERE l.office_id = $1 AND l.spoken = $2`, office, spoken))
	return l, notFound(err)
}

// LinkFilter is what a list of links is narrowed to; zero values narrow nothing.
type LinkFilter struct {
	ID      loa.LinkID
	Kind    loa.LinkKind
	Officer loa.OfficerID
	NounID  string
	From    loa.Day // visits are counted between these days, both included; empty: all
	To      loa.Day
	Limit   int
}

// LinkLine is a link in a list with how often it was opened and how many questions came through it.
type LinkLine struct {
	loa.Link
	Visits   int64
	Visitors int64 // of each day, added up
	Asked    int64
}

// Links are those inside the scope a filter asks for, the newest number first.
func (db *DB) Links(ctx context.Context, in loa.Scope, f LinkFilter) ([]LinkLine, error) {
	if f.To == "" {
		f.To = loa.OpenEnd
	}
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 200
	}
	where, args := inScope(in, "a.path", 4)
	args = append([]any{f.From, f.To, in.Office}, args...)
	add := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if f.ID != "" {
		add(`l.id =`, f.ID)
	}
	if f.Kind != "" {
		add(`l.kind =`, f.Kind)
	}
	if f.Officer != "" {
		add(`l.officer_id =`, f.Officer)
	}
	if f.NounID != "" {
		add(`l.noun_id =`, f.NounID)
	}
	args = append(args, f.Limit)
	rows, err := db.read.QueryContext(ctx, `SELECT `+linkColumns+`, CAST(COALESCE((SELECT sum(v.n) FROM link_visit v WHERE v.link_id = l.id AND v.on_day >= $1 AND v.on_day <= $2), 0) AS BIGINT),
		CAST(COALESCE((SELECT sum(v.people) FROM link_visit v WHERE v.link_id = l.id AND v.on_day >= $1 AND v.on_day <= $2), 0) AS BIGINT),
		(SELECT count(*) FROM asker k JOIN question q ON q.id = k.question_id WHERE k.link_id = l.id AND k.link_id <> '')
		FROM link l JOIN area a ON a.id = l.area_id WHERE l.office_id = $3 AND `+where+` ORDER BY l.spoken DESC LIMIT $`+strconv.Itoa(len(args)), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (x LinkLine, err error) {
		x.Link, err = scanLink(r, &x.Visits, &x.Visitors, &x.Asked)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the links: %w", err)
	}
	return list, nil
}

// OwnLink is an officer's own link, which lies outside the scope of an officer of one commune; not found while it has not been made.
func (db *DB) OwnLink(ctx context.Context, in loa.Scope, officer loa.OfficerID) (loa.Link, error) {
	l, err := scanLink(db.read.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM link l WHERE l.office_id = $1 AND l.kind = 'officer' AND l.officer_id = $2`, in.Office, officer))
	return l, notFound(err)
}
