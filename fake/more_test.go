package fake

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestGroup shows a text to a group: who is in it hears it, and what looks like a mention is one.
func TestGroup(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.AddVillagers(Villager{ID: "3001", Habits: []Habit{{Do: "say", Text: "Tôi sẽ đến"}}})
	o.Zalo.AddGroups(Group{ID: "g1", Members: []string{"3001", "nobody"}})
	o.listen()
	for text, kind := range map[string]string{"Mời bà con": "group", "Mời [@3001]": "group_mention", "Mời @3001": "group"} {
		a := o.ask("POST", "/zalo-oa/v3.0/oa/group/message", fmt.Sprintf(`{"recipient":{"group_id":"g1"},"message":{"text":%q}}`, text))
		if e := o.last(); a.code() != 0 || e.Kind != kind || e.To != "g1" || e.ID != a.data("message_id") {
			t.Errorf("%s: %+v", a.body, e)
		}
	}
	o.Advance(t.Context(), time.Minute)
	if n := names(o.hooks()); n != "user_send_text user_send_text user_send_text" {
		t.Errorf("heard: %s", n)
	}
}

// TestTags shows that tags come and go, and that each change is told.
func TestTags(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.listen()
	body := `{"user_id":"1001","tag_name":"thôn 3"}`
	for _, path := range []string{"tagfollower", "tagfollower", "rmfollowerfromtag", "rmfollowerfromtag", "tagfollower", "rmtag"} {
		if a := o.ask("POST", "/zalo-oa/v2.0/oa/tag/"+path, body); a.code() != 0 {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	if a := o.ask("GET", "/zalo-oa/v2.0/oa/tag/gettagsofoa", ""); !strings.Contains(a.body, `"data":[]`) {
		t.Error(a.body)
	}
	o.Deliver(t.Context())
	if n := names(o.hooks()); n != "add_user_to_tag remove_user_from_tag add_user_to_tag remove_tag" {
		t.Errorf("told: %s", n)
	}
	o.ask("POST", "/zalo-oa/v3.0/oa/user/update", `{"user_id":"1001","shared_info":{"phone":"84987654321"}}`)
	if a := o.ask("GET", "/zalo-oa/v3.0/oa/user/detail"+dataQuery(`{"user_id":"1001"}`), ""); !strings.Contains(a.body, `"phone":"84987654321"`) {
		t.Error(a.body)
	}
}

// TestArticleBodies shows which articles are refused, and that a changed one is processed anew.
func TestArticleBodies(t *testing.T) {
	o := newOffice(t)
	good := fmt.Sprintf(goodArticle, "https://a.vn/a.jpg")
	for old, bad := range map[string]string{
		`"type":"normal"`: `"type":"x"`, `"Hội nghị"`: `"` + strings.Repeat("ă", 151) + `"`, `"author":"BHXH"`: `"author":"` + strings.Repeat("a", 51) + `"`, `"description":"d"`: `"description":"` + strings.Repeat("a", 301) + `"`,
		`"cover_type":"photo"`: `"cover_type":"1"`, `"https://a.vn/a.jpg"`: `"a.jpg"`, `[{"type":"text","content":"<p>x</p>"}]`: `[]`, `"content":"<p>x</p>"`: `"content":""`,
	} {
		if a := o.ask("POST", "/zalo-oa/v2.0/article/create", strings.Replace(good, old, bad, 1)); a.code() != -201 {
			t.Errorf("%s: %s", bad, a.body)
		}
	}
	o.Change(func() { o.Zalo.ArticleReady, o.Zalo.ArticleIDKey = 0, "article_id" })
	token := o.ask("POST", "/zalo-oa/v2.0/article/create", strings.Replace(good, `,"status":"show"}`, `}`, 2)).data("token")
	id := o.ask("POST", "/zalo-oa/v2.0/article/verify", `{"token":"`+token+`"}`).data("article_id")
	detail := func() string { return o.ask("GET", "/zalo-oa/v2.0/article/getdetail?id="+id, "").body }
	if !strings.Contains(detail(), `"status":"hide"`) {
		t.Errorf("an article is shown unasked: %s", detail())
	}
	o.Change(func() { o.Zalo.ArticleReady = Duration(time.Second) })
	next := o.ask("POST", "/zalo-oa/v2.0/article/update", strings.Replace(good, `{"type"`, `{"id":"`+id+`","type"`, 1)).data("token")
	if next == token || !strings.Contains(detail(), `"status":"show"`) {
		t.Error(next, detail())
	}
	for _, c := range []struct {
		token string
		want  int
	}{{token, -201}, {next, -214}} {
		if a := o.ask("POST", "/zalo-oa/v2.0/article/verify", `{"token":"`+c.token+`"}`); a.code() != c.want {
			t.Errorf("%s, want %d", a.body, c.want)
		}
	}
}

// TestEcho shows the OA's own messages, and the silence of who does not read or cannot be reached.
func TestEcho(t *testing.T) {
	o := newOffice(t)
	o.AddVillagers(Villager{ID: "1", Last: noon, Unread: true}, Villager{ID: "2", Last: noon, Unreachable: true}, Villager{ID: "3", Last: noon})
	o.Change(func() { o.Zalo.Echo = true })
	o.listen()
	for id, want := range map[string]string{"1": "oa_send_text user_received_message", "2": "oa_send_text", "3": "oa_send_text user_received_message user_seen_message"} {
		o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", cs(id, "Chào"))
		o.Advance(t.Context(), time.Minute)
		if n := names(o.hooks()); n != want {
			t.Errorf("%s: %s", id, n)
		}
	}
}

// TestRun lets the clock run, and sees the webhooks come by themselves.
func TestRun(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.listen()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx, time.Millisecond); close(done) }()
	o.Clock.Run(3600)
	o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", cs("1001", "Chào bà"))
	came := 0
	for until := time.Now().Add(5 * time.Second); came < 2 && time.Now().Before(until); time.Sleep(time.Millisecond) {
		came += len(o.hooks())
	}
	stop()
	<-done
	if came != 2 {
		t.Errorf("%d webhooks in a running world", came)
	}
}

// TestAccept shows that tokens a demo office already holds are good, once.
func TestAccept(t *testing.T) {
	o := newOffice(t)
	o.Zalo.Accept("demo_access", "demo_refresh")
	o.token = "demo_access"
	if a := o.ask("GET", "/zalo-oa/v2.0/oa/getoa", ""); a.code() != 0 {
		t.Error(a.body)
	}
	if a := o.tokens(refreshForm("demo_refresh"), o.Zalo.AppSecret); a.json["access_token"] == nil {
		t.Error(a.body)
	}
	if a := o.tokens(refreshForm("demo_refresh"), o.Zalo.AppSecret); a.code() != -14020 {
		t.Error(a.body)
	}
}

// BenchmarkZNS measures what one message costs the fake, which stands beside Loa in its own measurements.
func BenchmarkZNS(b *testing.B) {
	w := NewWorld(noon, nil)
	w.Zalo.AddTemplates(Template{ID: "1", Text: "x"})
	w.Zalo.DailyQuota, w.Zalo.AppLimit, w.Zalo.OALimit = 1<<40, 0, 0
	access, _ := w.Zalo.Grant()
	h := w.Handler()
	for i := range b.N {
		r, _ := http.NewRequest("POST", "/zalo-business/message/template", strings.NewReader(fmt.Sprintf(`{"phone":"849%08d","template_id":"1","tracking_id":"t%d"}`, i, i)))
		r.Header.Set("access_token", access)
		h.ServeHTTP(&sink{header: map[string][]string{}}, r)
	}
	if n := len(w.Ledger.Find(Query{Outcome: Taken})); n != b.N {
		b.Fatalf("%d of %d taken", n, b.N)
	}
}
