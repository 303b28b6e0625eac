package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
	"loa/store/storetest"
)

// bringing is one office and an importer as the jobs use it.
type bringing struct {
	t   *testing.T
	db  *store.DB
	f   *storetest.Fixture
	im  *importer
	now time.Time
}

func newBringing(t *testing.T, db *store.DB) *bringing {
	b := &bringing{t: t, db: db, f: storetest.Office(t, db)}
	b.now = b.f.By.At
	b.im = &importer{db: db, sealer: auth.NewSealer(bytes.Repeat([]byte{3}, 32)), now: func() time.Time { return b.now }}
	return b
}

func (b *bringing) by() loa.By { return loa.By{Officer: b.f.By.Officer, At: b.now} }

func (b *bringing) preview(kind string, raw []byte) loa.Import {
	b.t.Helper()
	id := started(b.t, b.im, b.f.Office, kind, "tệp.csv", raw)
	b.must(b.im.preview(context.Background(), string(id)))
	return b.load(id)
}

func (b *bringing) load(id loa.ImportID) loa.Import {
	b.t.Helper()
	i, err := b.db.ImportByID(context.Background(), id)
	b.must(err)
	return i
}

func (b *bringing) apply(id loa.ImportID) {
	b.t.Helper()
	stale, err := b.db.ApplyImport(context.Background(), b.f.Whole, b.by(), id)
	b.must(err)
	if stale {
		b.t.Fatal("the preview is stale")
	}
	b.must(b.im.apply(context.Background(), string(id)))
}

func (b *bringing) undo(id loa.ImportID) error {
	err := b.db.UndoImport(context.Background(), b.f.Whole, b.by(), id)
	if err == nil {
		b.must(b.im.refresh(context.Background(), string(id)))
	}
	return err
}

func (b *bringing) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bringing) named() map[string]loa.PersonID {
	b.t.Helper()
	list, err := b.db.People(context.Background(), b.f.Whole, nil, store.PersonKey{}, 5000)
	b.must(err)
	out := map[string]loa.PersonID{}
	for _, l := range list {
		out[l.Name] = l.ID
	}
	return out
}

func (b *bringing) refused(err error, code string) {
	b.t.Helper()
	var refusal *loa.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		b.t.Fatalf("%v, want %s", err, code)
	}
}

// TestUndoKeepsWhoWasWorkedWithSince takes an import back after one of its people left a trace: that family stays, the others go.
func TestUndoKeepsWhoWasWorkedWithSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		ctx := context.Background()
		before := len(b.named())
		i := b.preview("people", many(t, b.f, db, 40))
		b.apply(i.ID)
		who := b.named()["Mùa A Số5"]
		p, err := db.Person(ctx, b.f.Whole, who)
		b.must(err)
		p.Note = "đã gặp ở chợ"
		if _, _, err := db.SavePerson(ctx, b.f.Whole, b.by(), p, p.ChangeNo); err != nil {
			t.Fatal(err)
		}
		b.must(b.undo(i.ID))
		got := b.named()
		for _, name := range []string{"Mùa A Số4", "Mùa A Số5", "Mùa A Số6", "Mùa A Số7"} { // the household of the list
			if got[name] == "" {
				t.Errorf("%s is gone with the import", name)
			}
		}
		if len(got) != before+4 || b.load(i.ID).Kept != 4 {
			t.Errorf("%d people before, %d after, %d kept", before, len(got), b.load(i.ID).Kept)
		}
		if wrong, err := db.CheckStanding(ctx, b.f.Office.ID); err != nil || wrong != 0 {
			t.Errorf("%d lines of standing are wrong: %v", wrong, err)
		}
		if i = b.preview("people", many(t, b.f, db, 40)); i.New != 36 || i.Same != 4 {
			t.Errorf("the same file after that: %+v", i)
		}
	})
}

// TestUndoKeepsLaterEditsOfKnownPeople: what an import changed goes back, what an officer changed since stays.
func TestUndoKeepsLaterEditsOfKnownPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		ctx := context.Background()
		was, err := db.Person(ctx, b.f.Whole, b.f.People[0].ID)
		b.must(err)
		areas, err := db.Areas(ctx, b.f.Whole)
		b.must(err)
		village := areas[slices.IndexFunc(areas, func(a loa.Area) bool { return a.ID == was.Area })].Name
		i := b.preview("people", []byte(fmt.Sprintf("Họ tên,Bản,Điện thoại,Tiếng nói\n%s,%s,0987000111,Dao\n", was.Name, village)))
		if i.Changed != 1 {
			t.Fatalf("%+v", i)
		}
		b.apply(i.ID)
		now, err := db.Person(ctx, b.f.Whole, was.ID)
		b.must(err)
		if now.Phone != "+84987000111" || now.Language != "dao" {
			t.Fatalf("applied: %+v", now)
		}
		now.Phone = "+84987000222"
		if _, _, err := db.SavePerson(ctx, b.f.Whole, b.by(), now, now.ChangeNo); err != nil {
			t.Fatal(err)
		}
		b.must(b.undo(i.ID))
		now, err = db.Person(ctx, b.f.Whole, was.ID)
		b.must(err)
		if now.Phone != "+84987000222" || now.Language != was.Language {
			t.Errorf("after undo %q %q, want the officer's telephone and the language %q of before", now.Phone, now.Language, was.Language)
		}
	})
}

func TestUndoHasItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		i := b.preview("people", many(t, b.f, db, 8))
		b.apply(i.ID)
		b.now = b.now.AddDate(0, 0, loa.UndoDays).Add(time.Minute)
		b.refused(b.undo(i.ID), "import_too_old")
		b.now = b.now.Add(-2 * time.Minute)
		b.must(b.undo(i.ID))
		b.refused(b.undo(i.ID), "import_state")
	})
}

// TestOneListAfterTheOther: a preview made before another list was applied is made again, so nobody is brought in twice.
func TestOneListAfterTheOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		ctx := context.Background()
		raw := many(t, b.f, db, 20)
		first, second, third := b.preview("people", raw), b.preview("people", raw), b.preview("people", raw)
		if _, err := db.ApplyImport(ctx, b.f.Whole, b.by(), first.ID); err != nil {
			t.Fatal(err)
		}
		_, err := db.ApplyImport(ctx, b.f.Whole, b.by(), second.ID)
		b.refused(err, "import_busy")
		b.must(b.im.apply(ctx, string(first.ID)))
		stale, err := db.ApplyImport(ctx, b.f.Whole, b.by(), third.ID)
		if err != nil || !stale {
			t.Fatalf("a preview from before: stale %v, %v", stale, err)
		}
		b.must(b.im.preview(ctx, string(third.ID)))
		if i := b.load(third.ID); i.New != 0 || i.Same != 20 || i.State != loa.ImportPreviewed {
			t.Errorf("compared again: %+v", i)
		}
	})
}

// TestImportCommandKeepsItsContract: the keys scripts read, and the exit codes.
func TestImportCommandKeepsItsContract(t *testing.T) {
	dir, f := folder(t)
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	flags := []string{"--data", dir, "--format", "json", "--today", string(f.By.Day())}
	keys := func(args ...string) map[string]any {
		t.Helper()
		var got map[string]any
		loaRun(t, 0, &got, append(append([]string{"import"}, args...), flags...)...)
		if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, []string{"changed", "conflict", "error", "id", "new", "same"}) {
			t.Fatalf("%v: keys %v", args, names)
		}
		return got
	}
	figures := write("tháng.csv", "Xã,Chế độ,Tháng,Số người\n,BHXH tự nguyện,10/2025,1200\n")
	plan := write("kế hoạch.csv", "Xã,Chế độ,Năm,Chỉ tiêu\n,BHXH tự nguyện,2026,1500\n")
	for kind, file := range map[string]string{"participation": figures, "targets": plan} {
		if got := keys(kind, file); got["new"] != 1.0 {
			t.Errorf("%s: %v", kind, got)
		}
		first := keys(kind, file, "--apply")
		if got := keys(kind, file, "--apply"); got["same"] != 1.0 || got["new"] != 0.0 || got["changed"] != 0.0 {
			t.Errorf("%s again: %v", kind, got)
		}
		keys(kind, "--undo", first["id"].(string))
		if got := keys(kind, file, "--preview"); got["new"] != 1.0 {
			t.Errorf("%s after it was taken back: %v", kind, got)
		}
	}
	for name, text := range map[string]string{"công thức.csv": "Họ tên,Bản\n=cmd|' /C calc'!A0,x\n", "không đầu đề.csv": "a,b\n1,2\n", "trống.csv": ""} {
		out := loaRun(t, 2, nil, append([]string{"import", "people", write(name, text)}, flags...)...)
		var answer struct {
			Error struct{ Code string }
		}
		if json.NewDecoder(bytes.NewReader([]byte(out))).Decode(&answer); answer.Error.Code == "" {
			t.Errorf("%s: %s", name, out)
		}
	}
	loaRun(t, 2, nil, append([]string{"import", "people", "--undo", "nothing"}, flags...)...)
}
