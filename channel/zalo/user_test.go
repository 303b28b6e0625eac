package zalo_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/channel"
	"loa/channel/zalo"
)

// asked opens an account before a server that answers by path and writes down what it was asked.
func asked(t *testing.T, answers map[string]string) (*zalo.OA, func() []string) {
	var mu sync.Mutex
	var log []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			body = nil
		}
		log = append(log, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.URL.Query().Encode()+" "+string(body)))
		if a, ok := answers[r.URL.Path]; ok {
			fmt.Fprintf(w, `{"error":0,"message":"Success","data":%s}`, a)
			return
		}
		io.WriteString(w, `{"error":-201,"message":"no"}`)
	}))
	t.Cleanup(s.Close)
	o, err := zalo.Open(channel.Settings{"app_id": "1", "app_secret": "s", "access_token": "a", "expires": "2026-11-25T00:00:00Z", "renew_after": "2026-11-24T19:00:00Z", "oa_base": s.URL, "zns_base": s.URL},
		channel.Tools{HTTP: channel.Client(true), Now: func() time.Time { return noon }, Media: func(_ context.Context, id string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("bytes of " + id)), nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return o, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), log...)
	}
}

func TestProfile(t *testing.T) {
	o, log := asked(t, map[string]string{"/v3.0/oa/user/detail": `{"user_id":2512523625412515999,"user_id_by_app":"36","display_name":"Lan","user_alias":"Chị Lan","is_sensitive":false,"user_last_interaction_date":"05/11/2026",
		"user_is_follower":true,"avatar":"https://a/1","avatars":{"120":"x"},"tags_and_notes_info":{"notes":["n"],"tag_names":["to3","to4"]},"shared_info":{"address":"12 Lê Lợi","city":"Đà Nẵng","district":"Hải Châu","phone":"0987 654 321","name":"Nguyễn Thị Lan"}}`})
	got, err := o.Profile(context.Background(), "2512523625412515999")
	want := zalo.Profile{ID: "2512523625412515999", Name: "Lan", Alias: "Chị Lan", Follows: true, LastDay: time.Date(2026, 11, 4, 17, 0, 0, 0, time.UTC), Picture: "https://a/1", Tags: []string{"to3", "to4"}, Notes: []string{"n"},
		Shared: "Nguyễn Thị Lan", Phone: "84987654321", Address: "12 Lê Lợi", District: "Hải Châu", City: "Đà Nẵng"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if l := log(); len(l) != 1 || l[0] != "GET /v3.0/oa/user/detail data=%7B%22user_id%22%3A%222512523625412515999%22%7D" {
		t.Errorf("asked was %q", l)
	}
}

func TestUsers(t *testing.T) {
	o, log := asked(t, map[string]string{"/v3.0/oa/user/getlist": `{"total":6,"count":15,"offset":0,"users":[{"user_id":"9007199254740993123"},{},{"user_id":9007199254740993125}]}`})
	ids, total, err := o.Users(context.Background(), "to3", 50)
	if err != nil || total != 6 || !reflect.DeepEqual(ids, []string{"9007199254740993123", "9007199254740993125"}) {
		t.Errorf("%v of %d, %v", ids, total, err)
	}
	o.Users(context.Background(), "", 9951)
	if _, _, err := o.Users(context.Background(), "", 9952); err == nil {
		t.Error("it asks beyond the last offset")
	}
	want := []string{"GET /v3.0/oa/user/getlist data=%7B%22offset%22%3A50%2C%22count%22%3A50%2C%22tag_name%22%3A%22to3%22%2C%22is_follower%22%3Atrue%7D", "GET /v3.0/oa/user/getlist data=%7B%22offset%22%3A9951%2C%22count%22%3A50%2C%22is_follower%22%3Atrue%7D"}
	if l := log(); !reflect.DeepEqual(l, want) {
		t.Errorf("asked was %q", l)
	}
}

func TestTags(t *testing.T) {
	o, log := asked(t, map[string]string{"/v2.0/oa/tag/gettagsofoa": `["to3","to4"]`, "/v2.0/oa/tag/tagfollower": `{}`, "/v2.0/oa/tag/rmfollowerfromtag": `null`})
	ctx := context.Background()
	tags, err := o.Tags(ctx)
	if err != nil || !reflect.DeepEqual(tags, []string{"to3", "to4"}) {
		t.Errorf("%v, %v", tags, err)
	}
	if err := o.Tag(ctx, "25", "to3"); err != nil {
		t.Error(err)
	}
	if err := o.Untag(ctx, "25", "to3"); err != nil {
		t.Error(err)
	}
	if got, e := channel.OutcomeOf(channel.Receipt{}, o.DropTag(ctx, "to3"), false); got != channel.Failed || e.Code != "-201" {
		t.Errorf("%s", got)
	}
	want := []string{"GET /v2.0/oa/tag/gettagsofoa", `POST /v2.0/oa/tag/tagfollower  {"tag_name":"to3","user_id":"25"}`, `POST /v2.0/oa/tag/rmfollowerfromtag  {"tag_name":"to3","user_id":"25"}`, `POST /v2.0/oa/tag/rmtag  {"tag_name":"to3"}`}
	if l := log(); !reflect.DeepEqual(l, want) {
		t.Errorf("asked was %q", l)
	}
}

func TestTemplates(t *testing.T) {
	o, log := asked(t, map[string]string{"/template/all": `[{"templateId":347878,"templateName":"Nhắc hạn","status":"ENABLE","templateQuality":"HIGH"},{"templateId":"347879","status":"REJECT"}]`})
	list, err := o.Templates(context.Background(), 100)
	if err != nil || len(list) != 2 || list[0].ID != "347878" || list[0].Name != "Nhắc hạn" || list[1].Status != "REJECT" {
		t.Errorf("%+v, %v", list, err)
	}
	if l := log(); len(l) != 1 || l[0] != "GET /template/all limit=100&offset=100" {
		t.Errorf("asked was %q", l)
	}
}

// TestTemplateIsAskedOnce for a whole broadcast, and its price is the cost of each message.
func TestTemplateIsAskedOnce(t *testing.T) {
	o, log := asked(t, map[string]string{"/template/info/v2": `{"templateId":"347878","status":"ENABLE","price":"800","price_sdt":"780","price_uid":560}`, "/message/template": `{"msg_id":"z1"}`, "/v3.0/oa/message/template": `{"message_id":"u1"}`})
	ctx := context.Background()
	m := channel.Message{ID: "0193c4d2a8007abc8def0123456789ab", Network: zalo.Number, To: "84987654321", Template: "347878"}
	if r, err := o.Send(ctx, m); err != nil || r.Cost != 0 { // nobody has asked for the price yet
		t.Errorf("%+v, %v", r, err)
	}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if err := o.Verify(ctx, m); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if r, err := o.Send(ctx, m); err != nil || r.Cost != 780 || r.Ref != "z1" {
		t.Errorf("%+v, %v", r, err)
	}
	m.Network, m.To = zalo.Follower, "25"
	if r, err := o.Send(ctx, m); err != nil || r.Cost != 560 || r.Ref != "u1" {
		t.Errorf("%+v, %v", r, err)
	}
	if n := strings.Count(strings.Join(log(), "\n"), "/template/info/v2"); n != 1 {
		t.Errorf("the template was asked for %d times", n)
	}
}

// TestPictureIsUploadedOnce for a whole broadcast: uploads are counted by the month.
func TestPictureIsUploadedOnce(t *testing.T) {
	o, log := asked(t, map[string]string{"/v2.0/oa/upload/image": `{"attachment_id":"p"}`, "/v3.0/oa/message/cs": `{"message_id":"1"}`})
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			if _, err := o.Send(context.Background(), channel.Message{ID: "1", Network: zalo.Follower, To: fmt.Sprint(i), Text: "x", Media: []channel.Media{{ID: "p1", MIME: "image/png"}}}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if all := strings.Join(log(), "\n"); strings.Count(all, "/v2.0/oa/upload/image") != 1 || strings.Count(all, `"attachment_id":"p"`) != 20 {
		t.Errorf("asked was %s", all)
	}
}

// TestTemplatesToChooseFrom: all of the account's by name and state, asked for once in a while; one with its blanks and what it costs over
// a network.
func TestTemplatesToChooseFrom(t *testing.T) {
	o, log := asked(t, map[string]string{"/template/all": `[{"templateId":1,"templateName":"A","status":"ENABLE"},{"templateId":"2","templateName":"B","status":"PENDING_REVIEW"},{"templateId":"3","status":"REJECT"},{"templateId":"4","status":"DISABLE"},{"templateId":"5","status":"ODD"}]`,
		"/template/info/v2": `{"templateId":"1","templateName":"A","status":"ENABLE","previewUrl":"https://p.example/1","price":"800","price_sdt":"780","price_uid":560,"listParams":[{"name":"ten","require":true,"type":"STRING","maxLength":30,"minLength":2},{"name":"ghi_chu","require":true,"acceptNull":true}]}`})
	var as channel.Templater = o
	for range 2 {
		list, err := as.TemplateList(t.Context())
		if err != nil || len(list) != 5 {
			t.Fatalf("%+v, %v", list, err)
		}
		for i, want := range []string{channel.TemplateApproved, channel.TemplateWaiting, channel.TemplateRejected, channel.TemplateOff, ""} {
			if list[i].State != want {
				t.Errorf("%s is %q, not %q", list[i].ID, list[i].State, want)
			}
		}
	}
	if n := len(log()); n != 1 {
		t.Errorf("asked %d times", n)
	}
	for network, fee := range map[string]int64{zalo.Number: 780, zalo.Follower: 560} {
		x, err := as.TemplateInfo(t.Context(), network, "1")
		if err != nil || x.Fee == nil || *x.Fee != fee || x.State != channel.TemplateApproved || x.Preview == "" || len(x.Params) != 2 || x.Params[0] != (channel.TemplateParam{Name: "ten", Required: true, Least: 2, Most: 30}) || x.Params[1].Required {
			t.Errorf("over %s: %+v, %v", network, x, err)
		}
	}
}
