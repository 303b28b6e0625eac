package loa_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the map of the house: which of our own rooms a room may import. A room that is not here does not exist yet:
// say first whether it is a thing (root), work (-ing, policy) or a door.
var mayImport = map[string][]string{
	".": {"vn"}, // things: the standard library and vn, nothing else, ever

	// leaves
	"vn": {}, "lunar": {}, "speech": {"vn"}, "sheet": {}, "i18n": {}, "auth": {}, "picture": {}, "voice": {}, "paper": {}, "geo": {}, "qr": {}, "poster": {}, "ics": {}, "speaker": {},
	"gazetteer": {"vn"},

	// work: pure, values in, values out
	"policy":     {"."},
	"answering":  {".", "policy"},
	"importing":  {".", "vn", "sheet"},
	"matching":   {".", "vn"},
	"segmenting": {".", "vn"},
	"planning":   {".", "vn", "lunar"},
	"reporting":  {".", "vn"},
	"sending":    {".", "vn", "channel"},                                 // the contract, never an adapter
	"composing":  {".", "vn", "channel", "sending", "policy", "wording"}, // what a page shows and what leaves, by one hand
	"wording":    {".", "vn", "policy", "speech"},                        // the words of a script on a day

	// networks: the contract, and one folder for each, which knows none of the others
	"channel":             {},
	"channel/channeltest": {"channel"},
	"channel/zalo":        {".", "vn", "channel"},
	"channel/facebook":    {".", "vn", "channel"},
	"channel/sms":         {".", "vn", "channel"},
	"channel/smpp":        {".", "vn", "channel"},
	"channel/email":       {".", "vn", "channel"},
	"channel/push":        {".", "vn", "channel"},
	"channel/loudspeaker": {".", "vn", "channel", "speaker"},
	"fake":                {"vn"}, // the providers as they behave; knows no driver

	// doors
	"fake/show":       {"fake", "i18n", "vn"}, // what came in at the fakes, for people
	"store":           {".", "vn"},
	"store/storetest": {".", "vn", "store"},
	"web": {".", "vn", "lunar", "geo", "sheet", "i18n", "auth", "picture", "voice", "paper", "poster", "qr", "ics", "gazetteer", "policy", "importing", "matching", "segmenting", "planning",
		"reporting", "answering", "sending", "wording", "composing", "speech", "speaker", "channel", "store", "pdf"},
	"pdf":         {"."}, // knows paper, not what stands on it
	"pdf/pdftest": {},
	"web/webtest": {"*"},
	"demo":        {".", "vn", "lunar", "gazetteer", "segmenting"},

	// the only place that knows everything
	"cmd/loa": {"*"},

	// one-off programs that make embedded files
	"scripts/gazetteer": {"*"},
}

// outside lists what only some rooms may import from beyond the project.
var outside = map[string][]string{
	"net/http":              {"web", "web/webtest", "cmd/loa", "channel", "channel/channeltest", "channel/zalo", "channel/facebook", "channel/sms", "channel/email", "channel/push", "channel/loudspeaker", "fake", "fake/show", "speech", "speaker"},
	"database/sql":          {"store", "store/storetest", "cmd/loa"},
	"os/exec":               {"store/storetest", "web/webtest", "cmd/loa", "scripts/gazetteer", "pdf", "speech"},
	"math/rand":             {},
	"html/template":         {"web", "fake/show"},
	"text/template":         {"web"}, // its parser only, to know which blocks a page draws
	"github.com/riverqueue": {"cmd/loa"},
}

// TestArrows fails when an import points the wrong way or a room is unknown.
func TestArrows(t *testing.T) {
	rooms := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); path != "." && (strings.HasPrefix(n, ".") || n == "testdata" || n == "tools" || n == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		room := filepath.ToSlash(filepath.Dir(path))
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s: room %q is not on the map", path, room)
			return nil
		}
		rooms++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, path, room, target, allowed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rooms < 20 {
		t.Fatalf("only %d files were looked at; the walk is broken", rooms)
	}
}

func checkImport(t *testing.T, path, room, target string, allowed []string) {
	t.Helper()
	if own, ok := strings.CutPrefix(target, "loa/"); ok || target == "loa" {
		if target == "loa" {
			own = "."
		}
		for _, a := range allowed {
			if a == own || a == "*" {
				return
			}
		}
		t.Errorf("%s: %s may not import %s", path, room, target)
		return
	}
	for prefix, rooms := range outside {
		if target != prefix && !strings.HasPrefix(target, prefix+"/") || strings.HasPrefix(target, prefix+"test") {
			continue
		}
		ok := false
		for _, r := range rooms {
			ok = ok || r == room
		}
		if !ok {
			t.Errorf("%s: %s may not import %s", path, room, target)
		}
	}
	if room == "." && strings.Contains(strings.SplitN(target, "/", 2)[0], ".") {
		t.Errorf("%s: the nouns import the standard library and vn alone, not %s", path, target)
	}
}

// TestOneClock keeps the program's clock in cmd/loa, which hands it in: everything runs as of a day. Only what makes an ID looks
// at the machine's own time, because an ID must be new even where the day is an old one, the browser's own limit on a login, and the watch on how long a write
// takes.
func TestOneClock(t *testing.T) {
	mayLook := map[string]bool{"id.go": true, "web/login_keep.go": true, "store/db.go": true}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if d.IsDir() && (path == "cmd" || path == "tools" || path == "scripts" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "store/storetest/") || strings.HasPrefix(path, "web/webtest/") || mayLook[path] {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, own := range []string{"time.Now(", "time.Now\n", "time.Since(", "time.Until("} {
			if strings.Contains(string(raw), own) {
				t.Errorf("%s looks at the machine's clock: %s", path, strings.TrimSpace(own))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
