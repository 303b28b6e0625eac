package fake

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// page calls the Graph API with the Page's token and a form.
func (o *office) page(method, path string, fields ...string) answered {
	o.t.Helper()
	form := url.Values{"access_token": {"fb_page_token_demo"}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	if method == "GET" || method == "DELETE" {
		return o.ask(method, "/facebook/v25.0/"+path+"?"+form.Encode(), "")
	}
	return o.ask(method, "/facebook/v25.0/"+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// graph is the error of an answer as code or code/subcode; empty for none.
func (a answered) graph() string {
	e, _ := a.json["error"].(map[string]any)
	if e == nil {
		return ""
	}
	s := fmt.Sprint(e["code"])
	if sub, ok := e["error_subcode"].(float64); ok {
		s += "/" + strconv.Itoa(int(sub))
	}
	return s
}

func (a answered) id() string { s, _ := a.json["id"].(string); return s }

// TestPageCodes shows the refusals that the Page gives by itself.
func TestPageCodes(t *testing.T) {
	unix := func(d time.Duration) string { return strconv.FormatInt(noon.Add(d).Unix(), 10) }
	set := func(do func(*Facebook)) func(*office) { return func(o *office) { do(o.Facebook) } }
	to := func(psid string) []string {
		return []string{"recipient", `{"id":"` + psid + `"}`, "message", `{"text":"Chào bà"}`, "messaging_type", "RESPONSE"}
	}
	tagged := func(psid string) []string {
		return []string{"recipient", `{"id":"` + psid + `"}`, "message", `{"text":"Chào bà"}`, "messaging_type", "MESSAGE_TAG", "tag", "HUMAN_AGENT"}
	}
	for _, c := range []struct {
		name, path string
		fields     []string
		before     func(*office)
		want       string
	}{
		{"post", "100/feed", []string{"message", "Hội nghị"}, nil, ""},
		{"post as me", "me/feed", []string{"message", "Hội nghị"}, nil, ""},
		{"good proof", "100/feed", []string{"message", "a", "appsecret_proof", proof("fb_app_secret_demo", "fb_page_token_demo")}, set(func(f *Facebook) { f.RequireProof = true }), ""},
		{"wrong proof", "100/feed", []string{"message", "a", "appsecret_proof", "x"}, nil, "100"},
		{"no proof", "100/feed", []string{"message", "a"}, set(func(f *Facebook) { f.RequireProof = true }), "100"},
		{"wrong token", "100/feed", []string{"message", "a", "access_token", "x"}, nil, "190"},
		{"dead token", "100/feed", []string{"message", "a"}, set(func(f *Facebook) { f.TokenDead = true }), "190/463"},
		{"page of others", "200/feed", []string{"message", "a"}, nil, "200"},
		{"too many calls", "100/feed", []string{"message", "a"}, func(o *office) { o.Facebook.PerMinute = 1; o.page("GET", "me") }, "32"},
		{"empty post", "100/feed", nil, nil, "100"},
		{"twice", "100/feed", []string{"message", "a"}, func(o *office) { o.page("POST", "100/feed", "message", "a") }, "506/1455006"},
		{"media that is no array", "100/feed", []string{"message", "a", "attached_media", `{"media_fbid":"1"}`}, nil, "100"},
		{"media of nobody", "100/feed", []string{"message", "a", "attached_media", `[{"media_fbid":"1"}]`}, nil, "100"},
		{"in 10 minutes", "100/feed", []string{"message", "a", "published", "false", "scheduled_publish_time", unix(10 * time.Minute)}, nil, ""},
		{"in 9 minutes", "100/feed", []string{"message", "a", "published", "false", "scheduled_publish_time", unix(9 * time.Minute)}, nil, "100/1363037"},
		{"in 30 days", "100/feed", []string{"message", "a", "published", "false", "scheduled_publish_time", noon.AddDate(0, 0, 30).Format(time.RFC3339)}, nil, ""},
		{"in 31 days", "100/feed", []string{"message", "a", "published", "false", "scheduled_publish_time", unix(31 * 24 * time.Hour)}, nil, "100/1363037"},
		{"scheduled and published", "100/feed", []string{"message", "a", "scheduled_publish_time", unix(time.Hour)}, nil, "100/1363037"},
		{"photo without picture", "100/photos", nil, nil, "324"},
		{"message within a day", "100/messages", to("PSID1"), nil, ""},
		{"message after a day", "100/messages", to("PSID2"), nil, "10/2018278"},
		{"message of a human after a day", "100/messages", tagged("PSID2"), nil, ""},
		{"message of a human after a week", "100/messages", tagged("PSID3"), nil, "10/2018278"},
		{"message to who never wrote", "100/messages", to("PSID4"), nil, "10/2018278"},
		{"message to who is away", "100/messages", to("PSID5"), nil, "10/2018108"},
		{"message to who blocks", "100/messages", to("PSID6"), nil, "551"},
		{"message to nobody", "100/messages", to("PSID9"), nil, "100/2018001"},
		{"message of 2001", "100/messages", []string{"recipient", `{"id":"PSID1"}`, "message", `{"text":"` + strings.Repeat("ă", 2001) + `"}`, "messaging_type", "RESPONSE"}, nil, "100"},
		{"message without a type", "100/messages", []string{"recipient", `{"id":"PSID1"}`, "message", `{"text":"a"}`}, nil, "100"},
		{"restricted page", "100/messages", to("PSID1"), set(func(f *Facebook) { f.Restricted = true }), "10/1893063"},
		{"comment under nothing", "100_1/comments", []string{"message", "a"}, nil, "100/33"},
		{"hide nothing", "100_1", []string{"is_hidden", "true"}, nil, "100/33"},
		{"unknown path", "100/nothing/more", nil, nil, "2500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.AddVillagers(Villager{PSID: "PSID1", LastPage: noon.Add(-24 * time.Hour)}, Villager{PSID: "PSID2", LastPage: noon.Add(-24*time.Hour - time.Second)},
				Villager{PSID: "PSID3", LastPage: noon.Add(-7*24*time.Hour - time.Second)}, Villager{PSID: "PSID4"}, Villager{PSID: "PSID5", LastPage: noon, Inactive: true}, Villager{PSID: "PSID6", LastPage: noon, BlocksOA: true})
			if c.before != nil {
				c.before(o)
			}
			a := o.page("POST", c.path, c.fields...)
			if a.graph() != c.want || a.status != map[bool]int{true: 200, false: 400}[c.want == ""] {
				t.Fatalf("%d %s, want %q", a.status, a.body, c.want)
			}
			if e := o.last(); (e.Outcome == Taken) != (c.want == "") || e.Code != c.want || a.header.Get("X-App-Usage") == "" {
				t.Errorf("ledger %+v, headers %v", e, a.header)
			}
		})
	}
}

// TestPage walks posts, pictures, comments and what can be looked up.
func TestPage(t *testing.T) {
	o := newOffice(t)
	o.AddVillagers(Villager{PSID: "PSID1", Name: "Hoa", Habits: []Habit{{Do: "say", Text: "Cảm ơn"}}})
	if err := o.Facebook.SetWebhook(t.Context(), o.receiver.URL); err != nil {
		t.Fatal(err)
	}
	photo := o.page("POST", "100/photos", "url", "https://a.vn/a.jpg", "published", "false").id()
	post := o.page("POST", "100/feed", "message", "Hội nghị", "link", "https://a.vn/s/1", "attached_media", `[{"media_fbid":"`+photo+`"}]`).id()
	soon := o.page("POST", "100/feed", "message", "Ngày mai", "published", "false", "scheduled_publish_time", strconv.FormatInt(noon.Add(time.Hour).Unix(), 10)).id()
	if !strings.HasPrefix(post, "100_") || len(post) < 20 {
		t.Fatal(post)
	}
	lists := func() (string, string) {
		return o.page("GET", "100/published_posts", "fields", "id,message,created_time,permalink_url", "since", strconv.FormatInt(noon.Add(-5*time.Minute).Unix(), 10)).body, o.page("GET", "100/scheduled_posts").body
	}
	out, later := lists()
	if !strings.Contains(out, post) || strings.Contains(out, soon) || !strings.Contains(later, soon) || !strings.Contains(out, "permalink_url") || !strings.Contains(out, "Hội nghị") {
		t.Errorf("%s\n%s", out, later)
	}
	o.Advance(t.Context(), time.Hour)
	if out, later = lists(); !strings.Contains(out, soon) || strings.Contains(later, soon) {
		t.Errorf("%s\n%s", out, later)
	}
	o.hooks()
	if err := o.Act(facebookName, "PSID1", "comment", post+" Mấy giờ ạ?"); err != nil {
		t.Fatal(err)
	}
	o.Deliver(t.Context())
	got := o.hooks()
	if len(got) != 1 || !strings.Contains(got[0].body, `M\u1ea5y gi\u1edd \u1ea1?`) || got[0].header.Get("X-Hub-Signature-256") != metaMAC("fb_app_secret_demo", []byte(got[0].body)) {
		t.Fatalf("%+v", got)
	}
	_, rest, _ := strings.Cut(got[0].body, `"comment_id":"`)
	comment, _, _ := strings.Cut(rest, `"`)
	reply := o.page("POST", comment+"/comments", "message", "8 giờ ạ").id()
	o.Deliver(t.Context())
	if got := o.hooks(); len(got) != 1 || !strings.Contains(got[0].body, `"from":{"id":"100"`) {
		t.Errorf("the Page does not hear itself: %+v", got)
	}
	if a := o.page("GET", post+"/comments", "filter", "stream", "order", "reverse_chronological", "fields", "id,message,parent"); !strings.Contains(a.body, `{"data":[{"id":"`+reply) || !strings.Contains(a.body, `"parent":{"id":"`+comment) {
		t.Error(a.body)
	}
	private := func() string {
		return o.page("POST", "100/messages", "recipient", `{"comment_id":"`+comment+`"}`, "message", `{"text":"Chào bà"}`).graph()
	}
	if first, second := private(), private(); first != "" || second != "10903" {
		t.Errorf("private replies: %q %q", first, second)
	}
	if a := o.page("POST", comment, "is_hidden", "true"); a.json["success"] != true || !strings.Contains(o.page("GET", comment, "fields", "is_hidden").body, "true") {
		t.Error(a.body)
	}
	if a := o.page("DELETE", post); a.json["success"] != true || o.page("GET", post).graph() != "100/33" {
		t.Error(a.body)
	}
	_ = o.Act(facebookName, "PSID1", "say", "Xin chào")
	if a := o.ask("POST", "/facebook/v26.0/me/messages", `{"recipient":{"id":"PSID1"},"messaging_type":"RESPONSE","message":{"text":"Chào bà"}}`, "Authorization", "Bearer fb_page_token_demo"); a.json["recipient_id"] != "PSID1" {
		t.Error(a.body)
	}
	o.Advance(t.Context(), time.Minute)
	if got := o.hooks(); len(got) != 2 || !strings.Contains(got[1].body, `C\u1ea3m \u01a1n`) {
		t.Errorf("%+v", got)
	}
	o.page("POST", "100/subscribed_apps", "subscribed_fields", "feed")
	_ = o.Act(facebookName, "PSID1", "say", "Còn đó không")
	o.Deliver(t.Context())
	if got := o.hooks(); len(got) != 0 {
		t.Errorf("a field that was not subscribed to: %+v", got)
	}
	if a := o.page("GET", "me/accounts"); !strings.Contains(a.body, `"access_token":"fb_page_token_demo"`) {
		t.Error(a.body)
	}
	o.Facebook.VerifyToken = "another"
	if err := o.Facebook.SetWebhook(t.Context(), o.receiver.URL); err == nil {
		t.Error("a URL that gave no challenge back was saved")
	}
}
