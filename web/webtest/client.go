package webtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"loa"
	"loa/auth"
)

// Client is a browser at the site; it does not follow redirects by itself.
type Client struct {
	t    testing.TB
	site *Site
	http *http.Client
	// Header is sent with every request.
	Header http.Header
}

// Answer is what came back.
type Answer struct {
	Status   int
	Body     string
	Header   http.Header
	Location string // of a redirect
}

// Has says whether the page holds all of the texts.
func (a Answer) Has(texts ...string) bool {
	for _, s := range texts {
		if !strings.Contains(a.Body, s) {
			return false
		}
	}
	return true
}

// lines keeps a connection for each browser, as browsers do; the standard one keeps two in all.
var lines = func() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16
	return t
}()

// Anonymous is a browser that nobody has signed in with.
func (s *Site) Anonymous(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, site: s, Header: http.Header{}, http: &http.Client{Jar: jar, Transport: lines, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As is a browser signed in as an officer of the home office: director, officer (of its first commune), sibling (of its second),
// administrator, collector, viewer, expired. Another office's stand behind its word: ben.director, xa.officer.
func (s *Site) As(t testing.TB, name string) *Client {
	t.Helper()
	if !strings.Contains(name, ".") {
		name = "mau." + name
	}
	o, _, err := s.DB.Credentials(context.Background(), name)
	if err != nil {
		t.Fatalf("no officer %s: %v", name, err)
	}
	return s.SignedIn(t, o.ID)
}

// SignedIn is a browser signed in as an officer, without the cost of a password.
func (s *Site) SignedIn(t testing.TB, officer loa.OfficerID) *Client {
	t.Helper()
	c := s.Anonymous(t)
	token, err := auth.Token()
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]string{"officer": string(officer), "agent": "webtest"})
	if err != nil {
		t.Fatal(err)
	}
	now := s.Now()
	l := loa.Login{Hash: auth.TokenHash(token), Officer: officer, Data: data, Agent: "webtest", MadeAt: now, SeenAt: now, ExpiresAt: now.Add(loa.LoginLife)}
	if err := s.DB.SaveLogin(context.Background(), l); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.http.Jar.SetCookies(at, []*http.Cookie{{Name: "loa", Value: token, Path: "/"}})
	return c
}

// URL is where the site answers.
func (c *Client) URL() string { return c.site.URL }

// Get opens a page.
func (c *Client) Get(path string) Answer {
	c.t.Helper()
	return c.Do(http.MethodGet, path, nil)
}

// Post sends a form, as a browser on the same site would: names and values in turn.
func (c *Client) Post(path string, pairs ...string) Answer {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return c.Do(http.MethodPost, path, form)
}

// Follow opens a page and goes where it sends, at most five times.
func (c *Client) Follow(path string) Answer {
	c.t.Helper()
	a := c.Get(path)
	for range 5 {
		if a.Location == "" {
			break
		}
		a = c.Get(a.Location)
	}
	return a
}

// Do sends any request.
func (c *Client) Do(method, path string, form url.Values) Answer {
	c.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	kind := ""
	if form != nil {
		kind = "application/x-www-form-urlencoded"
	}
	return c.SendBody(method, path, kind, body)
}

// SendBody sends a body of any kind, such as a file.
func (c *Client) SendBody(method, path, kind string, body io.Reader) Answer {
	c.t.Helper()
	r, err := http.NewRequest(method, c.site.URL+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for k, v := range c.Header {
		r.Header[k] = v
	}
	if h := c.Header.Get("Host"); h != "" {
		r.Host = h
	}
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return Answer{Status: res.StatusCode, Body: string(raw), Header: res.Header, Location: res.Header.Get("Location")}
}

// Cookie is a cookie the browser holds for the site; empty when it has none.
func (c *Client) Cookie(name string) string {
	at, err := url.Parse(c.site.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, k := range c.http.Jar.Cookies(at) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// SetCookie puts a cookie into the browser.
func (c *Client) SetCookie(name, value string) {
	at, err := url.Parse(c.site.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	c.http.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// Send posts a form and opens the page it leads to.
func (c *Client) Send(path string, pairs ...string) Answer {
	c.t.Helper()
	a := c.Post(path, pairs...)
	if a.Status != http.StatusSeeOther {
		return a
	}
	return c.Get(a.Location)
}
