package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// HeardIn is what a village heard over loudspeakers in a time.
type HeardIn struct {
	Village loa.AreaID
	Plays   int64
	Last    loa.Day
	People  int64 // of the village: each counted once, however often something was played
}

// HeardByVillage is what the villages of the scope heard over loudspeakers from one day to another. It is a touch on the village: nobody
// knows who listened.
func (db *DB) HeardByVillage(ctx context.Context, in loa.Scope, from, to loa.Day) ([]HeardIn, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT x.village_id, count(*), max(x.happened_on), max(x.people) FROM exposure x JOIN area a ON a.id = x.village_id
		WHERE x.office_id = $1 AND x.happened_on >= $2 AND x.happened_on <= $3 AND `+where+` GROUP BY x.village_id ORDER BY x.village_id`, append([]any{in.Office, from, to}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (h HeardIn, err error) { return h, r.Scan(&h.Village, &h.Plays, &h.Last, &h.People) })
	if err != nil {
		return nil, fmt.Errorf("read what the villages heard: %w", err)
	}
	return list, nil
}

// Exposures are the plays a village could hear, newest first.
func (db *DB) Exposures(ctx context.Context, in loa.Scope, village loa.AreaID, take int) ([]loa.Exposure, error) {
	if err := areaInScope(ctx, db.read, in, village); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT x.delivery_id, x.broadcast_id, x.station_id, x.village_id, x.at, x.people FROM exposure x WHERE x.village_id = $1 AND x.office_id = $2 ORDER BY x.happened_on DESC, x.delivery_id DESC`+limit(take), village, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (e loa.Exposure, err error) {
		var at int64
		err = r.Scan(&e.Delivery, &e.Broadcast, &e.Station, &e.Village, &at, &e.People)
		e.At = instant(at)
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what a village heard: %w", err)
	}
	return list, nil
}

// EarshotOf says which stations in use each village of the scope hears.
func (db *DB) EarshotOf(ctx context.Context, in loa.Scope) (map[loa.AreaID][]loa.PlaceID, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT e.area_id, e.station_id FROM station_earshot e JOIN station s ON s.id = e.station_id JOIN area a ON a.id = e.area_id WHERE s.office_id = $1 AND s.retired_at = 0 AND `+where+` ORDER BY e.area_id, e.station_id`, append([]any{in.Office}, args...)...)
	out := map[loa.AreaID][]loa.PlaceID{}
	if err := each(rows, err, func(r *sql.Rows) error {
		var village loa.AreaID
		var station loa.PlaceID
		if err := r.Scan(&village, &station); err != nil {
			return err
		}
		out[village] = append(out[village], station)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read which stations villages hear: %w", err)
	}
	return out, nil
}
