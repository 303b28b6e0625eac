package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"loa"
	"loa/vn"
)

// FillTurns writes n turns, ten to a conversation, of which some wait, for measurements.
func (db *DB) FillTurns(ctx context.Context, office loa.OfficeID, n, open int, now time.Time, text func(i int) (loa.AreaID, string)) error {
	type word struct {
		number int64
		record string
	}
	const atOnce = 20000
	for from := 0; from < n; from += atOnce {
		to := min(n, from+atOnce)
		err := db.tx(ctx, func(tx *sql.Tx) error {
			f := &filler{ctx: ctx, tx: tx, dialect: db.dialect, before: map[loa.OfficeID]int64{}, changes: map[loa.OfficeID]int64{office: 0}}
			var words []word
			var list []int
			for i := from; i < to; i++ {
				list = append(list, i)
			}
			id := func(i int) string {
				sum := sha256.Sum256(fmt.Append(nil, i))
				return loa.MintID(now.Add(-time.Duration(n-i)*time.Second), bytes.NewReader(sum[:]))
			}
			err := insertAll(f, "turn", "id, office_id, conversation_id, kind, text, said_at", "", list, func(to []any, i *int) []any {
				_, said := text(*i)
				for _, number := range wordNumbers(office, wordsOfTurn, loa.Terms(said)) {
					words = append(words, word{number, id(*i)})
				}
				return append(to, id(*i), string(office), id(*i-*i%10), "in", said, millis(now.Add(-time.Duration(n-*i)*time.Second)))
			})
			if err != nil {
				return err
			}
			heads := slices.DeleteFunc(slices.Clone(list), func(i int) bool { return i%10 != 0 })
			err = insertAll(f, "conversation", "id, office_id, area_id, channel_id, network, address, via, state, due_at, waits_since, last_at, last_text, last_kind, first_at", "", heads, func(to []any, i *int) []any {
				area, said := text(*i)
				at, state, waits := millis(now.Add(-time.Duration(n-*i)*time.Second)), "done", int64(0)
				if *i/10%max(1, n/10/open) == 0 {
					state, waits = "open", at
				}
				return append(to, id(*i), string(office), string(area), "oa", "zalo", fmt.Sprint(*i), "zalo", state, waits+1, waits, at, said, "in", at)
			})
			if err != nil {
				return err
			}
			slices.SortFunc(words, func(a, b word) int { return int(max(-1, min(1, a.number/2-b.number/2))) })
			return insertAll(f, "word", "term, record_id", "ON CONFLICT (term, record_id) DO NOTHING", words, func(to []any, w *word) []any { return append(to, w.number, w.record) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FillQuestions writes n questions, a second apart, of which all but the newest open ones are answered, for measurements.
func (db *DB) FillQuestions(ctx context.Context, office loa.OfficeID, n, open int, now time.Time, text func(i int) (loa.AreaID, string)) error {
	type word struct {
		number int64
		record string
	}
	const atOnce = 20000
	for from := 0; from < n; from += atOnce {
		to := min(n, from+atOnce)
		err := db.tx(ctx, func(tx *sql.Tx) error {
			f := &filler{ctx: ctx, tx: tx, dialect: db.dialect, before: map[loa.OfficeID]int64{}, changes: map[loa.OfficeID]int64{office: 0}}
			var words []word
			var list []int
			for i := from; i < to; i++ {
				list = append(list, i)
			}
			at := func(i int) time.Time { return now.Add(-time.Duration(n-i) * time.Second) }
			id := func(i int) string {
				sum := sha256.Sum256(fmt.Append(nil, "q", i))
				return loa.MintID(at(i), bytes.NewReader(sum[:]))
			}
			err := insertAll(f, "question_fact", "id, office_id, area_id, text, folded, happened_on, happened_at, recorded_at, recorded_by", "", list, func(to []any, i *int) []any {
				area, said := text(*i)
				for _, number := range wordNumbers(office, wordsOfQuestion, loa.Terms(said)) {
					words = append(words, word{number, id(*i)})
				}
				return append(to, id(*i), string(office), string(area), said, vn.Fold(said), string(loa.DayOf(at(*i))), millis(at(*i)), millis(at(*i)), "")
			})
			if err != nil {
				return err
			}
			answered := slices.DeleteFunc(slices.Clone(list), func(i int) bool { return i >= n-open })
			err = insertAll(f, "answer", "id, office_id, area_id, question_id, text, folded, valid_from, recorded_at, recorded_by", "", answered, func(to []any, i *int) []any {
				area, _ := text(*i)
				said := fmt.Sprintf("Câu trả lời thứ %d", *i%97)
				return append(to, "a"+id(*i), string(office), string(area), id(*i), said, vn.Fold(said), "2024-01-01", millis(at(*i)), "")
			})
			if err != nil {
				return err
			}
			slices.SortFunc(words, func(a, b word) int { return cmp.Compare(a.number, b.number) })
			return insertAll(f, "word", "term, record_id", "ON CONFLICT (term, record_id) DO NOTHING", words, func(to []any, w *word) []any { return append(to, w.number, w.record) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}
