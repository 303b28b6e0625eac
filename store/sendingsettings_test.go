package store_test

import (
	"context"
	"reflect"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestSendingSettingsAreKept: what an office decides about sending comes back whole, and stands beside its other settings.
func TestSendingSettingsAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		got, err := db.SendingSettings(ctx, f.Office.ID)
		if err != nil || !reflect.DeepEqual(got, loa.DefaultSendingSettings()) {
			t.Fatalf("an office that decided nothing has %+v (%v)", got, err)
		}
		want := loa.DefaultSendingSettings()
		want.Hours["call"], want.Hours["loudspeaker"] = loa.Hours{Start: 480, End: 1200}, loa.Hours{Start: 330, End: 1140}
		want.CapN, want.CapDays, want.Few, want.Pace, want.FailLimit, want.RefuseLimit, want.LowBalance = 3, 14, 50, 400, 1500, 250, 75_000
		want.SMSPrice = map[string]int64{"viettel": 450, "other": 600}
		if err := db.SaveSendingSettings(ctx, f.Office.ID, f.By, want); err != nil {
			t.Fatal(err)
		}
		if got, err = db.SendingSettings(ctx, f.Office.ID); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("kept %+v, not %+v (%v)", got, want, err)
		}
		if _, err := db.Settings(ctx, f.Office.ID); err != nil {
			t.Fatalf("the office's other settings are not read beside them: %v", err)
		}
		other, err := db.SendingSettings(ctx, "another")
		if err != nil || !reflect.DeepEqual(other, loa.DefaultSendingSettings()) {
			t.Fatalf("another office has %+v (%v)", other, err)
		}
		want.CapDays = 0
		if err := db.SaveSendingSettings(ctx, f.Office.ID, f.By, want); loa.KindOf(err) != loa.Invalid {
			t.Fatalf("a cap over no days is kept: %v", err)
		}
	})
}
