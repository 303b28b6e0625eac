package main

import (
	"testing"
	"time"

	"loa"
	"loa/store/storetest"
)

// TestPlaysKeepTheirHoursAsTheyLeave: whatever was put into the ledger, a play leaves for a moment at which the broadcast's window and the
// hours of loudspeakers are open, and expires when they close; one whose hours are not open yet goes back into the queue.
func TestPlaysKeepTheirHoursAsTheyLeave(t *testing.T) {
	db := storetest.SQLite(t)
	s := newSender(t, db) // it is noon
	ctx, other := t.Context(), loa.By{Officer: s.OfficerOne, At: s.now()}
	script := s.spoken(t, "mong")
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: s.Anchor, Kind: "loudspeaker", Name: "Loa", Settings: []byte("sealed"), State: loa.ChannelOn}
	if err := db.AddChannel(ctx, s.Whole, s.By, c); err != nil {
		t.Fatal(err)
	}
	x, err := db.AddStation(ctx, s.Whole, s.By, loa.Station{Area: s.Villages[0], Kind: loa.DeviceStation, Name: "Loa", Channel: c.ID, Volume: 45, Languages: []string{"mong"}, Earshot: []loa.AreaID{s.Villages[0]}})
	if err != nil {
		t.Fatal(err)
	}
	today := func(hour, minute int) time.Time { return time.Date(2025, 11, 30, hour, minute, 0, 0, loa.Zone) }
	for name, k := range map[string]struct {
		at      time.Time
		window  loa.Window
		send    bool
		before  time.Time // of the message, or of the delivery that goes back
		expires time.Time
	}{
		"now":                    {time.Time{}, loa.Window{From: storetest.Today, End: 1440}, true, time.Time{}, today(21, 0)},
		"before its window":      {time.Time{}, loa.Window{From: storetest.Today, Start: 19 * 60, End: 20 * 60}, false, today(19, 0), time.Time{}},
		"at its time":            {today(17, 30), loa.Window{From: storetest.Today, End: 1440}, true, today(17, 30), today(21, 0)},
		"at a time of the night": {today(22, 30), loa.Window{From: storetest.Today, End: 1440}, true, today(29, 0), today(45, 0)},
	} {
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: s.Anchor, Title: "Mời họp", Script: script.ID, ScriptVersion: script.Version, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Window: k.window,
			Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Channel: c.ID, Place: x.ID, At: k.at}}}
		if err := db.AddBroadcast(ctx, s.Whole, s.By, b); err != nil {
			t.Fatal(err)
		}
		for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
			if _, err := db.ChangeBroadcast(ctx, s.Whole, other, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
				t.Fatal(err)
			}
		}
		d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: s.Office.ID, Area: x.Area, Broadcast: b.ID, Place: x.ID, Rung: loa.OutletRung, Channel: c.ID, Network: loa.SpeakerNetwork, To: x.Device, State: loa.DeliveryQueued, Tries: 1}
		out, err := newComposer(db, s.now, "").Compose(ctx, []loa.Delivery{d}, s.now())
		if err != nil || len(out) != 1 || out[0].Send != k.send {
			t.Fatalf("%s: %+v, %v", name, out, err)
		}
		got := out[0].Message.NotBefore
		if !k.send {
			if got = out[0].Delivery.NotBefore; out[0].Delivery.State != loa.DeliveryQueued {
				t.Errorf("%s: it is %s", name, out[0].Delivery.State)
			}
		}
		if !got.Equal(k.before) || !out[0].Message.Expires.Equal(k.expires) {
			t.Errorf("%s: not before %s, until %s; want %s, %s", name, got, out[0].Message.Expires, k.before, k.expires)
		}
	}
}

// spoken is an approved script of administration with an approved recording in a language.
func (s *sender) spoken(t testing.TB, lang string) loa.Script {
	t.Helper()
	ctx, other := t.Context(), loa.By{Officer: s.OfficerOne, At: s.now()}
	script, err := s.DB.SaveScript(ctx, s.Whole, s.By, loa.Script{ID: loa.ScriptID(loa.NewID()), Area: s.Anchor, Name: "Mời họp", Purpose: loa.Administrative, Texts: []loa.ScriptText{{Lang: lang, Kind: "loudspeaker", Text: "Mời họp"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(*loa.Script) error{func(x *loa.Script) error { x.State = loa.ScriptSubmitted; return nil }, func(x *loa.Script) error { return x.Approve(other) }} {
		if script, err = s.DB.ChangeScript(ctx, s.Whole, other, script.ID, "approved", step); err != nil {
			t.Fatal(err)
		}
	}
	s.voice(t, script, lang, "Mời họp")
	return script
}

// voice is an approved recording of a script that says some words.
func (s *sender) voice(t testing.TB, script loa.Script, lang, says string) loa.ClipID {
	t.Helper()
	sound := []byte("ID3 a voice")
	clip, err := s.DB.AddClip(t.Context(), s.Whole, s.By, loa.Clip{Key: loa.ScriptKey(script.ID), Lang: lang, Says: says, MIME: "audio/mpeg", SHA256: speakerSum(sound), Seconds: 1, Bytes: sound})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DB.ApproveClip(t.Context(), s.Whole, loa.By{Officer: s.OfficerOne, At: s.now()}, clip.ID); err != nil {
		t.Fatal(err)
	}
	return clip.ID
}

// TestNothingOldIsPlayed: a script whose words changed waits as long as a loudspeaker would play a recording of the old ones, and goes out
// once the words are recorded anew.
func TestNothingOldIsPlayed(t *testing.T) {
	db := storetest.SQLite(t)
	s := newSender(t, db)
	ctx, other := t.Context(), loa.By{Officer: s.OfficerOne, At: s.now()}
	script := s.spoken(t, "mong")
	script.Texts[0].Text = "Họp vào Chủ nhật"
	script, err := db.SaveScript(ctx, s.Whole, s.By, script)
	if err != nil {
		t.Fatal(err)
	}
	if script, err = db.ChangeScript(ctx, s.Whole, other, script.ID, "approved", func(x *loa.Script) error { x.State = loa.ScriptSubmitted; return x.Approve(other) }); err != nil {
		t.Fatal(err)
	}
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: s.Anchor, Kind: "loudspeaker", Name: "Loa", Settings: []byte("sealed"), State: loa.ChannelOn}
	if err := db.AddChannel(ctx, s.Whole, s.By, c); err != nil {
		t.Fatal(err)
	}
	x, err := db.AddStation(ctx, s.Whole, s.By, loa.Station{Area: s.Villages[0], Kind: loa.DeviceStation, Name: "Loa", Channel: c.ID, Volume: 45, Languages: []string{"mong"}, Earshot: []loa.AreaID{s.Villages[0]}})
	if err != nil {
		t.Fatal(err)
	}
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: s.Anchor, Title: "Mời họp", Script: script.ID, ScriptVersion: script.Version, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: storetest.Today, End: 1440},
		Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Channel: c.ID, Place: x.ID}}}
	if err := db.AddBroadcast(ctx, s.Whole, s.By, b); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ChangeBroadcast(ctx, s.Whole, other, b.ID, "approved", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastApproved, "") }); err != nil {
		t.Fatal(err)
	}
	if b, err = db.Broadcast(ctx, s.Whole, b.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.engine.broadcast(ctx, b); err != nil {
		t.Fatal(err)
	}
	if b, err = db.Broadcast(ctx, s.Whole, b.ID); err != nil || b.State != loa.BroadcastPaused || b.Why != "clip_outdated" || !b.SentAt.IsZero() {
		t.Fatalf("with the old voice it is %s, %q: %v", b.State, b.Why, err)
	}
	clip := s.voice(t, script, "mong", "Họp vào Chủ nhật")
	r, err := newComposer(db, s.now, "").of(ctx, b.ID, b.Office)
	if err != nil || r.err != nil {
		t.Fatalf("with the new voice: %v, %v", err, r.err)
	}
	m, err := r.words.Message(loa.Delivery{ID: "d", Rung: loa.OutletRung, Network: loa.SpeakerNetwork}, loa.Reader{Langs: x.Languages})
	if got, e := db.Clip(ctx, s.Whole, clip); err != nil || e != nil || len(m.Media) != 1 || m.Media[0].ID != string(got.Attachment) {
		t.Errorf("it plays %+v, %v, %v", m.Media, err, e)
	}
}
