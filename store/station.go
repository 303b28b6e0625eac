package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/vn"
)

const stationColumns = `s.id, s.office_id, s.area_id, s.kind, s.name, s.channel_id, s.device, s.secret, s.volume, s.languages, s.keeper, s.phone, s.slots, s.earshot, s.note, s.retired_at > 0, s.synthetic,
	s.online, s.online_at, s.seen_at, s.report, s.change_no`

func scanStation(r interface{ Scan(...any) error }, more ...any) (s loa.Station, err error) {
	var languages, slots, earshot string
	var online, seen int64
	err = r.Scan(append([]any{&s.ID, &s.Office, &s.Area, &s.Kind, &s.Name, &s.Channel, &s.Device, &s.Secret, &s.Volume, &languages, &s.Keeper, &s.Phone, &slots, &earshot, &s.Note, &s.Retired, &s.Synthetic,
		&s.Online, &online, &seen, &s.Report, &s.ChangeNo}, more...)...)
	if err != nil {
		return s, err
	}
	s.Languages, s.OnlineAt, s.SeenAt = strings.Fields(languages), instant(online), instant(seen)
	for _, id := range strings.Fields(earshot) {
		s.Earshot = append(s.Earshot, loa.AreaID(id))
	}
	if err := json.Unmarshal([]byte(slots), &s.Slots); err != nil {
		return s, fmt.Errorf("read the slots of station %s: %w", s.ID, err)
	}
	return s, nil
}

// Stations is one page of the stations of the scope in the order of their names, and how many there are.
func (db *DB) Stations(ctx context.Context, in loa.Scope, p ListPage) ([]loa.Station, int, error) {
	scope, args := inScope(in, "a.path", 2)
	cond, more := p.where("s", 2+len(args))
	all := append(append([]any{in.Office}, args...), more...)
	from := ` FROM station s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND ` + scope + ` AND ` + cond
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+from, all...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the stations: %w", err)
	}
	next, after := p.next("s", len(all)+1)
	all = append(all, after...)
	rows, err := db.read.QueryContext(ctx, `SELECT `+stationColumns+from+` AND `+next+` ORDER BY s.folded, s.id`+limit(p.Take), all...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Station, error) { return scanStation(r) })
	if err != nil {
		return nil, 0, fmt.Errorf("read the stations: %w", err)
	}
	return list, total, nil
}

// Station is one station inside the scope.
func (db *DB) Station(ctx context.Context, in loa.Scope, id loa.PlaceID) (loa.Station, error) {
	return stationIn(ctx, db.read, in, id)
}

func stationIn(ctx context.Context, q querier, in loa.Scope, id loa.PlaceID) (loa.Station, error) {
	var path string
	s, err := scanStation(q.QueryRowContext(ctx, `SELECT `+stationColumns+`, a.path FROM station s JOIN area a ON a.id = s.area_id WHERE s.id = $1`, id), &path)
	if err != nil {
		return s, notFound(err)
	}
	if !in.Holds(path) || s.Office != in.Office {
		return loa.Station{}, loa.ErrNotFound
	}
	return s, nil
}

// StationsAt are the stations of the office with these IDs, in or out of use, for whoever makes their messages.
func (db *DB) StationsAt(ctx context.Context, office loa.OfficeID, ids []loa.PlaceID) (map[loa.PlaceID]loa.Station, error) {
	out := map[loa.PlaceID]loa.Station{}
	for part := range slices.Chunk(ids, 500) {
		args := []any{office}
		for _, id := range part {
			args = append(args, id)
		}
		rows, err := db.read.QueryContext(ctx, `SELECT `+stationColumns+` FROM station s WHERE s.office_id = $1 AND s.id IN (`+placeholders(2, len(part))+`)`, args...)
		list, err := collect(rows, err, func(r *sql.Rows) (loa.Station, error) { return scanStation(r) })
		if err != nil {
			return nil, fmt.Errorf("read the stations: %w", err)
		}
		for _, s := range list {
			out[s.ID] = s
		}
	}
	return out, nil
}

// Neighbours are the other stations in use that a village in earshot of a station hears as well: two at once are understood by nobody.
func (db *DB) Neighbours(ctx context.Context, in loa.Scope, id loa.PlaceID) ([]loa.Station, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+stationColumns+` FROM station s WHERE s.office_id = $1 AND s.id <> $2 AND s.retired_at = 0
		AND s.id IN (SELECT o.station_id FROM station_earshot e JOIN station_earshot o ON o.area_id = e.area_id WHERE e.station_id = $2) ORDER BY s.folded, s.id`+limit(200), in.Office, id)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Station, error) { return scanStation(r) })
	if err != nil {
		return nil, fmt.Errorf("read the stations nearby: %w", err)
	}
	return list, nil
}

// Overheard are the stations that share a village in earshot with each of some, by those.
func (db *DB) Overheard(ctx context.Context, in loa.Scope, ids []loa.PlaceID) (map[loa.PlaceID][]loa.Station, error) {
	out := map[loa.PlaceID][]loa.Station{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT DISTINCT e.station_id, s.id, s.name FROM station_earshot e JOIN station_earshot o ON o.area_id = e.area_id AND o.station_id <> e.station_id JOIN station s ON s.id = o.station_id
		WHERE s.office_id = $1 AND s.retired_at = 0 AND e.station_id IN (`+placeholders(2, len(ids))+`) ORDER BY 1, 2`, append([]any{in.Office}, anyOf(ids)...)...)
	type pair struct {
		of   loa.PlaceID
		near loa.Station
	}
	list, err := collect(rows, err, func(r *sql.Rows) (x pair, err error) { return x, r.Scan(&x.of, &x.near.ID, &x.near.Name) })
	if err != nil {
		return nil, fmt.Errorf("read the stations nearby: %w", err)
	}
	for _, x := range list {
		out[x.of] = append(out[x.of], x.near)
	}
	return out, nil
}

// SpeakerAccount is an account that a station can be reached by.
type SpeakerAccount struct {
	ID   loa.ChannelID
	Kind string
	Name string
}

// SpeakerAccounts are the office's accounts of the given drivers.
func (db *DB) SpeakerAccounts(ctx context.Context, in loa.Scope, kinds ...string) ([]SpeakerAccount, error) {
	if in.Empty() || len(kinds) == 0 {
		return nil, nil
	}
	args := []any{in.Office}
	for _, k := range kinds {
		args = append(args, k)
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, kind, name FROM channel WHERE office_id = $1 AND kind IN (`+placeholders(2, len(kinds))+`) ORDER BY kind, name, id`+limit(500), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (a SpeakerAccount, err error) { return a, r.Scan(&a.ID, &a.Kind, &a.Name) })
	if err != nil {
		return nil, fmt.Errorf("read the accounts of loudspeakers: %w", err)
	}
	return list, nil
}

// checkStation refuses what lies outside the scope, an account of another office, and a name another device has. Villages that heard it
// before need no new permission.
func checkStation(ctx context.Context, tx *sql.Tx, in loa.Scope, s loa.Station, before []loa.AreaID) error {
	if _, err := areaForWrite(ctx, tx, in, s.Area); err != nil {
		return err
	}
	for _, v := range s.Earshot {
		if slices.Contains(before, v) {
			continue
		}
		a, err := areaForWrite(ctx, tx, in, v)
		if err != nil {
			return err
		}
		if a.Kind != loa.Village {
			return loa.Refuse(loa.Invalid, "earshot", "not_in_list")
		}
	}
	if s.Channel != "" {
		var office loa.OfficeID
		if err := tx.QueryRowContext(ctx, `SELECT office_id FROM channel WHERE id = $1`, s.Channel).Scan(&office); err != nil || office != in.Office {
			return loa.Refuse(loa.Invalid, "channel", "not_in_list")
		}
	}
	if s.Device == "" {
		return nil
	}
	var other bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM station WHERE device = $1 AND id <> $2)`, s.Device, s.ID).Scan(&other); err != nil {
		return fmt.Errorf("look for the device's name: %w", err)
	}
	if other {
		return loa.Refuse(loa.Conflict, "device", "device_name_taken")
	}
	return nil
}

// AddStation notes a station with the villages that hear it.
func (db *DB) AddStation(ctx context.Context, in loa.Scope, by loa.By, s loa.Station) (loa.Station, error) {
	s.Name, s.Keeper, s.Office = vn.Tidy(s.Name), vn.Tidy(s.Keeper), in.Office
	if s.ID == "" {
		s.ID = loa.PlaceID(loa.NewID())
	}
	if s.Kind == loa.DeviceStation && s.Device == "" {
		s.Device = loa.DeviceName(s.Name, s.ID)
	}
	if err := s.Check(); err != nil {
		return s, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := checkStation(ctx, tx, in, s, nil); err != nil {
			return err
		}
		var err error
		if s.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		slots, earshot, err := stationTexts(s)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO station (id, office_id, area_id, kind, name, folded, channel_id, device, secret, volume, languages, keeper, phone, slots, earshot, note, synthetic, changed_at, created_at, created_by, change_no)
			VALUES (`+placeholders(1, 21)+`)`, s.ID, s.Office, s.Area, s.Kind, s.Name, vn.Fold(s.Name), s.Channel, s.Device, s.Secret, s.Volume, strings.Join(s.Languages, " "), s.Keeper, s.Phone, slots, strings.Join(earshot, " "),
			s.Note, s.Synthetic, millis(by.At), millis(by.At), by.Officer, s.ChangeNo)
		if err != nil {
			return fmt.Errorf("save a station: %w", err)
		}
		if err := saveEarshot(ctx, tx, s); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "station", string(s.ID), string(s.Kind))
	})
	return s, err
}

// stationTexts are the slots and the villages of a station as its row keeps them.
func stationTexts(s loa.Station) (slots string, earshot []string, err error) {
	if s.Slots == nil {
		s.Slots = []loa.Slot{}
	}
	raw, err := json.Marshal(s.Slots)
	if err != nil {
		return "", nil, fmt.Errorf("write the slots: %w", err)
	}
	for _, id := range s.Earshot {
		earshot = append(earshot, string(id))
	}
	slices.Sort(earshot)
	return string(raw), slices.Compact(earshot), nil
}

func saveEarshot(ctx context.Context, tx *sql.Tx, s loa.Station) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM station_earshot WHERE station_id = $1`, s.ID); err != nil {
		return fmt.Errorf("forget who hears the station: %w", err)
	}
	for _, v := range s.Earshot {
		if _, err := tx.ExecContext(ctx, `INSERT INTO station_earshot (station_id, area_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, s.ID, v); err != nil {
			return fmt.Errorf("note who hears the station: %w", err)
		}
	}
	return nil
}

// SaveStation changes a station's fields, its slots and who hears it; a field somebody else changed since the form was read comes back.
func (db *DB) SaveStation(ctx context.Context, in loa.Scope, by loa.By, s loa.Station, read int64) (clashes []loa.FieldChange, err error) {
	s.Name, s.Keeper = vn.Tidy(s.Name), vn.Tidy(s.Keeper)
	if err := s.Check(); err != nil {
		return nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		old, err := stationIn(ctx, tx, in, s.ID)
		if err != nil {
			return err
		}
		for _, v := range old.Earshot { // whoever sees one commune alone leaves the villages of another as they are
			if !slices.Contains(s.Earshot, v) && loa.KindOf(areaInScope(ctx, tx, in, v)) == loa.NotFound {
				s.Earshot = append(s.Earshot, v)
			}
		}
		if err := checkStation(ctx, tx, in, s, old.Earshot); err != nil {
			return err
		}
		slots, earshot, err := stationTexts(s)
		if err != nil {
			return err
		}
		wasSlots, wasEarshot, err := stationTexts(old)
		if err != nil {
			return err
		}
		clashes, err = saveRecord(ctx, tx, in, by, "station", string(s.ID), old.ChangeNo, read, []recordField{{"area_id", old.Area, s.Area}, {"kind", old.Kind, s.Kind}, {"name", old.Name, s.Name}, {"channel_id", old.Channel, s.Channel},
			{"device", old.Device, s.Device}, {"volume", old.Volume, s.Volume}, {"languages", old.Languages, s.Languages}, {"keeper", old.Keeper, s.Keeper}, {"phone", old.Phone, s.Phone}, {"slots", wasSlots, slots},
			{"earshot", wasEarshot, earshot}, {"note", old.Note, s.Note}})
		if err != nil || len(clashes) > 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE station SET changed_at = $1 WHERE id = $2`, millis(by.At), s.ID); err != nil {
			return fmt.Errorf("mark the station as changed: %w", err)
		}
		return saveEarshot(ctx, tx, s)
	})
	return clashes, err
}

// RetireStation takes a station out of use, or back.
func (db *DB) RetireStation(ctx context.Context, in loa.Scope, by loa.By, id loa.PlaceID, retire bool) error {
	if _, err := db.Station(ctx, in, id); err != nil {
		return err
	}
	return db.retireRecord(ctx, in, by, "station", string(id), retire)
}

// KeySpeaker gives a device a new password; secret is what it is known by from now on. Whoever still has the old one is out.
func (db *DB) KeySpeaker(ctx context.Context, in loa.Scope, by loa.By, id loa.PlaceID, secret string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		s, err := stationIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if s.Kind != loa.DeviceStation {
			return loa.Refuse(loa.Conflict, "", "station_no_device")
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE station SET secret = $1, changed_at = $2, change_no = $3 WHERE id = $4`, secret, millis(by.At), change, id); err != nil {
			return fmt.Errorf("key the device: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "password_reset", "station", string(id), s.Device)
	})
}

// SpeakerByDevice is the station behind a device's name at an account, for the broker: it has no scope, and neither has who asks.
func (db *DB) SpeakerByDevice(ctx context.Context, account loa.ChannelID, device string) (loa.Station, error) {
	s, err := scanStation(db.read.QueryRowContext(ctx, `SELECT `+stationColumns+` FROM station s WHERE s.device = $1 AND s.device <> '' AND s.channel_id = $2 AND s.retired_at = 0`, device, account))
	return s, notFound(err)
}

// SpeakersChanged are the devices of an account whose schedule or volume changed after a moment, retired ones included.
func (db *DB) SpeakersChanged(ctx context.Context, account loa.ChannelID, since time.Time) (devices []string, err error) {
	rows, err := db.read.QueryContext(ctx, `SELECT device FROM station WHERE channel_id = $1 AND channel_id <> '' AND changed_at > $2 AND device <> '' ORDER BY device`, account, millis(since))
	devices, err = collect(rows, err, func(r *sql.Rows) (d string, err error) { return d, r.Scan(&d) })
	if err != nil {
		return nil, fmt.Errorf("read what the devices must be told: %w", err)
	}
	return devices, nil
}

// SpeakersSeen notes that devices of an account are connected at a moment.
func (db *DB) SpeakersSeen(ctx context.Context, account loa.ChannelID, devices []string, at time.Time) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		for part := range slices.Chunk(devices, 500) {
			args := []any{millis(at), account}
			for _, d := range part {
				args = append(args, d)
			}
			if _, err := tx.ExecContext(ctx, `UPDATE station SET seen_at = $1 WHERE channel_id = $2 AND device <> '' AND device IN (`+placeholders(3, len(part))+`) AND seen_at < $1`, args...); err != nil {
				return fmt.Errorf("note which devices are connected: %w", err)
			}
		}
		return nil
	})
}

// HearSpeaker notes what a device told of itself, or its last will of it; an older word changes nothing.
func (db *DB) HearSpeaker(ctx context.Context, account loa.ChannelID, device string, online bool, report string, at time.Time) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE station SET online_at = CASE WHEN online <> $1 THEN $2 ELSE online_at END, online = $1, report = CASE WHEN $3 = '' THEN report ELSE $3 END, seen_at = CASE WHEN seen_at < $2 THEN $2 ELSE seen_at END
			WHERE channel_id = $4 AND device = $5 AND device <> '' AND online_at <= $2`, online, millis(at), report, account, device)
		if err != nil {
			return fmt.Errorf("note what a device told: %w", err)
		}
		return nil
	})
}
