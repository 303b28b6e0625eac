package main

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// underWay is a list of one person with a new telephone and language, staged but not shown yet.
func (b *bringing) underWay(p loa.Person, before func()) loa.Import {
	b.t.Helper()
	ctx := context.Background()
	areas, err := b.db.Areas(ctx, b.f.Whole)
	b.must(err)
	village := areas[slices.IndexFunc(areas, func(a loa.Area) bool { return a.ID == p.Area })].Name
	i := b.preview("people", []byte(fmt.Sprintf("Họ tên,Bản,Điện thoại,Tiếng nói\n%s,%s,0987000111,Dao\n", p.Name, village)))
	if i.Changed != 1 {
		b.t.Fatalf("%+v", i)
	}
	before()
	_, err = b.db.ApplyImport(ctx, b.f.Whole, b.by(), i.ID)
	b.must(err)
	i = b.load(i.ID)
	b.must(b.db.HideBatch(ctx, i.ID, b.by()))
	b.must(b.im.stageAll(ctx, i, b.by()))
	return i
}

func (b *bringing) show(i loa.Import) {
	b.t.Helper()
	b.must(b.db.ShowImport(context.Background(), b.by(), i))
	b.must(b.im.refresh(context.Background(), string(i.ID)))
}

func (b *bringing) person(id loa.PersonID) loa.Person {
	b.t.Helper()
	p, err := b.db.Person(context.Background(), b.f.Whole, id)
	b.must(err)
	return p
}

func (b *bringing) save(p loa.Person) []loa.FieldChange {
	b.t.Helper()
	_, clashes, err := b.db.SavePerson(context.Background(), b.f.Whole, b.by(), p, p.ChangeNo)
	b.must(err)
	return clashes
}

// TestAFormOpenWhileAnImportIsShown: what the form left alone keeps what the list brought, what both changed is asked.
func TestAFormOpenWhileAnImportIsShown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		id := b.f.People[0].ID
		was := b.person(id)
		i := b.underWay(was, func() {})
		was.Occupation = "small_trader" // by hand, later than the rows that lie there unseen
		if clashes := b.save(was); len(clashes) > 0 {
			t.Fatal(clashes)
		}
		note, phone := b.person(id), b.person(id)
		b.show(i)
		note.Note = "gặp ở chợ"
		if clashes := b.save(note); len(clashes) > 0 {
			t.Errorf("a note clashes: %v", clashes)
		}
		now := b.person(id)
		if now.Phone != "+84987000111" || now.Language != "dao" || now.Note != "gặp ở chợ" {
			t.Errorf("after the note %q %q %q, want what the list brought and the note", now.Phone, now.Language, now.Note)
		}
		phone.Phone = "+84987000222"
		if clashes := b.save(phone); len(clashes) != 1 || clashes[0].Field != "phone" || clashes[0].Old != "+84987000111" {
			t.Errorf("two telephones: %v, want one clash", clashes)
		}
		now.Phone = "+84987000222"
		if clashes := b.save(now); len(clashes) > 0 {
			t.Errorf("who has seen the list's telephone may change it: %v", clashes)
		}
	})
}

// TestAFormOpenWhileAnImportIsTakenBack: the values of the list do not come back with the form.
func TestAFormOpenWhileAnImportIsTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		id := b.f.People[0].ID
		was := b.person(id)
		i := b.underWay(was, func() {})
		b.show(i)
		form := b.person(id)
		b.must(b.undo(i.ID))
		form.Note = "gặp ở chợ"
		if clashes := b.save(form); len(clashes) > 0 {
			t.Errorf("a note clashes: %v", clashes)
		}
		if now := b.person(id); now.Phone != was.Phone || now.Language != was.Language || now.Note != "gặp ở chợ" {
			t.Errorf("%q %q %q, want the telephone and language of before and the note", now.Phone, now.Language, now.Note)
		}
		again := b.person(id)
		again.Phone = "+84987000333"
		if clashes := b.save(again); len(clashes) > 0 {
			t.Errorf("read after the undo: %v", clashes)
		}
	})
}

// TestAHandEditWhileAnImportApplies: the hand keeps the last word, and the row of the list says so as a conflict.
func TestAHandEditWhileAnImportApplies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		id := b.f.People[0].ID
		for _, c := range []struct {
			when     string
			phone    string
			early    bool
			conflict int
		}{
			{"before it is staged", "+84987000222", true, 1},
			{"after it is staged", "+84987000333", false, 1},
			{"with the list's own value", "+84987000111", false, 0},
		} {
			edit := func() {
				p := b.person(id)
				p.Phone = c.phone
				if clashes := b.save(p); len(clashes) > 0 {
					t.Errorf("%s: %v", c.when, clashes)
				}
			}
			first, later := func() {}, edit
			if c.early {
				first, later = edit, func() {}
			}
			i := b.underWay(b.person(id), first)
			later()
			b.show(i)
			if now := b.person(id); now.Phone != c.phone || now.Language != "dao" {
				t.Errorf("%s: %q %q, want the officer's telephone and the list's language", c.when, now.Phone, now.Language)
			}
			i = b.load(i.ID)
			lines, err := db.ImportLines(context.Background(), i.ID, "conflict", 0, 10)
			b.must(err)
			if i.Conflict != c.conflict || i.Changed != 1-c.conflict || len(lines) != c.conflict {
				t.Errorf("%s: %d conflicts, %d changed, %d lines", c.when, i.Conflict, i.Changed, len(lines))
			}
			if c.conflict > 0 && (len(lines) == 0 || lines[0].Reason != "edited_meanwhile|phone") {
				t.Errorf("%s: %v", c.when, lines)
			}
			b.must(b.undo(i.ID))
		}
	})
}
