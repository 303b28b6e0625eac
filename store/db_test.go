package store_test

import (
	"context"
	"testing"

	"loa/store"
	"loa/store/storetest"
)

func TestMigrateTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		have, want, err := db.SchemaVersion(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if have != want || have == 0 {
			t.Errorf("schema version %d, this program knows %d", have, want)
		}
		offices, err := db.Offices(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(offices) != 0 {
			t.Errorf("a new database has %d offices", len(offices))
		}
	})
}
