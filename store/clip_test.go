package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestClipsAreReplacedWithHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		one := f.By
		one.Officer = f.OfficerOne
		add := func(lang, dialect, sound string) loa.Clip {
			t.Helper()
			c, err := db.AddClip(ctx, f.Commune1, one, loa.Clip{Key: "calculator.voluntary_si", Lang: lang, Dialect: dialect, MIME: "audio/wav", Bytes: []byte(sound)})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		current := func(lang string) loa.ClipID {
			t.Helper()
			c, err := db.ClipFor(ctx, f.Office.ID, "calculator.voluntary_si", lang, storetest.Today)
			if err != nil && loa.KindOf(err) != loa.NotFound {
				t.Fatal(err)
			}
			return c.ID
		}
		first := add("mong", "", "one")
		if current("mong") != "" {
			t.Error("a draft is in use")
		}
		if err := db.ApproveClip(ctx, f.Commune1, one, first.ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("whoever recorded it approved it: %v", err)
		}
		if err := db.ApproveClip(ctx, f.OtherScope, f.OtherBy, first.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another office approved it: %v", err)
		}
		approve := func(c loa.Clip) {
			t.Helper()
			if err := db.ApproveClip(ctx, f.Whole, f.By, c.ID); err != nil {
				t.Fatal(err)
			}
		}
		approve(first)
		second, vi := add("mong", "", "two"), add("vietnamese", "", "vi")
		approve(second)
		approve(vi)
		if current("mong") != second.ID || current("vi") != vi.ID || current("thai") != "" {
			t.Error("the newest approved is not the one in use")
		}
		if _, err := db.PublicClip(ctx, f.Office.ID, first.ID, storetest.Today); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a replaced voice is still public: %v", err)
		}
		if c, err := db.PublicClip(ctx, f.Office.ID, second.ID, storetest.Today); err != nil || string(c.Bytes) != "two" {
			t.Errorf("public: %q, %v", c.Bytes, err)
		}
		if _, err := db.PublicClip(ctx, f.Other.ID, second.ID, storetest.Today); loa.KindOf(err) != loa.NotFound {
			t.Errorf("public at another office: %v", err)
		}
		approve(first) // an old one comes back
		if current("mong") != first.ID {
			t.Error("an old voice does not come back")
		}
		white := add("mong", "Mông Trắng", "white")
		approve(white)
		list, err := db.ClipsFor(ctx, f.Office.ID, "calculator.voluntary_si", storetest.Today)
		if err != nil || len(list) != 3 || list[0].Lang != "vietnamese" {
			t.Errorf("in use: %+v, %v", list, err)
		}
		if err := db.WithdrawClip(ctx, f.Whole, f.By, first.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := db.PublicClip(ctx, f.Office.ID, first.ID, storetest.Today); loa.KindOf(err) != loa.NotFound || current("mong") != white.ID {
			t.Errorf("withdrawn, still heard: %v", err)
		}
		all, err := db.Clips(ctx, f.Whole, "calculator.voluntary_si")
		if err != nil || len(all) != 4 {
			t.Errorf("the history holds %d, %v", len(all), err)
		}
		if all, err = db.Clips(ctx, f.OtherScope, ""); err != nil || len(all) != 0 {
			t.Errorf("another office lists %d, %v", len(all), err)
		}
	})
}

func TestBasketByCommune(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		price := func(area loa.AreaID, name string, dong int64, from loa.Day, off bool) error {
			_, err := db.AddPrice(ctx, f.Whole, f.By, loa.PriceItem{Area: area, NameVI: name, UnitVI: "con", Price: dong, From: from, Source: "Chợ phiên", Off: off})
			return err
		}
		for _, err := range []error{price(f.Anchor, "gà", 100000, "2025-01-01", false), price(f.CommuneA, "Gà", 150000, "2025-06-01", false), price(f.CommuneA, "gà", 160000, "2025-11-01", false)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		cost := func(in loa.Scope, area loa.AreaID, on loa.Day) int64 {
			t.Helper()
			list, err := db.Basket(ctx, in, area, on)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				return 0
			}
			return list[0].Price
		}
		for _, c := range []struct {
			in   loa.Scope
			area loa.AreaID
			on   loa.Day
			want int64
		}{{f.Whole, f.CommuneA, "2024-12-31", 0}, {f.Whole, f.CommuneA, "2025-05-31", 100000}, {f.Whole, f.CommuneA, "2025-06-01", 150000}, {f.Commune1, f.Villages[0], storetest.Today, 160000},
			{f.Commune2, f.CommuneB, storetest.Today, 100000}, {f.Whole, f.Unstated, storetest.Today, 100000}, {f.Commune1, f.Anchor, storetest.Today, 100000}} {
			if got := cost(c.in, c.area, c.on); got != c.want {
				t.Errorf("%s on %s: %d, want %d", c.area, c.on, got, c.want)
			}
		}
		if err := price(f.CommuneA, "gà", 0, storetest.Today, true); err != nil {
			t.Fatal(err)
		}
		if got := cost(f.Whole, f.CommuneA, storetest.Today); got != 100000 {
			t.Errorf("taken out of the commune's basket it costs %d", got)
		}
		if _, err := db.Basket(ctx, f.Commune2, f.CommuneA, storetest.Today); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling reads it: %v", err)
		}
		for name, c := range map[string]struct {
			in   loa.Scope
			area loa.AreaID
			kind loa.Kind
		}{"sibling": {f.Commune2, f.CommuneA, loa.NotFound}, "office by a commune": {f.Commune1, f.Anchor, loa.NotFound}, "village": {f.Whole, f.Villages[0], loa.Invalid}} {
			if _, err := db.AddPrice(ctx, c.in, f.By, loa.PriceItem{Area: c.area, NameVI: "gạo", UnitVI: "bao", Price: 500000, From: storetest.Today, Source: "x"}); loa.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		if rows, err := db.Prices(ctx, f.Whole, f.CommuneA); err != nil || len(rows) != 4 {
			t.Errorf("the history has %d rows, %v", len(rows), err)
		}
	})
}
