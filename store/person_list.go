package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// PersonKey is where a page of people ends: the next page begins behind it.
type PersonKey struct {
	SortKey string
	ID      loa.PersonID
}

// PersonLine is a person as lists show them.
type PersonLine struct {
	ID         loa.PersonID
	Household  loa.HouseholdID
	Area       loa.AreaID
	Name       string
	SortKey    string
	BornYear   int
	Sex        loa.Sex
	Ethnic     string
	Poverty    string
	Occupation string
	Relation   string
	Phone      string
	PhoneBad   bool
}

const lineColumns = `p.id, p.household_id, p.area_id, p.name, p.sort_key, p.born_year, p.sex, p.ethnic, p.poverty, p.occupation, p.relation, p.phone, p.phone_bad`

func scanLine(r *sql.Rows) (l PersonLine, err error) {
	return l, r.Scan(&l.ID, &l.Household, &l.Area, &l.Name, &l.SortKey, &l.BornYear, &l.Sex, &l.Ethnic, &l.Poverty, &l.Occupation, &l.Relation, &l.Phone, &l.PhoneBad)
}

// People is one page of the scope's people by given name, behind a key. A scope of the whole office walks the office's own
// order; a narrow one gathers from its villages, so that neither reads more than it shows.
func (db *DB) People(ctx context.Context, in loa.Scope, villages []loa.AreaID, after PersonKey, take int) ([]PersonLine, error) {
	if in.Empty() {
		return nil, nil
	}
	if villages != nil && len(villages) <= 400 {
		return db.peopleOfVillages(ctx, in, villages, after, take)
	}
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+lineColumns+` FROM person p JOIN area a ON a.id = p.area_id
		WHERE p.office_id = $1 AND (p.sort_key, p.id) > ($2, $3) AND p.merged_into = '' AND `+where+` ORDER BY p.sort_key, p.id`+limit(take),
		append([]any{in.Office, after.SortKey, after.ID}, args...)...)
	list, err := collect(rows, err, scanLine)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return list, nil
}

func (db *DB) peopleOfVillages(ctx context.Context, in loa.Scope, villages []loa.AreaID, after PersonKey, take int) ([]PersonLine, error) {
	if len(villages) == 0 {
		return nil, nil
	}
	args := []any{after.SortKey, after.ID}
	var q strings.Builder
	for i, v := range villages {
		if i > 0 {
			q.WriteString(" UNION ALL ")
		}
		args = append(args, v)
		fmt.Fprintf(&q, `SELECT * FROM (SELECT %s FROM person p WHERE p.area_id = $%d AND (p.sort_key, p.id) > ($1, $2) AND p.merged_into = '' ORDER BY p.sort_key, p.id%s) v%d`, lineColumns, len(args), limit(take), i)
	}
	where, more := inScope(in, "a.path", len(args)+1)
	rows, err := db.read.QueryContext(ctx, `SELECT `+lineColumns+` FROM (`+q.String()+`) p JOIN area a ON a.id = p.area_id WHERE `+where+` ORDER BY p.sort_key, p.id`+limit(take), append(args, more...)...)
	list, err := collect(rows, err, scanLine)
	if err != nil {
		return nil, fmt.Errorf("list people of villages: %w", err)
	}
	return list, nil
}

// SearchPeople finds people by words of their names in any order, the last word begun is enough; accents do not matter. It
// looks in the dictionary of names first, which stays small, and only then among the people.
func (db *DB) SearchPeople(ctx context.Context, in loa.Scope, query string, take int) ([]PersonLine, error) {
	words := vn.Words(vn.Fold(query))
	if len(words) == 0 || in.Empty() {
		return nil, nil
	}
	words = words[:min(len(words), 6)]
	names, err := db.namesWith(ctx, words)
	if plain := vn.Words(vn.Telex(strings.Join(words, " "))); err == nil && len(names) == 0 && !slices.Equal(plain, words) {
		names, err = db.namesWith(ctx, plain)
	}
	if err != nil || len(names) == 0 {
		return nil, err
	}
	var out []PersonLine
	for start := 0; start < len(names) && len(out) < take; start += 100 {
		part := names[start:min(start+100, len(names))]
		args := []any{take - len(out)}
		for _, n := range part {
			args = append(args, n)
		}
		where, more := inScope(in, "a.path", len(args)+1)
		rows, err := db.read.QueryContext(ctx, `SELECT `+lineColumns+` FROM person p JOIN area a ON a.id = p.area_id
			WHERE p.folded IN (`+placeholders(2, len(part))+`) AND p.merged_into = '' AND `+where+` LIMIT $1`, append(args, more...)...)
		list, err := collect(rows, err, scanLine)
		if err != nil {
			return nil, fmt.Errorf("search people: %w", err)
		}
		out = append(out, list...)
	}
	return out, nil
}

// namesWith are the folded names that have every word, the last one as a beginning; names that are the query itself first.
func (db *DB) namesWith(ctx context.Context, words []string) ([]string, error) {
	last := words[len(words)-1]
	args := []any{last, last + "\u007f"} // folded words are ASCII, so this is behind every word that begins so
	q := `SELECT DISTINCT w0.folded FROM name_word w0`
	for i, w := range words[:len(words)-1] {
		args = append(args, w)
		q += fmt.Sprintf(` JOIN name_word w%d ON w%d.folded = w0.folded AND w%d.word = $%d`, i+1, i+1, i+1, len(args))
	}
	q += ` WHERE w0.word >= $1 AND w0.word < $2 LIMIT 2000`
	rows, err := db.read.QueryContext(ctx, q, args...)
	found, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return nil, fmt.Errorf("search names: %w", err)
	}
	whole := strings.Join(words, " ")
	rank := func(n string) int {
		switch {
		case n == whole:
			return 0
		case strings.HasPrefix(n, whole):
			return 1
		}
		return 2
	}
	byRank := [3][]string{}
	for _, n := range found {
		byRank[rank(n)] = append(byRank[rank(n)], n)
	}
	return append(append(byRank[0], byRank[1]...), byRank[2]...), nil
}

// PeopleByNumber finds people by a telephone number or by the blind index of a national ID or SI number; exact only. Each number
// has an index of its own, so each is asked for by itself.
func (db *DB) PeopleByNumber(ctx context.Context, in loa.Scope, phone, nationalIndex, siIndex string) ([]PersonLine, error) {
	var out []PersonLine
	seen := map[loa.PersonID]bool{}
	for _, by := range []struct{ column, value string }{{"p.phone", phone}, {"p.national_id_index", nationalIndex}, {"p.si_number_index", siIndex}} {
		if by.value == "" {
			continue
		}
		where, args := inScope(in, "a.path", 2)
		rows, err := db.read.QueryContext(ctx, `SELECT `+lineColumns+` FROM person p JOIN area a ON a.id = p.area_id
			WHERE `+by.column+` = $1 AND `+by.column+` <> '' AND p.merged_into = '' AND `+where+` ORDER BY p.sort_key, p.id LIMIT 20`, append([]any{by.value}, args...)...)
		list, err := collect(rows, err, scanLine)
		if err != nil {
			return nil, fmt.Errorf("find a number: %w", err)
		}
		for _, l := range list {
			if !seen[l.ID] {
				seen[l.ID] = true
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// PeopleLines are the lines of some people, in the order asked for: what an index picked.
func (db *DB) PeopleLines(ctx context.Context, in loa.Scope, ids []loa.PersonID) ([]PersonLine, error) {
	people, err := db.PeopleByID(ctx, in, ids)
	if err != nil {
		return nil, err
	}
	out := make([]PersonLine, len(people))
	for i, p := range people {
		out[i] = PersonLine{p.ID, p.Household, p.Area, p.Name, "", p.BornYear, p.Sex, p.Ethnic, p.Poverty, p.Occupation, p.Relation, p.Phone, p.PhoneBad}
	}
	return out, nil
}
