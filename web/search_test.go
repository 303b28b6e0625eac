package web_test

import (
	"testing"

	"loa"
	"loa/web/webtest"
)

func TestSearchBoxFindsEverythingWithoutAccents(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	found := map[string]string{"sung+a": "Sùng A Mẫu", "luong+huu": "Đóng đủ 15 năm"}
	for _, line := range site.Server.Table() {
		if line.Pattern == "GET /areas" { // a search leads to no page that does not stand
			found["ban+mot"] = "Bản Một"
		}
	}
	for q, want := range found {
		a := director.Get("/search?pick=1&q=" + q)
		if !a.Has(`role="option"`, want) {
			t.Errorf("%s does not find %s", q, want)
		}
		if a.Has("<html") {
			t.Errorf("%s answers with a whole page", q)
		}
		if page := director.Get("/search?q=" + q); !page.Has(want, "<html") {
			t.Errorf("the page of %s does not show %s", q, want)
		}
	}
	in := loa.Scope{Office: site.Home.ID, Ranges: []loa.Range{{From: "", To: "\uffff"}}}
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	if err := site.DB.AnswerQuestion(t.Context(), in, by, loa.Answer{Question: site.Home.Question, Text: "Tỷ lệ hưởng tính theo số năm đóng", Cites: "Luật BHXH 2024", ValidFrom: "2025-07-01"}); err != nil {
		t.Fatal(err)
	}
	if a := director.Get("/search?pick=1&q=ty+le+huong"); !a.Has("Đóng đủ 15 năm", "Tỷ lệ hưởng") {
		t.Error("a question is not found by the words of its answer")
	}
	if a := site.As(t, "sibling").Get("/search?pick=1&q=sung+a"); a.Has("Sùng A Mẫu") {
		t.Error("the officer of another commune finds the person")
	}
	if a := director.Get("/search?pick=1&q=zzzz"); !a.Has("Không tìm thấy gì") {
		t.Error("nothing found says nothing")
	}
}
