package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/web/webtest"
)

var formKey = regexp.MustCompile(`name="key" value="([0-9a-f-]{36})"`)

// begin opens a public form and waits as long as somebody needs to fill it in.
func begin(t *testing.T, site *webtest.Site, c *webtest.Client, at string) string {
	t.Helper()
	a := c.Get(at)
	m := formKey.FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || m == nil {
		t.Fatalf("%s answers %d without a key", at, a.Status)
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a form may be kept: %s", a.Header.Get("Cache-Control"))
	}
	site.Advance(5 * time.Second)
	return m[1]
}

func publicQuestions(t *testing.T, site *webtest.Site, f store.QuestionFilter) []store.QuestionLine {
	t.Helper()
	if f.Page == "" {
		f.Page = "public"
	}
	list, err := site.DB.Questions(t.Context(), wholeOf(t, site, site.Home), f)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAskedOnThePublicPage(t *testing.T) {
	site := webtest.New(t)
	l := leafletOf(t, site, "ask")
	c, at := site.Anonymous(t), publicAt(t, site, "/ask")
	key := begin(t, site, c, at+"?from="+l.Code)
	const text = "Tôi đóng 3 năm rồi nghỉ thì có mất không?"
	a := c.Send(at, "key", key, "from", l.Code, "text", text)
	if !a.Has("Đã nhận, cảm ơn bà con") || a.Has("gọi 1900 9068. Muốn xóa") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.Send(at, "key", key, "from", l.Code, "text", text)
	list := publicQuestions(t, site, store.QuestionFilter{})
	if len(list) != 1 || list[0].Text != text || list[0].Area != site.Home.Village1 || list[0].Form != loa.LeafletForm || list[0].Spoken != l.Spoken {
		t.Fatalf("%+v", list)
	}
	const other = "Thẻ của con tôi bao giờ có?"
	c.Send(at, "key", key, "text", other) // gone back to, and asked something else
	if list := publicQuestions(t, site, store.QuestionFilter{}); len(list) != 2 || list[0].Text+list[1].Text != text+other && list[0].Text+list[1].Text != other+text {
		t.Fatalf("other words under the same key: %+v", list)
	}
	officer := site.As(t, "officer")
	if a := officer.Get("/questions?source=public"); !a.Has(text, "trang công khai · mã 1 · Tờ gấp đợt 1") {
		t.Error("the officer's list does not name the source")
	}
	if a := officer.Get("/questions/" + string(list[0].ID)); !a.Has("Người hỏi qua trang công khai", "không để lại") {
		t.Error("the question does not say who asked")
	}
}

func TestPublicFormLosesNothing(t *testing.T) {
	site := webtest.New(t)
	c, at := site.Anonymous(t), publicAt(t, site, "/ask")
	long := strings.Repeat("ế", 501)
	village := string(site.Home.Village2)
	kept := func(a webtest.Answer, what string) {
		t.Helper()
		if !a.Has(">Hai từ</textarea>", `value="Sùng A &lt;b&gt;"`, `value="12x"`, `value="`+village+`" selected`) {
			t.Errorf("%s loses what was typed: %s", what, a.Body)
		}
	}
	typed := []string{"text", "Hai từ", "name", "Sùng A <b>", "phone", "12x", "call_me", "1", "area", village}
	key := begin(t, site, c, at)
	a := c.Post(at, append([]string{"key", key}, typed...)...)
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Số điện thoại chưa đúng", "cần đánh dấu đồng ý", `aria-describedby="e-phone"`, `value="`+key+`"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	kept(a, "a mistake")
	if a = c.Post(at, append([]string{"key", key, "lang", "en"}, typed...)...); a.Status != http.StatusOK || !a.Has(`<html lang="en">`, "Send the question") || a.Has("not a telephone number") {
		t.Errorf("another language: %d", a.Status)
	}
	kept(a, "another language")
	if a = c.Get(at); !a.Has(`<html lang="en">`) {
		t.Error("the language is forgotten")
	}
	c.Post(at, "lang", "vi")
	for text, want := range map[string]int{"bốn!": 422, "  bốn!   ": 422, long: 422, strings.Repeat("e\u0302\u0301", 500): 303, "năm ạ": 303, "👍🏽👍🏽👍🏽👍🏽": 422} {
		k := begin(t, site, c, at)
		if a := c.Post(at, "key", k, "text", text); a.Status != want {
			t.Errorf("%.20q answers %d, want %d", text, a.Status, want)
		}
		site.Advance(time.Minute)
	}
	fresh := c.Get(at)
	if a := c.Post(at, "key", formKey.FindStringSubmatch(fresh.Body)[1], "text", "Hai từ rất dài"); a.Status != 422 || !a.Has("quá nhanh", ">Hai từ rất dài</textarea>") {
		t.Errorf("filled in within no time: %d", a.Status)
	}
	if a := c.Post(at, "key", key, "text", "Mua thuốc rẻ", "website", "http://spam"); a.Status != 422 || !a.Has("một ô ẩn", ">Mua thuốc rẻ</textarea>") || a.Has("http://spam") {
		t.Errorf("the hidden field filled in: %d", a.Status)
	}
	for _, bad := range []string{"", "x", "' OR 1=1 --", strings.Repeat("0", 36)} {
		if a := c.Post(at, "key", bad, "text", "Một câu hỏi"); a.Status != 422 {
			t.Errorf("key %q answers %d", bad, a.Status)
		}
	}
	if a := c.Post(at, "key", begin(t, site, c, at), "text", "Một câu hỏi", "area", string(site.Home.Person)); a.Status != 422 {
		t.Errorf("an area that is none answers %d", a.Status)
	}
	if a := c.Post(at, "draft", "1", "text", "Bắt đầu ở trang đầu"); a.Status != http.StatusOK || !a.Has(">Bắt đầu ở trang đầu</textarea>") || a.Has("role=\"alert\"") {
		t.Errorf("a question begun on the first page: %d", a.Status)
	}
}

func TestLeaveANumber(t *testing.T) {
	site := webtest.New(t)
	l := leafletOf(t, site, "home")
	c, at := site.Anonymous(t), publicAt(t, site, "/call")
	key := begin(t, site, c, at)
	if a := c.Post(at, "key", key, "phone", "0912 345 678", "area", string(site.Home.Village1)); a.Status != 422 || !a.Has("cần đánh dấu đồng ý") {
		t.Errorf("without consent: %d", a.Status)
	}
	if a := c.Post(at, "key", key, "phone", "0912 345 678", "agree", "1", "code", "99"); a.Status != 422 || !a.Has("Không có mã này") {
		t.Errorf("a code there is not: %d", a.Status)
	}
	for range 2 {
		if a := c.Send(at, "key", key, "phone", "0912 345 678", "agree", "1", "when", "evening", "area", string(site.Home.Village1), "code", "mã 1"); !a.Has("Đã nhận", "sẽ không gọi") {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	list := publicQuestions(t, site, store.QuestionFilter{ToCall: true})
	if len(list) != 1 || list[0].Spoken != l.Spoken || !list[0].Promised {
		t.Fatalf("%+v", list)
	}
	at = "/questions/" + string(list[0].ID)
	officer := site.As(t, "officer")
	if a := officer.Get(at); !a.Has("0912 345 678", "Chiều tối", "Tôi đồng ý để", "call-", "Thêm vào sổ") {
		t.Errorf("the officer does not see the number: %s", a.Body)
	}
	if a := officer.Get("/questions?source=call"); !a.Has("chờ gọi lại") || a.Has("0912") {
		t.Error("the list of questions is wrong")
	}
	for _, who := range []string{"administrator", "viewer"} {
		if a := site.As(t, who).Get(at); a.Status != http.StatusOK || a.Has("345 678") || a.Has("12345678") || !a.Has("vai trò của bạn không xem được") {
			t.Errorf("%s: %d", who, a.Status)
		}
	}
	for _, who := range []string{"sibling", "ben.director"} {
		if a := site.As(t, who).Get(at); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", who, a.Status)
		}
	}
	if a := officer.Send(at+"/asker", "do", "reached"); !a.Has("Đã gọi được ngày") {
		t.Error("the call is not noted")
	}
	if a := officer.Send(at+"/asker", "do", "erase"); a.Has("345 678") || !a.Has("đã được xóa theo yêu cầu") {
		t.Error("the number is not erased")
	}
}

// TestNumberOfTheRegister: the officer says who it is, and the consent goes along; the public page says the same to all.
func TestNumberOfTheRegister(t *testing.T) {
	site := webtest.New(t)
	c, at := site.Anonymous(t), publicAt(t, site, "/call")
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	p, err := site.DB.Person(t.Context(), in, site.Home.Person)
	if err != nil {
		t.Fatal(err)
	}
	p.Phone = "+841991234567"
	if _, _, err := site.DB.SavePerson(t.Context(), in, by, p, p.ChangeNo); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, phone := range []string{"0199 123 4567", "0912 345 679"} { // of somebody in the register, and of nobody
		key := begin(t, site, c, at)
		a := c.Post(at, "key", key, "phone", phone, "agree", "1", "area", string(site.Home.Village1))
		b := c.Get(a.Location)
		answers[phone] = a.Location + b.Body
	}
	if answers["0199 123 4567"] != answers["0912 345 679"] {
		t.Error("the page tells a number of the register from another")
	}
	if strings.Contains(answers["0199 123 4567"], "Sùng A") || !strings.Contains(answers["0199 123 4567"], "Đã nhận") {
		t.Error("the page names whose number it is")
	}
	director := site.As(t, "director")
	list := publicQuestions(t, site, store.QuestionFilter{ToCall: true})
	for _, q := range list {
		at := "/questions/" + string(q.ID)
		if a := director.Get(at); a.Has("0199 123 4567") {
			if !a.Has("Số này có trong sổ", "Sùng A Mẫu mau") {
				t.Fatal("the register's person is not offered")
			}
			if a := director.Send(at+"/asker", "do", "match", "person", string(site.Home.Person)); !a.Has("Sùng A Mẫu mau") {
				t.Errorf("%d", a.Status)
			}
		}
	}
	said, err := site.DB.Consents(t.Context(), in, site.Home.Person)
	if err != nil || loa.ConsentFor(said, "care", "call") != "agreed" || len(said) == 0 || said[0].How != "web" || !strings.HasPrefix(said[0].Proof, "call-") {
		t.Errorf("%+v, %v", said, err)
	}
}

func TestPublicFormsAreBraked(t *testing.T) {
	site := webtest.New(t)
	c, at := site.Anonymous(t), publicAt(t, site, "/ask")
	var last webtest.Answer
	sent := 0
	for range 14 {
		key := begin(t, site, c, at)
		site.Advance(-5*time.Second + 3*time.Second)
		if last = c.Post(at, "key", key, "text", "Câu hỏi của tôi đây"); last.Status == http.StatusSeeOther {
			sent++
		}
	}
	if sent < 10 || sent > 12 || last.Status != http.StatusTooManyRequests || !last.Has("Mời thử lại sau", ">Câu hỏi của tôi đây</textarea>") || last.Header.Get("Retry-After") == "" {
		t.Errorf("%d were sent, the last answers %d", sent, last.Status)
	}
	site.Advance(10 * time.Minute)
	if a := c.Post(at, "key", begin(t, site, c, at), "text", "Câu hỏi của tôi đây"); a.Status != http.StatusSeeOther {
		t.Errorf("ten minutes later: %d", a.Status)
	}
}
