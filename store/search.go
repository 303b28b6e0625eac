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

// SearchAreas finds communes and villages of the scope by the beginning of any word of their names or aliases.
func (db *DB) SearchAreas(ctx context.Context, in loa.Scope, query string, take int) ([]loa.Area, error) {
	q := vn.Fold(query)
	if q == "" {
		return nil, nil
	}
	list, err := db.searchAreas(ctx, in, q, take)
	if kind, name, two := strings.Cut(q, " "); err == nil && len(list) == 0 && two && slices.Contains(areaWords, kind) {
		list, err = db.searchAreas(ctx, in, name, take) // "bản Phô" is kept as Phô
	}
	if plain := vn.Telex(q); err == nil && len(list) == 0 && plain != q {
		return db.SearchAreas(ctx, in, plain, take)
	}
	return list, err
}

// areaWords are the words people say before a place's name, folded.
var areaWords = []string{"ban", "thon", "doi", "to", "khu", "xa", "phuong", "tinh"}

func (db *DB) searchAreas(ctx context.Context, in loa.Scope, q string, take int) ([]loa.Area, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+areaColumns+` FROM area a
		WHERE (a.folded LIKE $1 OR a.folded LIKE $2 OR a.id IN (SELECT area_id FROM area_alias WHERE folded LIKE $1 OR folded LIKE $2)) AND `+where+`
		ORDER BY CASE WHEN a.folded LIKE $1 THEN 0 ELSE 1 END, a.folded, a.path LIMIT $3`, append([]any{q + "%", "% " + q + "%", take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Area, error) { return scanArea(r) })
	if err != nil {
		return nil, fmt.Errorf("search areas: %w", err)
	}
	return list, nil
}

// Hit is something a search found.
type Hit struct {
	ID, Text, Sub string
	On            loa.Day
}

// SearchSessions finds sessions by words of their titles, newest first.
func (db *DB) SearchSessions(ctx context.Context, in loa.Scope, query string, take int) ([]Hit, error) {
	folded := vn.Fold(query)
	if folded == "" {
		return nil, nil
	}
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT s.id, s.title, s.form, s.on_day FROM session s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.folded LIKE $2 AND `+where+` ORDER BY s.on_day DESC, s.id LIMIT $3`,
		append([]any{in.Office, "%" + folded + "%", take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (h Hit, err error) { return h, r.Scan(&h.ID, &h.Text, &h.Sub, &h.On) })
	if err != nil {
		return nil, fmt.Errorf("search sessions: %w", err)
	}
	return list, nil
}

// searchedQuestions is how many of the newest questions with the words are looked through for the phrase itself.
const searchedQuestions = 100

// SearchQuestions finds questions by their words or those of their answers, newest first, where there are any with the very phrase only
// those; Sub is the answer that holds.
func (db *DB) SearchQuestions(ctx context.Context, in loa.Scope, query string, take int) ([]Hit, error) {
	if len(loa.AskedTerms(query)) == 0 {
		return nil, nil
	}
	list, err := db.Questions(ctx, in, QuestionFilter{Words: query, Newest: true, Limit: searchedQuestions})
	if err != nil {
		return nil, err
	}
	phrase := vn.Fold(query)
	var exact, all []Hit
	for _, q := range list {
		h := Hit{string(q.ID), q.Text, q.Answer.Text, q.HappenedOn}
		all = append(all, h)
		if strings.Contains(vn.Fold(q.Text+" "+q.Answer.Text+" "+q.Answer.Cites), phrase) {
			exact = append(exact, h)
		}
	}
	if len(exact) > 0 {
		all = exact
	}
	return all[:min(len(all), take)], nil
}
