package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
	"loa/vn"
)

// ScriptMark is where a page of scripts ends: the next begins behind it.
type ScriptMark struct {
	Folded string
	ID     loa.ScriptID
}

// ScriptSearch is what a list of scripts is narrowed to; zero values narrow nothing, withdrawn ones are shown only when asked for.
type ScriptSearch struct {
	State loa.ScriptState
	Words string
	After ScriptMark
	Take  int
}

// ScriptLine is the newest version of a script in a list.
type ScriptLine struct {
	loa.Script
	Folded string
	InUse  int // the version that is approved while a newer one is written; 0: none, or the newest
	Voices int // recordings in use
}

// newestScript says that there is no later version.
const newestScript = `NOT EXISTS (SELECT 1 FROM script n WHERE n.id = s.id AND n.version > s.version)`

// ScriptPage are the scripts of the scope by name, a page of them.
func (db *DB) ScriptPage(ctx context.Context, in loa.Scope, f ScriptSearch) ([]ScriptLine, error) {
	where, args := scriptInSight(in, 4)
	args = append([]any{in.Office, f.After.Folded, f.After.ID}, args...)
	for _, w := range vn.Words(vn.Fold(f.Words)) {
		args = append(args, "% "+w+"%")
		where += ` AND ' ' || s.folded LIKE $` + strconv.Itoa(len(args))
	}
	state := `s.state <> 'withdrawn'`
	if f.State != "" {
		args = append(args, f.State)
		state = `s.state = $` + strconv.Itoa(len(args))
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+scriptColumns+`, s.folded, COALESCE((SELECT max(o.version) FROM script o WHERE o.id = s.id AND o.version < s.version AND o.state = 'approved'), 0),
		(SELECT count(*) FROM clip c WHERE c.office_id = s.office_id AND c.purpose = 'script.' || s.id AND c.state = 'approved')
		FROM script s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND (s.folded > $2 OR s.folded = $2 AND s.id > $3) AND `+state+` AND `+newestScript+` AND `+where+` ORDER BY s.folded, s.id`+limit(f.Take), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (l ScriptLine, err error) {
		l.Script, err = scanScript(with(r, &l.Folded, &l.InUse, &l.Voices))
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read a page of scripts: %w", err)
	}
	return list, nil
}

// scanner reads more columns behind those a noun scans.
type scanner struct {
	row  interface{ Scan(...any) error }
	more []any
}

func with(row interface{ Scan(...any) error }, more ...any) scanner { return scanner{row, more} }

// Scan reads the noun's columns and those behind them.
func (s scanner) Scan(to ...any) error { return s.row.Scan(append(to, s.more...)...) }

// ScriptCounts are how many scripts of the scope are in each state.
func (db *DB) ScriptCounts(ctx context.Context, in loa.Scope) (map[loa.ScriptState]int, error) {
	where, args := scriptInSight(in, 2)
	rows, err := db.read.QueryContext(ctx, `SELECT s.state, count(*) FROM script s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND `+newestScript+` AND `+where+` GROUP BY s.state`, append([]any{in.Office}, args...)...)
	out := map[loa.ScriptState]int{}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var state loa.ScriptState
		var n int
		err := r.Scan(&state, &n)
		out[state] = n
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("count the scripts: %w", err)
	}
	return out, nil
}

// ScriptsInUse are the scripts that may be chosen, by name: of each the newest version that was approved, also while the next is written.
func (db *DB) ScriptsInUse(ctx context.Context, in loa.Scope, after ScriptMark, take int) ([]loa.Script, error) {
	where, args := scriptInSight(in, 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.state = 'approved' AND (s.folded > $2 OR s.folded = $2 AND s.id > $3)
		AND NOT EXISTS (SELECT 1 FROM script n WHERE n.id = s.id AND n.version > s.version AND n.state = 'approved') AND `+where+` ORDER BY s.folded, s.id`+limit(take), append([]any{in.Office, after.Folded, after.ID}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Script, error) { return scanScript(r) })
	if err != nil {
		return nil, fmt.Errorf("read the scripts in use: %w", err)
	}
	return list, nil
}

// ScriptInUse is the version of a script that goes out: the newest that was approved, whatever is being written beside it. One that was never
// approved is there in its newest version, so that whoever reads it sees why it may not be used.
func (db *DB) ScriptInUse(ctx context.Context, in loa.Scope, id loa.ScriptID) (loa.Script, error) {
	where, args := scriptInSight(in, 3)
	s, err := scanScript(db.read.QueryRowContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.id = $1 AND s.office_id = $2 AND `+where+` ORDER BY CASE WHEN s.state = 'approved' THEN 0 ELSE 1 END, s.version DESC`+limit(1), append([]any{id, in.Office}, args...)...))
	return s, notFound(err)
}

// ScriptVersions are all versions of a script, the newest first.
func (db *DB) ScriptVersions(ctx context.Context, in loa.Scope, id loa.ScriptID) ([]loa.Script, error) {
	where, args := scriptInSight(in, 3)
	rows, err := db.read.QueryContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.id = $1 AND s.office_id = $2 AND `+where+` ORDER BY s.version DESC`+limit(200), append([]any{id, in.Office}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Script, error) { return scanScript(r) })
	if err != nil {
		return nil, fmt.Errorf("read the versions of a script: %w", err)
	}
	if len(list) == 0 {
		return nil, loa.ErrNotFound
	}
	return list, nil
}
