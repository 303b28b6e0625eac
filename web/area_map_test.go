package web_test

import (
	"bytes"
	"errors"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

func TestBoundariesFromAFile(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	director.Send("/areas/"+string(s.Home.Commune1)+"/code", "code", "90001", "code_from", "01/07/2025")
	good := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"90001"},"geometry":{"type":"Polygon","coordinates":[[[103,21],[103.1,21],[103.1,21.1],[103,21]]]}},
		{"type":"Feature","properties":{"code":"99999"},"geometry":{"type":"Polygon","coordinates":[[[104,21],[104.1,21],[104.1,21.1],[104,21]]]}}]}`
	send := func(file string) (int, string) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreateFormFile("file", "ranh giới.geojson")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(file)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.WriteField("source", "Sở mẫu 2025"), w.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest(http.MethodPost, s.URL+"/areas/boundaries", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		for _, name := range []string{"loa"} {
			if v := director.Cookie(name); v != "" {
				r.AddCookie(&http.Cookie{Name: name, Value: v})
			}
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(raw)
	}
	status, page := send(good)
	if status != http.StatusOK || !strings.Contains(page, "Xã Nhất mau") || !strings.Contains(page, "1 đơn vị khác") {
		t.Fatalf("the preview: %d", status)
	}
	if a := director.Get("/areas/boundaries"); a.Has("Sở mẫu 2025") {
		t.Error("the preview was kept")
	}
	places := regexp.MustCompile(`(?s)<textarea name="places"[^>]*>(.*?)</textarea>`).FindStringSubmatch(page)
	if places == nil {
		t.Fatal("the preview cannot be kept")
	}
	keep := func() webtest.Answer {
		return director.Send("/areas/boundaries/keep", "source", "Sở mẫu 2025", "places", html.UnescapeString(places[1]))
	}
	kept := keep()
	if !kept.Has("Sở mẫu 2025", "Xã Nhất mau") {
		t.Fatalf("kept: %d", kept.Status)
	}
	if a := director.Send(undoIn(t, kept)); a.Has("Sở mẫu 2025") {
		t.Error("what was kept by mistake cannot be taken back")
	}
	if a := keep(); !a.Has("Sở mẫu 2025", "Xã Nhất mau") {
		t.Fatalf("kept again: %d", a.Status)
	}
	if a := director.Get("/coverage"); !a.Has("<path class=") {
		t.Error("the map is not drawn from the boundary")
	}
	for name, file := range map[string]string{"nothing": "", "a page": "<html>", "nested": strings.Repeat("[", 100000), "another office's": strings.ReplaceAll(good, "90001", "90002"),
		"metres": strings.ReplaceAll(good, "103", "520000"), "a script as code": strings.ReplaceAll(good, `"90001"`, `"<script>"`), "a point": strings.ReplaceAll(good, "Polygon", "Point")} {
		if status, page := send(file); status != http.StatusUnprocessableEntity || !strings.Contains(page, `class="err"`) || strings.Contains(page, "<script>\"") {
			t.Errorf("%s: %d", name, status)
		}
	}
	if a := director.Post("/areas/boundaries/keep", "source", "x", "places", strings.ReplaceAll(good, "90001", "03217")); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("keeping what is not the office's: %d", a.Status)
	}
	dropped := director.Send("/areas/" + string(s.Home.Commune1) + "/boundary/drop")
	if dropped.Has("Sở mẫu 2025") {
		t.Error("the boundary is still there")
	}
	back := undoIn(t, dropped)
	if a := s.As(t, "sibling").Post(back); a.Status != http.StatusNotFound && a.Status != http.StatusForbidden {
		t.Errorf("the sibling brings it back: %d", a.Status)
	}
	if a := director.Send(back); !a.Has("Sở mẫu 2025") {
		t.Error("the boundary does not come back")
	}
	if a := director.Post(back); a.Status != http.StatusNotFound {
		t.Errorf("brought back twice: %d", a.Status)
	}
}

// TestEveryBreakdownHasALineForNoCommune opens every page that tells by communes.
func TestEveryBreakdownHasALineForNoCommune(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	pages := []string{"/areas", "/areas/history", "/coverage", "/coverage?scheme=household_hi", "/coverage/compare", "/coverage/official", "/reports", "/reports/print", "/targets",
		"/matrix/cell?form=small_group&segment=" + string(s.Home.Segment)}
	for _, page := range pages {
		if a := director.Get(page); !a.Has("Chưa rõ xã") {
			t.Errorf("%s has no line for what has no commune: %d", page, a.Status)
		}
	}
	if a := director.Send("/people/new", "name", "Sùng A Lẻ", "area", string(s.Home.Loose), "occupation", "farmer"); !a.Has("Sùng A Lẻ") {
		t.Fatalf("somebody without a commune: %d", a.Status)
	}
	if a := director.Get("/people?area=" + string(s.Home.Anchor)); a.Status != http.StatusOK || !a.Has("Chưa rõ xã", "Sùng A Lẻ") || a.Has("Sùng A Mẫu") {
		t.Errorf("the people without a commune: %d", a.Status)
	}
	if a := director.Get("/segments/" + string(s.Home.Segment)); !a.Has("Chưa rõ xã") {
		t.Errorf("the segment's breakdown: %d", a.Status)
	}
	total := regexp.MustCompile(`(?s)Toàn địa bàn.*?</tr>`).FindString(director.Get("/areas").Body)
	if !strings.Contains(total, ">3<") { // villages and people alike: two in communes, one without
		t.Errorf("what has no commune does not count in the total: %s", total)
	}
	for _, line := range s.Server.Table() {
		if line.Pattern == "GET /sessions" {
			pages = append(pages[:0], "/sessions", "/sessions/new")
		}
	}
	for _, page := range pages {
		if a := director.Get(page); !a.Has("Chưa rõ xã") {
			t.Errorf("%s has no line for what has no commune: %d", page, a.Status)
		}
	}
	if a := director.Get("/pick/area?q=chua+ro"); !a.Has("Thôn Chưa Rõ mau", "Chưa rõ xã") {
		t.Errorf("the type-ahead does not say that a village has no commune: %s", a.Body)
	}
	if a := director.Get("/place?area=" + string(s.Home.Anchor)); a.Status != http.StatusSeeOther {
		t.Errorf("the switch to what has no commune: %d", a.Status)
	}
	if a := director.Get("/areas"); !a.Has("Chưa rõ xã") || a.Has(`href="/areas/`+string(s.Home.Commune1)) {
		t.Error("switched to what has no commune, the tree still shows a commune")
	}
}

func TestTheTravelMapShowsWhoIsFarAndWithoutSignal(t *testing.T) {
	s := webtest.New(t)
	officer := s.As(t, "officer")
	if a := officer.Get("/areas"); a.Has("<svg class=\"map travel\"") {
		t.Error("a map is drawn of places nobody knows")
	}
	at := "/areas/" + string(s.Home.Village1) + "/edit"
	form := []string{"name", "Một mau", "prefix", "Bản", "read", hidden(t, officer.Get(at).Body, "read"), "signal", "none", "travel_dry_min", "60", "travel_wet_min", "135", "centroid", "21.82365, 103.36016"}
	if a := officer.Post(at, form...); a.Status != http.StatusSeeOther {
		t.Fatalf("saved: %d", a.Status)
	}
	list := officer.Get("/areas")
	if !list.Has(`class="map travel"`, `circle class="none"`, "Bản Một mau, không có sóng", "Đi xa nhất vào mùa mưa", "135") {
		t.Errorf("the map: %d", list.Status)
	}
	if a := s.As(t, "sibling").Get("/areas"); a.Has("Bản Một mau") {
		t.Error("the sibling sees the village on the map")
	}
}

func TestReplayRefusesDaysThatAreNone(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	for _, on := range []string{"2025-02-30", "x", "2026-01-01", "0000-00-00", "'"} {
		if a := director.Get("/areas/history?on=" + url.QueryEscape(on)); a.Status != http.StatusUnprocessableEntity || !a.Has("Theo đơn vị") {
			t.Errorf("%s: %d", on, a.Status)
		}
	}
	if a := director.Get("/areas/history?on=1990-01-01"); a.Status != http.StatusOK || !a.Has("Hai cách cộng khớp nhau") {
		t.Errorf("before any unit was: %d", a.Status)
	}
}
