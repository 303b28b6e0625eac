package store_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"loa/store"
	"loa/store/storetest"
)

// TestMain looks, when the tests are through, at how the engine would find the rows of every statement they sent, were the office one
// of a million people: a list that reads a whole large table fails the run, unless wholeOnPurpose or wholeByFunction says why it may.
func TestMain(m *testing.M) {
	store.OnStatement(sent.add)
	code := m.Run()
	if f := flag.Lookup("test.bench"); f == nil || f.Value.String() == "" {
		store.OnStatement(nil)
		if found, err := guard(sent.list()); err != nil {
			fmt.Println("plan guard:", err)
			code = 1
		} else if len(found) > 0 {
			fmt.Println("These statements read a whole large table. Give them an index, ask otherwise, or say in wholeOnPurpose or wholeByFunction why it must be:")
			for _, f := range found {
				fmt.Printf("\n%s\n\t%s\n", f.why, f.text)
			}
			code = 1
		}
	}
	os.Exit(code)
}

// statements are those that were sent, one of each form.
type statements struct {
	mu    sync.Mutex
	texts map[string]bool
	seen  map[string]statement
}

type statement struct {
	text string
	by   string
}

var sent = statements{texts: map[string]bool{}, seen: map[string]statement{}}

var (
	space   = regexp.MustCompile(`\s+`)
	literal = regexp.MustCompile(`'[^']*'`)
	number  = regexp.MustCompile(`\$\d+|\b\d+\b`)
	many    = regexp.MustCompile(`(\?(?:, ?\?)+|\((?:\?, )*\?\)(?:, ?\((?:\?, )*\?\))*)`)
	again   = regexp.MustCompile(`(\(\.\.\.\))(, \(\.\.\.\))+`)
	verb    = regexp.MustCompile(`^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)\b`)
)

// form is a statement's text without what differs from one sending to the next.
func form(text string) string {
	text = number.ReplaceAllString(literal.ReplaceAllString(space.ReplaceAllString(text, " "), "'x'"), "?")
	return again.ReplaceAllString(many.ReplaceAllString(text, "(...)"), "(...)")
}

func (s *statements) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[text] || !verb.MatchString(text) {
		return
	}
	s.texts[text] = true
	key := form(text)
	if _, ok := s.seen[key]; ok {
		return
	}
	if by := sentBy(); by != "" {
		s.seen[key] = statement{text, by}
	}
}

// sentBy is the function of the store that sends a statement; empty when a test sends it itself.
func sentBy() string {
	var at [40]uintptr
	frames := runtime.CallersFrames(at[:runtime.Callers(4, at[:])])
	for {
		f, more := frames.Next()
		name, ours := strings.CutPrefix(f.Function, "loa/store.")
		switch {
		case strings.HasSuffix(f.File, "_test.go") || strings.Contains(f.File, "/storetest/"):
			return ""
		case ours && !strings.Contains(name, "keptConn") && name != "tell" && !strings.Contains(name, "listener"):
			return name
		case !more:
			return ""
		}
	}
}

func (s *statements) list() (out []statement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.seen {
		out = append(out, st)
	}
	slices.SortFunc(out, func(a, b statement) int { return strings.Compare(a.text, b.text) })
	return out
}

// large is how many rows the tables have that grow with the people and with what is sent to them; every other is small.
var large = map[string]int64{
	"person_row": 1_000_000, "household_row": 300_000, "spell": 1_500_000, "contribution_fact": 3_000_000, "flow": 300_000,
	"attendance_fact": 1_000_000, "visit_fact": 500_000, "consent_fact": 1_000_000, "lead_fact": 200_000, "enrolment_step_fact": 400_000,
	"calculation_fact": 200_000, "leaving_fact": 100_000, "name_word": 300_000, "field_version": 1_000_000, "audit": 3_000_000, "act": 1_000_000,
	"question_fact": 1_000_000, "answer": 1_000_000, "answer_use": 500_000, "word": 10_000_000, "asker": 100_000,
	"conversation": 300_000, "turn": 1_000_000, "address": 1_000_000, "delivery": 5_000_000, "play": 500_000, "exposure": 500_000,
	"channel_event": 2_000_000, "link_visit": 300_000, "link": 100_000, "snapshot_part": 10_000, "page_opened": 500_000, "import_line": 500_000,
	"push_notice": 300_000, "reply": 500_000, "kit_post": 100_000, "leaflet_handed": 200_000, "session": 100_000, "participation": 100_000,
}

// few is how many different values a column has in one office of a million people; what is not named here names a thing of its own.
var few = map[string]int64{
	"office_id": 1, "state": 5, "kind": 6, "scheme": 4, "network": 5, "channel_id": 6, "form": 20, "form_code": 20, "outcome": 6, "purpose": 4, "channel": 6, "rung": 4,
	"area_id": 2_000, "commune_id": 100, "officer_id": 30, "owner_id": 30, "broadcast_id": 200, "on_day": 1_000, "happened_on": 1_500, "term": 20_000,
	"session_id": 20_000, "topic": 12, "method": 4, "payer": 4, "station_id": 1_000, "link_id": 50_000, "answer_id": 300, "code": 20, "status": 5,
}

// rowsLeft is how many of so many rows one value in each of the columns leaves.
func rowsLeft(rows int64, columns []string) int64 {
	for _, c := range columns {
		n, ok := few[c]
		if !ok {
			return 10
		}
		rows = max(1, rows/n)
	}
	return rows
}

// tooMany is from how many rows on reading them one by one takes a person's patience.
const tooMany = 50_000

type finding struct{ why, text string }

// guard plans every statement on a SQLite file that takes itself for a large office, and asks PostgreSQL whether an index serves it.
func guard(list []statement) ([]finding, error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "loa-plans")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, dir+"/loa.db", store.Options{Grace: storetest.Grace{}})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	pool := db.Writer()
	indexes, err := pretend(ctx, pool)
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, st := range list {
		if onPurpose(st) {
			continue
		}
		plan, err := lines(pool.QueryContext(ctx, `EXPLAIN QUERY PLAN `+st.text, make([]any, max(numbered(st.text), strings.Count(st.text, "?")))...))
		if err != nil {
			continue // PostgreSQL's own, or about tables a test made
		}
		for _, why := range wide(st.text, plan, indexes) {
			found = append(found, finding{st.by + " on SQLite: " + why, strings.TrimSpace(space.ReplaceAllString(st.text, " "))})
		}
	}
	address, err := storetest.Template()
	if err != nil || address == "" {
		return found, err
	}
	other, err := served(ctx, address, list)
	return append(found, other...), err
}

// served asks PostgreSQL whether it finds an index for every step over a large table, were reading the whole of one forbidden. Which of
// several it takes depends on rows that are not there.
func served(ctx context.Context, address string, list []statement) (found []finding, err error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for _, q := range []string{`SET enable_seqscan = off`, `SET plan_cache_mode = force_generic_plan`} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return nil, err
		}
	}
	for _, st := range list {
		if onPurpose(st) {
			continue
		}
		if _, err := conn.ExecContext(ctx, `PREPARE guarded AS `+st.text); err != nil {
			continue // SQLite's own, or about tables a test made
		}
		values := ""
		if n := numbered(st.text); n > 0 {
			values = "(" + strings.Repeat(", NULL", n)[2:] + ")"
		}
		plan, err := lines(conn.QueryContext(ctx, `EXPLAIN EXECUTE guarded`+values))
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, st.text)
		}
		for _, l := range plan {
			if m := whole.FindStringSubmatch(l); m != nil && large[m[1]] > tooMany {
				found = append(found, finding{st.by + " on PostgreSQL: " + strings.TrimSpace(l), strings.TrimSpace(space.ReplaceAllString(st.text, " "))})
			}
		}
		if _, err := conn.ExecContext(ctx, `DEALLOCATE guarded`); err != nil {
			return nil, err
		}
	}
	return found, nil
}

var whole = regexp.MustCompile(`Seq Scan on (\w+)`)

// lines reads the last column of every row.
func lines(rows *sql.Rows, err error) (out []string, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var line string
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(any)
		}
		into[len(into)-1] = &line
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, rows.Err()
}

// numbered is how many values a text asks for by number; SQLite's may stand without one.
func numbered(text string) (n int) {
	for _, m := range mark.FindAllStringSubmatch(text, -1) {
		if k, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, k)
		}
	}
	return n
}

var mark = regexp.MustCompile(`\$(\d+)`)

// pretend makes an empty file take itself for the database of a large office, and returns the columns of its indexes and their tables.
func pretend(ctx context.Context, pool *sql.DB) (map[string]indexOf, error) {
	rows, err := pool.QueryContext(ctx, `SELECT m.name, il.name, ii.name, il."unique", coalesce((SELECT x.sql FROM sqlite_master x WHERE x.name = il.name), '') FROM sqlite_master m, pragma_index_list(m.name) il, pragma_index_info(il.name) ii WHERE m.type = 'table' AND ii.name IS NOT NULL ORDER BY m.name, il.name, ii.seqno`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]indexOf{}
	for rows.Next() {
		var table, name, column, made string
		var unique bool
		if err := rows.Scan(&table, &name, &column, &unique, &made); err != nil {
			return nil, err
		}
		i := out[name]
		i.table, i.unique, i.rows = table, unique, max(large[table], 500)
		if _, part, ok := strings.Cut(made, " WHERE "); ok && narrow.MatchString(part) {
			i.rows /= 100
		}
		i.columns = append(i.columns, column)
		out[name] = i
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	do := func(q string, args ...any) {
		if err == nil {
			_, err = pool.ExecContext(ctx, q, args...)
		}
	}
	do(`ANALYZE`)
	do(`DELETE FROM sqlite_stat1`)
	for name, i := range out {
		n := i.rows
		stat := strconv.FormatInt(n, 10)
		for k := range i.columns {
			left := rowsLeft(n, i.columns[:k+1])
			if i.unique && k == len(i.columns)-1 {
				left = 1
			}
			stat += " " + strconv.FormatInt(min(left, n), 10)
		}
		do(`INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)`, i.table, name, stat)
	}
	do(`ANALYZE sqlite_schema`)
	return out, err
}

// narrow are the conditions of indexes that hold what waits or is on its way: few rows of all there ever were.
var narrow = regexp.MustCompile(`= '|IN \(|= 0|merged_into|NOT |<> 'reached'`)

type indexOf struct {
	table   string
	rows    int64
	columns []string
	unique  bool
}

var (
	scan   = regexp.MustCompile(`^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?`)
	search = regexp.MustCompile(`^SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \((.*)\)`)
	equal  = regexp.MustCompile(`^(\w+)=\?$`)
	named  = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|,)\s+(\w+)(?:\s+AS)?(?:\s+(\w+))?`)
)

// wide are the steps of a plan that read far more rows than any page shows.
func wide(text string, plan []string, indexes map[string]indexOf) (out []string) {
	sorted := slices.ContainsFunc(plan, func(l string) bool { return strings.Contains(l, "TEMP B-TREE") })
	limited := strings.Contains(text, "LIMIT") && !sorted
	tables := map[string]string{}
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		tables[m[2]], tables[m[1]] = m[1], m[1]
	}
	for _, l := range plan {
		if m := scan.FindStringSubmatch(l); m != nil {
			table := tables[m[1]]
			if i, ok := indexes[m[2]]; ok {
				if table = i.table; i.rows <= tooMany {
					continue
				}
			}
			for _, of := range []string{table, table + "_row", table + "_fact"} {
				if large[of] > tooMany && !(limited && m[2] != "") {
					out = append(out, l)
				}
			}
		}
		if m := search.FindStringSubmatch(l); m != nil {
			var columns []string
			ranged := false
			for _, c := range strings.Split(m[3], " AND ") {
				if e := equal.FindStringSubmatch(c); e != nil {
					columns = append(columns, e[1])
				} else {
					ranged = true
				}
			}
			i := indexes[m[2]]
			n := i.rows
			if left := rowsLeft(n, columns); n > 0 && left > tooMany && !ranged && !limited && !(i.unique && len(columns) == len(i.columns)) {
				out = append(out, fmt.Sprintf("%s: some %d rows", l, left))
			}
		}
	}
	return out
}

// onPurpose says whether a statement may read a whole table.
func onPurpose(st statement) bool {
	if wholeByFunction[st.by] != "" {
		return true
	}
	text := space.ReplaceAllString(st.text, " ")
	for part := range wholeOnPurpose {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
