package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/sheet"
	"loa/store"
)

// manyPeople makes a list of people of an office the way Excel saves one: every text once in a shared table, days as serials,
// families of four with a number, cards, two ID numbers.
func manyPeople(t testing.TB, db *store.DB, office loa.Office, people int) []byte {
	t.Helper()
	ctx := context.Background()
	im := &importer{db: db, now: func() time.Time { return time.Date(2025, 11, 30, 8, 0, 0, 0, loa.Zone) }}
	scope, err := im.scope(ctx, loa.Import{Office: office.ID, Area: office.Anchor})
	if err != nil {
		t.Fatal(err)
	}
	areas, err := db.Areas(ctx, scope)
	if err != nil {
		t.Fatal(err)
	}
	var places [][2]string // village, commune
	commune := ""
	for _, a := range areas {
		switch {
		case a.Kind == loa.Commune:
			commune = a.Name
		case a.Kind == loa.Village && commune != "":
			places = append(places, [2]string{a.Name, commune})
		case a.Kind == loa.OfficeNode:
			commune = ""
		}
	}
	if len(places) == 0 {
		t.Fatal("the office has no villages")
	}
	b := &bookMaker{index: map[string]int{}}
	b.row("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số CCCD", "Mã số BHXH", "Điện thoại", "Thôn bản", "Xã", "Mã hộ", "Quan hệ với chủ hộ", "Diện hộ", "Nghề nghiệp", "Thẻ BHYT đến ngày", "Mã đối tượng")
	given := strings.Fields("Dế Mỷ Sùng Chứ Pó Dợ Giàng Lử Páo Chống Súa Mái Vừ Thào Nhè Tủa Hồ Sìn Lầu Phình")
	families := []string{"Vừ A", "Giàng Thị", "Sùng A", "Lò Văn", "Quàng Thị", "Mùa A", "Cà Văn", "Hạng Thị", "Thào A", "Lường Văn"}
	for i := range people {
		home := i / 4
		place := places[home%len(places)]
		b.row(i+1, families[i%10]+" "+given[i/10%20]+" "+given[i/200%20], 20000+i*7%24000, []string{"Nam", "Nữ"}[i%2], []string{"Mông", "Thái", "Kinh", "Xạ Phang"}[home%4],
			fmt.Sprintf("0110%08d", 10_000_000+i), fmt.Sprintf("11%08d", 10_000_000+i), fmt.Sprintf("09%08d", 10_000_000+home), place[0], place[1], fmt.Sprintf("BM%06d", home),
			[]string{"Chủ hộ", "Vợ", "Con", "Con"}[i%4], []string{"Nghèo", "Cận nghèo", "Không"}[home%3], []string{"Nông dân", "Tiểu thương", "Lao động tự do"}[home%3], 46022, []string{"DT", "HN", "GD"}[home%3])
	}
	return b.pack(t)
}

// bookMaker writes a workbook with shared texts.
type bookMaker struct {
	shared, data strings.Builder
	index        map[string]int
	rows         int
}

func (b *bookMaker) row(cells ...any) {
	b.rows++
	fmt.Fprintf(&b.data, `<row r="%d">`, b.rows)
	for n, c := range cells {
		at := sheet.ColumnName(n + 1)
		switch c := c.(type) {
		case int:
			style := 0
			if c > 10_000 && n > 0 { // a day
				style = 1
			}
			fmt.Fprintf(&b.data, `<c r="%s%d" s="%d"><v>%d</v></c>`, at, b.rows, style, c)
		case string:
			k, ok := b.index[c]
			if !ok {
				k = len(b.index)
				b.index[c] = k
				fmt.Fprintf(&b.shared, "<si><t>%s</t></si>", c)
			}
			fmt.Fprintf(&b.data, `<c r="%s%d" t="s"><v>%d</v></c>`, at, b.rows, k)
		}
	}
	b.data.WriteString("</row>")
}

func (b *bookMaker) pack(t testing.TB) []byte {
	t.Helper()
	const main, rel = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + rel + `"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + rel + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + rel + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet xmlns="` + main + `"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst xmlns="` + main + `" uniqueCount="` + fmt.Sprint(len(b.index)) + `">` + b.shared.String() + `</sst>`},
		{"xl/worksheets/sheet1.xml", `<worksheet xmlns="` + main + `"><sheetData>` + b.data.String() + `</sheetData></worksheet>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// demoFolder is the demo office of 76,000 people in a folder of its own.
func benchFolder(t testing.TB) *cli {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	var out, errs bytes.Buffer
	if code := run(env{ctx: context.Background(), out: &out, err: &errs, start: time.Now(), getenv: os.Getenv}, []string{"demo", "--data", dir, "--build-only"}); code != 0 {
		t.Fatalf("build the demo: %d %s", code, errs.String())
	}
	c := &cli{}
	c.Data, c.Key = dir, dir+".key"
	return c
}

func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// started is a file taken in and ready to be previewed.
func started(t testing.TB, im *importer, office loa.Office, kind, name string, raw []byte) loa.ImportID {
	t.Helper()
	i, err := newImport(office, kind, name, raw)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := im.sealer.Seal(auth.Place{Office: string(i.Office), Column: "import_file.bytes", Record: string(i.ID)}, string(raw))
	if err != nil {
		t.Fatal(err)
	}
	scope, err := im.scope(context.Background(), i)
	if err != nil {
		t.Fatal(err)
	}
	if err := im.db.StartImport(context.Background(), scope, loa.By{Officer: "bench", At: im.now()}, i, sealed); err != nil {
		t.Fatal(err)
	}
	return i.ID
}

// BenchmarkImport80k previews and applies 80,000 people beside the 76,000 of the demo, and reports both and the longest write.
func BenchmarkImport80k(b *testing.B) {
	ctx := context.Background()
	for b.Loop() {
		c := benchFolder(b)
		e := env{ctx: ctx}
		db, err := c.openExisting(e, store.Options{Long: true})
		if err != nil {
			b.Fatal(err)
		}
		var longest atomic.Int64
		db.OnWrite(func(d time.Duration) {
			if n := int64(d); n > longest.Load() {
				longest.Store(n)
			}
		})
		office, err := c.office(e, db)
		if err != nil {
			b.Fatal(err)
		}
		sealer, err := c.sealerFor(e, db)
		if err != nil {
			b.Fatal(err)
		}
		im := &importer{db: db, sealer: sealer, now: clock(office.AsOf)}
		raw := manyPeople(b, db, office, 80_000)
		id := started(b, im, office, "people", "dân cư.xlsx", raw)
		measure := func(what string, do func() error) {
			wall, used := time.Now(), cpu()
			if err := do(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(wall).Seconds(), what+"-s")
			b.ReportMetric((cpu() - used).Seconds(), what+"-cpu-s")
		}
		measure("preview", func() error { return im.preview(ctx, string(id)) })
		scope, err := im.scope(ctx, loa.Import{Office: office.ID, Area: office.Anchor})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := db.ApplyImport(ctx, scope, loa.By{Officer: "bench", At: im.now()}, id); err != nil {
			b.Fatal(err)
		}
		measure("apply", func() error { return im.apply(ctx, string(id)) })
		i, err := db.ImportByID(ctx, id)
		if err != nil || i.State != loa.ImportApplied || i.New < 79_000 {
			b.Fatalf("%+v %v", i, err)
		}
		b.ReportMetric(float64(i.New), "new")
		b.ReportMetric(float64(longest.Load())/1e6, "longest-write-ms")
		db.Close()
	}
}

// BenchmarkImportBesidePages applies 80,000 people while an officer saves attendances and opens people, and reports what the
// officer waits for.
func BenchmarkImportBesidePages(b *testing.B) {
	ctx := context.Background()
	for b.Loop() {
		c := benchFolder(b)
		e := env{ctx: ctx}
		db, err := c.openExisting(e, store.Options{Long: true})
		if err != nil {
			b.Fatal(err)
		}
		office, err := c.office(e, db)
		if err != nil {
			b.Fatal(err)
		}
		sealer, err := c.sealerFor(e, db)
		if err != nil {
			b.Fatal(err)
		}
		im := &importer{db: db, sealer: sealer, now: clock(office.AsOf)}
		id := started(b, im, office, "people", "dân cư.xlsx", manyPeople(b, db, office, 80_000))
		if err := im.preview(ctx, string(id)); err != nil {
			b.Fatal(err)
		}
		scope, err := im.scope(ctx, loa.Import{Office: office.ID, Area: office.Anchor})
		if err != nil {
			b.Fatal(err)
		}
		people, err := db.People(ctx, scope, nil, store.PersonKey{}, 500)
		if err != nil {
			b.Fatal(err)
		}
		var session loa.SessionID
		if err := db.Writer().QueryRow(`SELECT id FROM session WHERE state = 'held' ORDER BY on_day DESC LIMIT 1`).Scan(&session); err != nil {
			b.Fatal(err)
		}
		by := loa.By{Officer: "bench", At: im.now()}
		if _, err := db.ApplyImport(ctx, scope, by, id); err != nil {
			b.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- im.apply(ctx, string(id)) }()
		var saved, opened []float64
		for n := 0; ; n++ {
			begun := time.Now()
			if err := db.CountHead(ctx, scope, by, session, loa.Attendance{Fact: loa.Fact{ID: loa.FactID(loa.NewID())}, N: 1, Sex: loa.Female, AgeBand: "adult"}); err != nil {
				b.Fatal(err)
			}
			saved = append(saved, time.Since(begun).Seconds()*1000)
			begun = time.Now()
			if _, err := db.Person(ctx, scope, people[n%len(people)].ID); err != nil {
				b.Fatal(err)
			}
			if _, _, _, err := db.Facts(ctx, scope, people[n%len(people)].ID); err != nil {
				b.Fatal(err)
			}
			opened = append(opened, time.Since(begun).Seconds()*1000)
			select {
			case err := <-done:
				if err != nil {
					b.Fatal(err)
				}
				slices.Sort(saved)
				slices.Sort(opened)
				b.ReportMetric(saved[len(saved)*95/100], "save-p95-ms")
				b.ReportMetric(opened[len(opened)*95/100], "open-p95-ms")
				b.ReportMetric(float64(len(saved)), "saves")
				db.Close()
			case <-time.After(50 * time.Millisecond):
				continue
			}
			break
		}
	}
}
