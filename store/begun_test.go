package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestBegunSeesWhatAnOfficeHas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		b, err := db.Begun(ctx, f.Whole)
		if err != nil {
			t.Fatal(err)
		}
		if !b.Villages || !b.People {
			t.Errorf("an office with villages and people reads %+v", b)
		}
		if b.Matrix || b.Settled() {
			t.Errorf("an office without a signed matrix reads %+v", b)
		}
		if _, err := db.Writer().ExecContext(ctx, `INSERT INTO matrix (id, office_id, version, state, created_at, created_by) VALUES ('m1', $1, 1, 'draft', 1, 'x')`, f.Office.ID); err != nil {
			t.Fatal(err)
		}
		if b, err = db.Begun(ctx, f.Whole); err != nil || b.Matrix {
			t.Errorf("a draft counts as decided: %+v %v", b, err)
		}
		if _, err := db.Writer().ExecContext(ctx, `UPDATE matrix SET state = 'signed' WHERE id = 'm1'`); err != nil {
			t.Fatal(err)
		}
		if b, err = db.Begun(ctx, f.Whole); err != nil || !b.Matrix {
			t.Errorf("a signed matrix does not count: %+v %v", b, err)
		}
		nobody := loa.Scope{Office: f.Office.ID}
		if b, err = db.Begun(ctx, nobody); err != nil || b.People || b.Villages || b.Sessions {
			t.Errorf("an empty scope sees %+v %v", b, err)
		}
	})
}
