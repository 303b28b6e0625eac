package store

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"

	"loa"
)

// The nouns whose words are kept.
const (
	wordsOfTurn     = "turn"
	wordsOfQuestion = "question"
)

// wordNumber is the number under which a word of an office's noun is kept: two that fell on one number would find each other, which among
// sixty-three bits does not happen.
func wordNumber(office loa.OfficeID, noun, term string) int64 {
	h := fnv.New64a()
	h.Write([]byte(office))
	h.Write([]byte{0})
	h.Write([]byte(noun))
	h.Write([]byte{0})
	h.Write([]byte(term))
	return int64(h.Sum64() >> 1)
}

func wordNumbers(office loa.OfficeID, noun string, terms []string) []int64 {
	out := make([]int64, len(terms))
	for i, t := range terms {
		out[i] = wordNumber(office, noun, t)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keepWords lets a record be found by the words of a text.
func (d dialect) keepWords(ctx context.Context, q querier, office loa.OfficeID, noun, id, text string) error {
	numbers := wordNumbers(office, noun, loa.Terms(text))
	if len(numbers) == 0 {
		return nil
	}
	var rows string
	args := make([]any, 0, 2*len(numbers))
	for i, n := range numbers {
		if i > 0 {
			rows += ", "
		}
		rows += "(" + d.marks(2*i+1, 2) + ")"
		args = append(args, n, id)
	}
	if _, err := q.ExecContext(ctx, `INSERT INTO word (term, record_id) VALUES `+rows+` ON CONFLICT (term, record_id) DO NOTHING`, args...); err != nil {
		return fmt.Errorf("keep the words: %w", err)
	}
	return nil
}

// dropWords takes the words of a text away again.
func dropWords(ctx context.Context, q querier, office loa.OfficeID, noun, id, text string) error {
	numbers := wordNumbers(office, noun, loa.Terms(text))
	if len(numbers) == 0 {
		return nil
	}
	if _, err := q.ExecContext(ctx, `DELETE FROM word WHERE record_id = $1 AND term IN (`+placeholders(2, len(numbers))+`)`, append([]any{id}, anyOf(numbers)...)...); err != nil {
		return fmt.Errorf("drop the words: %w", err)
	}
	return nil
}

// rarest orders numbers by how many records have them, counted no further than a page or two: the walk begins with the fewest.
func rarest(ctx context.Context, q querier, numbers []int64) ([]int64, error) {
	type counted struct{ number, n int64 }
	if len(numbers) == 1 {
		return numbers, nil
	}
	list := make([]counted, len(numbers))
	for i, number := range numbers {
		list[i].number = number
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM word WHERE term = $1`+limit(countedAtMost)+`) x`, number).Scan(&list[i].n); err != nil {
			return nil, fmt.Errorf("count a word: %w", err)
		}
	}
	slices.SortStableFunc(list, func(a, b counted) int { return int(a.n - b.n) })
	out := make([]int64, len(list))
	for i, c := range list {
		out[i] = c.number
	}
	return out, nil
}

const (
	countedAtMost = 2000
	walkFirst     = 200   // records looked at in the first step
	walkMost      = 12000 // and in all: whoever asks for two words that stand everywhere and never together gets what is newest
)

// walkWords goes over the records that have all the words, the newest first, in steps that grow, until enough were taken. before is where
// an earlier page ended. fetch reads what of the next step fits everything else that is asked for, and how many it took; last is the last
// record it looked at. It answers whether all records were seen.
func walkWords(ctx context.Context, q querier, numbers []int64, before string, enough func() bool, fetch func(within string, args []any) error) (all bool, err error) {
	if len(numbers) == 0 {
		return true, nil
	}
	if numbers, err = rarest(ctx, q, numbers); err != nil {
		return false, err
	}
	if before == "" {
		before = "~"
	}
	looked := 0
	for step := walkFirst; looked < walkMost; step = min(step*4, 4000) {
		last, n, err := stepEnd(ctx, q, numbers[0], before, step)
		if err != nil {
			return false, err
		}
		if n == 0 {
			return true, nil
		}
		// the record lies in this step and has every word
		within := `w.term = $1 AND w.record_id < $2 AND w.record_id >= $3`
		args := []any{numbers[0], before, last}
		for _, other := range numbers[1:] {
			args = append(args, other)
			within += ` AND EXISTS (SELECT 1 FROM word o WHERE o.term = $` + strconv.Itoa(len(args)) + ` AND o.record_id = w.record_id)`
		}
		if err := fetch(within, args); err != nil {
			return false, err
		}
		if looked += n; n < step {
			return true, nil
		}
		if enough() {
			return false, nil
		}
		before = last
	}
	return false, nil
}

// stepEnd is the last record of the next step and how many the step holds.
func stepEnd(ctx context.Context, q querier, number int64, before string, step int) (last string, n int, err error) {
	var end sql.NullString
	err = q.QueryRowContext(ctx, `SELECT min(record_id), count(*) FROM (SELECT record_id FROM word WHERE term = $1 AND record_id < $2 ORDER BY record_id DESC`+limit(step)+`) x`, number, before).Scan(&end, &n)
	if err != nil {
		return "", 0, fmt.Errorf("walk over a word: %w", err)
	}
	return end.String, n, nil
}

// nameWords lets what was written before words were kept be found by them.
func (db *DB) nameWords(ctx context.Context) error {
	var begun bool
	if err := db.write.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM word)`).Scan(&begun); err != nil || begun {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error { // all or nothing: what is half done would never be found
		if err := db.nameAll(ctx, tx, wordsOfQuestion, `SELECT id, id, office_id, text FROM question WHERE id > $1 ORDER BY id`); err != nil {
			return err
		}
		if err := db.nameAll(ctx, tx, wordsOfQuestion, `SELECT id, question_id, office_id, text || ' ' || cites FROM answer WHERE id > $1 ORDER BY id`); err != nil {
			return err
		}
		return db.nameAll(ctx, tx, wordsOfTurn, `SELECT id, id, office_id, text FROM turn WHERE id > $1 ORDER BY id`)
	})
}

func (db *DB) nameAll(ctx context.Context, tx *sql.Tx, noun, query string) error {
	type line struct {
		id, record, text string
		office           loa.OfficeID
	}
	const atOnce = 1000
	for after, n := "", atOnce; n == atOnce; {
		rows, err := tx.QueryContext(ctx, query+limit(atOnce), after)
		list, err := collect(rows, err, func(r *sql.Rows) (l line, err error) { return l, r.Scan(&l.id, &l.record, &l.office, &l.text) })
		if err != nil {
			return fmt.Errorf("read what has words: %w", err)
		}
		for _, l := range list {
			if err := db.keepWords(ctx, tx, l.office, noun, l.record, l.text); err != nil {
				return err
			}
			after = l.id
		}
		n = len(list)
	}
	return nil
}
