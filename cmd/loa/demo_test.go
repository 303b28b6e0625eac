package main

import (
	"bytes"
	"context"
	"html"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/auth"
	"loa/policy"
	"loa/reporting"
	"loa/sheet"
	"loa/store"
	"loa/web"
	"loa/web/webtest"
)

// built is the demo, made once for all tests of the package by the command itself.
var built struct {
	sync.Once
	dir, said string
	code      int
}

func TestMain(m *testing.M) {
	if address := os.Getenv("LOA_BENCH_FAN"); address != "" { // a process of its own, whose memory is nobody else's
		fanOutAlone(address)
		return
	}
	if os.Getenv("LOA_BENCH_GATEWAY") != "" {
		benchGateway()
		return
	}
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(filepath.Dir(built.dir))
	}
	os.Exit(code)
}

// demoFolder is a folder with the demo in it; who changes it asks for a copy.
func demoFolder(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		dir, err := os.MkdirTemp("", "loa-demo-test-")
		if err != nil {
			t.Fatal(err)
		}
		built.dir = dir + "/data"
		var out, errs bytes.Buffer
		built.code = run(env{ctx: context.Background(), out: &out, err: &errs, start: time.Now(), getenv: os.Getenv}, []string{"demo", "--build-only", "--data", built.dir})
		built.said = out.String() + errs.String()
	})
	if built.code != exitOK {
		t.Fatalf("loa demo --build-only: exit %d\n%s", built.code, built.said)
	}
	return built.dir
}

// demoSite serves the demo of a folder.
func demoSite(t *testing.T, dir string) *webtest.Site {
	t.Helper()
	p, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), dir+"/loa.db", store.Options{Grace: policy.Grace{Parameters: p}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	key, err := auth.LoadKey(dir + ".key")
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Over(t, db, func(o *web.Options) {
		o.Sealer, o.Channels = key, newAccounts(db, key, o.Now, slog.New(slog.DiscardHandler), "")
	})
}

// jsonAt is the number under a key of nested objects, such as joined.voluntary_si.count.
func jsonAt(t *testing.T, all map[string]any, key string) float64 {
	t.Helper()
	var at any = all
	for _, k := range strings.Split(key, ".") {
		m, ok := at.(map[string]any)
		if !ok || m[k] == nil {
			t.Fatalf("the report has no %s", key)
		}
		at = m[k]
	}
	n, ok := at.(float64)
	if !ok {
		t.Fatalf("%s is no number", key)
	}
	return n
}

// founding are the figures of the founding article and what follows from them, by the keys of the JSON report of January to November 2025.
var founding = map[string]float64{
	"sessions.conference.count": 81, "sessions.small_group.count": 139, "attendances.count": 4785,
	"joined.voluntary_si.count": 738, "returned.voluntary_si.count": 96, "lapsed.voluntary_si.count": 604, "left.voluntary_si.count": 143,
	"participation.compulsory_si.count": 3022, "participation.compulsory_si.target": 2925, "participation.compulsory_si.percent_of_target": 103.3, "participation.compulsory_si.change_on_last_year": 61,
	"participation.hi.count": 73700, "participation.hi.target": 73553, "participation.hi.percent_of_target": 100.2, "participation.hi.change_on_last_year": 812,
	"participation.voluntary_si.count": 1255, "participation.voluntary_si.change_on_last_year": 87, "participation.voluntary_si.target": 1320, "participation.voluntary_si.percent_of_target": 95.1,
	"participation.household_hi.count": 2468, "participation.unemployment.count": 2847,
	"participation.voluntary_si.register": 1255, "participation.compulsory_si.register": 3022, "participation.hi.register": 73700, "participation.household_hi.register": 2468, "participation.unemployment.register": 2847,
	"participation.voluntary_si.difference": 0, "participation.compulsory_si.difference": 0, "participation.hi.difference": 0, "participation.household_hi.difference": 0, "participation.unemployment.difference": 0,
}

func TestTheReportOfTheDemoHasTheFoundingFigures(t *testing.T) {
	dir := demoFolder(t)
	var year, month map[string]any
	loaRun(t, exitOK, &year, "report", "--from", "2025-01", "--to", "2025-11", "--format", "json", "--data", dir)
	for key, want := range founding {
		if got := jsonAt(t, year, key); got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	loaRun(t, exitOK, &month, "report", "--month", "2025-11", "--format", "json", "--data", dir)
	for key, want := range map[string]float64{"joined.voluntary_si.count": 53, "joined.household_hi.count": 4, "participation.voluntary_si.count": 1255} {
		if got := jsonAt(t, month, key); got != want {
			t.Errorf("November: %s is %v, want %v", key, got, want)
		}
	}
	sums(t, year)
	var before map[string]any
	for _, m := range []string{"2024-11", "2024-12"} {
		loaRun(t, exitOK, &before, "report", "--from", m, "--to", m, "--format", "json", "--data", dir)
		if got := jsonAt(t, before, "participation.voluntary_si.count"); got != 1168 {
			t.Errorf("voluntary SI stands at %v at the end of %s", got, m)
		}
	}
	var whole, quarter map[string]any
	loaRun(t, exitOK, &whole, "report", "--year", "2025", "--format", "json", "--data", dir)
	loaRun(t, exitOK, &quarter, "report", "--quarter", "2025-3", "--format", "json", "--data", dir)
	if whole["to"] != "2025-12" || quarter["from"] != "2025-07" || quarter["to"] != "2025-09" {
		t.Errorf("the year goes to %v, the quarter from %v to %v", whole["to"], quarter["from"], quarter["to"])
	}
}

// sums adds the communes and the months up.
func sums(t *testing.T, rep map[string]any) {
	t.Helper()
	for _, parts := range []string{"communes", "months"} {
		list, _ := rep[parts].([]any)
		if want := map[string]int{"communes": 6, "months": 11}[parts]; len(list) != want {
			t.Fatalf("%d %s, want %d", len(list), parts, want)
		}
		for key := range founding {
			if !strings.HasSuffix(key, ".count") || parts == "months" && strings.HasPrefix(key, "participation") {
				continue
			}
			sum := 0.0
			for _, part := range list {
				sum += jsonAt(t, part.(map[string]any), key)
			}
			if want := jsonAt(t, rep, key); sum != want {
				t.Errorf("%s: the %s add up to %v, the whole is %v", key, parts, sum, want)
			}
		}
	}
}

// TestAReportThatCannotBeIsRefused asks for periods that do not exist.
func TestAReportThatCannotBeIsRefused(t *testing.T) {
	dir, _ := folder(t)
	for _, args := range [][]string{{}, {"--from", "2025-01"}, {"--from", "2025-11", "--to", "2025-01"}, {"--from", "2025-13", "--to", "2025-13"}, {"--month", "11/2025"}, {"--quarter", "2025-5"},
		{"--year", "2025", "--month", "2025-01"}, {"--from", "1990-01", "--to", "2025-01"}, {"--month", "2025-11", "--format", "xlsx"}} {
		said := loaRun(t, exitUsage, nil, append([]string{"report", "--data", dir}, args...)...)
		if !strings.HasPrefix(said, "loa: ") || strings.Contains(said, "error.") {
			t.Errorf("%v: %s", args, said)
		}
	}
	if said := loaRun(t, exitUsage, nil, "report", "--month", "2025-11", "--data", dir+"-nowhere", "--lang", "en"); !strings.Contains(said, "There is no Loa data") {
		t.Error(said)
	}
	loaRun(t, exitUsage, nil, "version", "--format", "xlsx")
}

// TestPageSheetAndJSONShowTheSame compares the four forms of the same report, figure by figure.
func TestPageSheetAndJSONShowTheSame(t *testing.T) {
	dir := demoFolder(t)
	file := t.TempDir() + "/report.xlsx"
	loaRun(t, exitOK, nil, "report", "--from", "2025-01", "--to", "2025-11", "--format", "xlsx", "--out", file, "--data", dir, "--lang", "en")
	rep, err := reporting.Read([]byte(loaRun(t, exitOK, nil, "report", "--from", "2025-01", "--to", "2025-11", "--format", "json", "--data", dir)))
	if err != nil {
		t.Fatal(err)
	}
	cells := workbook(t, file)
	for i, row := range rep.Rows() {
		if got := cells[i]; got != strconv.FormatInt(row.N(), 10) {
			t.Errorf("%s is %s in the spreadsheet, %d in JSON", row.Name(), got, row.N())
		}
	}
	c := demoSite(t, dir).As(t, "lo.thi.huong")
	report := plain(c.Get("/reports?from=2025-01&to=2025-11").Body)
	print := plain(c.Get("/reports/print?from=2025-01&to=2025-11").Body)
	for _, want := range []string{"1.255", "73.700", "73.553", "3.022", "2.925", "2.468", "2.847", "103,3 %", "100,2 %", "95,1 %", "+87", "738", "4.785", "81", "139"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report page does not show %s", want)
		}
		if !strings.Contains(print, want) {
			t.Errorf("the printed report does not show %s", want)
		}
	}
	for scheme, wants := range map[string][]string{"voluntary_si": {"1.255", "1.320", "95,1 %", "+87", "738", "1.168", "4.785", "81", "139", "53", "Sổ khớp"}, "hi": {"73.700", "73.553", "100,2 %"},
		"compulsory_si": {"3.022", "2.925", "103,3 %"}, "household_hi": {"2.468", "+112"}, "unemployment": {"2.847"}} {
		page := plain(c.Get("/coverage?scheme=" + scheme).Body)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("the coverage page of %s does not show %s", scheme, want)
			}
		}
	}
	if page := c.Get("/reports?from=2025-11&to=2025-11"); !page.Has(">53<") || !page.Has(">4<") {
		t.Error("the report of November does not show 53 and 4")
	}
}

// workbook is the counts of the first sheet of a report, in order.
func workbook(t *testing.T, file string) (out []string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	book, err := sheet.Open("report.xlsx", bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	head := false
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		if head {
			out = append(out, row.Text(2))
		}
		head = head || row.Text(1) != "" && row.Text(2) != "" && len(row.Cells) >= 8
	}
	return out
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<style.*?</style>|<[^>]*>`)

// plain is the text of a page.
func plain(body string) string {
	text := html.UnescapeString(tags.ReplaceAllString(body, " "))
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), " ")
}

// TestTodayOfTheDemo looks at the lists a director begins her day with.
func TestTodayOfTheDemo(t *testing.T) {
	c := demoSite(t, demoFolder(t)).As(t, "lo.thi.huong")
	page := plain(c.Get("/").Body)
	for _, want := range []string{"Dữ liệu mô phỏng", "30/11/2025", "53 mới, 2 quay lại, 21 rời đi", "25 ngày", "20 ngày", "16 ngày", "15 ngày", "12 ngày", "9 ngày"} {
		if !strings.Contains(page, want) {
			t.Errorf("Today does not show %q", want)
		}
	}
	if got := strings.Count(page, " 9 ngày"); got != 2 {
		t.Errorf("%d cells are nine days late, want 2", got)
	}
	for who, want := range map[string]string{"Nguyễn Thu Hà": "6 14 19 153", "Giàng A Sình": "4 9 11 113", "Quàng Văn Hải": "3 8 12 100", "Lường Thị Ánh": "2 6 9 72", "Mùa A Tồng": "1 5 13 70", "Tất cả": "16 42 64 508"} {
		if !strings.Contains(page, who+" "+want) {
			t.Errorf("the renewals of %s are not %s", who, want)
		}
	}
}

// TestFoundingNumbersAreCountedNotTyped looks for the article's figures where they must not be: anywhere but generator and tests.
func TestFoundingNumbersAreCountedNotTyped(t *testing.T) {
	figure := regexp.MustCompile(`\b(4[.,]?785|73[.,]?700|73[.,]?553|3[.,]?022|2[.,]?925|1[.,]?255|1[.,]?168)\b|\b738\b`)
	looked := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(path)
		if d.IsDir() {
			if n := d.Name(); n == ".git" || n == "testdata" || n == "node_modules" || n == "demo" || n == "docs" || n == "vendor" || n == "gazetteer" || n == "lunar" || n == "tools" || n == "scripts" {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "policy/parameters.json") || strings.Contains(name, "web/static/") && !strings.HasSuffix(name, "app.js") {
			return nil
		}
		switch filepath.Ext(name) {
		case ".go", ".html", ".sql", ".js", ".json":
		default:
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		for no, line := range strings.Split(string(raw), "\n") {
			if m := figure.FindString(line); m != "" {
				t.Errorf("%s:%d holds the founding figure %s", name, no+1, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if looked < 200 {
		t.Fatalf("only %d files were looked at", looked)
	}
}

// TestDemoTokensOpenOnlyADemo signs in with a click, and not once the office is no longer marked as made up.
func TestDemoTokensOpenOnlyADemo(t *testing.T) {
	dir := copyOf(t, demoFolder(t))
	site := demoSite(t, dir)
	page := site.Anonymous(t).Get("/login")
	tokens := regexp.MustCompile(`name="who" value="([0-9a-f]{20})"`).FindAllStringSubmatch(page.Body, -1)
	if len(tokens) != 11 {
		t.Fatalf("%d people may sign in with a click, want 11", len(tokens))
	}
	for _, want := range []string{"Lò Thị Hương", "Giám đốc", "Cà Thị Thoa", "Đỗ Minh Trang"} {
		if !page.Has(want) {
			t.Errorf("the sign-in page does not offer %s", want)
		}
	}
	for _, token := range tokens {
		if a := site.Anonymous(t).Post("/login/demo", "who", token[1]); a.Status != 303 {
			t.Errorf("token %s: %d", token[1], a.Status)
		}
	}
	if _, err := site.DB.Writer().Exec(`UPDATE office SET synthetic = $1`, false); err != nil {
		t.Fatal(err)
	}
	if a := site.Anonymous(t).Post("/login/demo", "who", tokens[0][1]); a.Status != 404 {
		t.Errorf("a demo's token opens a real office: %d", a.Status)
	}
}

// copyOf is a folder with the same data, to be changed.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir() + "/data"
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	for from, name := range map[string]string{dir + "/loa.db": to + "/loa.db", dir + ".key": to + ".key"} {
		raw, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// TestTheDemoLeavesARealOfficeAlone points the demo at the data of an office that nobody made up.
func TestTheDemoLeavesARealOfficeAlone(t *testing.T) {
	dir, _ := folder(t)
	if said := loaRun(t, exitUsage, nil, "demo", "--build-only", "--data", dir, "--lang", "en"); !strings.Contains(said, "not a demo") {
		t.Error(said)
	}
}
