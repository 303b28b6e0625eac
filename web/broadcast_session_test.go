package web_test

import (
	"net/http"
	"strings"
	"testing"

	"loa"
)

// TestABroadcastNamesASession: the page offers the planned sessions, fills the words from the one that is chosen, says what is wrong with
// it, and keeps its day with what is approved; without one each village is told of its own.
func TestABroadcastNamesASession(t *testing.T) {
	site, ids := linkSite(t, "https://loa.example")
	ctx, in, by := t.Context(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	far, err := site.DB.AddSession(ctx, in, by, loa.Session{ID: loa.SessionID(loa.NewID()), Area: site.Home.Village2, Form: loa.SmallGroup, Title: "Họp bản bên kia", On: "2025-12-20"})
	if err != nil {
		t.Fatal(err)
	}
	home, err := site.DB.AddSession(ctx, in, by, loa.Session{ID: loa.SessionID(loa.NewID()), Area: site.Home.Village1, Form: loa.SmallGroup, Title: "Họp bản nhà", On: "2025-12-15"})
	if err != nil {
		t.Fatal(err)
	}
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	const words = "Mời bà con tới {buoi}, ngày {ngay_buoi}."
	show := func(more ...string) string {
		t.Helper()
		if a := officer.Post(at+"/edit", says(site, ids, words, more...)...); a.Status != http.StatusSeeOther {
			t.Fatalf("not saved: %d", a.Status)
		}
		return officer.Get(at + "/edit").Body
	}
	for name, c := range map[string]struct {
		more    []string
		shows   []string
		without []string
	}{
		"none chosen":             {nil, []string{"Buổi sắp tới của từng thôn bản", "15/12/2025 · Họp bản nhà", "Mỗi người được mời tới buổi sắp tới"}, []string{"Họp bản bên kia"}},
		"one chosen":              {[]string{"session", string(home.ID)}, []string{"Mời tới “Họp bản nhà”, ngày 15/12/2025", "Moi ba con toi Hop ban nha, ngay 15/12/2025.", `value="` + string(home.ID) + `" selected`}, nil},
		"held already":            {[]string{"session", string(site.Home.Held)}, []string{"đã qua", "Chọn buổi khác"}, nil},
		"of another commune":      {[]string{"session", string(far.ID)}, []string{"buổi không còn trong sổ"}, []string{"Họp bản bên kia"}},
		"for a post, none chosen": {[]string{"outlet", "fb_page." + string(ids["facebook"])}, []string{"Trang Facebook nói với mọi nơi: hãy chọn một buổi để điền"}, nil},
		"for a post, with one":    {[]string{"outlet", "fb_page." + string(ids["facebook"]), "session", string(home.ID)}, []string{"Mời bà con tới Họp bản nhà, ngày 15/12/2025."}, []string{"nói với mọi nơi"}},
	} {
		body := show(c.more...)
		for _, want := range c.shows {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page does not show %q", name, want)
			}
		}
		for _, not := range c.without {
			if strings.Contains(body, not) {
				t.Errorf("%s: the page shows %q", name, not)
			}
		}
	}
	if a := officer.Post(at+"/submit", says(site, ids, words, "session", string(site.Home.Held))...); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("submitted for a session that is over: %d", a.Status)
	}
	if a := officer.Post(at+"/submit", says(site, ids, words, "session", string(home.ID))...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted: %d", a.Status)
	}
	b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/")))
	if b.Session != home.ID || b.SessionOn != "2025-12-15" {
		t.Errorf("kept %s on %s", b.Session, b.SessionOn)
	}
	if _, err := site.DB.EditSession(ctx, in, by, home.ID, home.ChangeNo, func(x *loa.Session) error { x.On = "2025-12-16"; return nil }); err != nil {
		t.Fatal(err)
	}
	if a := site.As(t, "director").Get(at); !a.Has("Buổi “Họp bản nhà” đã đổi sang ngày 16/12/2025") {
		t.Error("whoever approves does not see that it moved")
	}
}
