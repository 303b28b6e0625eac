package show_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/fake"
	"loa/fake/show"
	"loa/i18n"
	"loa/web"
	"loa/web/webtest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("+07", 7*60*60))

// desk is the page, with somebody in front of it and an office that hears what comes back.
type desk struct {
	t      *testing.T
	world  *fake.World
	url    string
	client *http.Client
	token  string

	mu    sync.Mutex
	heard []string
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, world: fake.NewWorld(noon, time.Now)}
	d.world.Sample()
	s := httptest.NewServer(show.Handler(show.Options{World: d.world, Now: func() time.Time { return noon.Add(time.Minute) }, Files: web.Files(), Lang: "vi", Office: "http://office.example/",
		Accounts: func() []show.Account {
			return []show.Account{{Kind: "zalo", Fields: []show.Field{{Key: "oa_base", Value: "http://x"}}}}
		}}))
	t.Cleanup(s.Close)
	office := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.heard = append(d.heard, string(body))
	}))
	t.Cleanup(office.Close)
	if err := d.world.Zalo.SetWebhook(t.Context(), office.URL); err != nil {
		t.Fatal(err)
	}
	d.world.Change(func() { d.world.Facebook.Webhook, d.world.Mail.Hook = office.URL, office.URL })
	jar, _ := cookiejar.New(nil)
	d.url, d.client = s.URL, &http.Client{Jar: jar}
	d.token, _ = d.world.Zalo.Grant()
	d.heard = nil
	return d
}

func (d *desk) do(method, path, body string, header ...string) (int, string) {
	d.t.Helper()
	req, err := http.NewRequest(method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := d.client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(raw)
}

func (d *desk) get(path string) string {
	d.t.Helper()
	status, page := d.do("GET", path, "")
	if status != 200 {
		d.t.Fatalf("%s: %d", path, status)
	}
	return page
}

func (d *desk) post(path string, fields ...string) string {
	d.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	status, page := d.do("POST", path, v.Encode())
	if status != 200 {
		d.t.Fatalf("%s: %d", path, status)
	}
	return page
}

func (d *desk) someone(name string) fake.Villager {
	list := d.world.Villagers()
	return list[slices.IndexFunc(list, func(v fake.Villager) bool { return v.Name == name })]
}

func (d *desk) write(to, text string) {
	d.do("POST", "/zalo-oa/v3.0/oa/message/cs", fmt.Sprintf(`{"recipient":{"user_id":%q},"message":{"text":%q}}`, to, text), "access_token", d.token)
}

// TestAnswer reads a message on the page, answers it there, and sees the office hear it.
func TestAnswer(t *testing.T) {
	d := newDesk(t)
	pan := d.someone("Lò Văn Pản")
	d.write(pan.ID, "Mời bà con đến họp <3")
	if page := d.get("/"); !strings.Contains(page, "Mời bà con đến họp &lt;3") || !strings.Contains(page, "<h2>Lò Văn Pản</h2>") {
		t.Error("the message is not on the page")
	}
	page := d.post("/say", "who", pan.ID, "way", "zalo", "text", "Tôi sẽ đến", "back", "/?who="+pan.ID)
	if !strings.Contains(page, "Tôi sẽ đến") || !strings.Contains(page, "chờ trả lời") {
		t.Error("the answer is not on the page")
	}
	if len(d.heard) != 1 || !strings.Contains(d.heard[0], `"text":"Tôi sẽ đến"`) {
		t.Errorf("heard: %v", d.heard)
	}
	for _, c := range []struct{ do, want string }{{"unfollow", "Đã bỏ quan tâm"}, {"follow", "Đã bấm quan tâm"}, {"share", "Đã gửi tên"}, {"withdraw", "Đòi xóa dữ liệu"}} {
		if page := d.post("/say", "who", pan.ID, "way", "zalo", "do", c.do, "back", "/?who="+pan.ID); !strings.Contains(page, c.want) {
			t.Errorf("%s is not on the page", c.do)
		}
	}
	if len(d.heard) != 5 {
		t.Errorf("heard %d", len(d.heard))
	}
	d.do("POST", "/facebook/v25.0/100/feed", "message=Lịch&access_token=fb_page_token_demo")
	d.post("/say", "who", pan.ID, "way", "facebook", "do", "comment", "post", d.world.Posts()[0].ID, "text", "Mấy giờ ạ?")
	if page := d.get("/posts"); !strings.Contains(page, "Mấy giờ ạ?") || !strings.Contains(page, "Lịch") {
		t.Error("the comment is not on the page")
	}
	for _, c := range []struct{ fields, want string }{{"way=zalo&text=", "Hãy viết"}, {"way=smpp&text=a&who=nobody-there", "không có cách đó"}, {"way=zalo&do=dance&who=" + pan.ID, "Không làm được"}} {
		if _, page := d.do("POST", "/say", c.fields+"&back=/"); !strings.Contains(page, c.want) {
			t.Errorf("%s: not refused in words", c.fields)
		}
	}
	if page := d.get("/"); strings.Contains(page, `role="alert"`) {
		t.Error("a refusal is told twice")
	}
}

// TestStrangers shows that messages to numbers nobody knows are seen too, and that these people can be changed and answered for.
func TestStrangers(t *testing.T) {
	d := newDesk(t)
	d.do("POST", "/esms/MainService.svc/json/SendMultipleMessage_V4_post_json/", `{"ApiKey":"esms_api_key_demo","SecretKey":"esms_secret_demo","Phone":"0987000111","Content":"Moi ba con","Brandname":"BHXH","SmsType":"2","RequestId":"r1"}`)
	if page := d.get("/?find=987000"); !strings.Contains(page, "84987000111") || !strings.Contains(page, "1 người") {
		t.Error("a stranger is not found")
	}
	if page := d.get("/?who=84987000111"); !strings.Contains(page, "Moi ba con") || !strings.Contains(page, "chưa có cách trả lời") {
		t.Error("the message to a stranger is not on the page")
	}
	d.post("/person", "who", "84987000111", "unreachable", "1")
	d.post("/people", "name", "Vàng A Páo", "phone", "0912 345 678", "mail", "pao@dan.example", "zalo", "1")
	pao := d.someone("Vàng A Páo")
	if pao.Phone != "84912345678" || len(pao.ID) != 19 || pao.Mail != "pao@dan.example" {
		t.Errorf("%+v", pao)
	}
	found := 0
	for _, v := range d.world.Villagers() {
		if v.Phone == "84987000111" && v.Unreachable {
			found++
		}
	}
	if found != 1 {
		t.Error("the stranger's telephone is not off")
	}
	for _, fields := range []string{"name=A&phone=12", "name=A", "phone=0912345678"} {
		if _, page := d.do("POST", "/people", fields); !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s: added", fields)
		}
	}
	for back, want := range map[string]string{"//evil.example/": "/", "https://evil.example": "/", "/posts": "/posts", `/\evil.example`: "/"} {
		res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).PostForm(d.url+"/scripts", url.Values{"back": {back}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Location"); got != want {
			t.Errorf("back to %q leads to %q", back, got)
		}
	}
	if status, _ := d.do("POST", "/scripts", "name=throttling&on=1", "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
		t.Errorf("another site's form: %d", status)
	}
}

// TestMailFirst lets somebody with nothing but an address write first; what is done about a letter waits for a letter.
func TestMailFirst(t *testing.T) {
	d := newDesk(t)
	d.post("/people", "name", "Vàng Thị Thư", "mail", "thu@dan.example")
	if page := d.get("/?who=thu@dan.example"); !strings.Contains(page, `value="mail"`) || strings.Contains(page, `value="bounce"`) {
		t.Error("nobody can write first by mail, or a letter that never came can bounce")
	}
	if page := d.post("/say", "who", "thu@dan.example", "way", "mail", "text", "Cho tôi hỏi", "back", "/?who=thu@dan.example"); !strings.Contains(page, "Cho tôi hỏi") || strings.Contains(page, `role="alert"`) {
		t.Error("the letter is not on the page")
	}
	if len(d.heard) != 1 {
		t.Errorf("heard: %v", d.heard)
	}
}

// TestClockAndScripts moves the clock and switches every script on and off by the page.
func TestClockAndScripts(t *testing.T) {
	d := newDesk(t)
	now := func() time.Time { return d.world.Clock.Now().Truncate(time.Minute) }
	for _, c := range []struct {
		fields []string
		want   time.Time
	}{{[]string{"do", "hour"}, noon.Add(time.Hour)}, {[]string{"do", "day"}, noon.Add(25 * time.Hour)}, {[]string{"do", "set", "time", "2026-11-30T06:30"}, time.Date(2026, 11, 30, 6, 30, 0, 0, noon.Location())}, {[]string{"do", "now"}, noon.Add(time.Minute)}} {
		if d.post("/clock", c.fields...); !now().Equal(c.want) {
			t.Errorf("%v: %v", c.fields, now())
		}
	}
	if d.world.Clock.Rate() != 1 {
		t.Error("it does not run")
	}
	if page := d.post("/clock", "do", "stand"); d.world.Clock.Rate() != 0 || !strings.Contains(page, "đứng yên") {
		t.Error("it does not stand")
	}
	d.post("/clock", "do", "run")
	if page := d.post("/clock", "do", "set", "time", "tomorrow"); !strings.Contains(page, `role="alert"`) {
		t.Error("set to tomorrow")
	}
	for _, s := range fake.Scripts() {
		if page := d.post("/scripts", "name", s.Name, "on", "1"); !strings.Contains(page, `aria-pressed="true"`) || len(d.world.Faults.List()) != len(s.Faults) {
			t.Errorf("%s is not on", s.Name)
		}
		d.post("/scripts", "name", s.Name, "on", "1") // begins anew, and is there once
		if n := len(d.world.Faults.List()); n != len(s.Faults) {
			t.Errorf("%s is on %d times", s.Name, n)
		}
		if d.post("/scripts", "name", s.Name); len(d.world.Faults.List()) != 0 {
			t.Errorf("%s is not off", s.Name)
		}
	}
	if page := d.post("/scripts", "name", "none", "on", "1"); !strings.Contains(page, `role="alert"`) {
		t.Error("played a script that is none")
	}
}

// TestSentences looks for what has no sentence in either language: on the pages, and among all that may ever come.
func TestSentences(t *testing.T) {
	d := newDesk(t)
	for _, v := range d.world.Villagers() {
		if v.ID != "" {
			d.write(v.ID, "Chào")
		}
	}
	for _, lang := range []string{"en", "vi"} {
		d.post("/language", "lang", lang)
		for _, path := range []string{"/", "/posts", "/ledger", "/accounts", "/?find=zzz", "/?who=nobody"} {
			page := d.get(path)
			if i := strings.Index(page, ">fake."); i >= 0 || !strings.Contains(page, `<html lang="`+lang+`">`) {
				t.Errorf("%s in %s: %.60s", path, lang, page[max(i, 0):])
			}
		}
		var keys []string
		for _, s := range fake.Scripts() {
			keys = append(keys, "script."+s.Name, "script."+s.Name+".about")
			for _, f := range s.Faults {
				keys = append(keys, "fault."+string(f.Do))
			}
		}
		for _, o := range []fake.Outcome{fake.Taken, fake.Refused, fake.Read, fake.Lost, fake.Posted, fake.Said} {
			keys = append(keys, "outcome."+string(o))
		}
		for _, a := range fake.Actions() {
			keys = append(keys, "fault."+string(a))
		}
		for _, p := range fake.Providers() {
			keys = append(keys, "provider."+p)
		}
		for _, k := range keys {
			if i18n.Text(lang, "fake."+k) == "fake."+k {
				t.Errorf("%s has no sentence in %s", k, lang)
			}
		}
	}
	d.post("/language", "lang", "xx")
	if page := d.get("/"); !strings.Contains(page, `<html lang="vi">`) {
		t.Error("a language nobody speaks")
	}
}

// TestInChromium walks the page as a person does: what comes in appears by itself, is answered, and axe finds nothing, on a desk and on a phone.
func TestInChromium(t *testing.T) {
	d := newDesk(t)
	b, ok := webtest.Browse(t, d.url)
	if !ok {
		return
	}
	pan := d.someone("Lò Văn Pản")
	b.Open("/?who=" + pan.ID)
	d.write(pan.ID, "Mời bà con đến họp")
	for end := time.Now().Add(20 * time.Second); !strings.Contains(b.Text(), "Mời bà con đến họp"); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the message did not appear by itself")
		}
	}
	b.JS(`document.getElementById("reply").value = "Tôi sẽ đến"; document.querySelector(".fake-reply button").click()`)
	b.Settle()
	if !strings.Contains(b.Text(), "Tôi sẽ đến") || len(d.heard) != 1 {
		t.Errorf("not answered; heard %v", d.heard)
	}
	if found := b.Axe(); len(found) > 0 {
		t.Errorf("axe: %s", strings.Join(found, "\n"))
	}
	b.JS(`document.querySelector('.fake-scripts button').click()`)
	b.Settle()
	if b.Value(`document.querySelector('.fake-scripts button').getAttribute("aria-pressed")`) != "true" {
		t.Error("the script is not on")
	}
	b.JS(`document.querySelector('.lang button[value=en]').click()`)
	b.Settle()
	for _, path := range []string{"/", "/posts", "/ledger", "/accounts"} {
		b.Open(path)
		if found := b.Axe(); len(found) > 0 {
			t.Errorf("%s: axe: %s", path, strings.Join(found, "\n"))
		}
	}
	b.Size(390, 844)
	for _, path := range []string{"/", "/posts", "/ledger", "/accounts"} {
		b.Open(path)
		if over := b.Value(`document.documentElement.scrollWidth - innerWidth`); over != "0" {
			t.Errorf("%s is %s too wide", path, over)
		}
	}
}
