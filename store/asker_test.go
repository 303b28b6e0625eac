package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func asked(text string, area loa.AreaID) loa.Question {
	return loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Area: area}, Text: text}
}

func called(phone string) loa.Asker {
	return loa.Asker{Page: "call", Lang: "vi", Name: "Giàng A Thử", Phone: phone, Consent: "call-1"}
}

func TestAskedPublicly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		at := f.By.At
		q := asked("Đề nghị gọi lại", f.Villages[0])
		link, err := db.SaveLink(ctx, f.Whole, f.By, leafletLink(f.Villages[0], "Tờ gấp"))
		if err != nil {
			t.Fatal(err)
		}
		a := called("+84912345678")
		a.Link = link.ID
		for range 2 { // the same form sent twice
			if err := db.AskPublicly(ctx, f.Office.ID, at, q, a, "Tôi đồng ý"); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.AskPublicly(ctx, f.Office.ID, at.Add(time.Hour), asked(q.Text, f.Villages[0]), a, "Tôi đồng ý"); err != nil { // filled in anew
			t.Fatal(err)
		}
		list, err := db.Questions(ctx, f.Commune1, store.QuestionFilter{Page: "call"})
		if err != nil || len(list) != 1 || !list[0].ToCall || list[0].LinkLabel != "Tờ gấp" || list[0].Spoken != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := db.AskPublicly(ctx, f.Office.ID, at.Add(25*time.Hour), asked(q.Text, f.Villages[0]), a, "x"); err != nil {
			t.Fatal(err)
		}
		if n, err := db.CountQuestions(ctx, f.Commune1, store.QuestionFilter{ToCall: true}); err != nil || n != 2 {
			t.Errorf("a day later it is asked anew: %d, %v", n, err)
		}
		if n, err := db.CountQuestions(ctx, f.Commune2, store.QuestionFilter{Page: "public"}); err != nil || n != 0 {
			t.Errorf("another commune sees %d, %v", n, err)
		}
		got, err := db.Asker(ctx, f.Commune1, q.ID)
		if err != nil || got.Phone != a.Phone || got.Name != a.Name || got.Consent != "call-1" || !got.At.Equal(at.Truncate(time.Millisecond)) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := db.Asker(ctx, f.Commune2, q.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("from another commune: %v", err)
		}
		if text, err := db.ConsentText(ctx, "call-1"); err != nil || text != "Tôi đồng ý" {
			t.Errorf("the words agreed to are %q, %v", text, err)
		}
		links, err := db.Links(ctx, f.Whole, store.LinkFilter{})
		if err != nil || len(links) != 1 || links[0].Asked != 2 {
			t.Errorf("%+v, %v", links, err)
		}
	})
}

// TestAskedAnewUnderTheSameID: a form gone back to and filled in with other words, or with a number, is another question, and once.
func TestAskedAnewUnderTheSameID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		first := asked("Đóng ở đâu vậy?", "")
		for i, x := range []struct {
			text, phone string
			want        int
		}{{first.Text, "", 1}, {first.Text, "", 1}, {"Đóng bao nhiêu một tháng?", "", 2}, {"Đóng bao nhiêu một tháng?", "", 2}, {first.Text, "", 2}, {first.Text, "+84912345678", 3}, {first.Text, "+84912345678", 3}} {
			q, a := first, loa.Asker{Page: "ask", Lang: "vi", Phone: x.phone}
			q.Text = x.text
			if x.phone != "" {
				a.Name, a.Consent = "Giàng A Thử", "ask-1"
			}
			if err := db.AskPublicly(ctx, f.Office.ID, f.By.At.Add(time.Duration(i)*time.Second), q, a, "Tôi đồng ý"); err != nil {
				t.Fatal(err)
			}
			list, err := db.Questions(ctx, f.Whole, store.QuestionFilter{Page: "ask"})
			if err != nil || len(list) != x.want {
				t.Errorf("sent %d: %d questions, want %d, %v", i, len(list), x.want, err)
			}
		}
	})
}

func TestAskedWhereAndBadly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		anonymous := loa.Asker{Page: "ask", Lang: "vi"}
		q := asked("Đóng ở đâu vậy?", "")
		if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, q, anonymous, ""); err != nil {
			t.Fatal(err)
		}
		line, err := db.Question(ctx, f.Whole, q.ID)
		if err != nil || line.Area != f.Anchor || line.RecordedBy != "" || line.Page != "ask" || line.ToCall {
			t.Errorf("%+v, %v", line, err)
		}
		if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, asked("Đóng ở đâu vậy?", f.OtherArea), anonymous, ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a village of another office: %v", err)
		}
		if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, asked("Đóng ở đâu vậy?", "nirgends"), anonymous, ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a village there is not: %v", err)
		}
		named := anonymous
		named.Name = "Ai đó"
		for what, a := range map[string]loa.Asker{"a name without consent": named, "no page": {}, "a call without a number": {Page: "call", Consent: "x"}} {
			if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, asked("Đóng ở đâu vậy?", ""), a, ""); loa.KindOf(err) != loa.Invalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, asked("Hỏi", ""), anonymous, ""); loa.KindOf(err) != loa.Invalid {
			t.Errorf("three letters: %v", err)
		}
		if n, err := db.CountQuestions(ctx, f.Whole, store.QuestionFilter{Page: "public"}); err != nil || n != 1 {
			t.Errorf("%d questions, %v", n, err)
		}
	})
}

// TestRefusalWinsOverThePage: whoever fills in a form cannot take back what the owner of the number has refused, before or later.
func TestRefusalWinsOverThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		p := f.People[0]
		q := asked("Đề nghị gọi lại", p.Area)
		if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, q, called(p.Phone), "x"); err != nil {
			t.Fatal(err)
		}
		say := func(channel string, agreed bool, after time.Duration) {
			t.Helper()
			at := f.By.At.Add(after)
			c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: loa.DayOf(at), HappenedAt: at}, Person: p.ID, Purpose: "care", Channel: channel, Agreed: agreed, How: "spoken"}
			if err := db.AddConsent(ctx, f.Whole, loa.By{Officer: f.Director, At: at}, c); err != nil {
				t.Fatal(err)
			}
		}
		shown := func(want bool) {
			t.Helper()
			a, err := db.Asker(ctx, f.Whole, q.ID)
			if err != nil || (a.Phone != "") != want || a.Refused == want {
				t.Errorf("shown %v: %+v, %v", want, a, err)
			}
		}
		shown(true)
		say("sms", false, time.Minute)
		shown(true)
		say("all", false, 2*time.Minute)
		shown(false)
		say("all", true, 3*time.Minute)
		shown(true)
		say("call", false, 4*time.Minute)
		shown(false)
	})
}

func TestAskerMovesAlongAndIsErased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		q := asked("Đề nghị gọi lại", f.Villages[0])
		if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, q, called("+84912345678"), "x"); err != nil {
			t.Fatal(err)
		}
		id, err := db.CorrectQuestion(ctx, f.Whole, f.By, q.ID, func(q *loa.Question) { q.Text = "Xin gọi lại giúp" })
		if err != nil {
			t.Fatal(err)
		}
		if err := db.CallAsker(ctx, f.Whole, f.By, id, "no_answer"); err != nil {
			t.Fatal(err)
		}
		if n, err := db.CountQuestions(ctx, f.Whole, store.QuestionFilter{ToCall: true}); err != nil || n != 1 {
			t.Errorf("nobody answered, and %d wait, %v", n, err)
		}
		if err := db.CallAsker(ctx, f.Commune2, f.By, id, "reached"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("from another commune: %v", err)
		}
		if err := db.CallAsker(ctx, f.Whole, f.By, id, "reached"); err != nil {
			t.Fatal(err)
		}
		if n, err := db.CountQuestions(ctx, f.Whole, store.QuestionFilter{ToCall: true}); err != nil || n != 0 {
			t.Errorf("called, and %d wait, %v", n, err)
		}
		if err := db.VoidQuestion(ctx, f.Whole, f.By, id, "nhầm"); err != nil {
			t.Fatal(err)
		}
		if err := db.RestoreQuestion(ctx, f.Whole, f.By, id); err != nil {
			t.Fatal(err)
		}
		line, err := db.Question(ctx, f.Whole, id)
		if err != nil || line.Page != "call" {
			t.Fatalf("%+v, %v", line, err)
		}
		if err := db.EraseAsker(ctx, f.Whole, f.By, line.ID); err != nil {
			t.Fatal(err)
		}
		a, err := db.Asker(ctx, f.Whole, line.ID)
		if err != nil || a.Name != "" || a.Phone != "" || a.ErasedAt.IsZero() || a.Consent == "" {
			t.Errorf("%+v, %v", a, err)
		}
	})
}
