package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"loa"
)

const attendanceColumns = factColumns + `, happened_at, session_id, person_id, n, sex, age_band`

func insertAttendance(ctx context.Context, tx *sql.Tx, a loa.Attendance, change int64) (bool, error) {
	args := append(factArgs(a.Fact, change), millis(a.HappenedAt), a.Session, a.Person, a.N, a.Sex, a.AgeBand)
	res, err := tx.ExecContext(ctx, `INSERT INTO attendance_fact (`+attendanceColumns+`) VALUES (`+placeholders(1, len(args))+`) ON CONFLICT (id) DO NOTHING`, args...)
	if err != nil {
		return false, fmt.Errorf("record an attendance: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func scanAttendance(r *sql.Rows) (a loa.Attendance, err error) {
	var recorded, change, happened int64
	err = r.Scan(append(scanFact(&a.Fact, &recorded, &change), &happened, &a.Session, &a.Person, &a.N, &a.Sex, &a.AgeBand)...)
	a.RecordedAt, a.HappenedAt = instant(recorded), instant(happened)
	return a, err
}

// Attendances are the heads that hold at a session, in the order they were recorded. A person merged into another record
// stands under that record.
func (db *DB) Attendances(ctx context.Context, in loa.Scope, id loa.SessionID) ([]loa.Attendance, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	return attendancesOf(ctx, db.read, id)
}

func attendancesOf(ctx context.Context, q querier, id loa.SessionID) ([]loa.Attendance, error) {
	rows, err := q.QueryContext(ctx, `SELECT f.id, f.office_id, f.area_id, f.happened_on, f.recorded_at, f.recorded_by, f.device, f.device_seq, f.corrects, f.void, f.why, f.change_no,
		f.happened_at, f.session_id, COALESCE(m.merged_into, f.person_id), f.n, f.sex, f.age_band
		FROM attendance f LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = f.person_id
		WHERE f.session_id = $1 ORDER BY f.change_no, f.id`, id)
	out, err := collect(rows, err, scanAttendance)
	if err != nil {
		return nil, fmt.Errorf("read who attended: %w", err)
	}
	return out, nil
}

// recording is one write of heads at a session: everything in it is taken back together.
type recording struct {
	db      *DB
	tx      *sql.Tx
	by      loa.By
	session loa.Session
	change  int64
	people  []loa.PersonID
	all     []loa.Attendance // what holds at the session, read once and kept up with what this write adds
	read    bool
}

// attended is what holds at the session, with what this write has added so far.
func (rec *recording) attended(ctx context.Context) ([]loa.Attendance, error) {
	if rec.read {
		return rec.all, nil
	}
	all, err := attendancesOf(ctx, rec.tx, rec.session.ID)
	rec.all, rec.read = all, err == nil
	return all, err
}

// record opens a session for recording: it locks the office's counter, so that two officers who record at once take turns,
// and a planned session whose day has come is held from now on, because somebody is standing at its door.
func (db *DB) record(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, fn func(rec *recording) error) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		s, err := sessionByID(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if s.State != loa.Held {
			held := s
			if err := held.Hold(by.At); err != nil {
				return err
			}
			if err := saveSession(ctx, tx, in, by, change, s, &held); err != nil {
				return err
			}
			s = held
		}
		rec := &recording{db: db, tx: tx, by: by, session: s, change: change}
		if err := fn(rec); err != nil {
			return err
		}
		return touchPeople(ctx, tx, change, rec.people...)
	})
}

// add writes one attendance of the session. What the fact does not say, the session does.
func (rec *recording) add(ctx context.Context, a loa.Attendance) error {
	if a.ID == "" {
		a.ID = loa.FactID(loa.NewID())
	}
	a.Session, a.Office, a.Area, a.HappenedOn = rec.session.ID, rec.session.Office, rec.session.Area, rec.session.On
	a.HappenedAt, a.RecordedAt, a.RecordedBy = rec.by.At, rec.by.At, rec.by.Officer
	if err := a.Check(); err != nil {
		return err
	}
	fresh, err := insertAttendance(ctx, rec.tx, a, rec.change)
	if err != nil || !fresh {
		return err // a replay changes nothing
	}
	if a.Person != "" {
		rec.people = append(rec.people, a.Person)
	}
	if rec.read = rec.read && a.Corrects == ""; rec.read { // a correction changes what holds: read it anew
		rec.all = append(rec.all, a)
	}
	return addAudit(ctx, rec.tx, a.Office, rec.by, factAct(a.Fact), "attendance", string(a.Session), strconv.Itoa(a.N))
}

// CountHead records heads that are not named: one tap of the door counter.
func (db *DB) CountHead(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, a loa.Attendance) error {
	if a.Person != "" {
		return loa.Refuse(loa.Invalid, "person", "not_in_list")
	}
	return db.record(ctx, in, by, id, func(rec *recording) error { return rec.add(ctx, a) })
}

// NamePerson records that somebody is present by name. counted says that this head already stands in the unnamed count, which
// then goes down by one in the same transaction, so that a head is counted once. It answers false when the person was already named.
func (db *DB) NamePerson(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, person loa.PersonID, counted bool) (added bool, err error) {
	err = db.record(ctx, in, by, id, func(rec *recording) error {
		added, err = rec.name(ctx, in, person, counted)
		return err
	})
	return added, err
}

func (rec *recording) name(ctx context.Context, in loa.Scope, person loa.PersonID, counted bool) (bool, error) {
	p, err := personForFact(ctx, rec.tx, in, person)
	if err != nil {
		return false, err
	}
	all, err := rec.attended(ctx)
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if a.Person == p.Survivor {
			return false, nil
		}
	}
	if err := rec.add(ctx, loa.Attendance{Person: p.Survivor, N: 1}); err != nil || !counted {
		return true, err
	}
	sex, band, ok, err := rec.cellOf(ctx, p.Survivor, all)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, loa.Refuse(loa.Conflict, "counted", "nobody_counted")
	}
	return true, rec.add(ctx, loa.Attendance{N: -1, Sex: sex, AgeBand: band, Fact: loa.Fact{Why: "named"}})
}

// cellOf finds the cell of the door counter in which somebody was counted before being named: their own sex and age if that
// cell holds anybody, else the fullest of their sex, else the fullest of all.
func (rec *recording) cellOf(ctx context.Context, id loa.PersonID, all []loa.Attendance) (loa.Sex, string, bool, error) {
	var p loa.Person
	if err := rec.tx.QueryRowContext(ctx, `SELECT sex, born_year, born_on FROM person WHERE id = $1`, id).Scan(&p.Sex, &p.BornYear, &p.BornOn); err != nil {
		return "", "", false, fmt.Errorf("read who was counted: %w", err)
	}
	own := loa.HeadCell{Sex: p.Sex, AgeBand: loa.AgeBand(p.Age(rec.session.On))}
	cells := loa.HeadCells(all)
	if cells[own] > 0 {
		return own.Sex, own.AgeBand, true, nil
	}
	best, points := loa.HeadCell{}, 0
	for c, n := range cells {
		score := n
		if c.Sex == own.Sex {
			score += 1_000_000
		}
		if n > 0 && (score > points || score == points && c.Before(best)) {
			best, points = c, score
		}
	}
	return best.Sex, best.AgeBand, points > 0, nil
}

// TakeBackLast takes back what this officer recorded last at the session: a tap, a name, or a whole keyed sheet.
func (db *DB) TakeBackLast(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID) error {
	return db.record(ctx, in, by, id, func(rec *recording) error {
		rows, err := rec.tx.QueryContext(ctx, `SELECT `+attendanceColumns+` FROM attendance WHERE session_id = $1 AND recorded_by = $2 AND corrects = ''
			AND change_no = (SELECT max(change_no) FROM attendance WHERE session_id = $1 AND recorded_by = $2 AND corrects = '') ORDER BY id`, id, by.Officer)
		last, err := collect(rows, err, scanAttendance)
		if err != nil {
			return fmt.Errorf("find what was recorded last: %w", err)
		}
		if len(last) == 0 {
			return loa.Refuse(loa.Conflict, "", "nothing_to_undo")
		}
		for _, a := range last {
			if err := rec.void(ctx, a, "undo"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (rec *recording) void(ctx context.Context, a loa.Attendance, why string) error {
	return rec.add(ctx, loa.Attendance{Person: a.Person, N: a.N, Sex: a.Sex, AgeBand: a.AgeBand, Fact: loa.Fact{Corrects: a.ID, Void: true, Why: why}})
}

// UnnamePerson takes a name off the session, every time it was recorded.
func (db *DB) UnnamePerson(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, person loa.PersonID) error {
	return db.record(ctx, in, by, id, func(rec *recording) error {
		all, err := attendancesOf(ctx, rec.tx, id)
		if err != nil {
			return err
		}
		found := false
		for _, a := range all {
			if a.Person != person {
				continue
			}
			found = true
			if err := rec.void(ctx, a, "unnamed"); err != nil {
				return err
			}
		}
		if !found {
			return loa.ErrNotFound
		}
		return nil
	})
}

// HeadChange is a correction of one cell of the count: how many more or fewer than the page had shown.
type HeadChange struct {
	Cell loa.HeadCell
	By   int
}

// CorrectHeads raises or lowers the unnamed count. Each change is a new fact that names the one it replaces, which stays
// readable; what others counted meanwhile is not touched.
func (db *DB) CorrectHeads(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, changes []HeadChange, why string) error {
	if why == "" {
		return loa.Refuse(loa.Invalid, "why", "required")
	}
	return db.record(ctx, in, by, id, func(rec *recording) error {
		for _, c := range changes {
			if err := rec.correct(ctx, c, why); err != nil {
				return err
			}
		}
		return nil
	})
}

func (rec *recording) correct(ctx context.Context, c HeadChange, why string) error {
	if c.By == 0 {
		return nil
	}
	all, err := attendancesOf(ctx, rec.tx, rec.session.ID)
	if err != nil {
		return err
	}
	if total := loa.HeadCells(all)[c.Cell] + c.By; total < 0 {
		return loa.Refuse(loa.Invalid, "n", "out_of_range")
	}
	for _, a := range all { // the largest count of the cell is the one that was miscounted
		if a.Person != "" || a.Sex != c.Cell.Sex || a.AgeBand != c.Cell.AgeBand || largerIn(all, a) {
			continue
		}
		if a.N+c.By == 0 {
			return rec.void(ctx, a, why)
		}
		return rec.add(ctx, loa.Attendance{N: a.N + c.By, Sex: a.Sex, AgeBand: a.AgeBand, Fact: loa.Fact{Corrects: a.ID, Why: why}})
	}
	return rec.add(ctx, loa.Attendance{N: c.By, Sex: c.Cell.Sex, AgeBand: c.Cell.AgeBand, Fact: loa.Fact{Why: why}})
}

func largerIn(all []loa.Attendance, than loa.Attendance) bool {
	for _, a := range all {
		if a.Person == "" && a.Sex == than.Sex && a.AgeBand == than.AgeBand && (a.N > than.N || a.N == than.N && a.ID < than.ID) {
			return true
		}
	}
	return false
}

// HeadCorrection is one correction with the fact it replaced, if it replaced one, and what its cell of the count came to before and after.
type HeadCorrection struct {
	Old, New      loa.Attendance
	Before, After int
}

// HeadCorrections are what was corrected or taken back at a session, newest first, so that what was first written stays visible.
func (db *DB) HeadCorrections(ctx context.Context, in loa.Scope, id loa.SessionID) ([]HeadCorrection, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+attendanceColumns+` FROM attendance_fact WHERE session_id = $1 ORDER BY change_no, id`, id)
	all, err := collect(rows, err, scanAttendance)
	if err != nil {
		return nil, fmt.Errorf("read the corrections: %w", err)
	}
	byID := make(map[loa.FactID]loa.Attendance, len(all))
	cells := map[loa.HeadCell]int{}
	add := func(a loa.Attendance, by int) {
		if a.Person == "" && !a.Void {
			cells[loa.HeadCell{Sex: a.Sex, AgeBand: a.AgeBand}] += by * a.N
		}
	}
	var out []HeadCorrection
	for _, a := range all {
		byID[a.ID] = a
		old := byID[a.Corrects]
		cell := loa.HeadCell{Sex: a.Sex, AgeBand: a.AgeBand}
		if a.Corrects != "" {
			cell = loa.HeadCell{Sex: old.Sex, AgeBand: old.AgeBand}
		} else {
			old = loa.Attendance{Sex: a.Sex, AgeBand: a.AgeBand}
		}
		c := HeadCorrection{Old: old, New: a, Before: cells[cell]}
		if a.Corrects != "" {
			add(old, -1)
		}
		add(a, 1)
		c.After = cells[cell]
		if a.Corrects != "" || a.Why != "" {
			out = append(out, c)
		}
	}
	slices.Reverse(out)
	return out, nil
}
