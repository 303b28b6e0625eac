package web_test

import (
	"net/http"
	"strings"
	"testing"

	"loa/web/webtest"
)

func TestManyVillagesAtOnce(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	commune := string(s.Home.Commune1)
	send := func(more string) webtest.Answer {
		return director.Send("/areas/new", "name", "Pá Một", "prefix", "Thôn", "parent", commune, "from", "01/11/2025", "more", more)
	}
	if a := director.Post("/areas/new", "name", "Pá Một", "prefix", "Thôn", "parent", commune, "from", "01/11/2025", "more", strings.Repeat("Tên khác nhau\n", 1)+lines(201)); a.Status != http.StatusUnprocessableEntity || !a.Has("nhiều nhất 200 thôn bản", "Tên khác nhau") {
		t.Errorf("202 villages at once: %d", a.Status)
	}
	if a := director.Get("/areas?q=pa+mot"); a.Has("Thôn Pá Một") {
		t.Error("a refused list left its first village behind")
	}
	a := send("Pá Hai\r\n\r\nBản  Pá Ba\r\nPá Hai\r\npá một\r\n")
	if a.Status != http.StatusOK || !a.Has("Đã thêm 3 thôn bản.", "Thôn Pá Một", "Thôn Pá Hai", "Bản Pá Ba") {
		t.Fatalf("three villages at once: %d", a.Status)
	}
	if strings.Count(a.Body, ">Thôn Pá Hai<")+strings.Count(a.Body, ">Pá Hai<") > 1 {
		t.Error("a village written twice was made twice")
	}
	director.Send(undoIn(t, a))
	if a := director.Get("/areas/" + commune + "/villages"); a.Has("Pá Một") || a.Has("Pá Hai") || a.Has("Pá Ba") {
		t.Error("taken back, some of them are still there")
	}
	if other := s.As(t, "officer"); other.Post("/areas/new", "name", "Ngoài", "prefix", "Thôn", "parent", string(s.Home.Commune2), "from", "01/11/2025", "more", "Xa").Status != http.StatusNotFound {
		t.Error("an officer adds villages outside the own communes")
	}
}

// lines is n different names, one a line.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("Mẫu " + strings.Repeat("a", i%20+1) + strings.Repeat("b", i/20+1) + "\n")
	}
	return b.String()
}
