package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

const auditColumns = `office_id, no, at, officer_id, act, noun, noun_id, detail, prev_hash, hash`

func scanAudit(r interface{ Scan(...any) error }) (a loa.Audit, err error) {
	var at int64
	err = r.Scan(&a.Office, &a.No, &at, &a.Officer, &a.Act, &a.Noun, &a.NounID, &a.Detail, &a.Prev, &a.Hash)
	a.At = instant(at)
	return a, err
}

// AuditFilter narrows the log; empty fields do not.
type AuditFilter struct {
	Officer  loa.OfficerID
	Act      string
	Noun     string
	NounID   string
	From, To loa.Day
}

// AuditLog is a page of the office's log, newest first: entries numbered below before (0: from the newest).
func (db *DB) AuditLog(ctx context.Context, in loa.Scope, f AuditFilter, before int64, limit int) ([]loa.Audit, error) {
	if err := wholeOffice(ctx, db.read, in); err != nil {
		return nil, err
	}
	where, args := "office_id = $1", []any{in.Office}
	and := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+condition, len(args))
	}
	if before > 0 {
		and("no < $%d", before)
	}
	if f.Officer != "" {
		and("officer_id = $%d", f.Officer)
	}
	if f.Act != "" {
		and("act = $%d", f.Act)
	}
	if f.Noun != "" {
		and("noun = $%d", f.Noun)
	}
	if f.NounID != "" {
		and("noun_id <> '' AND noun_id = $%d", f.NounID)
	}
	if f.From != "" {
		and("at >= $%d", dayStart(f.From))
	}
	if f.To != "" {
		and("at < $%d", dayStart(f.To.Add(1)))
	}
	args = append(args, limit)
	rows, err := db.read.QueryContext(ctx, `SELECT `+auditColumns+` FROM audit WHERE `+where+fmt.Sprintf(` ORDER BY no DESC LIMIT $%d`, len(args)), args...)
	return collect(rows, err, func(r *sql.Rows) (loa.Audit, error) { return scanAudit(r) })
}

// dayStart is the instant a day begins in Việt Nam.
func dayStart(d loa.Day) int64 { return d.Time().UnixMilli() - 7*3600*1000 }

// AuditWords are the acts and nouns that occur in the office's log, for its filters.
func (db *DB) AuditWords(ctx context.Context, in loa.Scope) (acts, nouns []string, err error) {
	if err := wholeOffice(ctx, db.read, in); err != nil {
		return nil, nil, err
	}
	for column, out := range map[string]*[]string{"act": &acts, "noun": &nouns} {
		rows, err := db.read.QueryContext(ctx, `SELECT DISTINCT `+column+` FROM audit WHERE office_id = $1 AND `+column+` <> '' ORDER BY 1`, in.Office)
		if *out, err = collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }); err != nil {
			return nil, nil, fmt.Errorf("list the words of the log: %w", err)
		}
	}
	return acts, nouns, nil
}

// VerifyAudit walks an office's whole chain and refuses at the first entry that does not follow from the one before it.
// It says how many entries there are and the last hash, which a printed report carries outside.
func (db *DB) VerifyAudit(ctx context.Context, office loa.OfficeID) (entries int64, head string, err error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+auditColumns+` FROM audit WHERE office_id = $1 ORDER BY no`, office)
	if err != nil {
		return 0, "", fmt.Errorf("read the audit chain: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAudit(rows)
		if err != nil {
			return entries, head, fmt.Errorf("read the audit chain: %w", err)
		}
		if a.Broken(head, entries+1) {
			return entries, head, loa.Refuse(loa.Conflict, "audit", "audit_broken", entries+1)
		}
		entries, head = entries+1, a.Hash
	}
	return entries, head, rows.Err()
}
