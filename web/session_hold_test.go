package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"loa"
	"loa/web/webtest"
)

func TestAHeadIsCountedOnce(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	at := "/sessions/" + string(id)
	was, _ := headsNow(t, site, id)
	for _, tap := range [][2]string{{"female", "adult"}, {"female", "adult"}, {"male", "adult"}} {
		if a := c.Post(at+"/count", "sex", tap[0], "band", tap[1]); a.Status != http.StatusSeeOther {
			t.Fatalf("a tap answers %d", a.Status)
		}
	}
	if n, named := headsNow(t, site, id); n != was+3 || named != 1 {
		t.Fatalf("three taps make %d heads, %d named", n-was, named)
	}
	if a := c.Post(at + "/back"); a.Status != http.StatusSeeOther {
		t.Fatalf("taking back answers %d", a.Status)
	}
	if n, _ := headsNow(t, site, id); n != was+2 {
		t.Errorf("taking a tap back leaves %d", n-was)
	}
	page := c.Get(at + "?tab=hold&q=sung+a")
	if !page.Has("<mark>Sùng</mark>", "đã ghi") {
		t.Error("somebody named is not found without accents, or not marked as present")
	}
	// A new person who had been counted: the count goes down by one, the heads stay.
	fresh := loa.NewID()
	for range 2 { // the same form sent twice
		if a := c.Post(at+"/newcomer", "new_id", fresh, "name", "Thào Thị Mới", "village", string(site.Home.Village1), "sex", "female", "counted", "1"); a.Status != http.StatusSeeOther {
			t.Fatalf("a newcomer answers %d: %s", a.Status, a.Body)
		}
	}
	if n, named := headsNow(t, site, id); n != was+2 || named != 2 {
		t.Errorf("naming somebody counted makes %d heads, %d named", n-was, named)
	}
	// The other cell is empty of women now but one; one more named who was not counted adds a head.
	c.Post(at+"/newcomer", "new_id", loa.NewID(), "name", "Giàng A Khác", "village", string(site.Home.Village1))
	c.Post(at+"/name", "person", string(site.Home.Person)) // named already: nothing changes
	if n, named := headsNow(t, site, id); n != was+3 || named != 3 {
		t.Errorf("%d heads, %d named", n-was, named)
	}
	if a := c.Post(at+"/unname", "person", fresh); a.Status != http.StatusSeeOther {
		t.Errorf("taking a name off answers %d", a.Status)
	}
	if n, named := headsNow(t, site, id); n != was+2 || named != 2 {
		t.Errorf("after a name was taken off: %d heads, %d named", n-was, named)
	}
	if a := c.Post(at+"/newcomer", "name", ""); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("nobody's name answers %d", a.Status)
	}
	if a := c.Post(at+"/name", "person", string(site.Neighbour.Person)); a.Status != http.StatusNotFound {
		t.Errorf("a person of another office answers %d", a.Status)
	}
	if a := c.Post(at+"/count", "sex", "female", "band", "adult", "n", "-3"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("counting backwards answers %d", a.Status)
	}
	h := site.As(t, "officer")
	h.Header.Set("HX-Request", "true")
	if a := h.Post(at+"/count", "sex", "male", "band", "old"); a.Status != http.StatusOK || !a.Has(`id="tap-last" hx-swap-oob="true"`, "nam từ 60") || a.Has("<html") {
		t.Errorf("a tap with scripts answers %d: %s", a.Status, a.Body)
	}
}

// TestANewPersonTakesANameAndOneTap reads the form a newcomer is written down with: it stands on the page that counts heads, asks for a
// name alone, has the session's village chosen already, and saves with one button. That is what half a minute at a door allows.
func TestANewPersonTakesANameAndOneTap(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	form := regexp.MustCompile(`(?s)<form [^>]*/newcomer".*?</form>`).FindString(c.Get("/sessions/" + string(id) + "?tab=hold").Body)
	if form == "" {
		t.Fatal("the page of a session has no form for a newcomer")
	}
	if must := regexp.MustCompile(`name="(\w+)"[^>]* required`).FindAllStringSubmatch(form, -1); len(must) != 1 || must[0][1] != "name" {
		t.Errorf("a newcomer needs %v", must)
	}
	village := regexp.MustCompile(`<option value="([^"]+)" selected`).FindAllStringSubmatch(form, -1)
	if len(village) != 1 || village[0][1] != string(site.Home.Village1) {
		t.Errorf("the session's village is not chosen: %v", village)
	}
	if n := strings.Count(form, "<button"); n != 1 {
		t.Errorf("%d buttons to choose from", n)
	}
	_, before := headsNow(t, site, id)
	newID := regexp.MustCompile(`name="new_id" value="([^"]+)"`).FindStringSubmatch(form)[1]
	if a := c.Post("/sessions/"+string(id)+"/newcomer", "new_id", newID, "village", village[0][1], "name", "Lầu Thị Ba Mươi Giây"); a.Status != http.StatusSeeOther {
		t.Fatalf("a name and a tap answer %d", a.Status)
	}
	if _, named := headsNow(t, site, id); named != before+1 {
		t.Errorf("%d named, %d before", named, before)
	}
}

func TestTwoOfficersRecordOneSession(t *testing.T) {
	site := webtest.New(t)
	id := site.Home.Held
	at := "/sessions/" + string(id)
	one, two := site.As(t, "officer"), site.As(t, "director")
	was, _ := headsNow(t, site, id)
	for range 3 { // two people at two doors
		one.Post(at+"/count", "sex", "female", "band", "adult")
		two.Post(at+"/count", "sex", "female", "band", "adult")
	}
	one.Post(at + "/back") // takes back what officer one tapped, never what the director did
	if n, _ := headsNow(t, site, id); n != was+5 {
		t.Errorf("two officers counted 6 and took back 1: %d", n-was)
	}
	for i := range 6 { // two taps are left, and the name this officer took down on the day
		if a := one.Post(at + "/back"); i > 2 && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("an officer takes back more than was tapped: %d", a.Status)
		}
	}
	if n, _ := headsNow(t, site, id); n != was+2 {
		t.Errorf("the director's three heads became %d", n-was+1)
	}
	var both sync.WaitGroup // at the very same time
	for _, c := range []*webtest.Client{site.As(t, "officer"), site.As(t, "director")} {
		both.Go(func() {
			for range 15 {
				if a := c.Post(at+"/count", "sex", "male", "band", "young"); a.Status != http.StatusSeeOther {
					t.Errorf("a tap beside another's answers %d", a.Status)
				}
			}
		})
	}
	both.Wait()
	if n, _ := headsNow(t, site, id); n != was+2+30 {
		t.Errorf("thirty taps at once became %d", n-was-2)
	}
	one.Post(at+"/leaflets", "more", "30")
	two.Post(at+"/leaflets", "more", "12")
	if x := sessionNow(t, site, id); x.Leaflets != 42 {
		t.Errorf("two bundles of leaflets make %d", x.Leaflets)
	}
	// Both open the plan; each changes another field, then both the same one.
	plan := func(c *webtest.Client) (edit string, fields []string) {
		x := sessionNow(t, site, id)
		seen := hiddenValue(t, c.Get(at+"/edit").Body, "seen")
		return at + "/edit", []string{"seen", seen, "form", string(x.Form), "title", x.Title, "theme", x.Theme, "place", x.Place, "area", string(x.Area), "on", string(x.On), "start", "19:00", "expected", strconv.Itoa(x.Expected),
			"officer", string(x.Officers[0]), "segment", string(x.Segments[0])}
	}
	set := func(fields []string, name, value string) []string {
		out := append([]string{}, fields...)
		for i := 0; i < len(out); i += 2 {
			if out[i] == name {
				out[i+1] = value
			}
		}
		return out
	}
	url, fields := plan(one)
	if a := one.Post(url, set(fields, "place", "Nhà trưởng bản")...); a.Status != http.StatusSeeOther {
		t.Fatalf("the first edit answers %d: %s", a.Status, a.Body)
	}
	if a := two.Post(url, set(fields, "theme", "Hộ gia đình")...); a.Status != http.StatusSeeOther {
		t.Fatalf("an edit of another field answers %d: %s", a.Status, a.Body)
	}
	if x := sessionNow(t, site, id); x.Place != "Nhà trưởng bản" || x.Theme != "Hộ gia đình" {
		t.Errorf("one edit overwrote the other: %q %q", x.Place, x.Theme)
	}
	a := two.Post(url, set(fields, "place", "Sân trường")...)
	if a.Status != http.StatusConflict || !a.Has("Nhà trưởng bản", "Sân trường") {
		t.Fatalf("a clash answers %d and must show both values", a.Status)
	}
	if x := sessionNow(t, site, id); x.Place != "Nhà trưởng bản" || x.Theme != "Hộ gia đình" {
		t.Error("a clash wrote something")
	}
	again := set(set(set(fields, "place", "Sân trường"), "theme", "Hộ gia đình"), "seen", hiddenValue(t, a.Body, "seen"))
	if a := two.Post(url, again...); a.Status != http.StatusSeeOther {
		t.Errorf("saving after seeing both answers %d", a.Status)
	}
	// Minutes that both wrote.
	seen := hiddenValue(t, one.Get(at+"?tab=after").Body, "seen")
	one.Post(at+"/after", "seen", seen, "minutes", "Bà con hỏi về lương hưu.")
	if a := two.Post(at+"/after", "seen", seen, "minutes", "Đông người, thiếu ghế."); a.Status != http.StatusConflict || !a.Has("Bà con hỏi về lương hưu.", "Đông người, thiếu ghế.") {
		t.Errorf("minutes written twice answer %d", a.Status)
	}
	if a := two.Post(at+"/after", "seen", seen, "minutes", "", "travel_cost", "50.000"); a.Status != http.StatusSeeOther {
		t.Errorf("a cost beside another's minutes answers %d", a.Status)
	}
	if x := sessionNow(t, site, id); x.Minutes != "Bà con hỏi về lương hưu." || x.TravelCost != 50000 {
		t.Errorf("minutes %q, cost %d", x.Minutes, x.TravelCost)
	}
}
