package web_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

var consentLink = regexp.MustCompile(`href="(https://oauth\.zaloapp\.com[^"]+)"`)

// settingsOf are the answers of an account as they are kept.
func settingsOf(t *testing.T, s *webtest.Site, id loa.ChannelID) map[string]string {
	t.Helper()
	c, err := s.DB.OpenChannel(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	set, err := s.Accounts.Settings(c)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestAccountIsAddedAndChanged: a form of what the driver asks; a secret goes in, stays when left empty, and never comes out.
func TestAccountIsAddedAndChanged(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "administrator")
	if a := c.Get("/admin/channels/new"); !a.Has("Zalo Official Account", "Cần có", "Chi phí", "chưa được Zalo xác nhận") {
		t.Error("the networks are not explained")
	}
	if a := c.Get("/admin/channels/new?kind=sms_esms"); a.Status != http.StatusOK || !a.Has("Tên gửi (brandname)", "Tối đa 11 chữ", "chưa xác nhận", "(mặc định)", `type="password"`) {
		t.Errorf("the form of eSMS answers %d", a.Status)
	}
	form := url.Values{"kind": {"sms_esms"}, "name": {"SMS Tủa Chùa"}, "set_api_key": {"khoa-mat"}, "set_secret_key": {"bi-mat"}, "set_sender": {"BHXH Tua Chua qua dai"}, "rate": {"5"}, "per": {"second"}, "day_quota": {"900"}, "set_accents": {"no"}}
	if a := c.Do("POST", "/admin/channels", form); a.Status != http.StatusUnprocessableEntity || !a.Has("Giá trị này chưa dùng được. Tối đa 11 chữ", "BHXH Tua Chua qua dai") || a.Has("khoa-mat") {
		t.Errorf("a sender that is too long answers %d", a.Status)
	}
	form.Set("set_sender", "BHXHTuaChua")
	a := c.Do("POST", "/admin/channels", form)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("a good account answers %d", a.Status)
	}
	id := loa.ChannelID(strings.TrimPrefix(a.Location, "/admin/channels/"))
	kept, err := s.DB.OpenChannel(context.Background(), id)
	if err != nil || kept.State != loa.ChannelOff || kept.Rate != 5 || kept.DayQuota != 900 || kept.Area != s.Home.Anchor {
		t.Fatalf("kept is %+v (%v)", kept, err)
	}
	if set := settingsOf(t, s, id); set["api_key"] != "khoa-mat" || set["sender"] != "BHXHTuaChua" || set["accents"] != "" {
		t.Errorf("kept are %v", set)
	}
	if a := c.Get(a.Location); a.Has("khoa-mat") || a.Has("bi-mat") || !a.Has("Đã lưu và niêm phong", "https://loa.example/hook/"+string(id)) {
		t.Error("the page shows a secret, or not where to call back")
	}
	form = url.Values{"name": {"SMS"}, "set_api_key": {""}, "set_secret_key": {"moi"}, "set_sender": {"BHXHTuaChua"}, "set_accents": {"yes"}}
	if a := c.Do("POST", "/admin/channels/"+string(id), form); a.Status != http.StatusSeeOther {
		t.Fatalf("saving answers %d", a.Status)
	}
	if set := settingsOf(t, s, id); set["api_key"] != "khoa-mat" || set["secret_key"] != "moi" || set["accents"] != "yes" {
		t.Errorf("after saving kept are %v", set)
	}
	if a := c.Do("POST", "/admin/channels/"+string(id)+"/remove", url.Values{}); a.Location != "/admin/channels" {
		t.Errorf("removing answers %d %s", a.Status, a.Location)
	}
	if _, err := s.DB.OpenChannel(context.Background(), id); loa.KindOf(err) != loa.NotFound {
		t.Error("the account is still there")
	}
}

// TestConsentIsGivenOnce: the officer who begins comes back with the word given along, once; the tokens are kept and not shown.
func TestConsentIsGivenOnce(t *testing.T) {
	s := webtest.New(t)
	c, at := s.As(t, "administrator"), "/admin/channels/"+string(s.Home.Channel)
	if a := c.Get(at); !a.Has("Chưa cấp", "https://loa.example/admin/channels/consent") {
		t.Error("the page does not ask for consent")
	}
	a := c.Do("POST", at+"/consent", url.Values{})
	m := consentLink.FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("no link to Zalo (%d)", a.Status)
	}
	link, err := url.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	q := link.Query()
	if q.Get("app_id") != "1234567890123456789" || q.Get("redirect_uri") != "https://loa.example/admin/channels/consent" || len(q.Get("code_challenge")) != 43 {
		t.Errorf("the link asks %v", q)
	}
	var verifier string
	s.Accounts.Play(func(r *http.Request) (int, string) {
		raw, _ := io.ReadAll(r.Body)
		v, _ := url.ParseQuery(string(raw))
		verifier = v.Get("code_verifier")
		return 200, `{"access_token":"at-mat","refresh_token":"rt-mat","expires_in":"90000"}`
	})
	back := "/admin/channels/consent?code=c1&oa_id=579745863508352884&state=" + url.QueryEscape(q.Get("state"))
	if a := s.As(t, "director").Get(back); a.Status != http.StatusForbidden {
		t.Errorf("a director comes back: %d", a.Status)
	}
	if a := c.Get("/admin/channels/consent?code=c1&oa_id=1&state=" + strings.Repeat("x", 43)); a.Location != "/admin/channels" || len(s.Accounts.Calls()) != 0 {
		t.Errorf("another word comes back: %d %s, %v", a.Status, a.Location, s.Accounts.Calls())
	}
	if a := c.Get(back); a.Location != at {
		t.Fatalf("coming back answers %d %s", a.Status, a.Location)
	}
	if len(verifier) != 43 {
		t.Errorf("the secret half is %q", verifier)
	}
	if set := settingsOf(t, s, s.Home.Channel); set["access_token"] != "at-mat" || set["refresh_token"] != "rt-mat" || set["oa_id"] != "579745863508352884" {
		t.Errorf("kept are %v", set)
	}
	if a := c.Get(at); !a.Has("Đã cấp", "Loa tự gia hạn từ") || a.Has("at-mat") || a.Has("rt-mat") {
		t.Error("the page does not say that consent was given, or shows a token")
	}
	if c.Get(back); len(s.Accounts.Calls()) != 1 {
		t.Errorf("the same consent is used twice: %v", s.Accounts.Calls())
	}
	form := url.Values{"name": {"Zalo OA"}, "set_app_id": {"1234567890123456789"}}
	if a := c.Do("POST", at, form); a.Status != http.StatusSeeOther {
		t.Errorf("saving answers %d", a.Status)
	}
	if set := settingsOf(t, s, s.Home.Channel); set["access_token"] != "at-mat" || set["app_secret"] != "app-secret" {
		t.Errorf("saving loses what rotates: %v", set)
	}
}

// TestAStandstillIsToldAndMended: a halted account says why and what to do, on Today too, and goes on when somebody says so.
func TestAStandstillIsToldAndMended(t *testing.T) {
	s := webtest.New(t)
	c, at := s.As(t, "administrator"), "/admin/channels/"+string(s.Home.Channel)
	if a := c.Get("/"); a.Has("Kênh gửi cần xem") {
		t.Error("Today asks for somebody before anything is wrong")
	}
	if err := s.DB.Halt(context.Background(), s.Home.Channel, "-224", s.Now()); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"/", "/admin/channels", at} {
		if a := c.Get(page); !a.Has("Gói OA không cho dùng OpenAPI", "Đang dừng") {
			t.Errorf("%s does not say why the account stands still", page)
		}
	}
	if a := s.As(t, "director").Get("/"); a.Has("Kênh gửi cần xem") {
		t.Error("Today asks somebody who can do nothing")
	}
	s.Accounts.Play(func(*http.Request) (int, string) { return 0, "" })
	if a := c.Do("POST", at+"/check", url.Values{}); a.Location != at {
		t.Errorf("asking answers %d", a.Status)
	}
	if a := c.Do("POST", at+"/on", url.Values{}); a.Location != at || s.Accounts.Woken() == 0 {
		t.Errorf("going on answers %d", a.Status)
	}
	if got, err := s.DB.OpenChannel(context.Background(), s.Home.Channel); err != nil || got.State != loa.ChannelOn || got.Why != "" {
		t.Errorf("it is %+v (%v)", got, err)
	}
	if a := c.Do("POST", at+"/on", url.Values{}); a.Status != http.StatusConflict {
		t.Errorf("going on twice answers %d", a.Status)
	}
}

// TestOwnMessage: a test goes to the officer's own address and nobody else's, is checked before, and stands in the log.
func TestOwnMessage(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "administrator")
	form := url.Values{"kind": {"sms_esms"}, "name": {"SMS"}, "set_api_key": {"k"}, "set_secret_key": {"s"}, "set_sender": {"BHXH"}}
	at := c.Do("POST", "/admin/channels", form).Location
	msg := url.Values{"network": {"tel"}, "text": {"Kính chào bà con"}, "send": {"1"}}
	if a := c.Do("POST", at+"/test", msg); a.Status != http.StatusUnprocessableEntity || !a.Has("chưa có số điện thoại") {
		t.Errorf("an officer without a number is sent to: %d", a.Status)
	}
	if a := c.Do("POST", "/account", url.Values{"name": {"Quản Trị"}, "language": {"vi"}, "phone": {"0912 345 678"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("the number is not kept: %d %s", a.Status, a.Body[:min(300, len(a.Body))])
	}
	var sent string
	s.Accounts.Play(func(r *http.Request) (int, string) {
		raw, _ := io.ReadAll(r.Body)
		sent = string(raw)
		return 200, `{"CodeResult":"100","SMSID":"d533"}`
	})
	check := url.Values{"network": {"tel"}, "text": {"Kính chào bà con"}}
	if a := c.Do("POST", at+"/test", check); !a.Has("Nhà cung cấp sẽ nhận tin này") || len(s.Accounts.Calls()) != 0 {
		t.Errorf("checking sends: %v", s.Accounts.Calls())
	}
	if a := c.Do("POST", at+"/test", msg); !a.Has("Đã gửi đến 84912345678", "d533") || !strings.Contains(sent, `"Phone":"84912345678"`) {
		t.Errorf("sent is %s", sent)
	}
	long := url.Values{"network": {"tel"}, "text": {strings.Repeat("dài quá ", 200)}, "send": {"1"}}
	if a := c.Do("POST", at+"/test", long); a.Status != http.StatusUnprocessableEntity || !a.Has("Tin dài hơn số phần cho phép") || len(s.Accounts.Calls()) != 1 {
		t.Errorf("a text that is too long answers %d", a.Status)
	}
	if a := c.Do("POST", at+"/test", url.Values{"network": {"zalo"}, "text": {"x"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a network without an own address answers %d", a.Status)
	}
	if a := c.Get("/admin/audit"); !a.Has("gửi thử") {
		t.Error("the log does not tell of the test")
	}
}

// TestWhatAProviderMustBeTold: the records of a domain, and words made up for the provider, shown once.
func TestWhatAProviderMustBeTold(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "administrator")
	at := c.Do("POST", "/admin/channels", url.Values{"kind": {"email"}, "name": {"Thư"}, "set_host": {"mail.bhxh.example"}, "set_from": {"tin@bhxh.example"}}).Location
	if a := c.Get(at); !a.Has("v=spf1 mx a:mail.bhxh.example ~all", "_dmarc.bhxh.example") {
		t.Error("the records of the domain are not shown")
	}
	a := c.Do("POST", at+"/word/hook_key", url.Values{})
	set := settingsOf(t, s, loa.ChannelID(strings.TrimPrefix(at, "/admin/channels/")))
	if len(set["hook_key"]) != 32 || !a.Has(set["hook_key"], "Chỉ hiện một lần này") {
		t.Errorf("the word is %q", set["hook_key"])
	}
	if c.Get(at).Has(set["hook_key"]) {
		t.Error("the word is shown again")
	}
	if a := c.Do("POST", at+"/word/password", url.Values{}); a.Status != http.StatusNotFound {
		t.Errorf("a password is made up: %d", a.Status)
	}
}

// TestSendingIsSet: hours, limits and prices are kept as they are typed.
func TestSendingIsSet(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "administrator")
	form := url.Values{"cap": {"3"}, "cap_days": {"14"}, "few": {"150"}, "pace": {"600"}, "fail_limit": {"12,5"}, "refuse_limit": {"2"}, "low_balance": {"300000"}, "price_viettel": {"450"}}
	for _, f := range loa.HourForms {
		form.Set("start_"+f, "7:30")
		form.Set("end_"+f, "20h")
	}
	form.Set("end_email", "24:00")
	if a := c.Do("POST", "/admin/sending", form); a.Location != "/admin/sending" {
		t.Fatalf("saving answers %d", a.Status)
	}
	set, err := s.DB.SendingSettings(context.Background(), s.Home.ID)
	if err != nil || set.Hours["call"] != (loa.Hours{Start: 450, End: 1200}) || set.Hours["email"].End != 1440 || set.CapN != 3 || set.CapDays != 14 || set.Few != 150 || set.Pace != 600 || set.FailLimit != 1250 || set.RefuseLimit != 200 || set.SMSPrice["viettel"] != 450 || set.LowBalance != 300_000 {
		t.Errorf("kept is %+v (%v)", set, err)
	}
	if a := c.Get("/admin/sending"); !a.Has(`value="07:30"`, `value="12,5"`, `value="24:00"`) {
		t.Error("the page does not show what is kept")
	}
	form.Set("end_call", "6:00")
	if a := c.Do("POST", "/admin/sending", form); a.Status != http.StatusUnprocessableEntity || !a.Has("Giờ kết thúc phải sau giờ bắt đầu", `value="6:00"`) {
		t.Errorf("hours that run backwards answer %d", a.Status)
	}
	form.Set("end_call", "tối")
	if a := c.Do("POST", "/admin/sending", form); a.Status != http.StatusUnprocessableEntity || !a.Has("Giờ chưa đúng") {
		t.Errorf("hours that are none answer %d", a.Status)
	}
}

// TestAGroupIsEnteredByHand: with its number, its village and where they were got; it can be chosen for a broadcast, and what is typed wrongly
// stays in the form.
func TestAGroupIsEnteredByHand(t *testing.T) {
	s := webtest.New(t)
	c, at := s.As(t, "administrator"), "/admin/channels/"+string(s.Home.Channel)
	form := func(to, source string) []string {
		return []string{"group_to", to, "group_name", "Nhóm thôn mau", "group_source", source, "area", string(s.Home.Village1)}
	}
	if a := c.Get(at); !a.Has("Nhóm trên Zalo", "Chưa có nhóm nào") {
		t.Error("the page does not speak of groups")
	}
	if a := c.Post(at+"/group", form("hai từ", "trưởng bản")...); a.Status != http.StatusUnprocessableEntity || !a.Has("Mã nhóm chỉ gồm", `value="hai từ"`, "Nhóm thôn mau") {
		t.Errorf("a number that is none: %d", a.Status)
	}
	if a := c.Post(at+"/group", form("7012345678901234567", "")...); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a group from nowhere: %d", a.Status)
	}
	if a := c.Post(at+"/group", form("7012345678901234567", "trưởng bản cho mã ngày 12/11")...); a.Status != http.StatusSeeOther {
		t.Fatalf("a good group: %d", a.Status)
	}
	if a := c.Get(at); !a.Has("Nhóm thôn mau", "7012345678901234567", "nhập tay", "trưởng bản cho mã ngày 12/11") {
		t.Error("the group is not listed with where it comes from")
	}
	if list, err := s.DB.Groups(context.Background(), wholeOf(t, s, s.Home), s.Home.Channel); err != nil || len(list) != 1 || list[0].Area != s.Home.Village1 || list[0].Address != "7012345678901234567" {
		t.Errorf("kept are %+v, %v", list, err)
	}
	if a := s.As(t, "director").Get("/inbox?state=all"); !a.Has("Nhóm thôn mau") {
		t.Error("the group is not in the queue, where it is answered")
	}
	if a := c.Get("/admin/audit"); !a.Has("nhập tay") {
		t.Error("the log does not say it")
	}
}

// TestAConnectionElsewhereIsNotJudgedHere: a process that does not keep an account's connection says so, and leaves what its keeper wrote.
func TestAConnectionElsewhereIsNotJudgedHere(t *testing.T) {
	s := webtest.New(t)
	c, at := s.As(t, "administrator"), "/admin/channels/"+string(s.Home.Channel)
	good := loa.ChannelHealth{Channel: s.Home.Channel, At: s.Now(), Name: "brandname"}
	if err := s.DB.SaveHealth(t.Context(), s.Home.ID, good); err != nil {
		t.Fatal(err)
	}
	s.Accounts.Elsewhere = true
	if a := c.Post(at + "/check"); a.Status != http.StatusSeeOther || !c.Get(at).Has("do một tiến trình khác của Loa giữ") {
		t.Errorf("nobody says who keeps the connection: %d", a.Status)
	}
	list, err := s.DB.Channels(t.Context(), wholeOf(t, s, s.Home), webtest.Today)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.ID == s.Home.Channel && (l.Health.Failure != "" || l.Health.Name != good.Name) {
			t.Errorf("it is judged all the same: %+v", l.Health)
		}
	}
}
