package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// BenchmarkInbox searches and lists a queue of a million turns, of which two thousand wait. LOA_BENCH_TURNS makes it smaller.
func BenchmarkInbox(b *testing.B) {
	n := 1_000_000
	if v, err := strconv.Atoi(os.Getenv("LOA_BENCH_TURNS")); err == nil {
		n = v
	}
	for _, postgres := range []bool{false, true} {
		if postgres && !storetest.HasPostgres() {
			continue
		}
		b.Run(map[bool]string{false: "SQLite", true: "PostgreSQL"}[postgres], func(b *testing.B) {
			db, ctx := storetest.Empty(b, postgres), context.Background()
			if err := db.Migrate(ctx); err != nil {
				b.Fatal(err)
			}
			f := storetest.Office(b, db)
			fillTurns(b, f, n)
			if err := db.Learn(ctx); err != nil {
				b.Fatal(err)
			}
			ask := func(name string, filter store.ConversationFilter) {
				b.Run(name, func(b *testing.B) {
					var took []time.Duration
					for b.Loop() {
						begun := time.Now()
						if _, _, err := f.DB.Conversations(ctx, f.Whole, filter); err != nil {
							b.Fatal(err)
						}
						took = append(took, time.Since(begun))
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
					b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				})
			}
			now := f.By.At
			ask("open", store.ConversationFilter{Me: f.Director, Now: now, State: "open"})
			ask("done", store.ConversationFilter{Me: f.Director, Now: now, State: "done"})
			for _, words := range []string{"sổ hưu", "bảo hiểm hộ mất bao nhiêu tiền", "rút một lần", "học sinh cận nghèo", "số 4711", "không có ai hỏi thế"} {
				ask("search_"+fmt.Sprint(len(loa.AskedTerms(words)))+"_"+words, store.ConversationFilter{Me: f.Director, Now: now, Words: words})
			}
		})
	}
}

// BenchmarkQuestions searches a million questions, all but two thousand answered: the ledger's search with its counts, and the earlier
// answers that are shown beside a question. LOA_BENCH_TURNS makes it smaller.
func BenchmarkQuestions(b *testing.B) {
	n := 1_000_000
	if v, err := strconv.Atoi(os.Getenv("LOA_BENCH_TURNS")); err == nil {
		n = v
	}
	for _, postgres := range []bool{false, true} {
		if postgres && !storetest.HasPostgres() {
			continue
		}
		b.Run(map[bool]string{false: "SQLite", true: "PostgreSQL"}[postgres], func(b *testing.B) {
			db, ctx := storetest.Empty(b, postgres), context.Background()
			if err := db.Migrate(ctx); err != nil {
				b.Fatal(err)
			}
			f := storetest.Office(b, db)
			if err := db.FillQuestions(ctx, f.Office.ID, n, 2000, f.By.At, func(i int) (loa.AreaID, string) {
				return f.Villages[i%4], benchAsked[i%len(benchAsked)] + " Số " + strconv.Itoa(i%9973)
			}); err != nil {
				b.Fatal(err)
			}
			if err := db.Learn(ctx); err != nil {
				b.Fatal(err)
			}
			ask := func(name string, fn func() error) {
				b.Run(name, func(b *testing.B) {
					var took []time.Duration
					for b.Loop() {
						begun := time.Now()
						if err := fn(); err != nil {
							b.Fatal(err)
						}
						took = append(took, time.Since(begun))
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
					b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				})
			}
			for _, words := range []string{"sổ hưu", "bảo hiểm hộ mất bao nhiêu tiền", "rút một lần", "học sinh cận nghèo", "số 4711", "không có ai hỏi thế"} {
				ask("questions_"+words, func() error {
					_, err := db.Questions(ctx, f.Whole, store.QuestionFilter{Words: words, Newest: true})
					return err
				})
				ask("count_"+words, func() error {
					_, err := db.CountQuestions(ctx, f.Whole, store.QuestionFilter{Words: words, State: "answered"})
					return err
				})
				ask("earlier_answers_"+words, func() error {
					_, err := db.EarlierAnswers(ctx, f.Whole, words, storetest.Today, 5)
					return err
				})
			}
		})
	}
}

// benchAsked are what is asked in measurements.
var benchAsked = []string{"Đóng 15 năm thì lương hưu bao nhiêu?", "BHYT hộ gia đình đóng bao nhiêu tiền một năm?", "Có được rút một lần không?", "Học sinh hộ cận nghèo mua thẻ ở đâu?", "Sinh con có được tiền không?",
	"Thẻ bảo hiểm y tế mất thì làm sao?", "Người già không có sổ hưu được gì?", "Nhà nước hỗ trợ người dân tộc thiểu số thế nào?", "Nộp tiền ở đâu cho khỏi lừa đảo?", "Đi làm công ty rồi thì có mất không?"}

// fillTurns writes n turns of a tenth as many conversations by statements of many rows: what is measured is finding them.
func fillTurns(b *testing.B, f *storetest.Fixture, n int) {
	b.Helper()
	if err := f.DB.FillTurns(context.Background(), f.Office.ID, n, 2000, f.By.At, func(i int) (loa.AreaID, string) {
		return f.Villages[i%4], benchAsked[i%len(benchAsked)] + " Số " + strconv.Itoa(i%9973)
	}); err != nil {
		b.Fatal(err)
	}
}
