package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/auth"
	"loa/sheet"
	"loa/store"
	"loa/web/webtest"
)

// logged are the entries of one act in the home office's log, newest first.
func logged(t *testing.T, site *webtest.Site, act string) []loa.Audit {
	t.Helper()
	list, err := site.DB.AuditLog(context.Background(), scopeOfHome(site), store.AuditFilter{Act: act}, 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func byDirector(site *webtest.Site) loa.By {
	return loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
}

// addPerson puts somebody into the first village of the home office.
func addPerson(t *testing.T, site *webtest.Site, p loa.Person) loa.Person {
	t.Helper()
	if p.Area == "" {
		p.Area = site.Home.Village1
	}
	p, err := site.DB.AddPerson(context.Background(), scopeOfHome(site), byDirector(site), p)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeopleFiltersAreChips(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	addPerson(t, site, loa.Person{Name: "Cà Thị Chợ", Occupation: "small_trader", Sex: loa.Female, Ethnic: "thai", BornYear: 1960, Poverty: "poor"})
	addPerson(t, site, loa.Person{Name: "Lò Văn Chợ", Occupation: "small_trader", Sex: loa.Male, Ethnic: "thai", BornYear: 2000})
	for query, want := range map[string][]bool{ // Sùng A Mẫu, Thào Thị Nhì, Cà Thị Chợ, Lò Văn Chợ
		"":                                   {true, true, true, true},
		"occupation=small_trader":            {false, false, true, true},
		"occupation=small_trader&sex=female": {false, false, true, false},
		"occupation=small_trader&occupation=farmer": {true, true, true, true},
		"poverty=poor&poverty=near_poor":            {true, true, true, false},
		"scheme=voluntary_si&status=due":            {true, false, false, false},
		"scheme=voluntary_si&status=never":          {false, true, true, true},
		"age=60-":                                   {false, false, true, false},
		"phone=no":                                  {false, false, true, true},
		"phone=yes":                                 {true, true, false, false},
		"home=head":                                 {true, true, false, false},
		"q=cho":                                     {false, false, true, true},
		"q=cho&sex=male":                            {false, false, false, true},
		"q=chợ&area=" + string(site.Home.Village2):       {false, false, false, false},
		"area=" + string(site.Home.Village2) + "&page=1": {false, true, false, false},
	} {
		a := c.Get("/people?" + query)
		for i, name := range []string{"Sùng A Mẫu mau", "Thào Thị Nhì mau", "Cà Thị Chợ", "Lò Văn Chợ"} {
			if a.Has(">"+name+"</a>") != want[i] {
				t.Errorf("?%s shows %s: %v", query, name, !want[i])
			}
		}
	}
	page := c.Get("/people?scheme=voluntary_si&status=due")
	if !page.Has("Tình trạng: <b>sắp hết hạn</b>", `href="/people?scheme=voluntary_si"`, "đến 31/12/2025", "0199 000 000") || page.Has("+84199") {
		t.Error("a chosen chip does not say what it holds, cannot be taken back, or a telephone stands as it is kept")
	}
	if a := c.Get("/people?sex=strange"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a word outside the list answers %d", a.Status)
	}
	if site.As(t, "sibling").Get("/people?status=due&scheme=voluntary_si").Has("Sùng A Mẫu mau") {
		t.Error("the other commune's officer sees the first commune's people")
	}
}

func TestPeopleViewsAreKept(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	if !c.Get("/people").Has("Sắp hết hạn", "Tiểu thương chưa tham gia") || c.Get("/people").Has("Giữ bộ lọc này") {
		t.Fatal("the ready views are missing, or nothing at all can be kept")
	}
	if !c.Get("/people?occupation=farmer&sex=male").Has("Giữ bộ lọc này") {
		t.Fatal("filters cannot be kept")
	}
	a := c.Post("/people/views", "name", "Nông dân nam", "occupation", "farmer", "sex", "male")
	page := c.Get(a.Location)
	if !page.Has("Nông dân nam", `aria-current="page"`) || page.Has("Giữ bộ lọc này") {
		t.Fatalf("the view is not shown as kept and chosen: %d %s", a.Status, a.Location)
	}
	if site.As(t, "director").Get("/people").Has("Nông dân nam") {
		t.Error("somebody else sees the officer's own view")
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page.Body)
	if id == nil {
		t.Fatal("the view cannot be forgotten")
	}
	if a := site.As(t, "director").Post("/people/views/drop", "id", id[1]); a.Status != http.StatusNotFound {
		t.Errorf("somebody else forgets it: %d", a.Status)
	}
	next := c.Get(c.Post("/people/views/drop", "id", id[1]).Location)
	if next.Has(">Nông dân nam<") {
		t.Error("the view is still there")
	}
	c.Post(undoOf(t, next))
	if !c.Get("/people").Has("Nông dân nam") {
		t.Error("forgetting was not taken back")
	}
	for _, wrong := range [][]string{{"name", "", "sex", "male"}, {"name", "Trống"}} {
		if a := c.Post("/people/views", wrong...); !c.Get(a.Location).Has(`role="alert"`) {
			t.Errorf("%v is kept", wrong)
		}
	}
}

// sealedPerson is somebody with both numbers.
func sealedPerson(t *testing.T, site *webtest.Site, name string) loa.Person {
	t.Helper()
	p := loa.Person{ID: loa.PersonID(loa.NewID()), Name: name, Phone: "+841990000123"}
	sealer := sealerOf()
	for column, n := range map[string]struct {
		plain string
		into  *loa.Sealed
	}{"person.national_id": {"011087000047", &p.NationalID}, "person.si_number": {"0123456319", &p.SINumber}} {
		cipher, err := sealer.Seal(auth.Place{Office: string(site.Home.ID), Column: column, Record: string(p.ID)}, n.plain)
		if err != nil {
			t.Fatal(err)
		}
		*n.into = loa.Sealed{Cipher: cipher, Index: sealer.Index(column, n.plain), Tail: n.plain[len(n.plain)-3:]}
	}
	return addPerson(t, site, p)
}

func sealerOf() *auth.Sealer { return auth.NewSealer([]byte(strings.Repeat("\x07", 32))) }

func TestPeopleAreExported(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	p := sealedPerson(t, site, "=HYPERLINK Mùa A Độc")
	rows := func(a webtest.Answer, name string) string {
		t.Helper()
		book, err := sheet.Open(name, strings.NewReader(a.Body), int64(len(a.Body)))
		if err != nil {
			t.Fatalf("%s does not read back (%d): %v", name, a.Status, err)
		}
		var out strings.Builder
		for row, err := range book.Rows(0) {
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range row.Cells {
				out.WriteString(cell.Text + "|")
			}
			out.WriteString("\n")
		}
		return out.String()
	}
	a := c.Post("/people/export", "format", "xlsx")
	all := rows(a, "x.xlsx")
	if !strings.Contains(all, "Sùng A Mẫu mau|1987|nam|Mông|Bản Một mau, Xã Nhất mau") || !strings.Contains(all, "Thào Thị Nhì mau") || !strings.Contains(all, "sắp hết hạn") || strings.Contains(all, "011087000047") {
		t.Errorf("the workbook holds\n%s", all)
	}
	if log := logged(t, site, "exported"); len(log) != 1 || !strings.Contains(log[0].Detail, "n=3") {
		t.Errorf("the log says %+v", log)
	}
	csv := c.Post("/people/export", "format", "csv", "q", "hyperlink")
	if strings.Contains(csv.Body, "\n=") || strings.Contains(csv.Body, "\"=") || !strings.Contains(csv.Body, "HYPERLINK") {
		t.Errorf("the text file lets a formula through: %q", csv.Body)
	}
	if one := rows(site.As(t, "sibling").Post("/people/export", "format", "xlsx"), "x.xlsx"); strings.Contains(one, "Sùng A Mẫu") || !strings.Contains(one, "Thào Thị Nhì") {
		t.Errorf("the other commune's officer takes out\n%s", one)
	}
	if narrow := rows(c.Post("/people/export", "occupation", "farmer", "area", string(site.Home.Village2)), "x.xlsx"); strings.Contains(narrow, "Sùng A Mẫu") {
		t.Error("the filters of the page are not those of the file")
	}
	before := len(logged(t, site, "exported"))
	if a := c.Post("/people/export", "numbers", "1", "reason", "x"); a.Status != http.StatusUnprocessableEntity || len(logged(t, site, "exported")) != before {
		t.Errorf("numbers without a reason answer %d", a.Status)
	}
	with := rows(c.Post("/people/export", "numbers", "1", "reason", "gửi BHXH tỉnh đối chiếu"), "x.xlsx")
	if !strings.Contains(with, "011087000047|0123456319") {
		t.Errorf("the numbers are missing\n%s", with)
	}
	if log := logged(t, site, "exported"); !strings.Contains(log[0].Detail, "gửi BHXH tỉnh đối chiếu") || strings.Contains(log[0].Detail, "011087") {
		t.Errorf("the reason is not in the log: %+v", log[0])
	}
	if a := site.As(t, "viewer").Post("/people/export"); a.Status != http.StatusForbidden {
		t.Errorf("the province takes people out: %d", a.Status)
	}
	c.Post("/people/"+string(p.ID)+"/consent", "purpose", "care", "channel", "call", "agreed", "0")
	if now := rows(c.Post("/people/export"), "x.xlsx"); strings.Contains(now, "0199 000 0123") || !strings.Contains(now, "gọi điện") {
		t.Error("a refusal to be called is not heeded by the next export")
	}
}

func TestPrintedListsOfPeopleAreRecorded(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	for i, path := range []string{"/people?print=1", "/people?sex=male&print=1", "/enrolment?print=1", "/enrolment/renewals?print=1", "/register/no_si_number?print=1"} {
		if a := c.Get(path); a.Status != http.StatusOK || !a.Has("data-print-now") {
			t.Errorf("%s answers %d", path, a.Status)
		}
		if n := len(logged(t, site, "printed")); n != i+1 {
			t.Errorf("after %s the log holds %d prints", path, n)
		}
	}
	c.Get("/people")
	if n := len(logged(t, site, "printed")); n != 5 {
		t.Error("looking at a list counts as printing it")
	}
}

func TestNumbersAreMaskedFoundAndRevealedForAReason(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	p := sealedPerson(t, site, "Giàng A Số")
	at := "/people/" + string(p.ID)
	for _, number := range []string{"011087000047", "0123456319", "01990000123"} {
		if !c.Get("/people?q=" + number).Has("Giàng A Số") {
			t.Errorf("%s finds nobody", number)
		}
		if site.As(t, "sibling").Get("/people?q=" + number).Has("Giàng A Số") {
			t.Errorf("%s finds somebody of another commune", number)
		}
	}
	if c.Get("/people?q=011087000048").Has("Giàng A Số") {
		t.Error("a number that is nearly right finds somebody")
	}
	page := c.Get(at)
	if !page.Has("•••••••••047", "•••••••319") || page.Has("011087000047") || page.Has("0123456319") {
		t.Error("the numbers are not masked")
	}
	if a := c.Post(at+"/reveal", "which", "national_id", "reason", " "); a.Status != http.StatusUnprocessableEntity || a.Has("011087000047") {
		t.Errorf("no reason answers %d", a.Status)
	}
	if a := c.Post(at+"/reveal", "which", "si_number", "reason", "làm tờ khai TK1"); !a.Has("0123456319") {
		t.Errorf("a reason answers %d", a.Status)
	}
	log := logged(t, site, "revealed")
	if len(log) != 1 || !strings.Contains(log[0].Detail, "làm tờ khai TK1") || strings.Contains(log[0].Detail, "0123456319") || log[0].NounID != string(p.ID) {
		t.Errorf("the log says %+v", log)
	}
}

func TestTwoOfficersEditOnePerson(t *testing.T) {
	site := webtest.New(t)
	one, two := site.As(t, "director"), site.As(t, "officer")
	at := "/people/" + string(site.Home.Person)
	form := func(page webtest.Answer) url.Values {
		out := url.Values{}
		for _, m := range regexp.MustCompile(`<input type="(?:text|hidden|tel|date)"[^>]* name="([^"]+)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(page.Body, -1) {
			out.Set(m[1], m[2])
		}
		for _, m := range regexp.MustCompile(`(?s)<select id="f-([a-z_]+)".*?</select>`).FindAllStringSubmatch(page.Body, -1) {
			if o := regexp.MustCompile(`value="([^"]*)" selected`).FindStringSubmatch(m[0]); o != nil {
				out.Set(m[1], o[1])
			}
		}
		if m := regexp.MustCompile(`name="read" value="(\d+)"`).FindStringSubmatch(page.Body); m != nil {
			out.Set("read", m[1])
		}
		return out
	}
	first, second := form(one.Get(at+"/edit")), form(two.Get(at+"/edit"))
	first.Set("occupation", "small_trader")
	first.Set("note", "bán rau ở chợ")
	if a := one.Do("POST", at+"/edit", first); a.Status != http.StatusSeeOther {
		t.Fatalf("the first saves with %d", a.Status)
	}
	second.Set("language", "vietnamese") // another field: nothing of either is lost
	second.Set("note", "mới mua xe máy") // the same field: a human is asked
	a := two.Do("POST", at+"/edit", second)
	if a.Status != http.StatusUnprocessableEntity || !a.Has("bán rau ở chợ", "mới mua xe máy", "Người kia vừa ghi") {
		t.Fatalf("a clash answers %d", a.Status)
	}
	if p := homeOf(t, site, site.Home.Person); p.Note != "bán rau ở chợ" || p.Language != "mong" {
		t.Errorf("before the human has chosen, %+v is kept", p)
	}
	again := form(a)
	again.Set("note", "bán rau ở chợ, mới mua xe máy")
	if a := two.Do("POST", at+"/edit", again); a.Status != http.StatusSeeOther {
		t.Fatalf("after the choice it answers %d", a.Status)
	}
	p := homeOf(t, site, site.Home.Person)
	if p.Occupation != "small_trader" || p.Language != "vietnamese" || p.Note != "bán rau ở chợ, mới mua xe máy" {
		t.Errorf("%s %s %s is kept", p.Occupation, p.Language, p.Note)
	}
	if !two.Get(at+"?kind=change").Has("nông dân → tiểu thương", "Sửa") {
		t.Error("the timeline does not show what was changed")
	}
}
