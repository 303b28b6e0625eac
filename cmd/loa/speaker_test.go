package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/speaker"
	"loa/store"
	"loa/store/storetest"
)

// TestSpeakerFromBroadcastToExposure sends a broadcast through the running loop to a device over its own broker, hears that it was played,
// and finds it counted for the village.
func TestSpeakerFromBroadcastToExposure(t *testing.T) {
	db := storetest.SQLite(t)
	s := newSender(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	account := loa.ChannelID(loa.NewID())
	sealed, err := s.accounts.Seal(s.Office.ID, account, channel.Settings{"listen": "127.0.0.1:19010", "media_listen": "127.0.0.1:19011", "chime": "no"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.AddChannel(ctx, s.Whole, s.By, loa.Channel{ID: account, Area: s.Anchor, Kind: "loudspeaker", Name: "Loa", Settings: sealed, State: loa.ChannelOn}); err != nil {
		t.Fatal(err)
	}
	x, err := db.AddStation(ctx, s.Whole, s.By, loa.Station{Area: s.Villages[0], Kind: loa.DeviceStation, Name: "Loa Háng Là", Channel: account, Volume: 70, Languages: []string{"mong"}, Earshot: []loa.AreaID{s.Villages[0]}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.KeySpeaker(ctx, s.Whole, s.By, x.ID, speaker.Secret(x.Device, "password")); err != nil {
		t.Fatal(err)
	}
	script := s.spoken(t, "mong")
	other := loa.By{Officer: s.OfficerOne, At: s.now()}
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: s.Anchor, Title: "Mời họp", Script: script.ID, ScriptVersion: script.Version, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: storetest.Today, End: 1440},
		Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Channel: account, Place: x.ID}}}
	if err := db.AddBroadcast(ctx, s.Whole, s.By, b); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ChangeBroadcast(ctx, s.Whole, other, b.ID, "approved", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastApproved, "") }); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); s.engine.run(ctx) }()
	d, err := speaker.New(speaker.Options{Device: x.Device, Password: "password", Broker: "tcp://127.0.0.1:19010", Dir: filepath.Join(t.TempDir(), "d"), Player: newPlayer(true, slog.New(slog.DiscardHandler)), Now: s.now, Pause: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() { defer close(gone); _ = d.Run(ctx) }()
	var plays []loa.Play
	for range 600 {
		if plays, err = db.Plays(ctx, s.Whole, store.PlayFilter{Broadcast: b.ID, Take: 5}); err != nil {
			t.Fatal(err)
		}
		if len(plays) == 1 && plays[0].State.Over() {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(plays) != 1 || plays[0].State != loa.PlayPlayed || plays[0].Proof != "device" {
		t.Fatalf("%+v", plays)
	}
	if heard, err := db.HeardByVillage(ctx, s.Whole, storetest.Today, storetest.Today.Add(1)); err != nil || len(heard) != 1 || heard[0].Village != s.Villages[0] || heard[0].People != 3 {
		t.Errorf("%+v, %v", heard, err)
	}
	cancel()
	<-gone
	<-done
}

func speakerSum(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
