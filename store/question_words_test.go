package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestQuestionsAreFoundByTheirWords: with and without accents, by another word for the same thing, by what was answered; a corrected
// question by its new words and no longer by its old ones, and its answers come along; one taken back by none.
func TestQuestionsAreFoundByTheirWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		add := func(text string) loa.FactID {
			t.Helper()
			q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Area: f.Villages[0], HappenedOn: storetest.Today}, Text: text}
			if err := db.AddQuestion(ctx, f.Whole, f.By, q); err != nil {
				t.Fatal(err)
			}
			return q.ID
		}
		finds := func(words string, want int64) {
			t.Helper()
			n, err := db.CountQuestions(ctx, f.Whole, store.QuestionFilter{Words: words})
			list, e := db.Questions(ctx, f.Whole, store.QuestionFilter{Words: words})
			if err != nil || e != nil || n != want || int64(len(list)) != want {
				t.Errorf("%q finds %d and lists %d, want %d: %v %v", words, n, len(list), want, err, e)
			}
		}
		pension, card := add("Đóng 15 năm thì lương hưu bao nhiêu?"), add("Thẻ bảo hiểm y tế rách thì đổi ở đâu?")
		finds("lương hưu", 1)
		finds("luong huu", 1)
		finds("sổ hưu", 1) // as people say it
		finds("rach doi", 1)
		finds("rách lương", 0)
		finds("", 2)
		if err := db.AnswerQuestion(ctx, f.Whole, f.By, loa.Answer{Question: pension, Text: "Mức hưởng tính theo tỷ lệ 45%.", Cites: "Luật 41/2024/QH15", ValidFrom: "2025-07-01"}); err != nil {
			t.Fatal(err)
		}
		finds("tỷ lệ", 1)
		if list, err := db.EarlierAnswers(ctx, f.Whole, "Sổ hưu được mấy đồng?", storetest.Today, 5); err != nil || len(list) != 1 || list[0].Times != 1 {
			t.Errorf("earlier answers: %+v, %v", list, err)
		}
		if list, err := db.EarlierAnswers(ctx, f.Whole, "lương hưu", "2025-06-30", 5); err != nil || len(list) != 0 {
			t.Errorf("an answer before its law: %+v, %v", list, err)
		}
		fresh, err := db.CorrectQuestion(ctx, f.Whole, f.By, pension, func(q *loa.Question) { q.Text = "Đóng đủ rồi thì hưởng trợ cấp gì?" })
		if err != nil {
			t.Fatal(err)
		}
		finds("lương hưu", 0)
		finds("trợ cấp", 1)
		finds("tỷ lệ", 1)
		if err := db.VoidQuestion(ctx, f.Whole, f.By, card, "nhầm"); err != nil {
			t.Fatal(err)
		}
		finds("rách", 0)
		if err := db.RestoreQuestion(ctx, f.Whole, f.By, card); err != nil {
			t.Fatal(err)
		}
		finds("rách", 1)
		if n, err := db.CountQuestions(ctx, f.OtherScope, store.QuestionFilter{Words: "trợ cấp"}); err != nil || n != 0 {
			t.Errorf("another office finds %s: %d, %v", fresh, n, err)
		}
	})
}
