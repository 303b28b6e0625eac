package fake

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// noon is a time at which everything is open.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, zone)

// office is the caller of the providers, and the receiver of their webhooks.
type office struct {
	*World
	t        *testing.T
	provider *httptest.Server
	receiver *httptest.Server
	token    string

	mu     sync.Mutex
	got    []hook
	status int // what the receiver answers
}

type hook struct {
	at     time.Time
	method string
	query  url.Values
	header http.Header
	body   string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{World: NewWorld(noon, time.Now), t: t, status: http.StatusOK}
	o.provider = httptest.NewServer(o.Handler())
	t.Cleanup(o.provider.Close)
	o.receiver = httptest.NewServer(http.HandlerFunc(o.receive))
	t.Cleanup(o.receiver.Close)
	o.token, _ = o.Zalo.Grant()
	return o
}

func (o *office) receive(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	o.mu.Lock()
	defer o.mu.Unlock()
	if c := r.URL.Query().Get("hub.challenge"); c != "" && r.URL.Query().Get("hub.verify_token") == "fb_verify_demo" {
		_, _ = io.WriteString(rw, c)
		return
	}
	o.got = append(o.got, hook{o.Clock.Now(), r.Method, r.URL.Query(), r.Header, string(body)})
	rw.WriteHeader(o.status)
}

// hooks takes what came to the receiver since it was last asked.
func (o *office) hooks() []hook {
	o.mu.Lock()
	defer o.mu.Unlock()
	got := o.got
	o.got = nil
	return got
}

func (o *office) answerWith(status int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status = status
}

type answered struct {
	status int
	header http.Header
	body   string
	json   map[string]any
}

// call sends one request; the error is that of the network.
func (o *office) call(method, path, body string, header ...string) (answered, error) {
	o.t.Helper()
	req, err := http.NewRequest(method, o.provider.URL+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("access_token", o.token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req) // no redirects, no retries
	if err != nil {
		return answered{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	a := answered{status: res.StatusCode, header: res.Header, body: string(raw)}
	_ = json.Unmarshal(raw, &a.json)
	return a, err
}

// ask is a call that must come through.
func (o *office) ask(method, path, body string, header ...string) answered {
	o.t.Helper()
	a, err := o.call(method, path, body, header...)
	if err != nil {
		o.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// code is the error of an answer of Zalo's.
func (a answered) code() int {
	n, ok := a.json["error"].(float64)
	if !ok {
		return 1
	}
	return int(n)
}

func (a answered) data(key string) string {
	d, _ := a.json["data"].(map[string]any)
	s, _ := d[key].(string)
	return s
}

func (o *office) upload(path string, raw []byte) answered {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	p, _ := form.CreateFormFile("file", "a.png")
	_, _ = p.Write(raw)
	_ = form.Close()
	return o.ask("POST", path, b.String(), "Content-Type", form.FormDataContentType())
}

func (o *office) last() Entry {
	all := o.Ledger.Find(Query{})
	return all[len(all)-1]
}

func dataQuery(s string) string { return "?data=" + url.QueryEscape(s) }

var png = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)
