package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
)

// MetQuery asks who was met by name at held sessions from one day to another, at one form or at any.
type MetQuery struct {
	From, To loa.Day
	Form     loa.Form
}

// MetPerson is one person met, how often and when last. Whoever lives where the asker may not read people has no name here.
type MetPerson struct {
	Person   loa.PersonID
	Name     string
	BornYear int
	Area     loa.AreaID
	Times    int64
	Last     loa.Day
}

func (q MetQuery) where(in loa.Scope) (string, []any) {
	where, scoped := inScope(in, "a.path", 3)
	args := append([]any{q.From, q.To}, scoped...)
	if q.Form != "" {
		args = append(args, q.Form)
		where += ` AND s.form = $` + strconv.Itoa(len(args))
	}
	return `(SELECT COALESCE(m.merged_into, f.person_id) AS person_id, count(DISTINCT s.id) AS times, max(s.on_day) AS last_on ` + namedAtHeld + where + ` GROUP BY COALESCE(m.merged_into, f.person_id)) x`, args
}

// MetPeople lists who was met at the sessions of a scope, by village and name, and says how many there are; names says whose
// names may be read.
func (db *DB) MetPeople(ctx context.Context, in, names loa.Scope, q MetQuery, skip, take int) ([]MetPerson, int, error) {
	from, args := q.where(in)
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM `+from, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count who was met: %w", err)
	}
	n := len(args)
	rows, err := db.read.QueryContext(ctx, `SELECT p.id, p.name, p.born_year, p.area_id, w.path, x.times, x.last_on FROM `+from+` JOIN person p ON p.id = x.person_id JOIN area w ON w.id = p.area_id
		ORDER BY w.path, p.sort_key, p.id LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2), append(args, take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (x MetPerson, err error) {
		var path string
		err = r.Scan(&x.Person, &x.Name, &x.BornYear, &x.Area, &path, &x.Times, &x.Last)
		if !names.Holds(path) {
			x = MetPerson{Times: x.Times, Last: x.Last}
		}
		return x, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read who was met: %w", err)
	}
	return list, total, nil
}

// MetPeopleByArea counts the same people by the village they live in: what those may see who may not see people.
func (db *DB) MetPeopleByArea(ctx context.Context, in loa.Scope, q MetQuery) (map[loa.AreaID]int64, error) {
	from, args := q.where(in)
	out := map[loa.AreaID]int64{}
	rows, err := db.read.QueryContext(ctx, `SELECT p.area_id, count(*) FROM `+from+` JOIN person p ON p.id = x.person_id GROUP BY p.area_id`, args...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var id loa.AreaID
		var n int64
		if err := r.Scan(&id, &n); err != nil {
			return err
		}
		out[id] = n
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count who was met: %w", err)
	}
	return out, nil
}
