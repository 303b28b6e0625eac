package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestMergedRecordsAnswerForEver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for i, merge := range [][2]int{{4, 7}, {0, 4}} { // 7 into 4, then 4 into 0
			if _, err := db.MergePeople(ctx, f.Whole, f.By, f.People[merge[0]].ID, f.People[merge[1]].ID); err != nil {
				t.Fatal(i, err)
			}
		}
		for _, i := range []int{4, 7} {
			got, err := db.Person(ctx, f.Whole, f.People[i].ID)
			if err != nil || got.ID != f.People[0].ID {
				t.Errorf("the old ID %d answers with %s, %v", i, got.ID, err)
			}
		}
		for i, merge := range [][2]int{{1, 2}, {2, 3}} {
			if _, err := db.MergeHouseholds(ctx, f.Whole, f.By, f.Households[merge[0]], f.Households[merge[1]]); err != nil {
				t.Fatal(i, err)
			}
		}
		for _, i := range []int{1, 2} {
			got, err := db.Household(ctx, f.Whole, f.Households[i])
			if err != nil || got.ID != f.Households[3] {
				t.Errorf("the old household %d answers with %s, %v", i, got.ID, err)
			}
		}
	})
}

func TestMergeKeepsWhatOnlyTheOtherKnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		keep, err := db.AddPerson(ctx, f.Whole, f.By, loa.Person{Name: "Giàng A Chứ", Area: f.Villages[0]})
		if err != nil {
			t.Fatal(err)
		}
		number := loa.Sealed{Cipher: []byte("sealed"), Index: "index", Tail: "047"}
		drop, err := db.AddPerson(ctx, f.Whole, f.By, loa.Person{Name: "Dàng A Trứ", Area: f.Villages[0], BornYear: 1980, BornOn: "1980-03-05", Phone: "+84199000001", NationalID: number})
		if err != nil {
			t.Fatal(err)
		}
		db.OnReseal(func(_ loa.OfficeID, column string, from, to loa.PersonID, cipher []byte) ([]byte, error) {
			if column != "person.national_id" || from != drop.ID || to != keep.ID || string(cipher) != "sealed" {
				t.Errorf("reseal %s from %s to %s: %s", column, from, to, cipher)
			}
			return []byte("sealed anew"), nil
		})
		act, err := db.MergePeople(ctx, f.Whole, f.By, keep.ID, drop.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Person(ctx, f.Whole, drop.ID)
		if err != nil || got.ID != keep.ID || got.Name != "Giàng A Chứ" || got.BornOn != "1980-03-05" || got.Phone != "+84199000001" || string(got.NationalID.Cipher) != "sealed anew" {
			t.Errorf("merged: %+v, %v", got, err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		got, err = db.Person(ctx, f.Whole, keep.ID)
		if err != nil || got.Phone != "" || got.BornYear != 0 || got.NationalID.Known() {
			t.Errorf("after undo: %+v, %v", got, err)
		}
		got, err = db.Person(ctx, f.Whole, drop.ID)
		if err != nil || got.ID != drop.ID || string(got.NationalID.Cipher) != "sealed" {
			t.Errorf("the other after undo: %+v, %v", got, err)
		}
	})
}
