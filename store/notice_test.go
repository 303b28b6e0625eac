package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// device lets an officer's browser be told; its name is its mark.
func device(t *testing.T, f *storetest.Fixture, officer loa.OfficerID, mark string) loa.DeviceID {
	t.Helper()
	id := loa.DeviceID(loa.NewID())
	if err := f.DB.AddDevice(t.Context(), f.Whole, loa.By{Officer: officer, At: f.By.At}, loa.Device{ID: id, Mark: mark, Sealed: []byte("sealed " + mark), Name: "Chrome, Android"}); err != nil {
		t.Fatal(err)
	}
	return id
}

// due are the notices somebody would send at a moment, by officer.
func due(t *testing.T, db *store.DB, at time.Time) (list []store.DueNotice, to []loa.OfficerID) {
	t.Helper()
	list, err := db.ClaimNotices(t.Context(), "p1", at, time.Minute, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		to = append(to, n.Officer)
	}
	slices.Sort(to)
	return list, to
}

func TestDevicesAreTheirOfficersOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		one := device(t, f, f.OfficerOne, "a")
		device(t, f, f.OfficerOne, "b")
		again := device(t, f, f.OfficerOne, "a") // the same browser, asked anew
		list, err := db.Devices(ctx, f.Whole, f.OfficerOne)
		if err != nil || len(list) != 2 || list[0].ID == one || !slices.ContainsFunc(list, func(d loa.Device) bool { return d.ID == again && string(d.Sealed) == "sealed a" }) {
			t.Fatalf("%+v (%v)", list, err)
		}
		device(t, f, f.OfficerTwo, "a") // somebody else signs in to that browser and asks: it tells them alone
		if list, _ := db.Devices(ctx, f.Whole, f.OfficerOne); len(list) != 1 || list[0].Mark != "b" {
			t.Errorf("the first still has %+v", list)
		}
		theirs, _ := db.Devices(ctx, f.Whole, f.OfficerTwo)
		if err := db.RemoveDevice(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: f.By.At}, theirs[0].ID); !errors.Is(err, loa.ErrNotFound) {
			t.Errorf("another's device is taken away: %v", err)
		}
		if err := db.TryDevice(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: f.By.At}, theirs[0].ID); !errors.Is(err, loa.ErrNotFound) {
			t.Errorf("another's device is tried: %v", err)
		}
		if list, _ := db.Devices(ctx, f.OtherScope, f.OfficerTwo); len(list) != 0 {
			t.Errorf("another office sees %+v", list)
		}
		if err := db.RemoveDevice(ctx, f.Whole, loa.By{Officer: f.OfficerTwo, At: f.By.At}, theirs[0].ID); err != nil {
			t.Error(err)
		}
		if list, _ := db.Devices(ctx, f.Whole, f.OfficerTwo); len(list) != 0 {
			t.Errorf("it is still there: %+v", list)
		}
		for i := range loa.DevicesAtMost - 1 {
			device(t, f, f.OfficerOne, "more"+string(rune('a'+i)))
		}
		err = db.AddDevice(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: f.By.At}, loa.Device{ID: loa.DeviceID(loa.NewID()), Mark: "one too many", Sealed: []byte("x"), Name: "x"})
		if loa.KindOf(err) != loa.Conflict {
			t.Errorf("an eleventh is taken: %v", err)
		}
	})
}

func TestOneKeyForAllProcesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		made := 0
		pair := func() (string, []byte, error) { made++; return "public", []byte("sealed"), nil }
		for range 2 {
			if public, sealed, err := db.PushKey(t.Context(), f.Office.ID, f.By.At, pair); err != nil || public != "public" || string(sealed) != "sealed" {
				t.Fatalf("%s %s %v", public, sealed, err)
			}
		}
		faster := func() (string, []byte, error) { // another process makes one meanwhile
			_, _, err := db.PushKey(t.Context(), f.Other.ID, f.By.At, pair)
			return "slower", []byte("lost"), err
		}
		if public, _, err := db.PushKey(t.Context(), f.Other.ID, f.By.At, faster); err != nil || public != "public" || made != 2 {
			t.Errorf("the key is %s, made %d times (%v)", public, made, err)
		}
		device(t, f, f.OfficerOne, "a")
		list, err := db.SealedPushes(t.Context())
		if err != nil || len(list) != 3 {
			t.Fatalf("sealed are %+v (%v)", list, err)
		}
		for _, s := range list {
			if err := db.ResealPush(t.Context(), s, []byte("anew")); err != nil {
				t.Fatal(err)
			}
			if err := db.ResealPush(t.Context(), s, []byte("too late")); err != nil {
				t.Fatal(err)
			}
		}
		if list, _ = db.SealedPushes(t.Context()); len(list) != 3 || slices.ContainsFunc(list, func(s store.SealedPush) bool { return string(s.Cipher) != "anew" }) {
			t.Errorf("sealed anew are %+v", list)
		}
	})
}

// TestWhoIsTold: whom a thing concerns is told on each of their devices, and nobody else; not who did it.
func TestWhoIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for mark, o := range map[string]loa.OfficerID{"d": f.Director, "1": f.OfficerOne, "2": f.OfficerTwo, "a": f.Administrator, "v": f.Viewer, "x": f.Expired, "g": f.AgentOfficer, "1b": f.OfficerOne} {
			device(t, f, o, mark)
		}
		q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Area: f.Villages[0], HappenedOn: storetest.Today}, Text: "Đóng bao nhiêu một tháng?"}
		if err := db.AddQuestion(ctx, f.Whole, f.By, q); err != nil { // their own: nobody need be told
			t.Fatal(err)
		}
		if _, to := due(t, db, f.By.At); len(to) != 0 {
			t.Errorf("told of their own question: %v", to)
		}
		id := loa.ConversationID(q.ID)
		for range 2 { // given twice is given once
			if err := db.GiveConversation(ctx, f.Whole, f.By, id, f.OfficerOne); err != nil {
				t.Fatal(err)
			}
		}
		list, to := due(t, db, f.By.At)
		if !slices.Equal(to, []loa.OfficerID{f.OfficerOne, f.OfficerOne}) || list[0].Kind != loa.NoticeGiven || list[0].Path() != "/inbox/"+string(id) || list[0].Language != "vi" || len(list[0].Sealed) == 0 {
			t.Errorf("a question given: %v %+v", to, list)
		}
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.CommuneA, Title: "Nhắc đóng", Script: "s", ScriptVersion: 1, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, // of which the second officer has nothing
			Audience: loa.Audience{Areas: []loa.AreaID{f.CommuneA}}, Ladder: []loa.Rung{{Network: loa.CallList}}, Window: loa.Window{From: storetest.Today, End: 1440}}
		if err := db.AddBroadcast(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: f.By.At}, b); err != nil {
			t.Fatal(err)
		}
		submit := func(x *loa.Broadcast) error { return x.Submit(1000, 1) }
		if _, err := db.ChangeBroadcast(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: f.By.At}, b.ID, "submitted", submit); err != nil {
			t.Fatal(err)
		}
		if _, to := due(t, db, f.By.At); !slices.Equal(to, []loa.OfficerID{f.Director}) {
			t.Errorf("a broadcast that waits: %v", to)
		}
		c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: f.Anchor, Kind: "email", Name: "Thư", Settings: []byte("x"), State: loa.ChannelOn}
		if err := db.AddChannel(ctx, f.Whole, f.By, c); err != nil {
			t.Fatal(err)
		}
		night := time.Date(2025, 11, 30, 23, 30, 0, 0, loa.Zone)
		for range 2 { // halted once
			if err := db.Halt(ctx, c.ID, "535", night); err != nil {
				t.Fatal(err)
			}
		}
		if list, to := due(t, db, night); !slices.Equal(to, []loa.OfficerID{f.Administrator}) || list[0].Path() != "/admin/channels/"+string(c.ID) {
			t.Errorf("an account halted at night: %v", to)
		}
	})
}

// TestNothingIsToldTwiceOrInVain: what somebody has taken over nobody else gets, what a lost process had is not sent again, and what was
// settled before it left is dropped.
func TestNothingIsToldTwiceOrInVain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		d := device(t, f, f.OfficerOne, "a")
		give := func(at time.Time, to loa.OfficerID) loa.ConversationID {
			t.Helper()
			q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Area: f.Villages[0], HappenedOn: storetest.Today}, Text: "Đóng bao nhiêu một tháng?", Owner: to}
			if err := db.AddQuestion(ctx, f.Whole, loa.By{Officer: f.Director, At: at}, q); err != nil {
				t.Fatal(err)
			}
			return loa.ConversationID(q.ID)
		}
		now := f.By.At
		give(now, f.OfficerOne)
		list, _ := due(t, db, now)
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		if again, _ := db.ClaimNotices(ctx, "p2", now, time.Minute, 100); len(again) != 0 {
			t.Errorf("two processes have it: %+v", again)
		}
		if again, _ := db.ClaimNotices(ctx, "p2", now.Add(time.Hour), time.Minute, 100); len(again) != 0 {
			t.Errorf("what a lost process had is sent again: %+v", again)
		}
		n := list[0].Notice
		n.State, n.Code = loa.NoticeQueued, "429"
		n.NotBefore = now.Add(2 * time.Hour)
		if err := db.SettleNotice(ctx, "p2", now, n, false); err != nil { // not theirs
			t.Fatal(err)
		}
		if err := db.SettleNotice(ctx, "p1", now, n, false); err != nil { // late, but it knows
			t.Fatal(err)
		}
		if held, _ := db.Devices(ctx, f.Whole, f.OfficerOne); held[0].Failures != 1 || held[0].Code != "429" {
			t.Errorf("the device is %+v", held[0])
		}
		if early, _ := due(t, db, now.Add(time.Hour)); len(early) != 0 {
			t.Errorf("tried again too early: %+v", early)
		}
		if list, _ = due(t, db, now.Add(2*time.Hour)); len(list) != 1 || list[0].Tries != 2 {
			t.Fatalf("%+v", list)
		}
		n = list[0].Notice
		n.State, n.Code = loa.NoticeSent, ""
		if err := db.SettleNotice(ctx, "p1", now.Add(2*time.Hour), n, false); err != nil {
			t.Fatal(err)
		}
		if held, _ := db.Devices(ctx, f.Whole, f.OfficerOne); held[0].Failures != 0 || !held[0].ToldAt.Equal(now.Add(2*time.Hour)) {
			t.Errorf("the device is %+v", held[0])
		}

		night := time.Date(2025, 12, 1, 22, 0, 0, 0, loa.Zone)
		given := give(night, f.OfficerOne)
		closed := give(night, f.OfficerOne)
		kept := give(night, f.OfficerOne)
		if list, _ := due(t, db, night.Add(7*time.Hour)); len(list) != 0 {
			t.Errorf("somebody is woken: %+v", list)
		}
		if err := db.GiveConversation(ctx, f.Whole, f.By, given, f.OfficerTwo); err != nil {
			t.Fatal(err)
		}
		if err := db.CloseConversation(ctx, f.Whole, f.By, closed); err != nil {
			t.Fatal(err)
		}
		morning := night.Add(8*time.Hour + time.Minute)
		if list, _ := due(t, db, morning); len(list) != 1 || list[0].Record != string(kept) {
			t.Errorf("in the morning: %+v", list)
		}

		give(morning, f.OfficerOne)
		if err := db.Mute(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: morning}, []loa.NoticeKind{loa.NoticeGiven}); err != nil {
			t.Fatal(err)
		}
		give(morning, f.OfficerOne)
		if list, _ := due(t, db, morning); len(list) != 0 {
			t.Errorf("told against their wish: %+v", list)
		}
		if err := db.Mute(ctx, f.Whole, loa.By{Officer: f.OfficerOne, At: morning}, nil); err != nil {
			t.Fatal(err)
		}
		give(morning, f.OfficerOne)
		give(morning, f.OfficerOne)
		list, _ = due(t, db, morning)
		if len(list) != 2 {
			t.Fatalf("%+v", list)
		}
		n = list[0].Notice
		n.State, n.Code = loa.NoticeFailed, "410"
		if err := db.SettleNotice(ctx, "p1", morning, n, true); err != nil {
			t.Fatal(err)
		}
		held, _ := db.Devices(ctx, f.Whole, f.OfficerOne)
		if len(held) != 1 || held[0].ID != d || held[0].GoneAt.IsZero() || len(held[0].Sealed) != 0 {
			t.Errorf("a device that is gone: %+v", held)
		}
		give(morning, f.OfficerOne)
		if list, _ := due(t, db, morning); len(list) != 0 {
			t.Errorf("a device that is gone is told: %+v", list)
		}
		if err := db.SweepNotices(ctx, morning.AddDate(0, 2, 0)); err != nil {
			t.Fatal(err)
		}
		if held, _ := db.Devices(ctx, f.Whole, f.OfficerOne); len(held) != 0 {
			t.Errorf("it is kept for ever: %+v", held)
		}
	})
}
