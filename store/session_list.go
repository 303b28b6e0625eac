package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
	"loa/vn"
)

// SessionFilter is what a list of sessions is narrowed to; zero values narrow nothing.
type SessionFilter struct {
	From, To loa.Day
	Form     loa.Form
	Forms    []loa.Form // any of several, where a figure counts more than one form
	State    loa.SessionState
	Area     loa.AreaID // at or below
	Officer  loa.OfficerID
	Segment  loa.SegmentID
	Partner  loa.PartnerID
	Employer loa.EmployerID
	Words    string // in the title, accents or not
	Late     loa.Day
	Newest   bool // newest first, for "what was done"; otherwise in the order of the calendar
	Offset   int
	Limit    int
}

// SessionLine is a session in a list with its heads.
type SessionLine struct {
	loa.Session
	Heads, Named int64
}

func (f SessionFilter) where(in loa.Scope) (string, []any) {
	where, args := inScope(in, "a.path", 1)
	add := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if f.From != "" {
		add(`s.on_day >=`, f.From)
	}
	if f.To != "" {
		add(`s.on_day <=`, f.To)
	}
	if f.Form != "" {
		add(`s.form =`, f.Form)
	}
	if len(f.Forms) > 0 {
		where += ` AND s.form IN (` + placeholders(len(args)+1, len(f.Forms)) + `)`
		for _, form := range f.Forms {
			args = append(args, form)
		}
	}
	if f.State != "" {
		add(`s.state =`, f.State)
	}
	if f.Employer != "" {
		add(`s.employer_id =`, f.Employer)
	}
	if f.Late != "" {
		add(`s.state = 'planned' AND s.on_day <`, f.Late)
	}
	within := func(table, column string, id any) {
		args = append(args, id)
		where += ` AND EXISTS (SELECT 1 FROM ` + table + ` l WHERE l.session_id = s.id AND l.` + column + ` = $` + strconv.Itoa(len(args)) + `)`
	}
	if f.Officer != "" {
		within("session_officer", "officer_id", f.Officer)
	}
	if f.Segment != "" {
		within("session_segment", "segment_id", f.Segment)
	}
	if f.Partner != "" {
		within("session_partner", "partner_id", f.Partner)
	}
	for _, w := range vn.Words(vn.Fold(f.Words)) { // folded words are plain letters and figures
		args = append(args, "%"+w+"%")
		where += ` AND s.folded LIKE $` + strconv.Itoa(len(args))
	}
	return where, args
}

// Sessions are those a filter asks for, in the order of the calendar, with their officers, partners, segments and heads.
func (db *DB) Sessions(ctx context.Context, in loa.Scope, f SessionFilter) ([]SessionLine, error) {
	in, err := db.narrow(ctx, in, f.Area)
	if err != nil {
		return nil, err
	}
	where, args := f.where(in)
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	order := `s.on_day, s.start_min, s.id`
	if f.Newest {
		order = `s.on_day DESC, s.start_min DESC, s.id DESC`
	}
	args = append(args, f.Limit, max(f.Offset, 0))
	rows, err := db.read.QueryContext(ctx, `SELECT `+sessionColumns+` FROM session s JOIN area a ON a.id = s.area_id WHERE `+where+
		` ORDER BY `+order+` LIMIT $`+strconv.Itoa(len(args)-1)+` OFFSET $`+strconv.Itoa(len(args)), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Session, error) { return scanSession(r) })
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	if err := linkSessions(ctx, db.read, list); err != nil {
		return nil, err
	}
	heads, err := headsOf(ctx, db.read, list)
	if err != nil {
		return nil, err
	}
	out := make([]SessionLine, len(list))
	for i, s := range list {
		out[i] = SessionLine{Session: s, Heads: heads[s.ID][0], Named: heads[s.ID][1]}
	}
	return out, nil
}

// CountSessions counts what a filter asks for, by form, whatever form it names.
func (db *DB) CountSessions(ctx context.Context, in loa.Scope, f SessionFilter) (map[loa.Form]int64, error) {
	in, err := db.narrow(ctx, in, f.Area)
	if err != nil {
		return nil, err
	}
	f.Form, f.Forms = "", nil
	where, args := f.where(in)
	rows, err := db.read.QueryContext(ctx, `SELECT s.form, count(*) FROM session s JOIN area a ON a.id = s.area_id WHERE `+where+` GROUP BY s.form`, args...)
	out := map[loa.Form]int64{}
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var form loa.Form
		var n int64
		err = r.Scan(&form, &n)
		out[form] = n
		return none, err
	})
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	return out, nil
}

// SessionHeads is how many heads the sessions of a filter had together: the figure that a list of sessions stands behind.
func (db *DB) SessionHeads(ctx context.Context, in loa.Scope, f SessionFilter) (n int64, err error) {
	if in, err = db.narrow(ctx, in, f.Area); err != nil {
		return 0, err
	}
	where, args := f.where(in)
	var sessions, named int64
	err = db.read.QueryRowContext(ctx, `SELECT `+tallySums+` FROM (SELECT s.id, `+sessionHeads+` WHERE `+where+` GROUP BY s.id) h`, args...).Scan(&sessions, &n, &named)
	if err != nil {
		return 0, fmt.Errorf("count the heads of a list: %w", err)
	}
	return n, nil
}

// narrow is the part of the scope at or below an area; the whole scope when none is named. A unit of former days stands for the
// villages it had.
func (db *DB) narrow(ctx context.Context, in loa.Scope, area loa.AreaID) (loa.Scope, error) {
	if area == "" {
		return in, nil
	}
	a, err := db.Area(ctx, in, area)
	if loa.KindOf(err) == loa.NotFound {
		return db.formerly(ctx, in, area) // an area elsewhere holds nothing the officer may see
	}
	return in.Narrow(a.Path), err
}

// headsOf counts heads and named people of the sessions on one page.
func headsOf(ctx context.Context, q querier, list []loa.Session) (map[loa.SessionID][2]int64, error) {
	out := make(map[loa.SessionID][2]int64, len(list))
	if len(list) == 0 {
		return out, nil
	}
	ids := make([]any, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	rows, err := q.QueryContext(ctx, `SELECT f.session_id, CAST(COALESCE(sum(CASE WHEN f.person_id = '' THEN f.n ELSE 0 END), 0) AS BIGINT),
		count(DISTINCT CASE WHEN f.person_id = '' THEN NULL ELSE COALESCE(m.merged_into, f.person_id) END)
		FROM attendance f LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = f.person_id
		WHERE f.session_id IN (`+placeholders(1, len(ids))+`) GROUP BY f.session_id`, ids...)
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id loa.SessionID
		var unnamed, named int64
		err = r.Scan(&id, &unnamed, &named)
		out[id] = [2]int64{max(unnamed, 0) + named, named}
		return none, err
	})
	if err != nil {
		return nil, fmt.Errorf("count the heads of a page: %w", err)
	}
	return out, nil
}
