package web_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"loa"
	"loa/pdf"
	"loa/pdf/pdftest"
	"loa/store"
	"loa/web"
	"loa/web/webtest"
)

// realPrinter is a printer with a real Chromium, which only make test and make bench bring.
func realPrinter(t testing.TB) *pdf.Printer {
	t.Helper()
	p := pdf.New(pdf.Options{Files: web.Files()})
	t.Cleanup(p.Close)
	if os.Getenv("LOA_TEST_ALL") == "" {
		t.Skip("needs Chromium; make test and make bench bring it")
	}
	if !p.Ready() {
		t.Fatal("no Chromium is installed")
	}
	return p
}

// villages60 are sixty villages of one commune with leaflets of one printing; the address is that of its paper.
func villages60(t testing.TB, site *webtest.Site) string {
	t.Helper()
	ctx, in, by := context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	shares := []store.Share{{Area: site.Home.Village1, Printed: 30}}
	var more []loa.Area
	for i := range 59 {
		more = append(more, loa.Area{ID: loa.AreaID(loa.NewID()), Kind: loa.Village, Name: fmt.Sprintf("Séo Phình %d", i), Prefix: "Bản"})
	}
	added, _, err := site.DB.AddVillages(ctx, in, by, more, site.Home.Commune1, webtest.Today, "mẫu")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range added {
		shares = append(shares, store.Share{Area: a.ID, Printed: 30})
	}
	run := loa.LeafletRun{ID: loa.LeafletRunID(loa.NewID()), Kind: loa.LeafletKinds[0], Size: "a5", Language: "vi", Second: "en", On: webtest.Today}
	if _, err := site.DB.AddLeaflets(ctx, in, by, run, shares, "Tờ gấp"); err != nil {
		t.Fatal(err)
	}
	return "/leaflets/paper?run=" + string(run.ID) + "&as=pdf"
}

// TestLeafletsOfAWholeListAsOnePDF prints sixty villages at once: a sheet each, with its own number, and text that can be taken out.
func TestLeafletsOfAWholeListAsOnePDF(t *testing.T) {
	p := realPrinter(t)
	site := webtest.New(t, func(o *web.Options) { o.PDF = p })
	a := site.As(t, "director").Get(villages60(t, site))
	if a.Status != 200 {
		t.Fatalf("%d %.300s", a.Status, a.Body)
	}
	pages := pdftest.Pages(t, []byte(a.Body))
	if len(pages) != 60 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		text := strings.Join(strings.Fields(page.Text), " ")
		if page.Width != 148 || page.Height != 210 {
			t.Errorf("page %d is %d×%d mm", i+1, page.Width, page.Height)
		}
		for _, want := range []string{"Làm nương cũng có lương hưu", "Farmers get a pension too", "231.000 đ", "Hộ cận nghèo", "Dân tộc thiểu số", "căn cước", fmt.Sprintf("mã %d", i+1), "Nhà nước đóng"} {
			if !strings.Contains(text, want) {
				t.Fatalf("page %d lacks %q: %s", i+1, want, text)
			}
		}
	}
	if last := pages[59].Text; !strings.Contains(last, "Séo Phình") {
		t.Error("a leaflet does not say its village")
	}
}

// TestThaiComesOutOfThePDF prints words in Tai Viet letters and takes them out again: the font is embedded and mapped.
func TestThaiComesOutOfThePDF(t *testing.T) {
	p := realPrinter(t)
	site := webtest.New(t, func(o *web.Options) { o.PDF = p })
	signedLines(t, site)
	a := site.As(t, "director").Get("/leaflets/paper?kind=voluntary_si.poor&second=blt&as=pdf")
	if a.Status != 200 {
		t.Fatalf("%d", a.Status)
	}
	text := pdftest.Text(t, []byte(a.Body))
	if !strings.Contains(text, "ꪀꪱꪙ") || !strings.Contains(a.Body, "NotoSansTaiViet") {
		t.Errorf("no Tai Viet in %q", text)
	}
}

func BenchmarkPaper60Leaflets(b *testing.B) {
	p := realPrinter(b)
	site := webtest.New(b, func(o *web.Options) { o.PDF = p })
	at, c := villages60(b, site), site.As(b, "director")
	c.Get("/leaflets/paper?kind=hi.pupils&as=pdf") // Chromium runs
	size := 0
	for b.Loop() {
		a := c.Get(at)
		if a.Status != 200 {
			b.Fatalf("%d", a.Status)
		}
		size = len(a.Body)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/1000, "s")
	b.ReportMetric(float64(size)/1e6, "MB")
}

// homes1000 puts a thousand households of five into a village.
func homes1000(b *testing.B, site *webtest.Site) {
	b.Helper()
	in, by := wholeOf(b, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	for i := range 1000 {
		home := loa.HouseholdID(loa.NewID())
		if _, err := site.DB.AddHousehold(context.Background(), in, by, loa.Household{ID: home, Area: site.Home.Village1}); err != nil {
			b.Fatal(err)
		}
		for m := range 5 {
			p := loa.Person{ID: loa.PersonID(loa.NewID()), Area: site.Home.Village1, Household: home, Name: fmt.Sprintf("Giàng A Mẫu %d", i), BornYear: 1960 + 12*m, Sex: loa.Male, Ethnic: "mong"}
			if _, err := site.DB.AddPerson(context.Background(), in, by, p); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkPaper1000Slips prints the slips of a thousand households as one PDF, from the register to the last byte.
func BenchmarkPaper1000Slips(b *testing.B) {
	p := realPrinter(b)
	site := webtest.New(b, func(o *web.Options) { o.PDF = p })
	homes1000(b, site)
	c, size := site.As(b, "director"), 0
	c.Get("/calculator/slip?as=pdf") // Chromium runs
	for b.Loop() {
		a := c.Get("/calculator/slips?as=pdf&area=" + string(site.Home.Commune1))
		if a.Status != 200 {
			b.Fatalf("%d", a.Status)
		}
		size = len(a.Body)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/1000, "s")
	b.ReportMetric(float64(size)/1e6, "MB")
}
