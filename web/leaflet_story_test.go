package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// toldStory is a story written by the officer and approved by the director.
func toldStory(t *testing.T, s *webtest.Site, more ...string) (address string, id loa.StoryID) {
	t.Helper()
	a := sendFile(t, s.As(t, "officer"), "/stories/new", "", nil, storyFields(s, more...)...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("writing a story: %d %.300s", a.Status, a.Body)
	}
	if b := s.As(t, "director").Post(a.Location + "/approve"); b.Status != http.StatusSeeOther {
		t.Fatalf("approving a story: %d", b.Status)
	}
	return a.Location, loa.StoryID(strings.TrimPrefix(a.Location, "/stories/"))
}

// TestAStoryOnLeafletsAndSlips puts a story on paper, finds the printing where the story says it was used, and withdraws it: what is
// drawn afterwards stands without it and says why.
func TestAStoryOnLeafletsAndSlips(t *testing.T) {
	site := webtest.New(t)
	at, id := toldStory(t, site)
	c := site.As(t, "director")
	if a := c.Get("/leaflets/new?kind=voluntary_si.minority"); !a.Has(`name="story"`, "Anh P.: Có thẻ bảo hiểm") {
		t.Error("the form does not offer the story")
	}
	if a := c.Get("/leaflets/new?kind=household_hi.others"); a.Has("Anh P.") || !a.Has("Chưa có chuyện") {
		t.Error("a story about another scheme is offered")
	}
	if a := c.Get("/leaflets/paper?kind=voluntary_si.minority&story=" + string(id)); !a.Has("Có thẻ bảo hiểm", "Anh P.") || a.Has("Anh kể một câu.") {
		t.Error("the sample does not tell it in one line")
	}
	paper := printLeaflets(t, site, []loa.AreaID{site.Home.Village1}, "story", string(id))
	if a := c.Get(paper); !a.Has("Có thẻ bảo hiểm", "Anh P.") {
		t.Error("the printing does not tell it")
	}
	if a := c.Get(paper + "&size=fold"); !a.Has("Có thẻ bảo hiểm", "Anh kể một câu.") {
		t.Error("the folded leaflet does not tell it whole")
	}
	for range 2 { // looked at twice on one day is printed once
		if a := c.Get("/calculator/slips?area=" + string(site.Home.Commune1) + "&size=a6&story=" + string(id)); a.Status != http.StatusOK || !a.Has("Có thẻ bảo hiểm", "Anh P.") {
			t.Fatalf("the slips do not tell it: %d", a.Status)
		}
	}
	if a := c.Get("/calculator/slips?size=a6&area=" + string(site.Home.Commune1)); a.Has("Có thẻ bảo hiểm") || !a.Has("Anh P.") {
		t.Error("slips tell a story nobody chose, or do not offer it")
	}
	uses, err := site.DB.StoryUses(context.Background(), wholeOf(t, site, site.Home), id)
	if err != nil || len(uses) != 2 {
		t.Fatalf("%+v, %v", uses, err)
	}
	for _, u := range uses {
		if u.Kind == "leaflet" && u.Copies != 30 || u.Kind == "slip" && u.Copies < 1 || !u.Printed() {
			t.Errorf("%+v", u)
		}
	}
	if a := c.Get(at); !a.Has("Tờ gấp", "Phiếu tính cho hộ") {
		t.Error("the story does not say where it is printed")
	}
	if a := c.Post(at + "/withdraw"); a.Status != http.StatusSeeOther {
		t.Fatalf("withdrawing: %d", a.Status)
	}
	if a := c.Get(paper); a.Has("Có thẻ bảo hiểm") || a.Has("Anh P.") || !a.Has("không còn được kể") {
		t.Error("printed again it still tells a withdrawn story, or does not say that it is left out")
	}
	if a := c.Get("/calculator/slips?area=" + string(site.Home.Commune1) + "&story=" + string(id)); a.Has("Có thẻ bảo hiểm") {
		t.Error("slips still tell a withdrawn story")
	}
	if a := c.Post("/leaflets", "id", loa.NewID(), "kind", "voluntary_si.minority", "size", "a5", "language", "vi", "printed", "30", "village", string(site.Home.Village1), "story", string(id)); a.Status != http.StatusUnprocessableEntity || !a.Has("Câu chuyện này không còn được kể") {
		t.Errorf("a withdrawn story goes into a new printing: %d", a.Status)
	}
}

// TestLeafletsWithAStoryFitTheirPaper tells the longest story there may be on every kind of leaflet.
func TestLeafletsWithAStoryFitTheirPaper(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		t.Skip("needs Chromium; make test brings it")
	}
	signedLines(t, site)
	long := strings.Repeat("chữ mẫu dài nhất ", 40)
	_, id := toldStory(t, site, "scheme", "household_hi", "change_vietnamese", string([]rune(long)[:loa.StoryChange]), "text_vietnamese", string([]rune(long)[:loa.StoryText]),
		"change_english", string([]rune(long)[:loa.StoryChange]), "text_english", string([]rune(long)[:loa.StoryText]))
	b.Media("print")
	for _, k := range loa.LeafletKinds {
		for _, with := range []string{"size=a5", "size=fold", "size=a5&second=hmn", "size=a5&second=blt", "size=fold&second=blt", "size=a5&language=en"} {
			b.Open("/leaflets/paper?kind=" + k.Key() + "&" + with + "&story=" + string(id) + knownFor(k))
			b.Wait(`document.fonts.status === "loaded"`)
			if b.Value(`document.querySelectorAll("blockquote.told").length`) != "1" {
				t.Fatalf("%s %s tells no story: %.300s", k.Key(), with, b.Text())
			}
			if bad := b.Value(spills); bad != "" {
				t.Errorf("%s %s: %s", k.Key(), with, bad)
			}
		}
	}
}

// TestSlipsWithAStoryFit keeps the choice of stories on a phone's screen and the longest line of one on the smallest slip.
func TestSlipsWithAStoryFit(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		t.Skip("needs Chromium; make test brings it")
	}
	_, id := toldStory(t, site, "change_vietnamese", string([]rune(strings.Repeat("chữ mẫu dài nhất ", 10))[:loa.StoryChange]))
	for range 3 {
		toldStory(t, site)
	}
	b.Size(390, 844)
	b.Open("/calculator/slips?area=" + string(site.Home.Commune1) + "&size=a6&story=" + string(id))
	b.Wait(`document.fonts.status === "loaded"`)
	if out := b.Value(`[...document.querySelectorAll(".slip-sizes > *")].filter(x => x.getBoundingClientRect().left < 0 || x.getBoundingClientRect().right > innerWidth).length`); out != "0" {
		t.Errorf("%s choices are off the screen", out)
	}
	b.Media("print")
	if over := b.Value(`[...document.querySelectorAll(".slip")].filter(x => x.scrollHeight > x.clientHeight + 1).length + " of " + document.querySelectorAll(".slip .told").length`); !strings.HasPrefix(over, "0 of ") || over == "0 of 0" {
		t.Errorf("slips too full: %s", over)
	}
}
