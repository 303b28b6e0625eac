package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// guarded is what the table below says of a route: the act it must ask for, and the noun its {id} names.
type guarded struct {
	may  loa.Act
	noun string
}

// ids are the records of an office by noun; local says that the record lies in one commune, so that the officer of the other
// commune must not find it.
var ids = map[string]struct {
	of    func(webtest.Office) string
	local bool
}{
	"person":       {func(o webtest.Office) string { return string(o.Person) }, true},
	"household":    {func(o webtest.Office) string { return string(o.Household) }, true},
	"session":      {func(o webtest.Office) string { return string(o.Planned) }, true},
	"lead":         {func(o webtest.Office) string { return string(o.Lead) }, true},
	"question":     {func(o webtest.Office) string { return string(o.Question) }, true},
	"conversation": {func(o webtest.Office) string { return string(o.Question) }, true}, // the question waits in the queue under its own ID
	"village":      {func(o webtest.Office) string { return string(o.Village1) }, true},
	"commune":      {func(o webtest.Office) string { return string(o.Commune1) }, true},
	"segment":      {func(o webtest.Office) string { return string(o.Segment) }, false},
	"matrix":       {func(o webtest.Office) string { return string(o.Matrix) }, false},
	"officer":      {func(o webtest.Office) string { return string(o.Officers["officer"]) }, false},
	"grant":        {func(o webtest.Office) string { return o.Grant }, false},
	"partner":      {func(o webtest.Office) string { return string(o.Partner) }, true},
	"collector":    {func(o webtest.Office) string { return string(o.Collector) }, false},
	"employer":     {func(o webtest.Office) string { return string(o.Employer) }, true},
	"story":        {func(o webtest.Office) string { return string(o.Story) }, true},
	"script":       {func(o webtest.Office) string { return string(o.Script) }, true},
	"clip":         {func(o webtest.Office) string { return string(o.Clip) }, false},
	"channel":      {func(o webtest.Office) string { return string(o.Channel) }, false},
	"broadcast":    {func(o webtest.Office) string { return string(o.Broadcast) }, true},
	"unknown":      {func(o webtest.Office) string { return loa.NewID() }, false}, // no such record in the fixture: found by nobody
}

// queries are the routes whose record is named behind the question mark; the noun is the table's all the same.
var queries = map[string]string{
	"GET /matrix/cell": "?form=small_group&segment=",
}

// wholeOnly are pages about the whole office: whoever has only a commune does not find them.
var wholeOnly = map[string]bool{
	"GET /coverage/close":     true,
	"GET /areas/communes/new": true,
}

// folk are who signs in, with the role that holds in the home office; empty when none does.
var folk = []struct {
	name string
	role loa.Role
	home bool // works in the home office
}{
	{"director", loa.Director, true},
	{"officer", loa.OfficerRole, true},
	{"sibling", loa.OfficerRole, true},
	{"administrator", loa.Administrator, true},
	{"collector", loa.CollectorRole, true},
	{"viewer", loa.ProvinceViewer, true},
	{"expired", "", true},
	{"ben.director", loa.Director, false},
	{"ben.officer", loa.OfficerRole, false},
	{"ben.administrator", loa.Administrator, false},
	{"xa.director", loa.Director, false},
	{"xa.viewer", loa.ProvinceViewer, false},
}

// TestEveryRouteIsGuarded asks every route as everybody: a route that is not in the table fails, so nobody can add one without
// saying who may.
func TestEveryRouteIsGuarded(t *testing.T) {
	site := webtest.New(t)
	clients := map[string]*webtest.Client{}
	for _, f := range folk {
		clients[f.name] = site.As(t, f.name)
	}
	seen := map[string]bool{}
	for _, line := range site.Server.Table() {
		g, known := routeTable[line.Pattern]
		seen[line.Pattern] = true
		if !known {
			t.Errorf("not in the table: %q: {%q, %q},", line.Pattern, line.May, guessNoun(line.Pattern))
			continue
		}
		if g.may != line.May {
			t.Errorf("%s asks for %q, the table says %q", line.Pattern, line.May, g.may)
		}
		if g.may == "" {
			continue
		}
		if (strings.Contains(line.Pattern, "{id}") || queries[line.Pattern] != "") != (g.noun != "") {
			t.Errorf("%s: the table does not say what its id names", line.Pattern)
			continue
		}
		askAsEverybody(t, site, clients, line.Pattern, g)
	}
	for pattern := range routeTable {
		if !seen[pattern] {
			t.Errorf("%s is in the table but not in the server", pattern)
		}
	}
}

func askAsEverybody(t *testing.T, site *webtest.Site, clients map[string]*webtest.Client, pattern string, g guarded) {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	at := path
	if g.noun != "" {
		at = fill(path, ids[g.noun].of(site.Home))
	}
	if q := queries[pattern]; q != "" {
		at = path + q + ids[g.noun].of(site.Home)
	}
	anonymous := ask(site.Anonymous(t), method, at)
	if method == "GET" && (anonymous.Status != http.StatusSeeOther || !strings.HasPrefix(anonymous.Location, "/login")) || method != "GET" && anonymous.Status != http.StatusUnauthorized {
		t.Errorf("%s without sign-in answers %d %s", pattern, anonymous.Status, anonymous.Location)
	}
	for _, f := range folk {
		if wholeOnly[pattern] && f.role == loa.OfficerRole {
			if a := ask(clients[f.name], method, at); a.Status != http.StatusNotFound {
				t.Errorf("%s as %s: is about the whole office, answers %d", pattern, f.name, a.Status)
			}
			continue
		}
		if want, problem := expected(f.role, f.name, f.home, method, g), ""; want != nil {
			a := ask(clients[f.name], method, at)
			if problem = want(a); problem != "" {
				t.Errorf("%s as %s: %s, answers %d %s", pattern, f.name, problem, a.Status, a.Location)
			}
		}
	}
}

// expected is what an officer must be answered; nil where asking would change what the next one is asked about.
func expected(role loa.Role, name string, home bool, method string, g guarded) func(webtest.Answer) string {
	status := func(code int, why string) func(webtest.Answer) string {
		return func(a webtest.Answer) string {
			if a.Status != code {
				return why
			}
			return ""
		}
	}
	if role == "" || !role.May(g.may) {
		return status(http.StatusForbidden, "must be refused")
	}
	if g.noun != "" && (!home || name == "sibling" && ids[g.noun].local || g.noun == "unknown") {
		return status(http.StatusNotFound, "must not find what is not theirs")
	}
	if method != "GET" {
		return nil
	}
	return func(a webtest.Answer) string {
		if a.Status >= 400 && a.Status != http.StatusUnprocessableEntity || strings.HasPrefix(a.Location, "/login") {
			return "must be let in"
		}
		return ""
	}
}

func ask(c *webtest.Client, method, path string) webtest.Answer {
	if method == "GET" {
		return c.Get(path)
	}
	return c.Do(method, path, url.Values{})
}

// fill puts the id in place of the first wildcard; a second one gets a record that does not exist.
func fill(path, id string) string {
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + id + path[to+1:]
		id = loa.NewID()
	}
	return path
}

func guessNoun(pattern string) string {
	if !strings.Contains(pattern, "{") {
		return ""
	}
	for _, g := range []struct{ in, noun string }{{"/people/", "person"}, {"/households/", "household"}, {"/sessions/", "session"}, {"/questions/", "question"}, {"/segments/", "segment"},
		{"/areas/", "village"}, {"/enrolment/", "lead"}, {"/partners/", "partner"}, {"/collectors/", "collector"}, {"/employers/", "employer"}, {"/stories/", "story"}, {"/clips/", "clip"},
		{"/admin/channels/", "channel"}, {"/admin/officers/", "officer"}, {"/admin/roles/", "grant"}} {
		if strings.Contains(pattern, g.in) {
			return g.noun
		}
	}
	return "unknown"
}

// TestRolesEndAtTheirPlace gives one officer two roles in two communes: what one allows is not allowed in the other.
func TestRolesEndAtTheirPlace(t *testing.T) {
	site := webtest.New(t)
	admin, sibling := site.As(t, "administrator"), site.Home.Officers["sibling"]
	a := admin.Post("/admin/officers/"+string(sibling)+"/roles", "role", "collector", "area", string(site.Home.Commune1), "from", "2025-11-01", "to", "2025-12-31")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("giving a role answers %d: %s", a.Status, a.Body)
	}
	c := site.As(t, "sibling")
	if a = c.Get("/enrolment/" + string(site.Home.Lead)); a.Status != http.StatusOK {
		t.Errorf("a collector of the first commune does not find its lead: %d", a.Status)
	}
	if a = c.Get("/people/" + string(site.Home.Person)); a.Status != http.StatusNotFound {
		t.Errorf("reading people in one commune opens another where one only collects: %d", a.Status)
	}
	if a = c.Get("/people/" + string(site.Home.Person2)); a.Status != http.StatusOK {
		t.Errorf("the own commune is closed: %d", a.Status)
	}
}

// TestGetChangesNothing opens every page and compares what the office holds before and after.
func TestGetChangesNothing(t *testing.T) {
	site := webtest.New(t)
	director, admin := site.As(t, "director"), site.As(t, "administrator")
	before := proof(t, site)
	for _, line := range site.Server.Table() {
		method, path, _ := strings.Cut(line.Pattern, " ")
		if method != "GET" || line.Pattern == "GET /place" { // which only the login remembers
			continue
		}
		g := routeTable[line.Pattern]
		if g.noun != "" {
			path = fill(path, ids[g.noun].of(site.Home))
		}
		director.Get(path)
		admin.Get(path)
	}
	after := proof(t, site)
	for table, was := range before {
		if after[table] != was {
			t.Errorf("opening pages changed %s from %s to %s", table, was, after[table])
		}
	}
	if len(before) < 40 {
		t.Errorf("only %d tables were compared", len(before))
	}
}

// proof is the number of rows and their hash for each table that no GET may touch. The log, the pages opened and the change
// counter that orders the log are written when people look.
func proof(t *testing.T, site *webtest.Site) map[string]string {
	t.Helper()
	proofs, err := backupProofs(site.DB)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range proofs {
		switch p.Table {
		case "audit", "page_opened", "login", "office", "broadcast_tally": // the last is a count kept with its age
		default:
			out[p.Table] = fmt.Sprintf("%d rows %s", p.Rows, p.SHA256)
		}
	}
	return out
}
