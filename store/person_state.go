package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// SpellsOf are the spells of some people inside the scope, as lists show where each stands.
func (db *DB) SpellsOf(ctx context.Context, in loa.Scope, ids []loa.PersonID) (map[loa.PersonID][]loa.Spell, error) {
	out := map[loa.PersonID][]loa.Spell{}
	for start := 0; start < len(ids); start += 300 {
		part := ids[start:min(start+300, len(ids))]
		where, args := inScope(in, "a.path", len(part)+1)
		rows, err := db.read.QueryContext(ctx, `SELECT `+prefixed("s", spellColumns)+` FROM spell s JOIN area a ON a.id = s.area_id
			WHERE s.person_id IN (`+placeholders(1, len(part))+`) AND `+where+` ORDER BY s.person_id, s.scheme, s.no`, append(anyOf(part), args...)...)
		list, err := collect(rows, err, scanSpell)
		if err != nil {
			return nil, fmt.Errorf("read where people stand: %w", err)
		}
		for _, s := range list {
			out[s.Person] = append(out[s.Person], s)
		}
	}
	return out, nil
}

// SpellsAsOf derives one person's spells from what had happened up to a day, as if nothing after it were known.
func (db *DB) SpellsAsOf(ctx context.Context, in loa.Scope, id loa.PersonID, on loa.Day) ([]loa.Spell, error) {
	p, err := personForFact(ctx, db.read, in, id)
	if err != nil {
		return nil, err
	}
	contributions, err := contributionsOf(ctx, db.read, p.Survivor)
	if err != nil {
		return nil, err
	}
	leavings, err := leavingsOf(ctx, db.read, p.Survivor)
	if err != nil {
		return nil, err
	}
	var paid []loa.Contribution
	for _, c := range contributions {
		if c.HappenedOn <= on {
			paid = append(paid, c)
		}
	}
	var left []loa.Leaving
	for _, l := range leavings {
		if l.HappenedOn <= on {
			left = append(left, l)
		}
	}
	grace, err := db.graceOf(ctx, db.read, in.Office)
	if err != nil {
		return nil, err
	}
	return loa.Spells(p.Survivor, p.Area, paid, left, grace), nil
}

// LastPayments are the newest contributions that some people paid themselves in a scheme, by person.
func (db *DB) LastPayments(ctx context.Context, in loa.Scope, scheme loa.Scheme, ids []loa.PersonID) (map[loa.PersonID]loa.Contribution, error) {
	out := map[loa.PersonID]loa.Contribution{}
	if len(ids) == 0 {
		return out, nil
	}
	ids, into, err := db.withMerged(ctx, ids)
	if err != nil {
		return nil, err
	}
	for start := 0; start < len(ids); start += 300 {
		part := ids[start:min(start+300, len(ids))]
		where, args := inScope(in, "a.path", len(part)+2)
		rows, err := db.read.QueryContext(ctx, `SELECT `+prefixed("c", contributionColumns)+` FROM contribution c JOIN area a ON a.id = c.area_id
			WHERE c.scheme = $1 AND c.payer = 'self' AND c.person_id IN (`+placeholders(2, len(part))+`) AND `+where+` ORDER BY c.happened_on, c.id`, append(append([]any{scheme}, anyOf(part)...), args...)...)
		list, err := collect(rows, err, scanContribution)
		if err != nil {
			return nil, fmt.Errorf("read the last payments: %w", err)
		}
		for _, c := range list {
			if old, ok := out[into[c.Person]]; !ok || c.HappenedOn >= old.HappenedOn {
				out[into[c.Person]] = c
			}
		}
	}
	return out, nil
}

// Refusals says for some people which channels they refused for a purpose: a refusal of all channels stands as "all".
func (db *DB) Refusals(ctx context.Context, in loa.Scope, purpose string, ids []loa.PersonID) (map[loa.PersonID]map[string]bool, error) {
	out := map[loa.PersonID]map[string]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	ids, into, err := db.withMerged(ctx, ids)
	if err != nil {
		return nil, err
	}
	by := map[loa.PersonID][]loa.Consent{}
	for start := 0; start < len(ids); start += 300 {
		part := ids[start:min(start+300, len(ids))]
		where, args := inScope(in, "a.path", len(part)+2)
		rows, err := db.read.QueryContext(ctx, `SELECT c.person_id, c.channel, c.agreed, c.happened_on, c.happened_at, c.recorded_at
			FROM consent c JOIN area a ON a.id = c.area_id WHERE c.person_id IN (`+placeholders(2, len(part))+`) AND c.purpose = $1 AND `+where,
			append(append([]any{purpose}, anyOf(part)...), args...)...)
		err = each(rows, err, func(r *sql.Rows) error {
			c := loa.Consent{Purpose: purpose}
			var happened, recorded int64
			if err := r.Scan(&c.Person, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded); err != nil {
				return err
			}
			c.HappenedAt, c.RecordedAt = instant(happened), instant(recorded)
			by[into[c.Person]] = append(by[into[c.Person]], c)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read who refused: %w", err)
		}
	}
	for id, all := range by {
		for _, channel := range loa.Channels {
			if loa.ConsentFor(all, purpose, channel) == "refused" {
				if out[id] == nil {
					out[id] = map[string]bool{}
				}
				out[id][channel] = true
			}
		}
	}
	return out, nil
}

// anyOf hands a list over as arguments of a query.
func anyOf[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
