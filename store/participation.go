package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

const participationColumns = `t.id, t.office_id, t.area_id, t.scheme, t.month, t.n, t.source, t.import_id, t.recorded_at, t.recorded_by`

func scanParticipation(r *sql.Rows) (p loa.Participation, err error) {
	var recorded int64
	err = r.Scan(&p.ID, &p.Office, &p.Area, &p.Scheme, &p.Month, &p.N, &p.Source, &p.Import, &recorded, &p.RecordedBy)
	p.RecordedAt = instant(recorded)
	return p, err
}

// Participations are the official counts of the months from first to last that hold: of each scheme, area and month the newest
// record.
func (db *DB) Participations(ctx context.Context, in loa.Scope, first, last loa.Month) ([]loa.Participation, error) {
	list, err := officialCounts(ctx, db.read, in, first, last)
	if err != nil {
		return nil, fmt.Errorf("read the official counts: %w", err)
	}
	return list, nil
}

func officialCounts(ctx context.Context, q querier, in loa.Scope, first, last loa.Month) ([]loa.Participation, error) {
	all, err := officialRecords(ctx, q, in, first, last)
	if err != nil {
		return nil, err
	}
	at := map[officialKey]int{}
	var out []loa.Participation
	for _, p := range all { // oldest record first: a later one takes its place
		k := officialKey{p.Area, p.Scheme, p.Month}
		if i, ok := at[k]; ok {
			out[i] = p
			continue
		}
		at[k] = len(out)
		out = append(out, p)
	}
	return out, nil
}

type officialKey struct {
	area   loa.AreaID
	scheme loa.Scheme
	month  loa.Month
}

func officialRecords(ctx context.Context, q querier, in loa.Scope, first, last loa.Month) ([]loa.Participation, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := q.QueryContext(ctx, `SELECT `+participationColumns+` FROM (SELECT * FROM participation WHERE office_id = $1 AND month >= $2 AND month <= $3 AND `+notUndone+`) t
		JOIN area a ON a.id = t.area_id WHERE `+where+` ORDER BY t.month, t.scheme, t.area_id, t.recorded_at, t.id`, append([]any{in.Office, first, last}, args...)...)
	return collect(rows, err, scanParticipation)
}

// ParticipationRecords are all records of one month, those that hold and those they replaced, newest last.
func (db *DB) ParticipationRecords(ctx context.Context, in loa.Scope, month loa.Month) ([]loa.Participation, error) {
	list, err := officialRecords(ctx, db.read, in, month, month)
	if err != nil {
		return nil, fmt.Errorf("read the official records: %w", err)
	}
	return list, nil
}

// SaveParticipation records official counts that differ from those that hold; the newest record of a scheme, area and month
// holds and older ones stay. It tells how many were new, corrected, or said already.
func (db *DB) SaveParticipation(ctx context.Context, in loa.Scope, by loa.By, list []loa.Participation) (added, changed, same int, err error) {
	if len(list) == 0 {
		return 0, 0, 0, nil
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		seen := map[loa.AreaID]bool{}
		for _, p := range list {
			if err := p.Check(); err != nil {
				return err
			}
			if !seen[p.Area] {
				if err := measuredArea(ctx, tx, in, p.Area); err != nil {
					return err
				}
				seen[p.Area] = true
			}
		}
		known, err := knownCounts(ctx, tx, in, list)
		if err != nil {
			return err
		}
		for _, p := range list {
			k := officialKey{p.Area, p.Scheme, p.Month}
			old, isKnown := known[k]
			if isKnown && old.N == p.N {
				same++
				continue
			}
			if isKnown {
				changed++
			} else {
				added++
			}
			p.ID, p.Office, p.RecordedBy = loa.NewID(), in.Office, by.Officer
			p.RecordedAt = instant(max(millis(by.At), millis(old.RecordedAt)+1)) // of two records of one instant the later must hold
			_, err := tx.ExecContext(ctx, `INSERT INTO participation (id, office_id, area_id, scheme, month, n, source, import_id, recorded_at, recorded_by)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, p.ID, p.Office, p.Area, p.Scheme, p.Month, p.N, p.Source, p.Import, millis(p.RecordedAt), p.RecordedBy)
			if err != nil {
				return fmt.Errorf("record an official count: %w", err)
			}
			known[k] = p
		}
		if added+changed == 0 {
			return nil
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "recorded", "participation", string(list[0].Month), fmt.Sprintf("new=%d changed=%d", added, changed))
	})
	if err != nil {
		return 0, 0, 0, err
	}
	return added, changed, same, nil
}

// ParticipationKnown says of each count whether it would be "new", "changed" or "same": the preview of an import.
func (db *DB) ParticipationKnown(ctx context.Context, in loa.Scope, list []loa.Participation) ([]string, error) {
	known, err := knownCounts(ctx, db.read, in, list)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(list))
	for i, p := range list {
		k := officialKey{p.Area, p.Scheme, p.Month}
		old, isKnown := known[k]
		switch {
		case isKnown && old.N == p.N:
			out[i] = "same"
		case isKnown:
			out[i] = "changed"
		default:
			out[i] = "new"
		}
		known[k] = p
	}
	return out, nil
}

func knownCounts(ctx context.Context, q querier, in loa.Scope, list []loa.Participation) (map[officialKey]loa.Participation, error) {
	out := map[officialKey]loa.Participation{}
	if len(list) == 0 {
		return out, nil
	}
	first, last := list[0].Month, list[0].Month
	for _, p := range list {
		first, last = min(first, p.Month), max(last, p.Month)
	}
	held, err := officialCounts(ctx, q, in, first, last)
	if err != nil {
		return nil, fmt.Errorf("read the official counts: %w", err)
	}
	for _, p := range held {
		out[officialKey{p.Area, p.Scheme, p.Month}] = p
	}
	return out, nil
}
