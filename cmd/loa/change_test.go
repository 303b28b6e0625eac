package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa/store"
	"loa/web/webtest"
)

// serveDemo runs the whole program over a folder with the demo in it, jobs and all, and signs its director in with a click.
func serveDemo(t *testing.T, dir string) *webtest.Client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(env{ctx: ctx, out: in, err: io.Discard, start: time.Now(), getenv: os.Getenv}, []string{"demo", "--data", dir, "--listen", "127.0.0.1:0"})
		in.Close()
		ended <- code
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != exitOK {
			t.Errorf("loa demo ended with %d", code)
		}
	})
	lines := bufio.NewScanner(out)
	address := ""
	for address == "" && lines.Scan() {
		address = regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // what else it says
	if address == "" {
		t.Fatal("the demo did not say where it answers")
	}
	c := (&webtest.Site{URL: address}).Anonymous(t)
	token := regexp.MustCompile(`name="who" value="([0-9a-f]{20})"`).FindStringSubmatch(c.Get("/login").Body)
	if token == nil {
		t.Fatal("nobody may sign in with a click")
	}
	if a := c.Post("/login/demo", "who", token[1]); a.Status != http.StatusSeeOther || !c.Get("/").Has("Lò Thị Hương") {
		t.Fatalf("the director does not come in: %d", a.Status)
	}
	return c
}

// upload sends a file with a form, as a browser does.
func upload(t *testing.T, c *webtest.Client, address, path, kind, name, content string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	place := regexp.MustCompile(`(?s)name="place".*?<option value="([^"]+)"`).FindStringSubmatch(c.Get(path).Body)
	if place == nil {
		t.Fatalf("%s offers no place", path)
	}
	if err := errors.Join(form.WriteField("kind", kind), form.WriteField("place", place[1])); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(part, content)
	form.Close()
	r, err := http.NewRequest(http.MethodPost, address+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "loa", Value: c.Cookie("loa")})
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		raw, _ := io.ReadAll(res.Body)
		t.Fatalf("%s: %d %.300s", path, res.StatusCode, plain(string(raw)))
	}
	return res.Header.Get("Location")
}

// must posts a form and expects to be sent on.
func must(t *testing.T, c *webtest.Client, path string, pairs ...string) string {
	t.Helper()
	a := c.Post(path, pairs...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%s %v: %d %.400s", path, pairs, a.Status, plain(a.Body))
	}
	return a.Location
}

// figuresOf is the JSON report of a period, as the page hands it out.
func figuresOf(t *testing.T, c *webtest.Client, from, to string) (out map[string]any) {
	t.Helper()
	a := c.Get("/reports/export?format=json&from=" + from + "&to=" + to)
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil {
		t.Fatalf("%d %v", a.Status, err)
	}
	return out
}

// held are the sessions of a form held in 2025 with their heads, as the list shows them.
func held(t *testing.T, c *webtest.Client, form string) (ids []string, heads []int) {
	t.Helper()
	page := c.Get("/sessions?when=days&from=2025-01-01&to=2025-11-30&state=held&form=" + form)
	for _, m := range regexp.MustCompile(`(?s)href="/sessions/([0-9a-f-]{36})".*?data-label[^>]*>.*?data-label[^>]*><b>([0-9.]+)</b>`).FindAllStringSubmatch(page.Body, -1) {
		ids, heads = append(ids, m[1]), append(heads, number(m[2]))
	}
	if len(ids) < 2 {
		t.Fatalf("the list shows %d %ss: %d", len(ids), form, page.Status)
	}
	return ids, heads
}

// TestChangingTheDemoChangesEveryFigure cancels one conference, raises one head count by 3, adds one enrolment on 15/11/2025 and
// imports a corrected month, all through the pages of the running program, and finds it on page, spreadsheet and JSON alike.
func TestChangingTheDemoChangesEveryFigure(t *testing.T) {
	dir := copyOf(t, demoFolder(t))
	person := stranger(t, dir)
	c := serveDemo(t, dir)
	address := c.URL()

	conferences, heads := held(t, c, "conference")
	must(t, c, "/sessions/"+conferences[0]+"/state", "to", "cancelled", "why", "Ghi nhầm: hội nghị không tổ chức được")
	raiseHeads(t, c, conferences[1])

	must(t, c, "/people/"+person+"/lead", "scheme", "voluntary_si", "on", "15/11/2025")
	lead := regexp.MustCompile(`/enrolment/([0-9a-f-]{36})`).FindStringSubmatch(c.Get("/people/" + person).Body)
	if lead == nil {
		t.Fatal("the person's page does not lead to what was begun")
	}
	must(t, c, "/enrolment/"+lead[1]+"/pay", "paid_on", "15/11/2025", "method", "quarterly", "from", "15/11/2025", "until", "14/02/2026", "amount", "693.000", "state_amount", "297.000", "income", "1.500.000")

	rep := figuresOf(t, c, "2025-01", "2025-11")
	if got := jsonAt(t, rep, "participation.voluntary_si.difference"); got != -1 {
		t.Errorf("before the official list is corrected the register is %v off, want -1", got)
	}
	importMonth(t, c, address)

	rep = figuresOf(t, c, "2025-01", "2025-11")
	for key, want := range map[string]float64{"sessions.conference.count": 80, "sessions.small_group.count": 139, "attendances.count": float64(4785 - heads[0] + 3), "joined.voluntary_si.count": 739,
		"participation.voluntary_si.count": 1256, "participation.voluntary_si.register": 1256, "participation.voluntary_si.difference": 0, "participation.voluntary_si.change_on_last_year": 88,
		"participation.voluntary_si.percent_of_target": 95.2, "participation.hi.count": 73700} {
		if got := jsonAt(t, rep, key); got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	sums(t, rep)
	if got := jsonAt(t, figuresOf(t, c, "2025-11", "2025-11"), "joined.voluntary_si.count"); got != 54 {
		t.Errorf("%v joined in November, want 54", got)
	}
	texts := []string{"80", "739", "1.256", "+88", "95,2 %", thousands(4785 - heads[0] + 3)}
	for _, path := range []string{"/coverage", "/reports?from=2025-01&to=2025-11", "/reports/print?from=2025-01&to=2025-11"} {
		page := plain(c.Get(path).Body)
		for _, want := range texts {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not show %s", path, want)
			}
		}
	}
	file := t.TempDir() + "/report.xlsx"
	if err := os.WriteFile(file, []byte(c.Get("/reports/export?format=xlsx&from=2025-01&to=2025-11").Body), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"80", "739", "1256", fmt.Sprint(4785 - heads[0] + 3)} {
		if !strings.Contains(" "+strings.Join(workbook(t, file), " ")+" ", " "+want+" ") {
			t.Errorf("the spreadsheet does not hold %s", want)
		}
	}
	if list, _ := held(t, c, "conference"); strings.Contains(strings.Join(list, " "), conferences[0]) {
		t.Error("the cancelled conference is still among those held")
	}
}

func thousands(n int) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }

// raiseHeads corrects the count of a session by three, with a reason.
func raiseHeads(t *testing.T, c *webtest.Client, session string) {
	t.Helper()
	page := html.UnescapeString(c.Get("/sessions/" + session + "?tab=after").Body)
	m := regexp.MustCompile(`name="was_([a-z]*-[a-z0-9_]*)" value="([0-9]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the session's page offers no count to correct")
	}
	must(t, c, "/sessions/"+session+"/heads", "was_"+m[1], m[2], "now_"+m[1], fmt.Sprint(number(m[2])+3), "head_why", "Đếm lại theo danh sách ký")
}

// importMonth brings in the official list of November with one participant more, and waits until it is applied.
func importMonth(t *testing.T, c *webtest.Client, address string) {
	t.Helper()
	run := upload(t, c, address, "/imports", "participation", "thang-11.csv", "DANH SÁCH THÁNG 11/2025\nXã,Tháng,BHXH tự nguyện\nTủa Chùa,11/2025,403\n")
	wait := func(path, text string) {
		for range 200 {
			if a := c.Get(run); a.Has(text) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s never offers %s: %.600s", run, text, plain(c.Get(run).Body))
	}
	wait(run, run+"/apply")
	must(t, c, run+"/apply")
	wait(run, run+"/undo")
}

// stranger is an adult of Tủa Chùa who was never in any scheme of a worker or a voluntary participant.
func stranger(t *testing.T, dir string) (id string) {
	t.Helper()
	db, err := store.Open(context.Background(), dir+"/loa.db", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Writer().QueryRow(`SELECT p.id FROM person p JOIN area_parent v ON v.area_id = p.area_id AND v.to_on = '9999-12-31' JOIN area c ON c.id = v.parent_id
		WHERE c.name = 'Tủa Chùa' AND c.kind = 'commune' AND p.born_year BETWEEN 1975 AND 1995 AND NOT EXISTS (SELECT 1 FROM spell s WHERE s.person_id = p.id AND s.scheme IN ('voluntary_si', 'compulsory_si'))
		AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.person_id = p.id) ORDER BY p.id LIMIT 1`).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
