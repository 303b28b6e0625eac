package fake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzHandler throws whatever comes at every provider: none may fall over.
func FuzzHandler(f *testing.F) {
	for i := range paths {
		f.Add(i, "application/json", `{"phone":"84987654321","user_id":"1","recipient":{"user_id":"1"},"message":{"text":"a"}}`)
		f.Add(i, "application/x-www-form-urlencoded", `a=b&message=c&published=false&scheduled_publish_time=5`)
		f.Add(i, "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n--x--\r\n")
		f.Add(i, "text/xml", `<RQST name="send_sms_list"><REQID>1</REQID></RQST>`)
	}
	f.Fuzz(func(t *testing.T, i int, kind, body string) {
		w := NewWorld(noon, nil)
		w.AddVillagers(Villager{ID: "1", PSID: "1", Phone: "84987654321", Last: noon, LastPage: noon})
		access, _ := w.Zalo.Grant()
		method, path, _ := strings.Cut(paths[uint(i)%uint(len(paths))], " ")
		r, err := http.NewRequest(method, "http://fake"+path+"?access_token=fb_page_token_demo&data="+url.QueryEscape(body), strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("access_token", access)
		r.Header.Set("Content-Type", kind)
		r.SetBasicAuth("speedsms_token_demo", "x")
		rw := &sink{header: http.Header{}}
		w.Handler().ServeHTTP(rw, r)
		if rw.status == 0 || rw.status == http.StatusNotFound {
			t.Errorf("%s %s: %d", method, path, rw.status)
		}
		if len(w.Ledger.Find(Query{})) != 1 {
			t.Error("the ledger missed it")
		}
	})
}

type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

var paths = []string{
	"POST /zalo-oauth/v4/oa/access_token", "GET /zalo-oauth/v4/oa/permission", "POST /zalo-oa/v3.0/oa/message/cs", "POST /zalo-oa/v3.0/oa/message/template", "POST /zalo-oa/v3.0/oa/group/message",
	"POST /zalo-oa/v2.0/oa/message", "GET /zalo-oa/v3.0/oa/user/getlist", "GET /zalo-oa/v2.0/oa/conversation", "POST /zalo-oa/v2.0/oa/upload/image", "POST /zalo-oa/v2.0/article/create",
	"GET /zalo-oa/v2.0/article/getslice", "POST /zalo-business/message/template", "POST /zalo-business/template/create", "GET /zalo-business/template/all", "POST /facebook/v25.0/100/feed",
	"POST /facebook/v25.0/100/photos", "POST /facebook/v25.0/100/messages", "GET /facebook/v25.0/100/published_posts", "POST /esms/MainService.svc/json/SendMultipleMessage_V4_post_json/",
	"POST /esms/MainService.svc/json/SendMultipleSMSBrandname_json/", "POST /speedsms/index.php/sms/send", "POST /vnpt/smsmarketing/api", "POST /viettel/bulkapi",
}
