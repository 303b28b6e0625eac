package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/sheet"
	"loa/web/webtest"
)

// undoOf is the address with which the next page offers to take back what was just done.
func undoOf(t *testing.T, page webtest.Answer) string {
	t.Helper()
	m := regexp.MustCompile(`<form method="post" action="(/[^"]+)"><button class="btn small quiet">`).FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatalf("no undo is offered after %d", page.Status)
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

func homeOf(t *testing.T, site *webtest.Site, id loa.PersonID) loa.Person {
	t.Helper()
	p, err := site.DB.Person(context.Background(), scopeOfHome(site), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scopeOfHome sees everything: the tests look behind the pages with it.
func scopeOfHome(site *webtest.Site) loa.Scope {
	return loa.Scope{Office: site.Home.ID, Ranges: []loa.Range{{From: "", To: "\u007f"}}}
}

func TestMoveSplitMergeAndUndo(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	h1, h2, p1 := string(site.Home.Household), string(site.Home.Household2), string(site.Home.Person)
	page := c.Get("/households/" + h1)
	if !page.Has("/households/"+h1+"/move", "/households/"+h1+"/split", "/households/"+h1+"/merge") {
		t.Fatal("the household page offers no move, split and merge")
	}
	if pick := c.Get("/pick/household?q=thao"); !pick.Has(h2) || pick.Has(h1) {
		t.Errorf("the type-ahead answers %s", pick.Body)
	}
	for _, act := range []struct {
		name, path string
		form       []string
		changed    func(loa.Person) bool
	}{
		{"move", "/households/" + h1 + "/move", []string{"person", p1, "where", "household", "to", h2}, func(p loa.Person) bool { return string(p.Household) == h2 && p.Area == site.Home.Village2 }},
		{"move by typed name", "/households/" + h1 + "/move", []string{"person", p1, "where", "household", "to_text", "thao thi nhi"}, func(p loa.Person) bool { return string(p.Household) == h2 }},
		{"move to a village", "/people/" + p1 + "/move", []string{"where", "village", "village", string(site.Home.Village2)}, func(p loa.Person) bool { return p.Household == "" && p.Area == site.Home.Village2 }},
		{"merge", "/households/" + h1 + "/merge", []string{"other", h2}, func(p loa.Person) bool { return string(p.Household) == h2 }},
		{"split", "/households/" + h1 + "/split", []string{"person", p1, "head", p1}, func(p loa.Person) bool { return p.Household != "" && string(p.Household) != h1 && p.Relation == "head" }},
	} {
		if act.name == "split" { // somebody has to stay
			c.Post("/households/"+h2+"/move", "person", string(site.Home.Person2), "where", "household", "to", h1)
		}
		before := homeOf(t, site, site.Home.Person)
		a := c.Post(act.path, act.form...)
		if a.Status != http.StatusSeeOther || !act.changed(homeOf(t, site, site.Home.Person)) {
			t.Errorf("%s answers %d and leaves %+v", act.name, a.Status, homeOf(t, site, site.Home.Person).Household)
			continue
		}
		undo := undoOf(t, c.Get(a.Location))
		if list := c.Get("/acts"); !list.Has(undo) {
			t.Errorf("%s is not on the list of acts", act.name)
		}
		if a = site.As(t, "viewer").Post(undo); a.Status != http.StatusForbidden {
			t.Errorf("a viewer takes back %s: %d", act.name, a.Status)
		}
		if a = c.Post(undo); a.Status != http.StatusSeeOther {
			t.Errorf("undo of %s answers %d", act.name, a.Status)
		}
		after := homeOf(t, site, site.Home.Person)
		if after.Household != before.Household || after.Area != before.Area || after.Relation != before.Relation {
			t.Errorf("undo of %s leaves %s %s %s", act.name, after.Household, after.Area, after.Relation)
		}
		if a = c.Post(undo); a.Status != http.StatusSeeOther || !c.Get(a.Location).Has(`role="alert"`) {
			t.Errorf("undoing %s twice is not refused in words", act.name)
		}
	}
	for _, wrong := range [][]string{{"where", "household", "to", h2}, {"person", p1, "where", "household"}, {"person", p1, "where", "village", "village", string(site.Home.Commune1)}} {
		a := c.Post("/households/"+h1+"/move", wrong...)
		if !c.Get(a.Location).Has(`role="alert"`) {
			t.Errorf("%v is not refused", wrong)
		}
	}
	if a := site.As(t, "officer").Post("/households/"+h1+"/merge", "other", h2); a.Status != http.StatusNotFound {
		t.Errorf("merging into a household of the other commune answers %d", a.Status)
	}
	if site.As(t, "sibling").Get("/acts").Has("Sùng A Mẫu") {
		t.Error("the other commune's acts name people")
	}
}

func TestRegisterListsAndDuplicates(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	twin := loa.Person{Area: site.Home.Village1, Name: "Xùng A Mẫu mau", BornYear: 1987, Sex: loa.Male}
	twin, err := site.DB.AddPerson(context.Background(), scopeOfHome(site), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, twin)
	if err != nil {
		t.Fatal(err)
	}
	front := c.Get("/register")
	if front.Status != http.StatusOK || !front.Has("/register/no_si_number", "/register/no_household", "/register/duplicates") {
		t.Fatalf("the register page answers %d", front.Status)
	}
	if a := c.Get("/register/no_household"); !a.Has(twin.Name) {
		t.Error("somebody without a household is not on the list")
	}
	if a := c.Get("/register/nonsense"); a.Location != "/register" {
		t.Errorf("a list that does not exist answers %d %s", a.Status, a.Location)
	}
	page := c.Get("/register/duplicates")
	if !page.Has("Sùng A Mẫu mau", twin.Name, "tên đọc gần giống nhau") {
		t.Fatal("the pair is not shown")
	}
	if site.As(t, "sibling").Get("/register/duplicates").Has(twin.Name) {
		t.Error("the other commune's officer sees the pair")
	}
	a := c.Post("/register/duplicates/apart", "a", string(twin.ID), "b", string(site.Home.Person))
	next := c.Get(a.Location)
	if next.Has(twin.Name) {
		t.Error("a pair that is two people is still asked about")
	}
	c.Post(undoOf(t, next))
	if !c.Get("/register/duplicates").Has(twin.Name) {
		t.Error("taken back, but not asked about again")
	}
	a = c.Post("/register/duplicates/merge", "keep", string(site.Home.Person), "drop", string(twin.ID), "next", "/register/duplicates?all=1")
	if a.Location != "/register/duplicates?all=1" {
		t.Errorf("after a merge the page is %s", a.Location)
	}
	if p := homeOf(t, site, twin.ID); p.ID != site.Home.Person {
		t.Errorf("the merged record answers with %s", p.ID)
	}
	c.Post(undoOf(t, c.Get(a.Location)))
	if p := homeOf(t, site, twin.ID); p.ID != twin.ID {
		t.Error("the merge was not taken back")
	}
	if a := site.As(t, "officer").Post("/register/duplicates/merge", "keep", string(site.Home.Person), "drop", string(site.Far.Person)); a.Status != http.StatusNotFound {
		t.Errorf("merging with somebody of another office answers %d", a.Status)
	}
}

// officialBook is an official list as offices get it: a title, headings, rows.
func officialBook(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	x := sheet.NewXLSX(&out)
	if err := x.Sheet(sheet.Layout{Name: "DS", Titles: []string{"DANH SÁCH NGƯỜI THAM GIA THÁNG 10/2025"}, Heading: []string{"STT", "Họ và tên", "Mã số BHXH", "Thôn bản", "Xã", "Chế độ", "Tháng"}}); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var cells []sheet.Value
		for _, text := range row {
			cells = append(cells, sheet.Text(text))
		}
		if err := x.Row(cells...); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// upload sends a file with a form.
func upload(t *testing.T, site *webtest.Site, c *webtest.Client, path string, file []byte, form url.Values) *http.Response {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "danh sách.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, site.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "loa", Value: c.Cookie("loa")})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}

func TestReconcileAnOfficialList(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	anchor := ""
	if m := regexp.MustCompile(`<select id="f-place"[^>]*>\s*(?:<option[^>]*>[^<]*</option>\s*)*?<option value="([^"]+)"`).FindStringSubmatch(c.Get("/reconcile").Body); m != nil {
		anchor = m[1]
	}
	file := officialBook(t,
		[]string{"1", "Sùng A Mẫu mau", "0000000047", "", "", "BHXH tự nguyện", "10/2025"},
		[]string{"2", "Lò Văn Lạ", "0000000048", "", "", "BHXH tự nguyện", "10/2025"},
		[]string{"3", "Thào Thị Nhì mau", "", "", "", "BHXH tự nguyện", "10/2025"},
		[]string{"4", "Người tháng khác", "", "", "", "BHXH tự nguyện", "09/2025"},
		[]string{"5", "Người chế độ khác", "", "", "", "BHYT", "10/2025"},
		[]string{"", "", "", "", "", "", ""})
	form := url.Values{"month": {"2025-10"}, "scheme": {"voluntary_si"}, "place": {anchor}}
	a := upload(t, site, c, "/reconcile", file, form)
	at := a.Header.Get("Location")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/reconcile/") {
		t.Fatalf("the list answers %d %s", a.StatusCode, at)
	}
	if busy := c.Get(at); !busy.Has(`hx-get="`+at+`/progress"`) || busy.Has("/sign") || busy.Has("Bỏ qua 2 dòng") {
		t.Error("while the list is compared the page does not wait")
	}
	if a := c.Post(at + "/sign"); !c.Get(a.Location).Has(`role="alert"`) {
		t.Error("what is not compared yet can be signed")
	}
	if part := c.Get(at + "/progress"); part.Header.Get("HX-Refresh") != "" || part.Has("<html") {
		t.Error("the progress is not a part of the page")
	}
	site.Compare(t, strings.TrimPrefix(at, "/reconcile/"))
	if part := c.Get(at + "/progress"); part.Header.Get("HX-Refresh") != "true" {
		t.Error("the page is not drawn anew when the comparison is made")
	}
	page := c.Get(at)
	if !page.Has("Bỏ qua 2 dòng") {
		t.Error("rows of another month and scheme are not left out")
	}
	if differ := c.Get(at + "?outcome=differ"); !differ.Has("Sùng A Mẫu mau", "Loa chưa có mã số BHXH", "047") || differ.Has("0000000047") {
		t.Error("a person without a number in Loa is not shown as differing, or the number stands in plain")
	}
	if only := c.Get(at + "?outcome=only_list"); !only.Has("Lò Văn Lạ", "không thấy trong dân cư", "Thào Thị Nhì mau") {
		t.Error("who is only on the list is not shown")
	}
	if p := homeOf(t, site, site.Home.Person); p.SINumber.Known() {
		t.Error("comparing changed the register")
	}
	export := c.Get(at + "/export")
	book, err := sheet.Open("x.xlsx", strings.NewReader(export.Body), int64(len(export.Body)))
	if err != nil || len(book.Sheets()) != 4 {
		t.Fatalf("the export does not read back: %v", err)
	}
	if a := site.As(t, "officer").Get(at); a.Status != http.StatusNotFound {
		t.Errorf("an officer of one commune reads a list of the whole office: %d", a.Status)
	}
	if a := site.As(t, "officer").Post(at + "/sign"); a.Status != http.StatusForbidden {
		t.Errorf("an officer signs: %d", a.Status)
	}
	if a := c.Post(at + "/sign"); a.Status != http.StatusSeeOther || !c.Get(at).Has("đã ký lúc") {
		t.Errorf("signing answers %d", a.Status)
	}
	if a := c.Post(at + "/sign"); !c.Get(a.Location).Has(`role="alert"`) {
		t.Error("signing twice is not refused")
	}
	form.Set("month", "2024-01")
	if a := upload(t, site, c, "/reconcile", file, form); a.StatusCode != http.StatusSeeOther {
		t.Errorf("a list without a row of the month answers %d", a.StatusCode)
	} else {
		site.Compare(t, strings.TrimPrefix(a.Header.Get("Location"), "/reconcile/"))
		if page := c.Get(a.Header.Get("Location")); !page.Has(`role="alert"`, "Không có dòng nào") {
			t.Error("a list without a row of the month is not refused in words")
		}
	}
	form.Set("month", "2025-10")
	if a := upload(t, site, c, "/reconcile", []byte("PK\x03\x04 broken"), form); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a broken file answers %d", a.StatusCode)
	}
	form.Set("place", string(site.Far.Commune1))
	if a := upload(t, site, c, "/reconcile", file, form); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a list of somebody else's commune answers %d", a.StatusCode)
	}
}

func TestTourWalksThroughThePages(t *testing.T) {
	site := webtest.New(t)
	for name, want := range map[string]int{"director": 13, "administrator": 10, "viewer": 7, "collector": 2} {
		c := site.As(t, name)
		at, steps := "/tour", 0
		for at != "" && steps < 20 {
			a := c.Get(at)
			if a.Status != http.StatusSeeOther || !strings.Contains(a.Location, "tour=") {
				t.Fatalf("%s: %s answers %d %s", name, at, a.Status, a.Location)
			}
			page := c.Get(a.Location)
			if page.Status != http.StatusOK || !page.Has(`<aside class="tour"`) || page.Has(">tour.") {
				t.Errorf("%s: step %d at %s shows no box (%d)", name, steps+1, a.Location, page.Status)
			}
			steps++
			m := regexp.MustCompile(`href="(/tour\?step=\d+)">Tiếp`).FindStringSubmatch(page.Body)
			at = ""
			if m != nil {
				at = m[1]
			}
		}
		if steps < want {
			t.Errorf("%s walks %d steps, want at least %d", name, steps, want)
		}
		if a := c.Get("/tour?step=2"); want > 2 && a.Status == http.StatusSeeOther {
			if again := c.Get("/tour"); again.Location != a.Location {
				t.Errorf("%s stopped at %s and goes on at %s", name, a.Location, again.Location)
			}
			if again := site.As(t, "officer").Get("/tour"); !strings.HasSuffix(again.Location, "tour=1") {
				t.Errorf("somebody else's tour begins at %s", again.Location)
			}
		}
		if c.Get("/").Has(`<aside class="tour"`) {
			t.Errorf("%s: a page outside the tour shows its box", name)
		}
	}
}
