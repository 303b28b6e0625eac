package web_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

func TestSheetIsKeyedBackRowByRow(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	at := "/sessions/" + string(id)
	was, _ := headsNow(t, site, id)
	a := c.Post(at+"/sheets", "kind", "attendance", "blank", "2", "village", string(site.Home.Village1))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("making a sheet answers %d: %s", a.Status, a.Body)
	}
	code := a.Location[strings.LastIndex(a.Location, "=")+1:]
	if paper := c.Get(a.Location); !paper.Has(code, "Sùng A Mẫu mau", "Ký tên") || paper.Has("Thào Thị Nhì mau") {
		t.Error("the sheet must name the segment's people in the village and nobody else")
	}
	form := c.Get(at + "/key?code=" + code)
	fields := []string{"code", code, "here_1", "1", "id_2", hiddenValue(t, form.Body, "id_2"), "name_2", "Vừ A Viết Thêm", "village_2", string(site.Home.Village1), "sex_2", "male",
		"count_female-old", "3", "count_id_female-old", hiddenValue(t, form.Body, "count_id_female-old")}
	for range 2 {
		if a := c.Post(at+"/key", fields...); a.Status != http.StatusSeeOther {
			t.Fatalf("keying answers %d: %s", a.Status, a.Body)
		}
	}
	if n, named := headsNow(t, site, id); n != was+4 || named != 2 { // the person of row 1 stood there already
		t.Errorf("keyed twice: %d heads more, %d named", n-was, named)
	}
	if a := c.Post(at+"/key", "code", code, "id_3", loa.NewID(), "name_3", "Ai Đó", "village_3", string(site.Home.Village2), "count_female-old", "9"); a.Status != http.StatusNotFound && a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a row of a village elsewhere answers %d", a.Status)
	}
	if n, _ := headsNow(t, site, id); n != was+4 {
		t.Error("a refused sheet left half of itself")
	}
	a = c.Post(at+"/sheets", "kind", "walk", "blank", "0")
	walk := a.Location[strings.LastIndex(a.Location, "=")+1:]
	if !c.Get(a.Location).Has("☐ đã gặp", "Sùng A Mẫu mau") {
		t.Error("the walk list has no boxes")
	}
	if a := c.Post(at+"/key", "code", walk, "outcome_1", "not_home", "note_1", "đi nương"); a.Status != http.StatusSeeOther {
		t.Fatalf("keying a walk list answers %d", a.Status)
	}
	visits, err := site.DB.SessionVisits(context.Background(), homeScope(t, site), id)
	if err != nil || len(visits) != 1 || visits[0].Outcome != "not_home" || visits[0].Note != "đi nương" {
		t.Errorf("keyed %+v, %v", visits, err)
	}
	if a := c.Post(at+"/key", "code", "ZZZZ"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown code answers %d", a.Status)
	}
}

var letterHead = regexp.MustCompile(`<b class="upper rule-third">[^<]*</b>`)

func TestLettersTakeTheirNumberOnce(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	x := sessionNow(t, site, site.Home.Planned)
	x.Partners, x.ID = []loa.PartnerID{site.Home.Partner}, loa.SessionID(loa.NewID())
	if _, err := site.DB.AddSession(context.Background(), homeScope(t, site), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, x); err != nil {
		t.Fatal(err)
	}
	at := "/sessions/" + string(x.ID)
	if c.Get(at + "/letters").Has("01/GM-BHXH") {
		t.Error("looking takes a number")
	}
	for range 2 {
		if a := c.Post(at + "/letters"); a.Status != http.StatusSeeOther {
			t.Fatalf("writing answers %d", a.Status)
		}
	}
	letter := c.Get(at + "/letters")
	if head := letterHead.FindString(letter.Body); strings.Contains(head, "BHXH") {
		t.Errorf("the office's name is not written out at the head: %s", head)
	}
	if signed := site.As(t, "director").Get(at + "/letters"); !signed.Has(`<b class="doc-name">Lò Thị Mẫu</b>`) {
		t.Error("the director's own copy has no room for her name")
	}
	if !letter.Has("Số: 01/GM-BHXH", "ngày 30 tháng 11 năm 2025", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "GIẤY MỜI", "Kính gửi: Hội Phụ nữ xã Nhất mau", "19 giờ 00 phút, Thứ Sáu, ngày 05/12/2025") || letter.Has("02/GM-BHXH") {
		t.Errorf("the letter is not what it should be: %s", letter.Body)
	}
	c.Post(at+"/confirm", "partner", string(site.Home.Partner), "comes", "1")
	if !c.Get(at).Has("nhận lời 30/11") {
		t.Error("the partner's yes is not shown")
	}
	c.Post(at+"/check", "text", "Không có dòng này", "done", "1")
	if a := c.Post(at+"/confirm", "partner", string(site.Neighbour.Partner), "comes", "1"); a.Status != http.StatusNotFound {
		t.Errorf("another office's partner answers %d", a.Status)
	}
}

// TestPartnerAnswersWithoutAnAccount opens the page behind the letter's address as somebody who has no account at all.
func TestPartnerAnswersWithoutAnAccount(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	x := sessionNow(t, site, site.Home.Planned)
	x.Partners, x.ID, x.Place = []loa.PartnerID{site.Home.Partner}, loa.SessionID(loa.NewID()), "Nhà văn hóa"
	if _, err := site.DB.AddSession(context.Background(), homeScope(t, site), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, x); err != nil {
		t.Fatal(err)
	}
	at := "/sessions/" + string(x.ID)
	c.Post(at + "/letters")
	m := regexp.MustCompile(`href="(/invitations/[^"]+)"`).FindStringSubmatch(c.Get(at).Body)
	if m == nil {
		t.Fatal("the letter has no page")
	}
	p := site.Anonymous(t)
	page := p.Get(m[1])
	if page.Status != http.StatusOK || !page.Has(x.Title, "Nhà văn hóa", "Bản Một mau, Xã Nhất mau", "05/12/2025", "19:00", "Giàng A Nhất", "Hội Phụ nữ xã Nhất mau") || page.Has("Sùng A Mẫu") || page.Has("Nông dân") {
		t.Errorf("the partner's page answers %d: %s", page.Status, page.Body)
	}
	if a := p.Post(m[1], "comes", "1"); a.Status != http.StatusSeeOther || !p.Get(m[1]).Has("nhận lời 30/11/2025") || !c.Get(at).Has("nhận lời 30/11") {
		t.Errorf("saying yes answers %d", a.Status)
	}
	if a := p.Post(m[1], "comes", "0"); a.Status != http.StatusSeeOther || c.Get(at).Has("nhận lời 30/11") {
		t.Errorf("saying no answers %d", a.Status)
	}
	if page = site.As(t, "viewer").Get(at); page.Has("/invitations/") {
		t.Error("whoever may only look finds the partner's secret")
	}
	for _, wrong := range []string{"/invitations/x", "/invitations/" + strings.Repeat("A", 43), "/invitations/" + string(id), m[1] + "x"} {
		if a := p.Get(wrong); a.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", wrong, a.Status)
		}
		if a := p.Post(wrong, "comes", "1"); a.Status != http.StatusNotFound {
			t.Errorf("answering %s answers %d", wrong, a.Status)
		}
	}
	c.Post(at+"/state", "to", "cancelled", "why", "Mưa lũ")
	if a := p.Get(m[1]); !a.Has("Mưa lũ") || a.Has(`name="comes"`) {
		t.Error("a cancelled session still asks for an answer")
	}
}
