package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// plays is when outlets play: at their own time, or at a moment.
func plays(at time.Time) func(loa.Outlet) time.Time {
	return func(o loa.Outlet) time.Time {
		if o.At.IsZero() {
			return at
		}
		return o.At
	}
}

// speaker is an account of loudspeakers with one device that three villages hear, and an announcer in the other commune.
func speaker(t testing.TB, f *storetest.Fixture) (account loa.ChannelID, device, announcer loa.Station) {
	t.Helper()
	ctx := context.Background()
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: f.Anchor, Kind: "loudspeaker", Name: "Loa truyền thanh", Settings: []byte("sealed"), State: loa.ChannelOn}
	if err := f.DB.AddChannel(ctx, f.Whole, f.By, c); err != nil {
		t.Fatal(err)
	}
	device, err := f.DB.AddStation(ctx, f.Whole, f.By, loa.Station{Area: f.Villages[0], Kind: loa.DeviceStation, Name: "Loa Háng Là", Channel: c.ID, Volume: 70, Languages: []string{"mong", "vietnamese"},
		Slots: []loa.Slot{{Days: loa.EveryDay, Start: 1050, Minutes: 10}}, Earshot: []loa.AreaID{f.Villages[0], f.Villages[1], f.Villages[2]}})
	if err != nil {
		t.Fatal(err)
	}
	announcer, err = f.DB.AddStation(ctx, f.Whole, f.By, loa.Station{Area: f.Villages[2], Kind: loa.AnnouncerStation, Name: "Trưởng bản Ten", Volume: 50, Languages: []string{"thai"}, Earshot: []loa.AreaID{f.Villages[2]}})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID, device, announcer
}

// played is a broadcast with one outlet at each station, in the ledger.
func played(t testing.TB, f *storetest.Fixture, account loa.ChannelID, at time.Time, stations ...loa.Station) (loa.Broadcast, []loa.DeliveryID) {
	t.Helper()
	ctx := context.Background()
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.Anchor, Title: "Mời họp bản", Script: "s", ScriptVersion: 1, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: storetest.Today, End: 1440}}
	var list []loa.Delivery
	var ids []loa.DeliveryID
	for i, s := range stations {
		o := loa.Outlet{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Place: s.ID, At: at, Repeat: 2}
		d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: s.Area, Place: s.ID, Rung: loa.OutletRung + i, Network: loa.SpeakerNetwork, To: s.Device, State: loa.DeliveryByHand}
		if s.Kind == loa.DeviceStation {
			o.Channel, d.Channel, d.State = account, account, loa.DeliveryQueued
		}
		b.Outlets, list, ids = append(b.Outlets, o), append(list, d), append(ids, d.ID)
	}
	if err := f.DB.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
		t.Fatal(err)
	}
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		if _, err := f.DB.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.DB.QueueDeliveries(ctx, b.ID, list, "~"); err != nil {
		t.Fatal(err)
	}
	b, err := f.DB.Broadcast(ctx, f.Whole, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	n, err := f.DB.PlanPlays(ctx, b, plays(at), func(loa.Station) int { return 38 })
	if err != nil || n != len(stations) {
		t.Fatalf("%d plays, %v", n, err)
	}
	if n, err = f.DB.PlanPlays(ctx, b, plays(at), func(loa.Station) int { return 99 }); err != nil || n != 0 {
		t.Fatalf("planned again: %d, %v", n, err)
	}
	return b, ids
}

func TestStationsStayInTheirScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, device, announcer := speaker(t, f)
		if list, n, err := db.Stations(ctx, f.Whole, store.ListPage{Take: 10}); err != nil || n != 2 || list[0].ID != device.ID || list[0].Device != device.Device || len(list[0].Slots) != 1 || len(list[0].Earshot) != 3 {
			t.Errorf("%+v, %d, %v", list, n, err)
		}
		if list, n, err := db.Stations(ctx, f.Commune2, store.ListPage{Take: 10}); err != nil || n != 1 || list[0].ID != announcer.ID {
			t.Errorf("the other commune sees %+v, %v", list, err)
		}
		for name, in := range map[string]loa.Scope{"another commune": f.Commune2, "another office": f.OtherScope, "nothing": f.Nothing} {
			if _, err := db.Station(ctx, in, device.ID); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s reads it: %v", name, err)
			}
			if _, err := db.SaveStation(ctx, in, f.By, device, 0); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s changes it: %v", name, err)
			}
			if err := db.KeySpeaker(ctx, in, f.By, device.ID, "x"); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s keys it: %v", name, err)
			}
			if err := db.RetireStation(ctx, in, f.By, device.ID, true); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s retires it: %v", name, err)
			}
		}
		twin := device
		twin.ID = ""
		if _, err := db.AddStation(ctx, f.Whole, f.By, twin); loa.KindOf(err) != loa.Conflict {
			t.Errorf("two devices of one name: %v", err)
		}
		twin.Device, twin.Earshot = "", []loa.AreaID{f.CommuneA}
		if _, err := db.AddStation(ctx, f.Whole, f.By, twin); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a commune in earshot: %v", err)
		}
		// An officer of one commune changes the volume; the village of the other commune still hears it.
		device.Volume, device.Earshot = 40, []loa.AreaID{f.Villages[0]}
		if clashes, err := db.SaveStation(ctx, f.Commune1, f.By, device, 0); err != nil || len(clashes) > 0 {
			t.Fatal(clashes, err)
		}
		got, err := db.Station(ctx, f.Whole, device.ID)
		if err != nil || got.Volume != 40 || len(got.Earshot) != 2 || !slices.Contains(got.Earshot, f.Villages[2]) {
			t.Errorf("%+v, %v", got, err)
		}
		if near, err := db.Neighbours(ctx, f.Whole, device.ID); err != nil || len(near) != 1 || near[0].ID != announcer.ID {
			t.Errorf("neighbours %+v, %v", near, err)
		}
		if heard, err := db.EarshotOf(ctx, f.Whole); err != nil || len(heard[f.Villages[2]]) != 2 || len(heard[f.Villages[1]]) != 0 {
			t.Errorf("%v, %v", heard, err)
		}
		if changed, err := db.SpeakersChanged(ctx, account, f.By.At.Add(-time.Hour)); err != nil || !slices.Equal(changed, []string{device.Device}) {
			t.Errorf("%v, %v", changed, err)
		}
		if _, err := db.SpeakerByDevice(ctx, "another account", device.Device); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a device of another account: %v", err)
		}
		if err := db.RetireStation(ctx, f.Whole, f.By, device.ID, true); err != nil {
			t.Fatal(err)
		}
		if _, err := db.SpeakerByDevice(ctx, account, device.Device); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a retired device signs in: %v", err)
		}
	})
}

func TestDevicesTellOfThemselves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, device, _ := speaker(t, f)
		now := f.By.At
		hear := func(online bool, report string, at time.Time) {
			t.Helper()
			if err := db.HearSpeaker(ctx, account, device.Device, online, report, at); err != nil {
				t.Fatal(err)
			}
		}
		hear(true, `{"online":true,"vol":70}`, now)
		hear(false, "", now.Add(-time.Minute)) // an older word
		s, err := db.Station(ctx, f.Whole, device.ID)
		if err != nil || !s.Connected(now) || s.Report == "" {
			t.Fatalf("%+v, %v", s, err)
		}
		if s.Connected(now.Add(time.Hour)) {
			t.Error("connected an hour after it was heard of")
		}
		if err := db.SpeakersSeen(ctx, account, []string{device.Device, "another"}, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if s, err = db.Station(ctx, f.Whole, device.ID); err != nil || !s.Connected(now.Add(time.Hour)) || !s.OnlineAt.Equal(now) {
			t.Errorf("%+v, %v", s, err)
		}
		hear(false, "", now.Add(2*time.Hour))
		if s, err = db.Station(ctx, f.Whole, device.ID); err != nil || s.Online || !s.OnlineAt.Equal(now.Add(2*time.Hour)) || s.Report == "" {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestPlaysAreProvedAndCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, device, announcer := speaker(t, f)
		at := f.By.At.Add(-time.Hour)
		if err := db.AddFigure(ctx, f.Whole, f.By, loa.AreaFigure{Area: f.Villages[1], Kind: "population", Value: 250, AsOf: "2025-01-01", Source: "niên giám"}); err != nil {
			t.Fatal(err)
		}
		b, ids := played(t, f, account, at, device, announcer)
		plays, err := db.Plays(ctx, f.Whole, store.PlayFilter{Broadcast: b.ID, Take: 10})
		if err != nil || len(plays) != 2 || plays[0].Seconds != 38 || plays[0].Repeat != 2 || !plays[0].Until().Equal(at.Add(76*time.Second)) || plays[0].Title != b.Title {
			t.Fatalf("%+v, %v", plays, err)
		}
		hear := func(state loa.PlayState, want int) {
			t.Helper()
			if n, err := db.HearPlays(ctx, []store.PlayWord{{Delivery: ids[0], State: state, PlayedMS: 38000, At: f.By.At}}); err != nil || n != want {
				t.Errorf("%s changed %d, %v", state, n, err)
			}
		}
		hear(loa.PlayDownloaded, 1)
		hear(loa.PlayAccepted, 0) // later than it was said
		hear("unheard of", 0)
		hear(loa.PlayPlayed, 1)
		hear(loa.PlayPlayed, 0)
		hear(loa.PlayFailed, 0)
		p, err := db.Play(ctx, f.Whole, ids[0])
		if err != nil || p.State != loa.PlayPlayed || p.Proof != "device" || p.PlayedMS != 38000 {
			t.Errorf("%+v, %v", p, err)
		}
		heard, err := db.HeardByVillage(ctx, f.Whole, storetest.Today, storetest.Today)
		if err != nil || len(heard) != 3 {
			t.Fatalf("%+v, %v", heard, err)
		}
		for _, h := range heard { // three people of the register live in the first and the third; the second has a figure
			if want := map[loa.AreaID]int64{f.Villages[0]: 3, f.Villages[1]: 250, f.Villages[2]: 3}[h.Village]; h.People != want || h.Plays != 1 {
				t.Errorf("%+v, want %d people", h, want)
			}
		}
		if list, err := db.HeardByVillage(ctx, f.Commune2, storetest.Today, storetest.Today); err != nil || len(list) != 1 {
			t.Errorf("the other commune: %+v, %v", list, err)
		}
		if list, err := db.Exposures(ctx, f.Whole, f.Villages[2], 10); err != nil || len(list) != 1 || list[0].Delivery != ids[0] {
			t.Errorf("%+v, %v", list, err)
		}
		if err := db.ConfirmPlay(ctx, f.Whole, f.By, store.Confirmed{Delivery: ids[0], Played: true}); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a person over the device's proof: %v", err)
		}
		confirmed(t, f, ids[1])
	})
}

// confirmed walks what a person says of a play: not yet, read, a mistake.
func confirmed(t *testing.T, f *storetest.Fixture, id loa.DeliveryID) {
	db, ctx := f.DB, context.Background()
	if waiting, err := db.Plays(ctx, f.Whole, store.PlayFilter{Waiting: true, To: f.By.At, Take: 10}); err != nil || len(waiting) != 1 || waiting[0].Delivery != id {
		t.Errorf("waiting %+v, %v", waiting, err)
	}
	for name, c := range map[string]store.Confirmed{"no reason": {Delivery: id}, "a reason nobody has": {Delivery: id, Why: "dunno"}, "heads below zero": {Delivery: id, Played: true, Heads: -1}, "tomorrow": {Delivery: id, Played: true, At: f.By.At.Add(time.Hour)}} {
		if err := db.ConfirmPlay(ctx, f.Whole, f.By, c); loa.KindOf(err) != loa.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.ConfirmPlay(ctx, f.Commune1, f.By, store.Confirmed{Delivery: id, Played: true}); loa.KindOf(err) != loa.NotFound {
		t.Errorf("from another commune: %v", err)
	}
	for _, c := range []struct {
		word  store.Confirmed
		plays int64
		state loa.PlayState
	}{{store.Confirmed{Delivery: id, Why: "rain"}, 1, loa.PlayFailed}, {store.Confirmed{Delivery: id, Played: true, Heads: 31}, 2, loa.PlayPlayed}, {store.Confirmed{Delivery: id, Why: "broken"}, 1, loa.PlayFailed}} {
		if err := db.ConfirmPlay(ctx, f.Whole, f.By, c.word); err != nil {
			t.Fatal(err)
		}
		p, err := db.Play(ctx, f.Whole, id)
		if err != nil || p.State != c.state || p.Heads != c.word.Heads || p.Officer != f.By.Officer || p.Why != c.word.Why {
			t.Errorf("%+v, %v", p, err)
		}
		heard, err := db.HeardByVillage(ctx, f.Commune2, storetest.Today, storetest.Today)
		if err != nil || len(heard) != 1 || heard[0].Plays != c.plays {
			t.Errorf("%+v, %v", heard, err)
		}
	}
	counts, err := db.DeliveryCounts(ctx, f.Whole, mustPlay(t, f, id).Broadcast)
	if err != nil || counts[loa.DeliveryFailed] != 1 {
		t.Errorf("%v, %v", counts, err)
	}
}

func mustPlay(t *testing.T, f *storetest.Fixture, id loa.DeliveryID) loa.Play {
	t.Helper()
	p, err := f.DB.Play(context.Background(), f.Whole, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// follows walks what a missed play is in the ledger: nothing while it is on its way, failed once, and delivered when the device tells late.
func follows(t *testing.T, f *storetest.Fixture, account loa.ChannelID, id loa.DeliveryID, now time.Time) {
	t.Helper()
	db, ctx := f.DB, t.Context()
	b := mustPlay(t, f, id).Broadcast
	stands := func(what string, want loa.DeliveryState, code string) {
		t.Helper()
		var state loa.DeliveryState
		var said string
		if err := db.Writer().QueryRowContext(ctx, `SELECT state, code FROM delivery WHERE id = $1`, id).Scan(&state, &said); err != nil || state != want || said != code {
			t.Errorf("%s: the delivery is %s %q, %v", what, state, said, err)
		}
	}
	stands("what was on its way when it was missed", loa.DeliveryFailed, "missed")
	for _, step := range []struct {
		state  loa.DeliveryState
		resume string
		want   loa.DeliveryState
		code   string
	}{{loa.DeliveryByHand, "", loa.DeliveryByHand, ""}, {loa.DeliveryQueued, "remove 0 3", loa.DeliveryQueued, ""}, {loa.DeliveryQueued, "", loa.DeliveryFailed, "missed"}, {loa.DeliverySent, "", loa.DeliveryFailed, "missed"}} {
		if _, err := db.Writer().ExecContext(ctx, `UPDATE delivery SET state = $1, resume = $2, code = '' WHERE id = $3`, step.state, step.resume, id); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Writer().ExecContext(ctx, `UPDATE play SET state = 'accepted' WHERE delivery_id = $1`, id); err != nil {
			t.Fatal(err)
		}
		if n, err := db.MissPlays(ctx, now, time.Hour); err != nil || n != 1 {
			t.Errorf("%d missed, %v", n, err)
		}
		stands(string(step.state)+" "+step.resume, step.want, step.code)
	}
	if n, err := db.MissPlays(ctx, now.Add(time.Minute), time.Hour); err != nil || n != 0 {
		t.Errorf("missed twice: %d, %v", n, err)
	}
	tally, err := db.Tally(ctx, f.Whole, b, func() time.Time { return now })
	if n := tally.Sum(func(l store.TallyLine) bool { return l.Place && l.State == loa.DeliveryFailed }); err != nil || n != 1 {
		t.Errorf("%d places failed, %v", n, err)
	}
	if _, err := db.Hear(ctx, f.Office.ID, now, []loa.Heard{{Channel: account, Key: "late", Kind: "played", Delivery: id, State: loa.DeliveryDelivered, At: now}}); err != nil {
		t.Fatal(err)
	}
	stands("told late", loa.DeliveryDelivered, "")
}

func TestPlaysAreMissedAndStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, device, _ := speaker(t, f)
		now := f.By.At
		_, past := played(t, f, account, now.Add(-2*time.Hour), device)
		b, ahead := played(t, f, account, now.Add(2*time.Hour), device)
		claim := loa.Claim{Channel: account, By: "one", Now: now, Lease: time.Minute, Most: 10, Repeatable: true}
		if got, err := db.ClaimDeliveries(ctx, claim); err != nil || len(got.Deliveries) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if list, err := db.SpeakerSchedule(ctx, device.ID, now, now.Add(72*time.Hour)); err != nil || len(list) != 1 || list[0].ID != ahead[0] {
			t.Errorf("schedule %+v, %v", list, err)
		}
		if list, err := db.SpeakerSchedule(ctx, device.ID, now, now.Add(time.Hour)); err != nil || len(list) != 0 {
			t.Errorf("schedule of an hour %+v, %v", list, err)
		}
		if n, err := db.MissPlays(ctx, now, time.Hour); err != nil || n != 1 || mustPlay(t, f, past[0]).State != loa.PlayMissed || mustPlay(t, f, ahead[0]).State != loa.PlayPlanned {
			t.Errorf("%d missed, %v", n, err)
		}
		follows(t, f, account, past[0], now)
		if _, err := db.HearPlays(ctx, []store.PlayWord{{Delivery: past[0], State: loa.PlayPlayed, At: now}}); err != nil || mustPlay(t, f, past[0]).State != loa.PlayPlayed {
			t.Errorf("a device that was without a network tells late: %v", err)
		}
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "stopped", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastStopped, "mistake") }); err != nil {
			t.Fatal(err)
		}
		later := now.Add(time.Minute)
		if n, err := db.MissPlays(ctx, later, time.Hour); err != nil || n != 1 || mustPlay(t, f, ahead[0]).State != loa.PlayCancelled {
			t.Errorf("%d stopped, %v", n, err)
		}
		if changed, err := db.SpeakersChanged(ctx, account, now.Add(30*time.Second)); err != nil || !slices.Equal(changed, []string{device.Device}) {
			t.Errorf("the device is not told: %v, %v", changed, err)
		}
		if list, err := db.SpeakerSchedule(ctx, device.ID, now, now.Add(72*time.Hour)); err != nil || len(list) != 0 {
			t.Errorf("still in the schedule: %+v, %v", list, err)
		}
		if list, err := db.Plays(ctx, f.OtherScope, store.PlayFilter{Take: 10}); err != nil || len(list) != 0 {
			t.Errorf("another office sees %+v, %v", list, err)
		}
	})
}

// TestWhatWasCutOffIsNoPlay: a speaker that says nothing more of what an emergency cut off leaves a play that was cut short, and nobody heard.
func TestWhatWasCutOffIsNoPlay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, device, _ := speaker(t, f)
		_, ids := played(t, f, account, f.By.At.Add(-time.Hour), device)
		if _, err := db.Writer().ExecContext(ctx, `UPDATE delivery SET state = 'failed', code = 'preempted', done_at = 1 WHERE id = $1`, ids[0]); err != nil {
			t.Fatal(err)
		}
		if n, err := db.FollowDeliveries(ctx, f.By.At); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		if p := mustPlay(t, f, ids[0]); p.State != loa.PlayPreempted || p.Proof != "" {
			t.Errorf("%+v", p)
		}
		var heard int
		if err := db.Writer().QueryRowContext(ctx, `SELECT count(*) FROM exposure`).Scan(&heard); err != nil || heard != 0 {
			t.Errorf("%d villages heard it, %v", heard, err)
		}
	})
}
