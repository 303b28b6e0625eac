package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"loa"
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
