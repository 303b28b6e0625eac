package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestAKitsPostsAreTheirOfficers: what is shared is ticked once per post by whoever shared it, seen by those who see the thing, and taken
// back by its own officer alone.
func TestAKitsPostsAreTheirOfficers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		x, err := db.SaveScript(ctx, f.Whole, f.By, loa.Script{ID: loa.ScriptID(loa.NewID()), Area: f.CommuneA, Name: "Nhắc đóng", Purpose: loa.Care, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "post", Text: "Mời bà con"}}})
		if err != nil {
			t.Fatal(err)
		}
		id := string(x.ID)
		other := loa.By{Officer: f.OfficerOne, At: f.By.At.Add(1e9)}
		first, err := db.AddKitPost(ctx, f.Whole, f.By, loa.KitPost{NounID: id, Network: "facebook", URL: "https://facebook.com/1"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.AddKitPost(ctx, f.Whole, other, loa.KitPost{NounID: id, Network: "zalo"}); err != nil {
			t.Fatal(err)
		}
		list, err := db.KitPosts(ctx, f.Whole, id)
		if err != nil || len(list) != 2 || list[0].Officer != f.OfficerOne || list[1].URL != "https://facebook.com/1" || !list[1].At.Equal(f.By.At) {
			t.Errorf("the newest first: %+v, %v", list, err)
		}
		for name, p := range map[string]loa.KitPost{"no network": {NounID: id, Network: "fax"}, "no address": {NounID: id, Network: "zalo", URL: "javascript:alert(1)"}, "nothing": {NounID: loa.NewID(), Network: "zalo"}} {
			if _, err := db.AddKitPost(ctx, f.Whole, f.By, p); err == nil {
				t.Errorf("%s is kept", name)
			}
		}
		if _, err := db.KitPosts(ctx, f.Commune2, id); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another commune sees it: %v", err)
		}
		if err := db.RemoveKitPost(ctx, f.Whole, other, first.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("somebody takes another's tick back: %v", err)
		}
		if err := db.RemoveKitPost(ctx, f.Whole, f.By, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := db.RemoveKitPost(ctx, f.Whole, f.By, first.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("taken back twice: %v", err)
		}
		if list, err = db.KitPosts(ctx, f.Whole, id); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
