package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func question(f *storetest.Fixture, text string) loa.Question {
	return loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-28", HappenedAt: f.By.At, Area: f.Villages[0]}, Text: text, N: 1}
}

func TestQuestionTakenBackAndBroughtBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		q := question(f, "Đóng bao nhiêu năm thì đủ?")
		if err := db.AddQuestion(ctx, f.Commune1, f.By, q); err != nil {
			t.Fatal(err)
		}
		if err := db.AnswerQuestion(ctx, f.Commune1, f.By, loa.Answer{Question: q.ID, Text: "Từ đủ 15 năm.", Cites: "Luật 41/2024/QH15, Điều 98"}); err != nil {
			t.Fatal(err)
		}
		fresh, err := db.CorrectQuestion(ctx, f.Commune1, f.By, q.ID, func(q *loa.Question) { q.N = 4 })
		if err != nil {
			t.Fatal(err)
		}
		if err := db.VoidQuestion(ctx, f.Commune2, f.By, q.ID, "nhầm"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling took it back: %v", err)
		}
		if err := db.VoidQuestion(ctx, f.Commune1, f.By, q.ID, ""); loa.KindOf(err) != loa.Invalid {
			t.Errorf("taken back without a reason: %v", err)
		}
		if err := db.VoidQuestion(ctx, f.Commune1, f.By, fresh, "nhầm"); err != nil {
			t.Fatal(err)
		}
		if n, err := db.CountQuestions(ctx, f.Whole, store.QuestionFilter{}); err != nil || n != 0 {
			t.Errorf("%d still count, %v", n, err)
		}
		if err := db.VoidQuestion(ctx, f.Commune1, f.By, fresh, "nhầm"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("taken back twice: %v", err)
		}
		for _, id := range []loa.FactID{q.ID, fresh} { // any of its facts leads to all
			chain, err := db.QuestionHistory(ctx, f.Commune1, id)
			if err != nil || len(chain) != 3 || chain[0].ID != q.ID || chain[1].N != 4 || !chain[2].Void {
				t.Errorf("the history of %s is %v, %v", id, chain, err)
			}
		}
		if _, err := db.QuestionHistory(ctx, f.Commune2, q.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling reads the history: %v", err)
		}
		if err := db.RestoreQuestion(ctx, f.Commune1, f.By, q.ID); err != nil {
			t.Fatal(err)
		}
		back, err := db.Question(ctx, f.Commune1, q.ID)
		if err != nil || back.N != 4 || back.Answer.Text != "Từ đủ 15 năm." {
			t.Errorf("brought back as %+v, %v", back, err)
		}
		if err := db.RestoreQuestion(ctx, f.Commune1, f.By, q.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("brought back what stands: %v", err)
		}
	})
}

func TestAnswersOutOfDateAreNotOffered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		for i, w := range []loa.Answer{{Text: "Theo luật cũ: 20 năm.", ValidTo: "2025-06-30"}, {Text: "Theo luật mới: 15 năm.", ValidFrom: "2025-07-01"}, {Text: "Sẽ đổi: 10 năm.", ValidFrom: "2026-01-01"}} {
			q := question(f, "Đóng bao nhiêu năm thì có lương hưu?")
			q.HappenedOn = loa.Day("2025-11-28").Add(-i)
			if err := db.AddQuestion(ctx, f.Whole, f.By, q); err != nil {
				t.Fatal(err)
			}
			w.Question, w.Cites = q.ID, "Luật"
			if err := db.AnswerQuestion(ctx, f.Whole, f.By, w); err != nil {
				t.Fatal(err)
			}
		}
		for on, want := range map[loa.Day]string{"2025-06-30": "Theo luật cũ: 20 năm.", "2025-11-30": "Theo luật mới: 15 năm."} {
			list, err := db.EarlierAnswers(ctx, f.Whole, "luong huu dong may nam", on, 5)
			if err != nil || len(list) != 1 || list[0].Text != want {
				t.Errorf("on %s: %v, %v, want %q", on, list, err, want)
			}
		}
		list, err := db.Questions(ctx, f.Whole, store.QuestionFilter{State: "outdated", On: storetest.Today})
		if err != nil || len(list) != 1 || list[0].Answer.ValidTo != "2025-06-30" {
			t.Errorf("out of date: %v, %v", list, err)
		}
		if list, err := db.Questions(ctx, f.Whole, store.QuestionFilter{From: "2025-11-27", To: "2025-11-27"}); err != nil || len(list) != 1 {
			t.Errorf("asked on one day: %d, %v", len(list), err)
		}
		if n, err := db.CountAsked(ctx, f.Commune1, store.QuestionFilter{From: "2025-11-27"}); err != nil || n != 2 {
			t.Errorf("%d people asked since a day, %v", n, err)
		}
		if n, err := db.CountAsked(ctx, f.Commune2, store.QuestionFilter{}); err != nil || n != 0 {
			t.Errorf("the sibling counts %d who asked, %v", n, err)
		}
		if hits, err := db.SearchQuestions(ctx, f.Whole, "luat moi", 5); err != nil || len(hits) != 1 || hits[0].Sub != "Theo luật mới: 15 năm." {
			t.Errorf("the words of an answer find %v, %v", hits, err)
		}
		q := question(f, "Câu hỏi của nhóm khác?")
		q.Segment = loa.SegmentID(loa.NewID())
		if err := db.AddQuestion(ctx, f.Whole, f.By, q); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a segment nobody knows: %v", err)
		}
		q.Segment, q.Owner = "", f.OtherBy.Officer
		if err := db.AddQuestion(ctx, f.Whole, f.By, q); loa.KindOf(err) != loa.NotFound {
			t.Errorf("an owner from elsewhere: %v", err)
		}
	})
}
