package fake

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func (o *office) tokens(form url.Values, secret string) answered {
	return o.ask("POST", "/zalo-oauth/v4/oa/access_token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "secret_key", secret)
}

func refreshForm(token string) url.Values {
	return url.Values{"refresh_token": {token}, "app_id": {"1234567890123456789"}, "grant_type": {"refresh_token"}}
}

// TestZaloConsent walks the consent page and the exchange of its code.
func TestZaloConsent(t *testing.T) {
	o := newOffice(t)
	const verifier = "7f7de30229a6edab8bc968ac7b7bcafa117691c20a5"
	link := "/zalo-oauth/v4/oa/permission?app_id=1234567890123456789&redirect_uri=" + url.QueryEscape("https://office.test/back?x=1") + "&state=s1&code_challenge=" + challenge(verifier)
	consent := func() string {
		to, err := url.Parse(o.ask("GET", link, "").header.Get("Location"))
		if err != nil || to.Host != "office.test" || to.Query().Get("oa_id") != o.Zalo.OAID || to.Query().Get("state") != "s1" || to.Query().Get("x") != "1" {
			t.Fatalf("sent back to %v", to)
		}
		return to.Query().Get("code")
	}
	form := func(code, v string) url.Values {
		return url.Values{"code": {code}, "app_id": {o.Zalo.AppID}, "grant_type": {"authorization_code"}, "code_verifier": {v}}
	}
	code := consent()
	a := o.tokens(form(code, verifier), o.Zalo.AppSecret)
	if a.json["expires_in"] != "90000" || a.json["access_token"] == "" || a.json["refresh_token"] == "" {
		t.Fatal(a.body)
	}
	if a := o.tokens(form(code, verifier), o.Zalo.AppSecret); a.code() != -notPublished {
		t.Errorf("a code was used twice: %s", a.body)
	}
	if a := o.tokens(form(consent(), "another"), o.Zalo.AppSecret); a.code() != -notPublished {
		t.Errorf("a wrong verifier did: %s", a.body)
	}
	if a := o.tokens(form(consent(), verifier), "another"); a.code() != -notPublished {
		t.Errorf("a wrong secret did: %s", a.body)
	}
	late := consent()
	o.Clock.Set(noon.Add(10 * time.Minute))
	if a := o.tokens(form(late, verifier), o.Zalo.AppSecret); a.code() != -notPublished {
		t.Errorf("an old code did: %s", a.body)
	}
	if a := o.ask("GET", "/zalo-oauth/v4/oa/permission?app_id=1&redirect_uri=https://a.vn", ""); a.code() != -14002 {
		t.Error(a.body)
	}
	if a := o.ask("GET", "/zalo-oauth/v4/oa/permission?app_id=1234567890123456789&redirect_uri=x", ""); a.code() != -14003 {
		t.Error(a.body)
	}
}

// TestZaloRefresh shows that a refresh token works once, for three months, and that the counting sees who does not know.
func TestZaloRefresh(t *testing.T) {
	o := newOffice(t)
	_, refresh := o.Zalo.Grant()
	first := o.tokens(refreshForm(refresh), o.Zalo.AppSecret)
	next, _ := first.json["refresh_token"].(string)
	if next == "" || next == refresh {
		t.Fatal(first.body)
	}
	if a := o.tokens(refreshForm(refresh), o.Zalo.AppSecret); a.code() != -14020 || a.status != 200 || a.json["access_token"] != nil {
		t.Errorf("a refresh token did twice: %s", a.body)
	}
	o.Clock.Set(noon.Add(90 * 24 * time.Hour))
	if a := o.tokens(refreshForm(next), o.Zalo.AppSecret); a.code() != -14020 {
		t.Errorf("an old refresh token did: %s", a.body)
	}
	if r := o.Zalo.Refreshes(); r.Reused != 1 || r.AtOnce != 1 || r.Done != 3 {
		t.Errorf("%+v", r)
	}
	_ = o.Faults.Add(Fault{Provider: zaloOAuthName, Do: Slow, Wait: Duration(200 * time.Millisecond)})
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { o.tokens(refreshForm(next), o.Zalo.AppSecret) })
	}
	both.Wait()
	if r := o.Zalo.Refreshes(); r.AtOnce != 2 {
		t.Errorf("two at once were not seen: %+v", r)
	}
}

// TestZaloHTTP401 shows the other way a dead token is answered.
func TestZaloHTTP401(t *testing.T) {
	o := newOffice(t)
	o.Change(func() { o.Zalo.HTTP401 = true })
	_ = o.Faults.Add(Fault{Provider: zaloOAName, Nth: 1, Do: ExpireToken})
	if a := o.ask("GET", "/zalo-oa/v2.0/oa/getoa", ""); a.status != 401 || a.code() != -220 {
		t.Fatal(a.status, a.body)
	}
	o.token, _ = o.Zalo.Grant()
	if a := o.ask("GET", "/zalo-oa/v2.0/oa/getoa", ""); a.code() != 0 || a.data("oaid") != o.Zalo.OAID {
		t.Fatal(a.body)
	}
}

const goodArticle = `{"type":"normal","title":"Hội nghị","author":"BHXH","cover":{"cover_type":"photo","photo_url":"%s","status":"show"},"description":"d","body":[{"type":"text","content":"<p>x</p>"}],"status":"show"}`

// TestZaloArticle walks a broadcast from the picture to the followers.
func TestZaloArticle(t *testing.T) {
	o := newOffice(t)
	o.people()
	cover := o.upload("/zalo-oa/v2.0/article/upload_image", png).data("url")
	if a := o.ask("POST", "/zalo-oa/v2.0/article/create", fmt.Sprintf(goodArticle, "https://fake.zadn.vn/oa-upload/1")); a.code() != -201 {
		t.Errorf("an upload for messages did as a cover: %s", a.body)
	}
	token := o.ask("POST", "/zalo-oa/v2.0/article/create", fmt.Sprintf(goodArticle, cover)).data("token")
	verify := func() answered { return o.ask("POST", "/zalo-oa/v2.0/article/verify", `{"token":"`+token+`"}`) }
	if a := verify(); a.code() != -214 {
		t.Fatalf("verified at once: %s", a.body)
	}
	o.Advance(t.Context(), 8*time.Second)
	id := verify().data("id")
	send := func(target, id string) int {
		return o.ask("POST", "/zalo-oa/v2.0/oa/message", `{"recipient":{"target":`+target+`},"message":{"attachment":{"type":"template","payload":{"template_type":"media","elements":[{"media_type":"article","attachment_id":"`+id+`"}]}}}}`).code()
	}
	for target, want := range map[string]int{`{"cities":"20,34","gender":"0"}`: 0, `{"cities":["20"]}`: 0, `{}`: 0, `{"cities":"64"}`: -201, `{"cities":20}`: -201} {
		if got := send(target, id); got != want {
			t.Errorf("target %s: %d, want %d", target, got, want)
		}
	}
	if got := send(`{}`, "none"); got != -201 {
		t.Errorf("no article: %d", got)
	}
	o.Advance(t.Context(), 29*time.Minute)
	list := func() string {
		return o.ask("GET", "/zalo-oa/v2.0/article/getslice?offset=0&limit=10&type=normal", "").body
	}
	if !strings.Contains(list(), `"total_view":0`) {
		t.Errorf("seen before moderation: %s", list())
	}
	o.Advance(t.Context(), 2*time.Minute)
	if !strings.Contains(list(), `"total_view":3`) {
		t.Errorf("not seen after moderation: %s", list())
	}
	o.Clock.Set(noon.Add(10 * time.Hour))
	if got := send(`{}`, id); got != -234 {
		t.Errorf("at night: %d", got)
	}
	o.Clock.Set(noon.Add(20 * time.Hour))
	o.Change(func() { o.Zalo.PostQuota, o.Zalo.ArticleQuota = 3, 1 })
	if got := send(`{}`, id); got != -211 {
		t.Errorf("quota: %d", got)
	}
	if a := o.ask("POST", "/zalo-oa/v2.0/article/create", fmt.Sprintf(goodArticle, cover)); a.code() != -223 {
		t.Error(a.body)
	}
	if a := o.ask("POST", "/zalo-oa/v2.0/article/remove", `{"id":"`+id+`"}`); a.code() != 0 || !strings.Contains(list(), `"total":0`) {
		t.Error(a.body, list())
	}
}

// TestZaloUploads shows the limits of files, and that they are gone after a week.
func TestZaloUploads(t *testing.T) {
	o := newOffice(t)
	o.people()
	if a := o.upload("/zalo-oa/v2.0/oa/upload/image", append(png, make([]byte, 1<<20)...)); a.code() != -210 {
		t.Error(a.body)
	}
	if a := o.upload("/zalo-oa/v2.0/oa/upload/image", []byte("text")); a.code() != -201 {
		t.Error(a.body)
	}
	if a := o.upload("/zalo-business/upload/image", append(png, make([]byte, 500<<10)...)); a.code() != -132 {
		t.Error(a.body)
	}
	id := o.upload("/zalo-oa/v2.0/oa/upload/image", png).data("attachment_id")
	body := `{"recipient":{"user_id":"1001"},"message":{"attachment":{"type":"template","payload":{"template_type":"media","elements":[{"media_type":"image","attachment_id":"` + id + `"}]}}}}`
	if a := o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", body); a.code() != 0 {
		t.Error(a.body)
	}
	o.Clock.Set(noon.Add(7 * 24 * time.Hour))
	o.token, _ = o.Zalo.Grant()
	if a := o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", body); a.code() != -100 {
		t.Error(a.body)
	}
	o.Change(func() { o.Zalo.UploadQuota = 0 })
	if a := o.upload("/zalo-oa/v2.0/oa/upload/image", png); a.code() != -211 {
		t.Error(a.body)
	}
}

// TestZaloQuestions asks what a driver may ask.
func TestZaloQuestions(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.ask("POST", "/zalo-oa/v2.0/oa/tag/tagfollower", `{"user_id":"1001","tag_name":"thôn 3"}`)
	o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", cs("1001", "Chào bà"))
	text := o.last().ID
	o.ask("POST", "/zalo-business/message/template", `{"phone":"84987654321","template_id":"347878","tracking_id":"t1",`+filled+`}`)
	msg := o.last()
	if msg.Ref != "t1" {
		t.Errorf("%+v", msg)
	}
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/zalo-oa/v2.0/oa/tag/gettagsofoa", "", `"data":["thôn 3"]`},
		{"GET", "/zalo-oa/v3.0/oa/user/detail" + dataQuery(`{"user_id":"1001"}`), "", `"user_last_interaction_date":"24/11/2026"`},
		{"GET", "/zalo-oa/v3.0/oa/user/detail" + dataQuery(`{"user_id":"84987654321"}`), "", `"user_id":"1001"`},
		{"GET", "/zalo-oa/v3.0/oa/user/detail?user_id=1001", "", `"error":-201`},
		{"GET", "/zalo-oa/v3.0/oa/user/getlist" + dataQuery(`{"offset":0,"count":50,"tag_name":"thôn 3"}`), "", `"total":1,"users":[{"user_id":"1001"}]`},
		{"GET", "/zalo-oa/v3.0/oa/user/getlist" + dataQuery(`{"offset":0,"count":50,"last_interaction_period":"L7D"}`), "", `"total":3`},
		{"GET", "/zalo-oa/v3.0/oa/user/getlist" + dataQuery(`{"offset":0,"count":51}`), "", `"error":-201`},
		{"GET", "/zalo-oa/v3.0/oa/user/getlist" + dataQuery(`{"offset":9952,"count":50}`), "", `"error":-201`},
		{"POST", "/zalo-oa/v3.0/oa/quota/message", `{"user_id":"1001"}`, `"remain":8`},
		{"POST", "/zalo-oa/v3.0/oa/quota/message", `{"user_id":"1004"}`, `"cs_reply":{"remain":0`},
		{"GET", "/zalo-oa/v2.0/oa/conversation" + dataQuery(`{"user_id":"1001","offset":0,"count":5}`), "", text},
		{"GET", "/zalo-business/message/status?message_id=" + msg.ID, "", `"status":0`},
		{"GET", "/zalo-business/message/status?message_id=x", "", `"status":-1`},
		{"GET", "/zalo-business/message/quota", "", `"remainingQuota":499`},
		{"GET", "/zalo-business/quality", "", `"oaCurrentQuality":"HIGH"`},
		{"GET", "/zalo-business/template/all?offset=0&limit=100&status=2", "", `"metadata":{"total":1}`},
		{"GET", "/zalo-business/template/all?offset=0&limit=100&status=ENABLE", "", `"error":-132`},
		{"GET", "/zalo-business/template/info/v2?template_id=347878", "", `"price_sdt":800,"price_uid":560`},
		{"GET", "/zalo-business/template/info/v2?template_id=1", "", `"error":-109`},
		{"GET", "/zalo-business/template/sample-data?template_id=347878", "", `"ho_ten":"ho_ten"`},
		{"POST", "/zalo-business/template/create", `{"template_name":"Nhắc hạn thẻ","template_type":1,"tag":"1","tracking_id":"t","layout":{},"params":[{"type":1,"name":"a"}]}`, `"template_status":"PENDING_REVIEW"`},
		{"POST", "/zalo-business/template/create", `{"template_name":"Ngắn","template_type":1,"tag":"1","tracking_id":"t","layout":{}}`, `"error":-132`},
		{"POST", "/zalo-business/template/edit", `{"template_id":"347878","template_name":"Nhắc hạn thẻ","template_type":1,"tag":"1","tracking_id":"t","layout":{}}`, `"error":-109`},
	} {
		if a := o.ask(c.method, c.path, c.body); !strings.Contains(a.body, c.want) {
			t.Errorf("%s %s: %s, want %s", c.method, c.path, a.body, c.want)
		}
	}
	o.Advance(context.Background(), 2*time.Second)
	if a := o.ask("GET", "/zalo-business/message/status?message_id="+msg.ID, ""); !strings.Contains(a.body, `"status":1`) {
		t.Error(a.body)
	}
}
