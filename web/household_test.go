package web_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

func TestAHouseholdIsAddedInOneGo(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	if !c.Get("/people").Has(`href="/households/new"`) || c.Get("/households/new").Status != http.StatusOK {
		t.Fatal("there is no way to add a household")
	}
	form := []string{"area", string(site.Home.Village1), "code", "M77", "address", "đầu bản", "phone", "0199 000 0777", "name.0", "Vàng A Tủa", "sex.0", "male", "born.0", "1990",
		"name.1", "Sùng Thị Sua", "relation.1", "spouse", "born.1", "05/03/1992", "name.4", "Vàng A Páo", "relation.4", "child", "born.4", "hôm qua"}
	a := c.Post("/households/new", form...)
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Sùng Thị Sua", "hôm qua", "Ngày sinh không đọc được") {
		t.Fatalf("a bad day answers %d, or what was typed is lost", a.Status)
	}
	if c.Get("/people?q=vang+a+tua").Has("Vàng A Tủa</a>") {
		t.Error("half a household was kept")
	}
	form[len(form)-1] = "2015"
	if a = c.Post("/households/new", form...); a.Status != http.StatusSeeOther {
		t.Fatalf("a good form answers %d", a.Status)
	}
	page := c.Get(a.Location)
	if !page.Has("Hộ ông Vàng A Tủa", "3 người", "M77", "đầu bản", "0199 000 0777", "vợ, chồng · 1992", "con · 2015") {
		t.Error("the household's page does not show what was typed")
	}
	for _, wrong := range [][]string{{"area", string(site.Home.Village1)}, {"area", string(site.Home.Village1), "name.0", "A", "born.1", "1990"}, {"name.0", "Không nơi ở"}} {
		if a := c.Post("/households/new", wrong...); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v answers %d", wrong, a.Status)
		}
	}
	if a := c.Post("/households/new", "area", string(site.Home.Village2), "name.0", "Xã khác"); a.Status != http.StatusNotFound {
		t.Errorf("a household in the other commune answers %d", a.Status)
	}
}

func TestAHouseholdIsEditedWithoutLosingAnything(t *testing.T) {
	site := webtest.New(t)
	one, two := site.As(t, "director"), site.As(t, "officer")
	at := "/households/" + string(site.Home.Household)
	read := func(a webtest.Answer) string {
		return regexp.MustCompile(`name="read" value="(\d+)"`).FindStringSubmatch(a.Body)[1]
	}
	r1, r2 := read(one.Get(at+"/edit")), read(two.Get(at+"/edit"))
	one.Post(at+"/edit", "read", r1, "code", "Hmau", "walk_order", "1", "address", "cạnh suối")
	a := two.Post(at+"/edit", "read", r2, "code", "Hmau", "walk_order", "7", "address", "đầu bản", "note", "có chó dữ")
	if a.Status != http.StatusUnprocessableEntity || !a.Has("cạnh suối", "đầu bản") {
		t.Fatalf("both addresses are not shown: %d", a.Status)
	}
	if a = two.Post(at+"/edit", "read", read(a), "code", "Hmau", "walk_order", "7", "address", "cạnh suối, đầu bản", "note", "có chó dữ"); a.Status != http.StatusSeeOther {
		t.Fatalf("the choice answers %d", a.Status)
	}
	if page := one.Get(at); !page.Has("cạnh suối, đầu bản", "có chó dữ") {
		t.Error("what was chosen is not kept")
	}
	if !one.Get(at + "?kind=change").Has("Địa chỉ: chưa rõ → cạnh suối") {
		t.Error("the timeline does not tell the household's changes")
	}
	a = one.Post(at+"/relocate", "village", string(site.Home.Village2))
	if p := homeOf(t, site, site.Home.Person); p.Area != site.Home.Village2 || string(p.Household) != string(site.Home.Household) {
		t.Fatalf("the household did not move with its people: %d", a.Status)
	}
	one.Post(undoOf(t, one.Get(a.Location)))
	if p := homeOf(t, site, site.Home.Person); p.Area != site.Home.Village1 {
		t.Error("moving the household was not taken back")
	}
	member := addPerson(t, site, loa.Person{Name: "Sùng Thị Hai", Household: site.Home.Household, Relation: "spouse"})
	a = one.Post(at+"/head", "head", string(member.ID))
	if p := homeOf(t, site, member.ID); p.Relation != "head" {
		t.Fatalf("the head is not changed: %d", a.Status)
	}
	one.Post(undoOf(t, one.Get(a.Location)))
	if p := homeOf(t, site, site.Home.Person); p.Relation != "head" {
		t.Error("changing the head was not taken back")
	}
}

// TestAVisitIsRecordedInThreeTaps counts what a thumb does: open the person, tap the outcome. Nothing has to be typed.
func TestAVisitIsRecordedInThreeTaps(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/people/" + string(site.Home.Person)
	list := c.Get("/people?q=sung+a+mau")
	if !list.Has(`href="` + at + `"`) { // tap one
		t.Fatal("the list does not lead to the person")
	}
	page := c.Get(at)
	for _, o := range loa.VisitOutcomes { // tap two
		if !page.Has(`name="outcome" value="` + o + `"`) {
			t.Errorf("%s cannot be tapped", o)
		}
	}
	a := c.Post(at+"/visit", "outcome", "not_home")
	next := c.Get(a.Location)
	if !next.Has("không có nhà") {
		t.Fatalf("the visit is not on the page: %d", a.Status)
	}
	undo := undoOf(t, next)
	if a := site.As(t, "sibling").Post(undo); a.Status != http.StatusNotFound {
		t.Errorf("the other commune takes it back: %d", a.Status)
	}
	if a := c.Post("/people/"+string(addPerson(t, site, loa.Person{Name: "Người khác"}).ID)+"/unsay", "noun", "visit", "fact", string(site.Home.Visit)); a.Status != http.StatusNotFound {
		t.Errorf("a visit is taken back through somebody else: %d", a.Status)
	}
	c.Post(undo)
	if strings.Count(c.Get(at+"?kind=attendance").Body, "không có nhà</span>") != 0 {
		t.Error("the visit was not taken back")
	}
	a = c.Post(at+"/visit", "outcome", "promised", "next_on", "2025-12-06")
	if !c.Get(a.Location).Has("hẹn Thứ Bảy 06/12/2025") {
		t.Error("the appointment is not what comes next")
	}
}

func TestTheNextActionFollowsFromTheFacts(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/people/" + string(site.Home.Person)
	page := c.Get(at)
	if !page.Has("Nhắc Sùng A Mẫu mau đóng tiếp BHXH tự nguyện", "Hết hạn 31/12/2025, còn 31 ngày. Chậm nhất 31/03/2026", "Đóng tiếp như trước: 594.000 đ cho 3 tháng, Nhà nước đóng cùng 396.000 đ", "Lần trước đóng 693.000 đ cho 3 tháng", `href="/calculator?person=`, "Luật 41/2024/QH15 Điều 36 khoản 3", "Tái tục, còn 31 ngày", "Đã gặp") {
		t.Error("the next payment is not asked for with its day, its law and what was paid last")
	}
	state := addPerson(t, site, loa.Person{Name: "Thào Thị Thẻ"})
	fact := loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-01"}
	err := site.DB.AddContribution(context.Background(), scopeOfHome(site), byDirector(site), loa.Contribution{Fact: fact, Person: state.ID, Scheme: loa.HI, Payer: loa.PaysState, Method: loa.Card, From: "2025-01-01", Until: "2025-12-05"})
	if err != nil {
		t.Fatal(err)
	}
	if page := c.Get("/people/" + string(state.ID)); page.Has("Việc tiếp theo") || page.Has("sắp hết hạn") || !page.Has("ngân sách nhà nước đóng") {
		t.Error("what the State pays is asked for")
	}
	if !c.Get(at+"?as_of=2025-09-30").Has("Đang xem tình trạng ngày 30/09/2025", "chưa tham gia") {
		t.Error("before the first payment the person already takes part")
	}
	if past := c.Get(at + "?as_of=2025-10-15"); !past.Has("đang tham gia", "đến 31/12/2025") || past.Has("sắp hết hạn") || past.Has("Việc tiếp theo") {
		t.Error("as of an earlier day the page tells today's standing")
	}
	c.Post(at+"/pay", "scheme", "voluntary_si", "payer", "self", "method", "quarterly", "from_on", "2026-01-01", "until", "2026-03-31", "amount", "693000")
	if page := c.Get(at); page.Has("đóng tiếp BHXH tự nguyện") || !page.Has("đến 31/03/2026") {
		t.Error("after the payment it is still asked for")
	}
	if !c.Get(at + "?as_of=2025-11-29").Has("đến 31/12/2025") {
		t.Error("the payment of today is known yesterday")
	}
}

// TestARefusalWinsAtOnce says no once and looks everywhere a list could still call or visit.
func TestARefusalWinsAtOnce(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	name, at := "Sùng A Mẫu mau", "/people/"+string(site.Home.Person)
	c.Post(at+"/consent", "purpose", "care", "channel", "all", "agreed", "1", "how", "paper", "proof", "phiếu số 12")
	if !c.Get("/enrolment/renewals?print=1").Has(name) || !c.Get(at).Has("phiếu số 12", "phiếu giấy có ký") {
		t.Fatal("who agreed is not on the list, or the proof is not on the page")
	}
	a := c.Post(at+"/consent", "purpose", "care", "channel", "all", "agreed", "0", "how", "spoken")
	page := c.Get(a.Location)
	if !page.Has("Đã từ chối mọi liên lạc nhắc việc", "không gọi") || page.Has("0199 000 000") || page.Has("Việc tiếp theo") {
		t.Error("the household page still asks to call or visit")
	}
	if list := c.Get("/people?q=sung"); !list.Has("từ chối liên lạc") || list.Has("0199 000 000") {
		t.Error("the list of people still shows the telephone")
	}
	if shown := c.Get("/enrolment/renewals"); !shown.Has(name, "từ chối liên lạc", "1 người đã từ chối") {
		t.Error("the renewals do not say who refused")
	}
	if c.Get("/enrolment/renewals?print=1").Has(name) {
		t.Error("the printed walking list still leads to the door")
	}
	if !c.Get("/people?contact=refused").Has(name) {
		t.Error("the filter does not find who refused")
	}
	c.Post(undoOf(t, page))
	if !c.Get("/enrolment/renewals?print=1").Has(name) {
		t.Error("taking the refusal back does not bring the person back")
	}
	c.Post(at+"/consent", "purpose", "care", "channel", "visit", "agreed", "0")
	if c.Get("/enrolment/renewals?print=1").Has(name) {
		t.Error("who refused visits is on the list to walk by")
	}
}

// TestAnAgreementOnAdvertisingIsTold: what somebody agreed to otherwise than the law says is kept with its proof, and told until they
// refuse; without proof or an agreement to advertising it is refused, and nothing is kept.
func TestAnAgreementOnAdvertisingIsTold(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/people/" + string(site.Home.Person)
	told := "Thoả thuận riêng về quảng cáo: nhận từ 06:00 đến 22:30, tối đa 5 lần"
	if !c.Get(at).Has("Luật hiện nay: trong 24 giờ tối đa 3 tin nhắn, 3 thư điện tử, 1 cuộc gọi; tin nhắn từ 07:00 đến 22:00, gọi từ 08:00 đến 17:00") {
		t.Error("the form does not say what the law is")
	}
	say := func(more ...string) string {
		return c.Get(c.Post(at+"/consent", append([]string{"how", "paper", "ads_from", "6h", "ads_to", "22:30", "ads_most", "5"}, more...)...).Location).Body
	}
	for name, x := range map[string]struct {
		form []string
		want string
	}{
		"no proof":        {[]string{"purpose", "advertising", "channel", "sms", "agreed", "1"}, "phải có bằng chứng: ghi chú"},
		"another purpose": {[]string{"purpose", "care", "channel", "sms", "agreed", "1", "proof", "phiếu số 12"}, "chỉ đi cùng lời đồng ý"},
		"a refusal":       {[]string{"purpose", "advertising", "channel", "sms", "agreed", "0", "proof", "phiếu số 12"}, "chỉ đi cùng lời đồng ý"},
		"a visit":         {[]string{"purpose", "advertising", "channel", "visit", "agreed", "1", "proof", "phiếu số 12"}, "không có gì để thoả thuận riêng"},
	} {
		if page := say(x.form...); !strings.Contains(page, x.want) || strings.Contains(page, told) {
			t.Errorf("%s: it is kept, or nothing is said of it", name)
		}
	}
	if page := say("purpose", "advertising", "channel", "sms", "agreed", "1", "proof", "phiếu số 12"); !strings.Contains(page, told) || !strings.Contains(page, "phiếu số 12") {
		t.Error("what was agreed is not told on the page of the person")
	}
	c.Post(at+"/consent", "purpose", "advertising", "channel", "all", "agreed", "0", "how", "spoken")
	if c.Get(at).Has(told) {
		t.Error("what was agreed is told after a refusal")
	}
}

func TestConsentKeepsItsProof(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/people/" + string(site.Home.Person)
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	img.Set(3, 3, color.RGBA{200, 0, 0, 255})
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, img, nil); err != nil {
		t.Fatal(err)
	}
	say := url.Values{"purpose": {"care"}, "channel": {"sms"}, "agreed": {"1"}, "how": {"paper"}}
	if a := upload(t, site, c, at+"/consent", photo.Bytes(), say); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("a photo answers %d", a.StatusCode)
	}
	link := regexp.MustCompile(`href="(/people/[^"]+/proof\?id=[^"]+)">xem ảnh`).FindStringSubmatch(c.Get(at).Body)
	if link == nil {
		t.Fatal("the photo is not beside the consent")
	}
	if a := c.Get(link[1]); a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || len(a.Body) == 0 || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the photo answers %d %s", a.Status, a.Header.Get("Content-Type"))
	}
	if a := site.As(t, "sibling").Get(link[1]); a.Status != http.StatusNotFound {
		t.Errorf("the other commune sees the photo: %d", a.Status)
	}
	if a := c.Get("/people/" + string(addPerson(t, site, loa.Person{Name: "Người khác"}).ID) + "/proof?id=" + strings.Split(link[1], "id=")[1]); a.Status != http.StatusNotFound {
		t.Errorf("the photo is shown as somebody else's: %d", a.Status)
	}
	say.Set("channel", "call")
	upload(t, site, c, at+"/consent", []byte("ID3\x04\x00\x00\x00\x00\x00\x12+21.8236+103.3601/\xff\xfb"+strings.Repeat("x", 100)), say)
	if page := c.Get(at); !page.Has("bản ghi âm", ">nghe</a>") {
		t.Error("a recorded voice is not kept as one")
	}
	heard := regexp.MustCompile(`href="(/people/[^"]+/proof\?id=[^"]+)">nghe`).FindStringSubmatch(c.Get(at).Body)
	if heard == nil {
		t.Fatal("the recording cannot be heard")
	}
	if a := c.Get(heard[1]); a.Header.Get("Content-Type") != "audio/mpeg" || !strings.Contains(a.Body, "xxxx") || strings.Contains(a.Body, "21.8236") {
		t.Errorf("the recording still says where it was made: %s %.60q", a.Header.Get("Content-Type"), a.Body)
	}
	say.Set("channel", "email")
	upload(t, site, c, at+"/consent", []byte("<html>not a picture"), say)
	if c.Get(at).Has("<dt>thư điện tử<span") {
		t.Error("a file that is neither a picture nor a recording is kept as a proof")
	}
}

func TestTheTimelineHoldsEveryTouch(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/people/" + string(site.Home.Person)
	c.Post(at+"/leave", "scheme", "voluntary_si", "reason", "moved")
	c.Post(at+"/consent", "purpose", "care", "channel", "zalo", "agreed", "1")
	page := c.Get(at)
	for _, what := range []string{"Nhóm nhỏ bản Một mau", "Thăm hộ", "Đóng đủ 15 năm", "Quan tâm BHYT hộ gia đình", "Đã bàn giao", "Đóng BHXH tự nguyện: 693.000 đ", "Dừng BHXH tự nguyện", "Ý kiến về Zalo"} {
		if !strings.Contains(strings.ToLower(page.Body), strings.ToLower(what)) {
			t.Errorf("%s is not on the timeline", what)
		}
	}
	if only := c.Get(at + "?kind=question"); !only.Has("Đóng đủ 15 năm") || only.Has("Đóng BHXH tự nguyện: 693.000 đ") {
		t.Error("the filter for questions shows something else")
	}
	twin := addPerson(t, site, loa.Person{Name: "Sùng A Máu", BornYear: 1987})
	c.Post("/people/"+string(twin.ID)+"/visit", "outcome", "call_back")
	c.Post("/register/duplicates/merge", "keep", string(site.Home.Person), "drop", string(twin.ID))
	if !c.Get(at + "?kind=attendance").Has("gọi lại sau</span>") {
		t.Error("what stood with the merged record is lost from the timeline")
	}
	for range 35 {
		c.Post(at+"/visit", "outcome", "met")
	}
	first, second := c.Get(at+"?kind=attendance"), c.Get(at+"?kind=attendance&page=2")
	if !first.Has("lượt trước đó", "page=2") || first.Has("gọi lại sau</span>") || !second.Has("gọi lại sau</span>") {
		t.Error("a long timeline is not paged")
	}
}

func TestARegisterListIsWorkedOff(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	p := addPerson(t, site, loa.Person{Name: "Người Không Năm Sinh"})
	list := c.Get("/register/no_born")
	link := regexp.MustCompile(`href="(/people/` + string(p.ID) + `\?from=[^"]+)"`).FindStringSubmatch(list.Body)
	if link == nil {
		t.Fatal("the list does not lead to the person and back")
	}
	page := c.Get(strings.ReplaceAll(link[1], "&amp;", "&"))
	if !page.Has(`href="/register/no_born"`, "Quay lại danh sách", "/edit?from=") {
		t.Error("the page does not lead back to the list")
	}
	a := c.Post("/people/"+string(p.ID)+"/edit", "name", p.Name, "area", string(p.Area), "born", "1990", "from", "/register/no_born")
	if next := c.Get(a.Location); !next.Has(`href="/register/no_born"`) {
		t.Errorf("after saving the way back is lost: %s", a.Location)
	}
	if c.Get("/register/no_born").Has(p.Name) {
		t.Error("who was mended is still on the list")
	}
	if c.Get("/people/" + string(p.ID) + "?from=https://evil.example/").Has(`href="https`) {
		t.Error("the way back leads off the site")
	}
}
