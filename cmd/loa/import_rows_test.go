package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
	"loa/store/storetest"
	"loa/web/webtest"
)

// TestTheRowsInErrorComeBackAsText: a text file comes back as a text file with the reasons beside its own columns, harmless in a
// spreadsheet, and can be mended and brought in again.
func TestTheRowsInErrorComeBackAsText(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	im := &importer{db: site.DB, sealer: auth.NewSealer(bytes.Repeat([]byte{7}, 32)), now: site.Now}
	bring := func(content string) string {
		t.Helper()
		at := upload(t, c, site.URL, "/imports", "people", "dân bản.csv", content)
		if err := im.preview(context.Background(), strings.TrimPrefix(at, "/imports/")); err != nil {
			t.Fatal(err)
		}
		return at
	}
	at := bring("Ghi chú;Họ và tên;Ngày sinh;Thôn bản\n-2 con;Vừ A Sai;31/02/1980;Bản Một mau\nx;Vừ A Đúng;01/02/1980;Bản Một mau\ny;Vừ A Lạc;1980;Bản Không Có\n")
	a := c.Get(at + "/errors")
	text := strings.TrimPrefix(a.Body, "\ufeff")
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
	if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), ".csv") || len(lines) != 3 {
		t.Fatalf("the rows in error answer %d %s: %s", a.Status, a.Header.Get("Content-Disposition"), plain(c.Get(at).Body))
	}
	if !strings.Contains(lines[0], "Họ và tên") || !strings.Contains(lines[1], "Vừ A Sai") || !strings.Contains(lines[1], "31/02/1980") || !strings.Contains(lines[2], "Bản Không Có") || strings.Contains(text, "Vừ A Đúng") {
		t.Errorf("the rows in error are %q", lines)
	}
	if regexp.MustCompile(`(?m)(^|[;,"\t])-2`).MatchString(text) {
		t.Errorf("a formula goes back out: %q", text)
	}
	mended := strings.Replace(strings.Replace(text, "31/02/1980", "28/02/1980", 1), "Bản Không Có", "Bản Một mau", 1)
	if again := c.Get(bring(mended)); !again.Has("Vừ A Sai", "Vừ A Lạc") || c.Get(bring(mended)+"/errors").Status != 404 {
		t.Error("the mended rows are not taken")
	}
}

// TestFilesOfImportsAreForgotten: a month after the last thing that happened to an import only its counts are left.
func TestFilesOfImportsAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBringing(t, db)
		ctx := context.Background()
		applied, waiting := b.preview("people", many(t, b.f, db, 6)), b.preview("people", many(t, b.f, db, 3))
		b.apply(applied.ID)
		made := b.now
		kept := func(id loa.ImportID) (rows int, file bool) {
			t.Helper()
			lines, err := db.ImportLines(ctx, id, "", 0, 100)
			b.must(err)
			_, err = db.ImportFile(ctx, id)
			return len(lines), err == nil
		}
		b.now = made.AddDate(0, 0, loa.UndoDays-1)
		b.must(db.ForgetFiles(ctx, b.by()))
		if rows, file := kept(applied.ID); rows != 6 || !file || !b.load(applied.ID).KeepsRows(b.now) {
			t.Errorf("forgotten while it can be undone: %d rows, file %v", rows, file)
		}
		b.must(b.undo(applied.ID)) // from now on it is kept for as long again
		b.now = made.AddDate(0, 0, loa.UndoDays)
		b.must(db.ForgetFiles(ctx, b.by()))
		if rows, file := kept(applied.ID); rows != 6 || !file {
			t.Errorf("forgotten a day after it was undone: %d rows, file %v", rows, file)
		}
		if rows, file := kept(waiting.ID); rows != 0 || file || b.load(waiting.ID).State != loa.ImportDiscarded {
			t.Errorf("a preview of a month ago still holds %d rows, file %v", rows, file)
		}
		b.now = made.AddDate(0, 0, 2*loa.UndoDays)
		b.must(db.ForgetFiles(ctx, b.by()))
		now := b.load(applied.ID)
		if rows, file := kept(applied.ID); rows != 0 || file || now.KeepsRows(b.now) || now.Total != 6 || now.State != loa.ImportUndone {
			t.Errorf("still kept: %d rows, file %v, %+v", rows, file, now)
		}
	})
}

// TestDailyCareBacksUpOnceADay: it is asked for every hour and makes one backup a day.
func TestDailyCareBacksUpOnceADay(t *testing.T) {
	db := storetest.SQLite(t)
	f := storetest.Office(t, db)
	now := f.By.At
	s := &site{cli: &cli{Data: t.TempDir()}, db: db}
	s.now = func() time.Time { return now }
	count := func() int {
		t.Helper()
		entries, err := os.ReadDir(filepath.Join(s.cli.Data, "backups"))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	for range 60 {
		if err := s.daily(context.Background()); err != nil {
			t.Fatal(err)
		}
		if days := (loa.By{At: now}).Day().Sub(f.By.Day()) + 1; count() != days {
			t.Fatalf("%d backups in %d days", count(), days)
		}
		now = now.Add(time.Hour)
	}
	now = now.AddDate(0, 0, keptBackups+5)
	if err := s.daily(context.Background()); err != nil || count() > keptBackups {
		t.Errorf("%d backups, %v", count(), err)
	}
}
