package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"loa"
)

const runColumns = `r.id, r.office_id, r.no, r.scheme, r.audience, r.size, r.language, r.second, r.income, r.on_day, r.story_id, r.created_at, r.created_by`

func runInto(x *loa.LeafletRun, created *int64) []any {
	return []any{&x.ID, &x.Office, &x.No, &x.Kind.Scheme, &x.Kind.Audience, &x.Size, &x.Language, &x.Second, &x.Income, &x.On, &x.Story, created, &x.CreatedBy}
}

// Share is how many sheets of a printing a village gets.
type Share struct {
	Area    loa.AreaID
	Printed int
}

// maxShares keeps one printing to what one PDF holds.
const maxShares = 500

// AddLeaflets makes a printing with the leaflets of each village, each with its link under the label. The same printing sent again
// comes back as it was made first.
func (db *DB) AddLeaflets(ctx context.Context, in loa.Scope, by loa.By, run loa.LeafletRun, shares []Share, label string) (loa.LeafletRun, error) {
	if err := run.Check(); err != nil {
		return run, err
	}
	if len(shares) == 0 {
		return run, loa.Refuse(loa.Invalid, "villages", "required")
	}
	if len(shares) > maxShares {
		return run, loa.Refuse(loa.Invalid, "villages", "leaflet_villages", maxShares)
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1) // the office's row is locked: numbers are given one after another
		if err != nil {
			return err
		}
		old, err := runIn(ctx, tx, in, run.ID)
		if err == nil {
			run = old
			return nil
		}
		if loa.KindOf(err) != loa.NotFound {
			return err
		}
		run.Office, run.CreatedAt, run.CreatedBy = in.Office, by.At, by.Officer
		if err := tx.QueryRowContext(ctx, `SELECT CAST(COALESCE(max(no), 0) + 1 AS BIGINT) FROM leaflet_run WHERE office_id = $1`, in.Office).Scan(&run.No); err != nil {
			return fmt.Errorf("number the printing: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO leaflet_run (id, office_id, no, scheme, audience, size, language, second, income, on_day, story_id, created_at, created_by, change_no) VALUES (`+placeholders(1, 14)+`)`,
			run.ID, run.Office, run.No, run.Kind.Scheme, run.Kind.Audience, run.Size, run.Language, run.Second, run.Income, run.On, run.Story, millis(run.CreatedAt), run.CreatedBy, change)
		if err != nil {
			return fmt.Errorf("save the printing: %w", err)
		}
		for _, s := range shares {
			if err := addLeaflet(ctx, tx, in, by, run, s, label, change); err != nil {
				return err
			}
		}
		if err := tellOn(ctx, tx, in, by, run, shares); err != nil {
			return err
		}
		return addAudit(ctx, tx, run.Office, by, "created", "leaflet_run", string(run.ID), strconv.Itoa(run.No))
	})
	return run, err
}

// tellOn notes on how many sheets of a printing its story stands; one that may not be told, or is not written in the printing's
// language, is refused.
func tellOn(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, run loa.LeafletRun, shares []Share) error {
	if run.Story == "" {
		return nil
	}
	told, err := storiesFor(ctx, tx, in.Office, loa.StoryFilter{Lang: run.Language, On: by.Day()}, run.Story)
	if err != nil {
		return err
	}
	if len(told) == 0 || !told[0].Written() {
		return loa.Refuse(loa.Invalid, "story", "leaflet_story")
	}
	copies := 0
	for _, s := range shares {
		copies += s.Printed
	}
	return useStory(ctx, tx, in, by, loa.StoryUse{ID: string(run.ID), Story: run.Story, Kind: "leaflet", Ref: string(run.ID), Batch: strconv.Itoa(run.No), Copies: min(copies, loa.MostCopies)})
}

func addLeaflet(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, run loa.LeafletRun, s Share, label string, change int64) error {
	if s.Printed < 1 || s.Printed > loa.MostLeaflets {
		return loa.Refuse(loa.Invalid, "printed", "leaflet_printed", 1, loa.MostLeaflets)
	}
	id := loa.LeafletID(loa.NewID())
	link, err := saveLink(ctx, tx, in, by, loa.Link{ID: loa.LinkID(loa.NewID()), Area: s.Area, Kind: loa.LeafletLink, Page: "home", Noun: "leaflet", NounID: string(id), Label: label})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO leaflet (id, run_id, office_id, area_id, link_id, printed, change_no) VALUES (`+placeholders(1, 7)+`)`, id, run.ID, in.Office, s.Area, link.ID, s.Printed, change)
	if err != nil {
		return fmt.Errorf("save the leaflets of a village: %w", err)
	}
	return nil
}

func runIn(ctx context.Context, q querier, in loa.Scope, id loa.LeafletRunID) (x loa.LeafletRun, err error) {
	if in.Empty() {
		return x, loa.ErrNotFound
	}
	var created int64
	err = q.QueryRowContext(ctx, `SELECT `+runColumns+` FROM leaflet_run r WHERE r.id = $1 AND r.office_id = $2`, id, in.Office).Scan(runInto(&x, &created)...)
	x.CreatedAt = instant(created)
	return x, notFound(err)
}

// LeafletFilter is what a list of leaflets is narrowed to; zero values narrow nothing.
type LeafletFilter struct {
	Run   loa.LeafletRunID
	ID    loa.LeafletID
	Path  string  // at or below this unit
	On    loa.Day // printed by this day, for a session
	Limit int
}

// LeafletLine is the leaflets of one village with their printing, their link and what became of them.
type LeafletLine struct {
	loa.Leaflet
	Run    loa.LeafletRun
	Place  string
	Code   string
	Spoken int
	Handed int64
	Visits int64
	Asked  int64 // questions and calls that came through the link
}

// Left is how many sheets are still at hand.
func (l LeafletLine) Left() int64 { return int64(l.Printed) - l.Handed }

// Leaflets are those inside the scope a filter asks for, the newest printing first, then by village.
func (db *DB) Leaflets(ctx context.Context, in loa.Scope, f LeafletFilter) ([]LeafletLine, error) {
	where, args := inScope(in, "a.path", 1)
	add := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if f.Run != "" {
		add(`l.run_id =`, f.Run)
	}
	if f.ID != "" {
		add(`l.id =`, f.ID)
	}
	if f.Path != "" {
		r := loa.Under(f.Path)
		add(`a.path >=`, r.From)
		add(`a.path <`, r.To)
	}
	if f.On != "" {
		add(`r.created_at <`, millis(f.On.Add(1).Time()))
	}
	if f.Limit <= 0 || f.Limit > 2000 {
		f.Limit = 2000
	}
	args = append(args, f.Limit)
	rows, err := db.read.QueryContext(ctx, `SELECT l.id, l.run_id, l.office_id, l.area_id, l.link_id, l.printed, `+runColumns+`, a.name, k.code, k.spoken,
		CAST(COALESCE((SELECT sum(h.n) FROM leaflet_handed h WHERE h.leaflet_id = l.id), 0) AS BIGINT), CAST(COALESCE((SELECT sum(v.n) FROM link_visit v WHERE v.link_id = l.link_id), 0) AS BIGINT),
		(SELECT count(*) FROM asker k WHERE k.link_id = l.link_id AND k.link_id <> '')
		FROM leaflet l JOIN leaflet_run r ON r.id = l.run_id JOIN area a ON a.id = l.area_id JOIN link k ON k.id = l.link_id
		WHERE `+where+` ORDER BY r.no DESC, k.spoken LIMIT $`+strconv.Itoa(len(args)), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (x LeafletLine, err error) {
		var created int64
		into := append([]any{&x.ID, &x.Leaflet.Run, &x.Office, &x.Area, &x.Link, &x.Printed}, runInto(&x.Run, &created)...)
		err = r.Scan(append(into, &x.Place, &x.Code, &x.Spoken, &x.Handed, &x.Visits, &x.Asked)...)
		x.Run.CreatedAt = instant(created)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the leaflets: %w", err)
	}
	return list, nil
}

// PrintLeaflets changes how many sheets a village was given; never to fewer than were handed out.
func (db *DB) PrintLeaflets(ctx context.Context, in loa.Scope, by loa.By, id loa.LeafletID, printed int) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, handed, err := leafletIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if least := max(handed, 1); int64(printed) < least || printed > loa.MostLeaflets {
			return loa.Refuse(loa.Invalid, "printed", "leaflet_printed", least, loa.MostLeaflets)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE leaflet SET printed = $1, change_no = $2 WHERE id = $3`, printed, change, id); err != nil {
			return fmt.Errorf("save how many were printed: %w", err)
		}
		_, err = tx.ExecContext(ctx, `UPDATE story_use SET copies = CAST((SELECT COALESCE(sum(x.printed), 0) FROM leaflet x JOIN leaflet y ON y.run_id = x.run_id WHERE y.id = $1) AS BIGINT)
			WHERE id = (SELECT run_id FROM leaflet WHERE id = $1) AND office_id = $2`, id, in.Office)
		if err != nil {
			return fmt.Errorf("note on how many sheets a story stands: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "leaflet", string(id), "printed="+strconv.Itoa(printed))
	})
}

// leafletIn is how many sheets of a leaflet inside the scope were printed and handed out.
func leafletIn(ctx context.Context, q querier, in loa.Scope, id loa.LeafletID) (printed, handed int64, err error) {
	where, args := inScope(in, "a.path", 2)
	err = q.QueryRowContext(ctx, `SELECT l.printed, CAST(COALESCE((SELECT sum(h.n) FROM leaflet_handed h WHERE h.leaflet_id = l.id), 0) AS BIGINT)
		FROM leaflet l JOIN area a ON a.id = l.area_id WHERE l.id = $1 AND `+where, append([]any{id}, args...)...).Scan(&printed, &handed)
	if errors.Is(err, sql.ErrNoRows) {
		err = loa.ErrNotFound
	}
	return printed, handed, err
}

// HandLeaflets adds sheets handed out at a session to those noted there and to those of a printing; below zero for sheets that came
// back. No more go out than were printed and no more come back than went out there.
func (db *DB) HandLeaflets(ctx context.Context, in loa.Scope, by loa.By, session loa.SessionID, id loa.LeafletID, n int) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		before, err := sessionByID(ctx, tx, in, session)
		if err != nil {
			return err
		}
		printed, handed, err := leafletIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if int64(n) > printed-handed {
			return loa.Refuse(loa.Invalid, "more", "leaflet_left", printed-handed)
		}
		var here int64
		if err := tx.QueryRowContext(ctx, `SELECT CAST(COALESCE(sum(n), 0) AS BIGINT) FROM leaflet_handed WHERE leaflet_id = $1 AND session_id = $2`, id, session).Scan(&here); err != nil {
			return fmt.Errorf("count what was handed out: %w", err)
		}
		if here+int64(n) < 0 {
			return loa.Refuse(loa.Invalid, "more", "leaflet_back", here)
		}
		after := before
		after.Leaflets += n
		if err := saveSession(ctx, tx, in, by, change, before, &after); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO leaflet_handed (id, leaflet_id, session_id, office_id, n, recorded_at, recorded_by) VALUES (`+placeholders(1, 7)+`)`,
			loa.NewID(), id, session, in.Office, n, millis(by.At), by.Officer)
		if err != nil {
			return fmt.Errorf("save what was handed out: %w", err)
		}
		return nil
	})
}

// LeafletHanded is how many sheets of which leaflets went out at which session.
type LeafletHanded struct {
	Leaflet loa.LeafletID
	Session loa.SessionID
	On      loa.Day
	Title   string
	N       int64
}

// LeafletsHanded says where sheets went, by session and by leaflet; an empty session or leaflet narrows nothing. Sessions outside the
// scope are counted under an empty session, so that the numbers add up.
func (db *DB) LeafletsHanded(ctx context.Context, in loa.Scope, session loa.SessionID, id loa.LeafletID) ([]LeafletHanded, error) {
	where, args := inScope(in, "a.path", 1)
	sees, more := inScope(in, "sa.path", len(args)+1)
	args = append(args, more...)
	add := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if session != "" {
		add(`h.session_id =`, session)
	}
	if id != "" {
		add(`h.leaflet_id =`, id)
	}
	rows, err := db.read.QueryContext(ctx, `SELECT h.leaflet_id, CASE WHEN `+sees+` THEN s.id ELSE '' END AS seen, CASE WHEN `+sees+` THEN s.on_day ELSE '' END AS held, CASE WHEN `+sees+` THEN s.title ELSE '' END AS called,
		CAST(sum(h.n) AS BIGINT) FROM leaflet_handed h JOIN leaflet l ON l.id = h.leaflet_id JOIN area a ON a.id = l.area_id JOIN session s ON s.id = h.session_id JOIN area sa ON sa.id = s.area_id
		WHERE `+where+` GROUP BY h.leaflet_id, seen, held, called ORDER BY held DESC, seen`, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (x LeafletHanded, err error) {
		return x, r.Scan(&x.Leaflet, &x.Session, &x.On, &x.Title, &x.N)
	})
	if err != nil {
		return nil, fmt.Errorf("list what was handed out: %w", err)
	}
	return list, nil
}
