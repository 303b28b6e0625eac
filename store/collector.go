package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const collectorColumns = `c.id, c.office_id, c.parent_id, c.name, c.code, c.contact, c.phone, c.officer_id, c.note, c.capacity, c.retired_at > 0, c.change_no`

func scanCollector(r interface{ Scan(...any) error }) (c loa.Collector, err error) {
	return c, r.Scan(&c.ID, &c.Office, &c.Parent, &c.Name, &c.Code, &c.Contact, &c.Phone, &c.Officer, &c.Note, &c.Capacity, &c.Retired, &c.ChangeNo)
}

// CollectorLoad is how much a collector has on its hands and what it brought in.
type CollectorLoad struct {
	Handed     int64   // handed over since the day asked about
	Waiting    int64   // handed over and not registered yet
	Registered int64   // registered and not paid yet
	Open       int64   // both together
	Oldest     loa.Day // since when the oldest of them stands
	Paid       int64   // first contributions since the day asked about
	Refused    int64
}

// Add puts an agent's load on top of its organisation's.
func (l CollectorLoad) Add(m CollectorLoad) CollectorLoad {
	l.Handed, l.Waiting, l.Registered, l.Open, l.Paid, l.Refused = l.Handed+m.Handed, l.Waiting+m.Waiting, l.Registered+m.Registered, l.Open+m.Open, l.Paid+m.Paid, l.Refused+m.Refused
	if l.Oldest == "" || m.Oldest != "" && m.Oldest < l.Oldest {
		l.Oldest = m.Oldest
	}
	return l
}

// Collectors is one page of the collection organisations in the order of their names, each followed by its agents, and how many
// organisations there are. The words may be an agent's.
func (db *DB) Collectors(ctx context.Context, in loa.Scope, p ListPage) ([]loa.Collector, int, error) {
	if in.Empty() {
		return nil, 0, nil
	}
	words := p
	words.Retired = false
	cond, args := words.where("c", 2)
	all := append([]any{in.Office}, args...)
	state := `o.retired_at = 0`
	if p.Retired {
		state, cond = `o.retired_at > 0`, cond+` OR c.retired_at > 0 AND c.office_id = $1`
	}
	from := ` FROM collector o WHERE o.office_id = $1 AND o.parent_id = '' AND (` + state + ` AND o.id IN (SELECT CASE WHEN c.parent_id = '' THEN c.id ELSE c.parent_id END FROM collector c WHERE c.office_id = $1 AND ` + cond + `))`
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+from, all...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the collectors: %w", err)
	}
	next, after := p.next("o", len(all)+1)
	all = append(append(all, after...), p.Take)
	rows, err := db.read.QueryContext(ctx, `SELECT o.id`+from+` AND `+next+fmt.Sprintf(` ORDER BY o.folded, o.id LIMIT $%d`, len(all)), all...)
	ids, err := collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, 0, fmt.Errorf("read the collectors: %w", err)
	}
	list, err := db.collectorsWithAgents(ctx, in, ids, p.Retired)
	return list, total, err
}

func (db *DB) collectorsWithAgents(ctx context.Context, in loa.Scope, ids []string, retired bool) ([]loa.Collector, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{in.Office}
	for _, id := range ids {
		args = append(args, id)
	}
	marks := placeholders(2, len(ids))
	agents := ` AND c.retired_at = 0`
	if retired {
		agents = ``
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+collectorColumns+` FROM collector c WHERE c.office_id = $1 AND (c.id IN (`+marks+`) OR c.parent_id IN (`+marks+`)`+agents+`) ORDER BY c.folded, c.id`, args...)
	found, err := collect(rows, err, func(r *sql.Rows) (loa.Collector, error) { return scanCollector(r) })
	if err != nil {
		return nil, fmt.Errorf("read the collectors: %w", err)
	}
	var out []loa.Collector
	for _, id := range ids {
		for _, c := range found {
			if string(c.ID) == id {
				out = append(out, c)
			}
		}
		for _, c := range found {
			if string(c.Parent) == id {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// Collector is one collection organisation or agent of the office.
func (db *DB) Collector(ctx context.Context, in loa.Scope, id loa.CollectorID) (loa.Collector, error) {
	return collectorIn(ctx, db.read, in, id)
}

func collectorIn(ctx context.Context, q querier, in loa.Scope, id loa.CollectorID) (loa.Collector, error) {
	c, err := scanCollector(q.QueryRowContext(ctx, `SELECT `+collectorColumns+` FROM collector c WHERE c.id = $1`, id))
	if err != nil {
		return c, notFound(err)
	}
	if in.Empty() || c.Office != in.Office {
		return loa.Collector{}, loa.ErrNotFound
	}
	return c, nil
}

// Agents are the agents of an organisation.
func (db *DB) Agents(ctx context.Context, in loa.Scope, id loa.CollectorID) ([]loa.Collector, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+collectorColumns+` FROM collector c WHERE c.office_id = $1 AND c.parent_id = $2 ORDER BY c.retired_at > 0, c.folded, c.id LIMIT 500`, in.Office, id)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Collector, error) { return scanCollector(r) })
	if err != nil {
		return nil, fmt.Errorf("read the agents: %w", err)
	}
	return list, nil
}

// checkCollector refuses an organisation of an agent, and an officer from elsewhere.
func checkCollector(ctx context.Context, tx *sql.Tx, in loa.Scope, c loa.Collector) error {
	if err := officerInOffice(ctx, tx, in, c.Officer); err != nil {
		return err
	}
	if c.Parent == "" {
		return nil
	}
	up, err := collectorIn(ctx, tx, in, c.Parent)
	if err != nil {
		return err
	}
	if up.Parent != "" {
		return loa.Refuse(loa.Invalid, "parent", "agent_of_agent")
	}
	var agents int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM collector WHERE parent_id = $1`, c.ID).Scan(&agents); err != nil {
		return fmt.Errorf("count the agents: %w", err)
	}
	if agents > 0 {
		return loa.Refuse(loa.Invalid, "parent", "agent_of_agent")
	}
	return nil
}

// AddCollector notes a collection organisation, or an agent of one.
func (db *DB) AddCollector(ctx context.Context, in loa.Scope, by loa.By, c loa.Collector) (loa.Collector, error) {
	c.Name, c.Office = vn.Tidy(c.Name), in.Office
	if c.ID == "" {
		c.ID = loa.CollectorID(loa.NewID())
	}
	if err := c.Check(); err != nil {
		return c, err
	}
	if in.Empty() {
		return c, loa.ErrNotFound
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := checkCollector(ctx, tx, in, c); err != nil {
			return err
		}
		var err error
		if c.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO collector (id, office_id, parent_id, name, folded, code, contact, phone, officer_id, note, capacity, change_no) VALUES (`+placeholders(1, 12)+`)`,
			c.ID, c.Office, c.Parent, c.Name, vn.Fold(c.Name), c.Code, c.Contact, c.Phone, c.Officer, c.Note, c.Capacity, c.ChangeNo)
		if err != nil {
			return fmt.Errorf("save a collector: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "collector", string(c.ID), "")
	})
	return c, err
}

// SaveCollector changes a collector's fields; one that somebody else changed since the form was read comes back instead.
func (db *DB) SaveCollector(ctx context.Context, in loa.Scope, by loa.By, c loa.Collector, read int64) (clashes []loa.FieldChange, err error) {
	c.Name = vn.Tidy(c.Name)
	if err := c.Check(); err != nil {
		return nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		old, err := collectorIn(ctx, tx, in, c.ID)
		if err != nil {
			return err
		}
		if err := checkCollector(ctx, tx, in, c); err != nil {
			return err
		}
		clashes, err = saveRecord(ctx, tx, in, by, "collector", string(c.ID), old.ChangeNo, read, []recordField{{"parent_id", old.Parent, c.Parent}, {"name", old.Name, c.Name}, {"code", old.Code, c.Code},
			{"contact", old.Contact, c.Contact}, {"phone", old.Phone, c.Phone}, {"officer_id", old.Officer, c.Officer}, {"capacity", old.Capacity, c.Capacity}, {"note", old.Note, c.Note}})
		return err
	})
	return clashes, err
}

// RetireCollector takes a collector out of use, or back.
func (db *DB) RetireCollector(ctx context.Context, in loa.Scope, by loa.By, id loa.CollectorID, retire bool) error {
	if _, err := db.Collector(ctx, in, id); err != nil {
		return err
	}
	return db.retireRecord(ctx, in, by, "collector", string(id), retire)
}

// Territories are the parts of every collector's territory inside the scope: on a day, or with an empty day all there ever were.
func (db *DB) Territories(ctx context.Context, in loa.Scope, on loa.Day) (map[loa.CollectorID][]loa.CollectorArea, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT t.collector_id, t.area_id, t.from_on, t.to_on FROM collector_area t JOIN collector c ON c.id = t.collector_id JOIN area a ON a.id = t.area_id
		WHERE c.office_id = $1 AND ($2 = '' OR t.from_on <= $2 AND t.to_on >= $2) AND `+where+` ORDER BY t.collector_id, t.to_on DESC, a.path, t.from_on`, append([]any{in.Office, on}, args...)...)
	out := map[loa.CollectorID][]loa.CollectorArea{}
	err = each(rows, err, func(r *sql.Rows) error {
		var t loa.CollectorArea
		if err := r.Scan(&t.Collector, &t.Area, &t.From, &t.To); err != nil {
			return err
		}
		out[t.Collector] = append(out[t.Collector], t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the territories: %w", err)
	}
	return out, nil
}

// SetTerritory gives a collector an area from a day to another, or changes the last day of a line that begins on that day.
// Two lines of one area may not overlap.
func (db *DB) SetTerritory(ctx context.Context, in loa.Scope, by loa.By, t loa.CollectorArea) error {
	if t.To == "" {
		t.To = loa.OpenEnd
	}
	if err := t.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := collectorIn(ctx, tx, in, t.Collector); err != nil {
			return err
		}
		if _, err := areaForWrite(ctx, tx, in, t.Area); err != nil {
			return err
		}
		var other int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM collector_area WHERE collector_id = $1 AND area_id = $2 AND from_on <> $3 AND from_on <= $4 AND to_on >= $3`,
			t.Collector, t.Area, t.From, t.To).Scan(&other)
		if err != nil {
			return fmt.Errorf("look for overlapping days: %w", err)
		}
		if other > 0 {
			return loa.Refuse(loa.Conflict, "area", "territory_overlaps")
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO collector_area (collector_id, area_id, from_on, to_on) VALUES ($1, $2, $3, $4)
			ON CONFLICT (collector_id, area_id, from_on) DO UPDATE SET to_on = excluded.to_on`, t.Collector, t.Area, t.From, t.To)
		if err != nil {
			return fmt.Errorf("set a territory: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE collector SET change_no = $1 WHERE id = $2`, change, t.Collector); err != nil {
			return fmt.Errorf("mark the collector as changed: %w", err)
		}
		if err := addVersion(ctx, tx, in.Office, by, change, "collector", string(t.Collector), "area_id", "", string(t.Area)+" "+string(t.From)+" "+string(t.To)); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "collector", string(t.Collector), "area_id")
	})
}

// DropTerritory forgets a line of a territory that was said by mistake.
func (db *DB) DropTerritory(ctx context.Context, in loa.Scope, by loa.By, t loa.CollectorArea) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := collectorIn(ctx, tx, in, t.Collector); err != nil {
			return err
		}
		if _, err := areaForWrite(ctx, tx, in, t.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `DELETE FROM collector_area WHERE collector_id = $1 AND area_id = $2 AND from_on = $3 RETURNING to_on`, t.Collector, t.Area, t.From).Scan(&t.To)
		if err != nil {
			return notFound(err)
		}
		if err := addVersion(ctx, tx, in.Office, by, change, "collector", string(t.Collector), "area_id", string(t.Area)+" "+string(t.From)+" "+string(t.To), ""); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "collector", string(t.Collector), "area_id")
	})
}

// CollectorLoads are, per collector, the leads of the scope it has now and what came of those since a day.
func (db *DB) CollectorLoads(ctx context.Context, in loa.Scope, since loa.Day) (map[loa.CollectorID]CollectorLoad, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT e.collector_id,
		CAST(sum(CASE WHEN e.step = 'handed' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN e.step = 'registered' THEN 1 ELSE 0 END) AS BIGINT), coalesce(min(CASE WHEN e.step IN ('handed', 'registered') THEN e.since END), ''),
		CAST(sum(CASE WHEN e.step = 'paid' AND e.since >= $2 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN e.step = 'refused' AND e.since >= $2 THEN 1 ELSE 0 END) AS BIGINT)
		FROM (`+lastStep+` WHERE l.office_id = $1 AND l.id IN (SELECT lead_id FROM enrolment_step WHERE office_id = $1 AND collector_id <> '')) e JOIN area a ON a.id = e.area_id
		WHERE e.collector_id <> '' AND `+where+` GROUP BY e.collector_id`, append([]any{in.Office, since}, args...)...)
	out := map[loa.CollectorID]CollectorLoad{}
	err = each(rows, err, func(r *sql.Rows) error {
		var id loa.CollectorID
		var l CollectorLoad
		if err := r.Scan(&id, &l.Waiting, &l.Registered, &l.Oldest, &l.Paid, &l.Refused); err != nil {
			return err
		}
		l.Open = l.Waiting + l.Registered
		out[id] = l
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count what collectors have: %w", err)
	}
	rows, err = db.read.QueryContext(ctx, `SELECT s.collector_id, count(DISTINCT s.lead_id) FROM enrolment_step s JOIN area a ON a.id = s.area_id
		WHERE s.office_id = $1 AND s.step = 'handed' AND s.collector_id <> '' AND s.happened_on >= $2 AND `+where+` GROUP BY s.collector_id`, append([]any{in.Office, since}, args...)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var id loa.CollectorID
		var n int64
		if err := r.Scan(&id, &n); err != nil {
			return err
		}
		l := out[id]
		l.Handed = n
		out[id] = l
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count what was handed over: %w", err)
	}
	return out, nil
}
