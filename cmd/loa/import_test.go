package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loa/auth"
	"loa/policy"
	"loa/sheet"
	"loa/store"
	"loa/store/storetest"
)

// a folder with the fixture's office in it, as the commands find it.
func folder(t *testing.T) (string, *storetest.Fixture) {
	t.Helper()
	dir := t.TempDir() + "/data"
	p, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), dir+"/loa.db", store.Options{Grace: policy.Grace{Parameters: p}})
	if err != nil {
		t.Fatal(err)
	}
	f := storetest.Office(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.NewKey(dir + ".key"); err != nil {
		t.Fatal(err)
	}
	return dir, f
}

// loaRun runs the whole program and reads what it printed as JSON.
func loaRun(t *testing.T, want int, into any, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(env{ctx: context.Background(), out: &out, err: &errs, start: time.Now(), getenv: os.Getenv}, args)
	if code != want {
		t.Fatalf("loa %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errs.String())
	}
	if into != nil {
		if err := json.Unmarshal(out.Bytes(), into); err != nil {
			t.Fatalf("%v in %s", err, out.String())
		}
	}
	return out.String() + errs.String()
}

func list(t *testing.T, f *storetest.Fixture, db *store.DB) string {
	t.Helper()
	areas, err := db.Areas(context.Background(), f.Whole)
	if err != nil {
		t.Fatal(err)
	}
	village, commune := "", ""
	for _, a := range areas {
		if a.ID == f.Villages[0] {
			village = a.Name
		}
		if a.ID == f.CommuneA {
			commune = a.Name
		}
	}
	rows := []string{"DANH SÁCH DÂN CƯ,,,,,,,,", ",,,,,,,,", "STT,Họ và tên,Ngày tháng năm sinh,Giới tính,Dân tộc,Thôn/bản,Xã,Mã hộ,Số CCCD,Đồng ý nhắn tin"}
	add := func(no int, name, born, sex, home, id, consent string) {
		rows = append(rows, fmt.Sprintf("%d,%s,%s,%s,Mông,%s,%s,%s,%s,%s", no, name, born, sex, village, commune, home, id, consent))
	}
	add(1, "Thào A Mới", "12/03/1990", "Nam", "H900", "000090000001", "có")
	add(2, "Sùng Thị Mới", "1992", "Nữ", "H900", "", "")
	add(3, f.People[0].Name, "", "", "", "", "")
	add(4, "Vàng A Sai", "31/02/1990", "Nam", "", "", "")
	add(5, "", "1990", "Nam", "", "", "")
	rows = append(rows, "6,Giàng A Lạc,1988,Nam,Mông,Bản Không Có,"+commune+",,,")
	rows = append(rows, "7,,,,,,,,,", "Tổng cộng: 6 người,,,,,,,,,")
	return strings.Join(rows, "\n") + "\n"
}

func TestImportPreviewApplyAgainAndUndo(t *testing.T) {
	dir, f := folder(t)
	db, err := store.Open(context.Background(), dir+"/loa.db", store.Options{Grace: storetest.Grace{}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "danh sách.csv")
	if err := os.WriteFile(file, []byte(list(t, f, db)), 0o600); err != nil {
		t.Fatal(err)
	}
	db.Close()
	today := []string{"--data", dir, "--format", "json", "--today", string(f.By.Day())}
	var c importCounts
	loaRun(t, 0, &c, append([]string{"import", "people", file, "--preview"}, today...)...)
	if c.New != 2 || c.Same+c.Changed != 1 || c.Error != 3 {
		t.Fatalf("preview %+v", c)
	}
	before := people(t, dir, f)
	loaRun(t, 0, &c, append([]string{"import", "people", file, "--apply"}, today...)...)
	if c.New != 2 {
		t.Fatalf("apply %+v", c)
	}
	applied := c.ID
	after := people(t, dir, f)
	if len(after) != len(before)+2 {
		t.Fatalf("%d people before, %d after", len(before), len(after))
	}
	loaRun(t, 0, &c, append([]string{"import", "people", file, "--apply"}, today...)...)
	if c.New != 0 || c.Changed != 0 {
		t.Errorf("the same file again: %+v", c)
	}
	var findings struct {
		Findings []finding `json:"findings"`
	}
	loaRun(t, 0, &findings, append([]string{"doctor"}, today...)...)
	loaRun(t, 0, &c, append([]string{"import", "people", "--undo", string(applied)}, today...)...)
	if c.ID != applied {
		t.Fatalf("undo %+v", c)
	}
	if got := people(t, dir, f); fmt.Sprint(got) != fmt.Sprint(before) {
		t.Errorf("after undo %v, before %v", got, before)
	}
}

// people are the names in the register, as a list shows them.
func people(t *testing.T, dir string, f *storetest.Fixture) []string {
	t.Helper()
	db, err := store.Open(context.Background(), dir+"/loa.db", store.Options{Grace: storetest.Grace{}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lines, err := db.People(context.Background(), f.Whole, nil, store.PersonKey{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprint(l.Name, l.BornYear, l.Sex, l.Household))
	}
	return out
}

// TestImportStoppedAnywhereLeavesAllOrNothing stops an apply after each batch and looks: nothing is seen until all is, and
// what was stopped goes on to the very same end.
func TestImportStoppedAnywhereLeavesAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		im := &importer{db: db, sealer: auth.NewSealer(bytes.Repeat([]byte{3}, 32)), now: func() time.Time { return f.By.At }}
		raw := many(t, f, db, 1000)
		i, err := newImport(f.Office, "people", "many.csv", raw)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := im.sealer.Seal(auth.Place{Office: string(i.Office), Column: "import_file.bytes", Record: string(i.ID)}, string(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := db.StartImport(ctx, f.Whole, f.By, i, sealed); err != nil {
			t.Fatal(err)
		}
		if err := im.preview(ctx, string(i.ID)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ApplyImport(ctx, f.Whole, f.By, i.ID); err != nil {
			t.Fatal(err)
		}
		stopped := 0
		for n := 1; n < 40; n++ {
			short, cancel := context.WithCancel(ctx)
			im.now = func() time.Time { return f.By.At }
			seen := 0
			db.OnStage(func() {
				if seen++; seen == 2 {
					cancel()
				}
			})
			err := im.apply(short, string(i.ID))
			cancel()
			db.OnStage(nil)
			list, lerr := db.People(ctx, f.Whole, nil, store.PersonKey{}, 5000)
			if lerr != nil {
				t.Fatal(lerr)
			}
			if err == nil {
				if len(list) != 1000+len(f.People) {
					t.Fatalf("applied, and %d people are seen", len(list))
				}
				break
			}
			stopped++
			if len(list) != len(f.People) && len(list) != 1000+len(f.People) {
				t.Fatalf("stopped, and %d people are seen: neither none nor all", len(list))
			}
		}
		if stopped == 0 {
			t.Fatal("it was never stopped")
		}
		if err := im.resume(ctx, ""); err != nil {
			t.Fatal(err)
		}
		if wrong, err := db.CheckStanding(ctx, f.Office.ID); err != nil || wrong != 0 {
			t.Errorf("%d lines of standing are wrong: %v", wrong, err)
		}
	})
}

func many(t *testing.T, f *storetest.Fixture, db *store.DB, n int) []byte {
	t.Helper()
	areas, err := db.Areas(context.Background(), f.Whole)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := sheet.NewCSV(&b)
	if err := out.Sheet(sheet.Layout{Heading: []string{"Họ và tên", "Năm sinh", "Thôn", "Xã", "Mã hộ", "Thẻ BHYT đến ngày", "Mã đối tượng"}}); err != nil {
		t.Fatal(err)
	}
	village, commune := "", ""
	for _, a := range areas {
		if a.ID == f.Villages[0] {
			village = a.Name
		}
		if a.ID == f.CommuneA {
			commune = a.Name
		}
	}
	for k := range n {
		row := []sheet.Value{sheet.Text(fmt.Sprintf("Mùa A Số%d", k)), sheet.Text(fmt.Sprint(1950 + k%60)), sheet.Text(village), sheet.Text(commune), sheet.Text(fmt.Sprint("N", k/4)), sheet.Text("31/12/2025"), sheet.Text("DT")}
		if err := out.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
