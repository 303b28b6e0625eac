package web_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"loa"
	"loa/pdf"
	"loa/store"
	"loa/web"
	"loa/web/webtest"
)

// printLeaflets makes a printing for villages as the director would and gives its address of paper.
func printLeaflets(t *testing.T, site *webtest.Site, villages []loa.AreaID, pairs ...string) string {
	t.Helper()
	all := append([]string{"id", loa.NewID(), "kind", "voluntary_si.minority", "size", "a5", "language", "vi", "printed", "30"}, pairs...)
	for _, v := range villages {
		all = append(all, "village", string(v))
	}
	a := site.As(t, "director").Post("/leaflets", all...)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/leaflets/paper?run=") {
		t.Fatalf("%d %s %.300s", a.Status, a.Location, a.Body)
	}
	return a.Location
}

func TestLeafletsOfAPrinting(t *testing.T) {
	site := webtest.New(t)
	h := site.Home
	at := printLeaflets(t, site, []loa.AreaID{h.Village1, h.Village2})
	c := site.As(t, "director")
	page := c.Get(at)
	if !page.Has("Làm nương cũng có lương hưu", "231.000 đ", "99.000 đ", "675.000 đ", "600.000 đ", "165.000 đ", "mã 1<", "mã 2<", "30 tờ", "Luật 41/2024 Điều", "Số đúng từ 01/07/2025", "/static/leaflet.css") {
		t.Error("the paper lacks what the law of the day gives")
	}
	if strings.Count(page.Body, `class="leaf a5"`) != 2 || strings.Count(page.Body, `<svg class="qr"`) != 2 || page.Has("mẫu xem trước") {
		t.Error("not one leaflet with a code for each village")
	}
	if page.Has("as=pdf") || !page.Has("chưa có Chromium") {
		t.Error("offers a PDF that nothing can make")
	}
	if a := c.Get(at + "&as=pdf"); a.Status != http.StatusConflict || !a.Has("Chromium") {
		t.Errorf("a PDF without a printer: %d", a.Status)
	}
	if a := c.Get(at + "&size=fold"); strings.Count(a.Body, `class="leaf a4-wide pair"`) != 4 || !a.Has("2.000.000 đ") {
		t.Error("folded, each has two sides and what else one gets")
	}
	list := c.Get("/leaflets")
	if !list.Has("60 tờ đã in", "Đợt 1") {
		t.Error("the list does not count what was printed")
	}
	for _, who := range []string{"sibling", "ben.director", "xa.viewer"} {
		l, err := site.DB.Leaflets(context.Background(), wholeOf(t, site, h), store.LeafletFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l {
			if x.Area != h.Village1 {
				continue
			}
			if a := site.As(t, who).Get("/leaflets/" + string(x.ID)); a.Status != http.StatusNotFound {
				t.Errorf("%s reads another's leaflets: %d", who, a.Status)
			}
			if a := site.As(t, who).Get("/leaflets/paper?leaflet=" + string(x.ID)); a.Status != http.StatusNotFound && a.Status != http.StatusForbidden {
				t.Errorf("%s prints another's leaflets: %d", who, a.Status)
			}
		}
	}
}

func TestLeafletsHandedOutAreCountedAtTheSession(t *testing.T) {
	site := webtest.New(t)
	h := site.Home
	printLeaflets(t, site, []loa.AreaID{h.Village1})
	list, err := site.DB.Leaflets(context.Background(), wholeOf(t, site, h), store.LeafletFilter{})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	l := list[0]
	c := site.As(t, "officer")
	id := heldToday(t, site, c)
	show := c.Get("/sessions/" + id + "?tab=hold")
	if !show.Has(`value="`+string(l.ID)+`"`, "còn 30 tờ") {
		t.Fatal("the session does not offer the leaflets of its village")
	}
	c.Post("/sessions/"+id+"/leaflets", "more", "12", "leaflet", string(l.ID))
	c.Post("/sessions/"+id+"/leaflets", "more", "5") // of another kind
	if a := c.Post("/sessions/"+id+"/leaflets", "more", "19", "leaflet", string(l.ID)); !a.Has("chỉ còn 18 tờ") {
		t.Errorf("hands out more than there are: %d", a.Status)
	}
	if x := sessionNow(t, site, loa.SessionID(id)); x.Leaflets != 17 {
		t.Errorf("the session counts %d", x.Leaflets)
	}
	if a := c.Get("/sessions/" + id + "?tab=hold"); !a.Has("đã phát 17 tờ", "mã 1: 12 tờ") {
		t.Error("the session does not say which went out")
	}
	one := c.Get("/leaflets/" + string(l.ID))
	if !one.Has("/sessions/"+id, ">12<", ">18<") {
		t.Error("the leaflets do not say where they went")
	}
	if a := c.Post("/leaflets/"+string(l.ID), "printed", "11"); a.Status != http.StatusUnprocessableEntity || !a.Has("từ 12") {
		t.Errorf("fewer printed than handed out: %d", a.Status)
	}
	c.Post("/leaflets/"+string(l.ID), "printed", "40")
	if !c.Get("/leaflets/" + string(l.ID)).Has(">28<") {
		t.Error("more printed do not count as left")
	}
}

// heldToday plans a session in the officer's village for today.
func heldToday(t *testing.T, site *webtest.Site, _ *webtest.Client) string {
	t.Helper()
	x := loa.Session{ID: loa.SessionID(loa.NewID()), Area: site.Home.Village1, Form: loa.SmallGroup, Title: "Buổi phát tờ gấp", On: webtest.Today}
	if _, err := site.DB.AddSession(context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, x); err != nil {
		t.Fatal(err)
	}
	return string(x.ID)
}

func TestLeafletFormSaysWhatIsWrong(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	v := string(site.Home.Village1)
	for what, x := range map[string]struct {
		pairs []string
		says  string
	}{
		"no village":      {[]string{"printed", "10"}, "error.required"},
		"no sheets":       {[]string{"printed", "0", "village", v}, "từ 1"},
		"too low":         {[]string{"printed", "5", "village", v, "income", "1000000"}, "1.500.000"},
		"a word":          {[]string{"printed", "5", "village", v, "income", "nhiều"}, ""},
		"before the law":  {[]string{"printed", "5", "village", v, "on", "01/01/1999"}, "01/01/1999"},
		"no day":          {[]string{"printed", "5", "village", v, "on", "31/02/2025"}, ""},
		"same language":   {[]string{"printed", "5", "village", v, "second", "vi"}, ""},
		"strange size":    {[]string{"printed", "5", "village", v, "size", "a0"}, ""},
		"somebody else's": {[]string{"printed", "5", "village", string(site.Neighbour.Village1)}, ""},
	} {
		a := c.Post("/leaflets", append([]string{"id", loa.NewID(), "kind", "voluntary_si.poor"}, x.pairs...)...)
		if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusNotFound || x.says != "error.required" && !a.Has(x.says) {
			t.Errorf("%s: %d", what, a.Status)
		}
		if strings.Contains(a.Body, "policy_") || strings.Contains(a.Body, "error.") {
			t.Errorf("%s: shows a code", what)
		}
	}
	list, err := site.DB.Leaflets(context.Background(), wholeOf(t, site, site.Home), store.LeafletFilter{})
	if err != nil || len(list) != 0 {
		t.Errorf("refused forms left %d leaflets, %v", len(list), err)
	}
}

func TestSecondLanguageIsPrintedOnceSigned(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	const words = "Mẫu chữ thử"
	paper := func() webtest.Answer {
		return c.Get("/leaflets/paper?kind=voluntary_si.minority&second=hmn")
	}
	if a := paper(); !a.Has("chưa có lời được ký") || a.Has(`lang="hmn"`) {
		t.Error("says nothing of words that are not there")
	}
	if a := c.Post("/leaflets/lines", "kind", "voluntary_si.minority", "language", "hmn", "line_headline", "Mẫu 15"); a.Status != http.StatusUnprocessableEntity || !a.Has("Không gõ chữ số") {
		t.Errorf("takes figures: %d", a.Status)
	}
	if a := c.Post("/leaflets/lines", "kind", "voluntary_si.minority", "language", "blt", "line_headline", words); a.Status != http.StatusUnprocessableEntity || !a.Has("Tai Viet", words) {
		t.Errorf("takes Latin letters as Thái, or loses what was typed: %d", a.Status)
	}
	c.Post("/leaflets/lines", "kind", "voluntary_si.minority", "language", "hmn", "line_headline", words, "seen", "0")
	if a := paper(); a.Has(words) || !a.Has("chưa có lời được ký") {
		t.Error("prints words nobody has signed")
	}
	if a := c.Post("/leaflets/lines/sign", "kind", "voluntary_si.minority", "language", "hmn", "checked_by", "", "seen", "1"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("signs without a native speaker: %d", a.Status)
	}
	c.Post("/leaflets/lines/sign", "kind", "voluntary_si.minority", "language", "hmn", "checked_by", "Giàng A Mẫu", "seen", "1")
	if a := paper(); !a.Has(words, `lang="hmn"`) || a.Has("chưa có lời được ký") {
		t.Error("does not print what was signed")
	}
	if !c.Get("/leaflets/lines?kind=voluntary_si.minority&language=hmn").Has("Giàng A Mẫu đã đọc và thấy đúng") {
		t.Error("does not say who checked and signed")
	}
	c.Post("/leaflets/lines", "kind", "voluntary_si.minority", "language", "hmn", "line_headline", words+" b", "seen", "1")
	if paper().Has(words) {
		t.Error("an edit keeps the signature")
	}
}

// paperless stands in for Chromium where only the way to it is tested.
type paperless struct{ err error }

func (p paperless) Ready() bool { return true }

func (p paperless) Print(_ context.Context, html []byte, paper pdf.Paper) ([]byte, error) {
	return []byte("%PDF " + strconv.Itoa(len(html)) + " " + strconv.Itoa(paper.Width)), p.err
}

func TestLeafletsAsPDF(t *testing.T) {
	site := webtest.New(t, func(o *web.Options) { o.PDF = paperless{} })
	c := site.As(t, "officer")
	for _, at := range []string{"/leaflets/paper?kind=nope", "/leaflets/new?kind=nope"} {
		if a := c.Get(at); a.Status != http.StatusUnprocessableEntity || !a.Has("Không có tờ gấp loại này. Chọn một trong:", "cha mẹ học sinh") {
			t.Errorf("%s answers %d without the kinds there are", at, a.Status)
		}
	}
	if !c.Get("/leaflets/paper?kind=hi.pupils").Has("as=pdf") {
		t.Error("no PDF is offered")
	}
	a := c.Get("/leaflets/paper?kind=hi.pupils&as=pdf")
	if a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Body, "%PDF ") || !strings.HasSuffix(a.Body, " 148") || !strings.Contains(a.Header.Get("Content-Disposition"), "to-gap-hi.pupils.pdf") {
		t.Errorf("%v %.40s", a.Header, a.Body)
	}
	broken := webtest.New(t, func(o *web.Options) { o.PDF = paperless{errors.New("gone")} })
	if a := broken.As(t, "officer").Get("/leaflets/paper?kind=hi.pupils&as=pdf"); a.Status != http.StatusInternalServerError || !strings.Contains(broken.Logged(), "gone") {
		t.Errorf("a broken printer: %d", a.Status)
	}
}

// TestLeafletsForAWholeCommune ticks a commune at once, one of its villages beside it, and gets each village once.
func TestLeafletsForAWholeCommune(t *testing.T) {
	site := webtest.New(t)
	h := site.Home
	at := printLeaflets(t, site, []loa.AreaID{h.Village1}, "commune", string(h.Commune1), "commune", string(site.Neighbour.Commune1))
	list, err := site.DB.Leaflets(context.Background(), wholeOf(t, site, h), store.LeafletFilter{})
	if err != nil || len(list) == 0 {
		t.Fatalf("%v, %v", list, err)
	}
	seen := map[loa.AreaID]bool{}
	for _, l := range list {
		if seen[l.Area] || l.Printed != 30 {
			t.Errorf("%s twice or %d sheets", l.Place, l.Printed)
		}
		seen[l.Area] = true
	}
	if !seen[h.Village1] || seen[h.Village2] {
		t.Errorf("not the villages of that commune alone: %v", seen)
	}
	if a := site.As(t, "director").Get(at); strings.Count(a.Body, `class="leaf a5"`) != len(list) {
		t.Error("not a sheet for each")
	}
	if a := site.As(t, "director").Get("/leaflets/paper?kind=compulsory_si.workers"); a.Status != http.StatusUnprocessableEntity || !a.Has("01/01/2026") || a.Has("%!") {
		t.Errorf("a day the law is not known for is refused without the days it is known: %d", a.Status)
	}
}
