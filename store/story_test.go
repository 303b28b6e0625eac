package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func aStory(f *storetest.Fixture) loa.Story {
	return loa.Story{Area: f.Villages[0], Name: "Chị D.", Person: f.People[0].ID, Schemes: []loa.Scheme{loa.VoluntarySI}, Audiences: []string{"farmers"},
		Tellings: []loa.Telling{{Lang: "vietnamese", Change: "Có lương hưu", Text: "Chị đóng đủ năm."}, {Lang: "english", Change: "Has a pension", Text: "She paid all years."}},
		Consent:  loa.StoryConsent{How: "paper", Proof: "Phiếu 12", Officer: f.OfficerOne, On: "2025-11-01", Until: "2026-11-01"}}
}

func storiesTold(t *testing.T, f *storetest.Fixture, filter loa.StoryFilter) []loa.Told {
	t.Helper()
	if filter.On == "" {
		filter.On = storetest.Today
	}
	list, err := f.DB.StoriesFor(context.Background(), f.Office.ID, filter)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// approved writes a story as officer one and approves it as the director.
func approved(t *testing.T, f *storetest.Fixture, s loa.Story) loa.Story {
	t.Helper()
	ctx, one := context.Background(), f.By
	one.Officer = f.OfficerOne
	s, err := f.DB.AddStory(ctx, f.Commune1, one, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.DB.ApproveStory(ctx, f.Commune1, one, s.ID); loa.KindOf(err) != loa.Conflict {
		t.Fatalf("its author approved it: %v", err)
	}
	if err := f.DB.ApproveStory(ctx, f.Whole, f.By, s.ID); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOneDoorToStories(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		s := approved(t, f, aStory(f))
		for name, c := range map[string]struct {
			f    loa.StoryFilter
			want int
		}{
			"all": {loa.StoryFilter{}, 1}, "scheme": {loa.StoryFilter{Scheme: loa.VoluntarySI}, 1}, "other scheme": {loa.StoryFilter{Scheme: loa.HouseholdHI}, 0},
			"audience": {loa.StoryFilter{Audience: "farmers"}, 1}, "other audience": {loa.StoryFilter{Audience: "women"}, 0},
			"commune": {loa.StoryFilter{Commune: f.CommuneA}, 1}, "village": {loa.StoryFilter{Commune: f.Villages[0]}, 1}, "other commune": {loa.StoryFilter{Commune: f.CommuneB}, 0},
			"vi": {loa.StoryFilter{Lang: "vi"}, 1}, "en": {loa.StoryFilter{Lang: "en"}, 1}, "mong": {loa.StoryFilter{Lang: "mong"}, 0},
			"last day": {loa.StoryFilter{On: "2026-11-01"}, 1}, "ended": {loa.StoryFilter{On: "2026-11-02"}, 0}, "not begun": {loa.StoryFilter{On: "2025-10-31"}, 0},
		} {
			if got := storiesTold(t, f, c.f); len(got) != c.want {
				t.Errorf("%s: %d stories, want %d", name, len(got), c.want)
			}
		}
		got := storiesTold(t, f, loa.StoryFilter{Lang: "en"})[0]
		if got.Story != s.ID || got.Change != "Has a pension" || got.Place != "Thôn Háng Là" || got.Name != "Chị D." {
			t.Errorf("told as %+v", got)
		}
		if list, err := db.StoriesFor(context.Background(), f.Other.ID, loa.StoryFilter{On: storetest.Today}); err != nil || len(list) != 0 {
			t.Errorf("another office tells it: %v %v", list, err)
		}
		if _, err := db.StoriesFor(context.Background(), f.Office.ID, loa.StoryFilter{}); loa.KindOf(err) != loa.Invalid {
			t.Errorf("told on no day: %v", err)
		}
		for in, want := range map[*loa.Scope]int{&f.Whole: 1, &f.Commune1: 1, &f.Commune2: 0, &f.Nothing: 0, &f.OtherScope: 0} {
			list, err := db.Stories(context.Background(), *in, store.StorySearch{On: storetest.Today, Words: "luong huu"})
			if err != nil || len(list) != want {
				t.Errorf("an officer's list has %d, %v, want %d", len(list), err, want)
			}
		}
		if _, err := db.Story(context.Background(), f.Commune2, s.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling opens it: %v", err)
		}
	})
}

// TestWhatEndsAStory: each of these takes a story out of the one door at once, and its voice with it.
func TestWhatEndsAStory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := approved(t, f, aStory(f))
		other := f.By
		other.Officer = f.OfficerOne
		clip, err := db.AddClip(ctx, f.Commune1, other, loa.Clip{Key: loa.StoryKey(s.ID), Lang: "mong", MIME: "audio/wav", Bytes: []byte("RIFF"), Seconds: 12})
		if err != nil {
			t.Fatal(err)
		}
		heard := func() bool {
			_, err := db.PublicClip(ctx, f.Office.ID, clip.ID, storetest.Today)
			if err != nil && loa.KindOf(err) != loa.NotFound {
				t.Fatal(err)
			}
			return err == nil
		}
		if heard() || len(storiesTold(t, f, loa.StoryFilter{Lang: "mong"})) != 0 {
			t.Error("a voice nobody approved is heard")
		}
		if err := db.ApproveClip(ctx, f.Whole, f.By, clip.ID); err != nil {
			t.Fatal(err)
		}
		shown := func(want bool, why string) {
			t.Helper()
			if n := len(storiesTold(t, f, loa.StoryFilter{})) + len(storiesTold(t, f, loa.StoryFilter{Lang: "mong"})); n != map[bool]int{true: 2, false: 0}[want] || heard() != want {
				t.Errorf("%s: told %d times, heard %v", why, n, heard())
			}
		}
		shown(true, "approved")
		if got := storiesTold(t, f, loa.StoryFilter{Lang: "mong"})[0]; got.Clip != clip.ID || got.Seconds != 12 || got.Change != "Có lương hưu" || got.WordsLang != "vietnamese" {
			t.Errorf("told by voice as %+v", got)
		}
		if got := storiesTold(t, f, loa.StoryFilter{Lang: "mong", Words: "en"})[0]; got.Lang != "mong" || got.Change != "Has a pension" || got.WordsLang != "english" {
			t.Errorf("told by voice on an English page as %+v", got)
		}
		if c, err := db.ClipFor(ctx, f.Office.ID, loa.StoryKey(s.ID), "mong", storetest.Today); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a story's voice comes past the door: %v %v", c, err)
		}

		if err := db.WithdrawStory(ctx, f.Commune1, other, s.ID, "đổi ý"); err != nil {
			t.Fatal(err)
		}
		shown(false, "withdrawn")
		if err := db.UseStory(ctx, f.Whole, f.By, loa.StoryUse{Story: s.ID, Kind: "leaflet"}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a withdrawn story was used: %v", err)
		}
		if err := db.RestoreStory(ctx, f.Commune1, other, s.ID); err != nil {
			t.Fatal(err)
		}
		shown(false, "restored, not approved")
		if err := db.ApproveStory(ctx, f.Whole, f.By, s.ID); err != nil {
			t.Fatal(err)
		}
		shown(true, "approved again")

		refuse := func(id loa.PersonID, agreed bool, hour int) {
			t.Helper()
			c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today, HappenedAt: f.By.At.Add(time.Duration(hour) * time.Hour)}, Person: id, Purpose: "care", Channel: "all", Agreed: agreed}
			if err := db.AddConsent(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		refuse(f.People[0].ID, false, 1)
		shown(false, "the person refused")
		if l, err := db.Story(ctx, f.Whole, s.ID); err != nil || l.Silenced != "refused" {
			t.Errorf("officers are told %q, %v", l.Silenced, err)
		}
		refuse(f.People[0].ID, true, 2)
		shown(true, "the person agreed again")
		if err := db.AddLeaving(ctx, f.Whole, f.By, loa.Leaving{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: f.People[0].ID, Scheme: loa.VoluntarySI, Reason: "death"}); err != nil {
			t.Fatal(err)
		}
		shown(false, "the person died")
	})
}

// TestAStoryChangedIsADraft: what was approved is not what is told after a change.
func TestAStoryChangedIsADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := approved(t, f, aStory(f))
		l, err := db.Story(ctx, f.Whole, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		read := l.ChangeNo
		s = l.Story
		if err := db.SaveStory(ctx, f.Whole, f.By, s, read); err != nil {
			t.Fatal(err)
		}
		if len(storiesTold(t, f, loa.StoryFilter{})) != 1 {
			t.Error("saving the same words took the story away")
		}
		s.Tellings = append([]loa.Telling{}, s.Tellings...)
		s.Tellings[0].Text = "Lời khác."
		if err := db.SaveStory(ctx, f.Whole, f.By, s, read); err != nil {
			t.Fatal(err)
		}
		if len(storiesTold(t, f, loa.StoryFilter{})) != 0 {
			t.Error("new words are told though nobody approved them")
		}
		if err := db.ApproveStory(ctx, f.Whole, f.By, s.ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("whoever changed it approved it: %v", err)
		}
		if err := db.SaveStory(ctx, f.Whole, f.By, s, read); loa.KindOf(err) != loa.Conflict {
			t.Errorf("an old form overwrote: %v", err)
		}
		if err := db.SaveStory(ctx, f.Commune2, f.By, s, 0); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling changed it: %v", err)
		}
		versions, err := db.Versions(ctx, string(s.ID))
		if err != nil || len(versions) != 1 || versions[0].Field != "text_vietnamese" || versions[0].Old != "Chị đóng đủ năm." {
			t.Errorf("the history is %+v, %v", versions, err)
		}
		bad := aStory(f)
		bad.Person = f.OtherPerson.ID
		if _, err := db.AddStory(ctx, f.Whole, f.By, bad); loa.KindOf(err) != loa.NotFound {
			t.Errorf("tells of another office's person: %v", err)
		}
	})
}

func TestWhereAStoryWasUsed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := approved(t, f, aStory(f))
		for _, u := range []loa.StoryUse{{Kind: "leaflet", Batch: "B-7", Copies: 200}, {Kind: "script"}} {
			u.Story = s.ID
			if err := db.UseStory(ctx, f.Commune2, f.By, u); err != nil { // what is approved is told in the whole office
				t.Fatal(err)
			}
		}
		if err := db.UseStory(ctx, f.OtherScope, f.OtherBy, loa.StoryUse{Story: s.ID, Kind: "script"}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another office used it: %v", err)
		}
		uses, err := db.StoryUses(ctx, f.Whole, s.ID)
		if err != nil || len(uses) != 2 {
			t.Fatalf("%v %v", uses, err)
		}
		printed := 0
		for _, u := range uses {
			if u.Printed() && u.Batch == "B-7" && u.Copies == 200 {
				printed++
			}
		}
		if printed != 1 {
			t.Errorf("used as %+v", uses)
		}
	})
}

// TestARefusalOfAMergedRecordCounts: the register may know a person twice; a refusal of either record silences the story.
func TestARefusalOfAMergedRecordCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		approved(t, f, aStory(f)) // of the first person
		c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: f.People[2].ID, Purpose: "advertising", Channel: "page"}
		if err := db.AddConsent(ctx, f.Whole, f.By, c); err != nil {
			t.Fatal(err)
		}
		if len(storiesTold(t, f, loa.StoryFilter{})) != 1 {
			t.Fatal("somebody else's refusal silences the story")
		}
		for _, pair := range [][2]int{{0, 2}, {3, 0}} { // the story's record keeps the other, then is itself merged into a third
			if _, err := db.MergePeople(ctx, f.Whole, f.By, f.People[pair[0]].ID, f.People[pair[1]].ID); err != nil {
				t.Fatal(err)
			}
			if n := len(storiesTold(t, f, loa.StoryFilter{})); n != 0 {
				t.Errorf("merged %v, the story is told %d times", pair, n)
			}
		}
	})
}
