package web_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// TestAWithdrawnStoryIsGoneEverywhere opens every page that tells stories before and after.
func TestAWithdrawnStoryIsGoneEverywhere(t *testing.T) {
	s := webtest.New(t)
	director, anybody := s.As(t, "director"), s.Anonymous(t)
	office, err := s.DB.Office(context.Background(), s.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	at, public, words := "/stories/"+string(s.Home.Story), "/public/"+office.Slug+"/stories", "Lời kể mẫu mau"
	for _, way := range []struct {
		name string
		end  func()
	}{
		{"withdrawn", func() { director.Post(at + "/withdraw") }},
		{"refused", func() {
			director.Post("/people/"+string(s.Home.Person)+"/consent", "purpose", "care", "channel", "all", "agreed", "0")
		}},
	} {
		name, end := way.name, way.end
		a := anybody.Get(public)
		if a.Status != http.StatusOK || !a.Has(words, "Chị Mẫu mau, Bản Một mau") || a.Has("Sùng A Mẫu") || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
			t.Fatalf("before it is %s, the public page answers %d, kept %q:\n%s", name, a.Status, a.Header.Get("Cache-Control"), a.Body)
		}
		if a = director.Get(at); !a.Has("Đang hiện như sau") {
			t.Errorf("before it is %s, the office page does not show how it is told", name)
		}
		end()
		if a = anybody.Get(public); a.Status != http.StatusOK || a.Has(words) {
			t.Errorf("%s, the public page still tells it: %d", name, a.Status)
		}
		if a = director.Get(at); a.Has("Đang hiện như sau") {
			t.Errorf("%s, the office page still shows it as told", name)
		}
		if name == "withdrawn" { // by mistake: it is approved anew
			by := byDirector(s)
			by.Officer = s.Home.Officers["administrator"]
			director.Post(at + "/restore")
			if err := s.DB.ApproveStory(context.Background(), scopeOfHome(s), by, s.Home.Story); err != nil {
				t.Fatal(err)
			}
		}
	}
	s = webtest.New(t)
	anybody = s.Anonymous(t)
	if a := anybody.Get(public); !a.Has(words) {
		t.Error("within its consent it is not told")
	}
	s.Advance(250 * 24 * 3600e9) // beyond the last day of its consent
	if a := anybody.Get(public); a.Status != http.StatusOK || a.Has(words) {
		t.Errorf("its consent has ended, the public page still tells it: %d", a.Status)
	}
}

// TestStoriesAreNeverKept reads the program's own source: the table of stories is read behind the one door only, and no function that
// asks there keeps what comes out.
func TestStoriesAreNeverKept(t *testing.T) {
	reads := regexp.MustCompile(`(?i)(FROM|JOIN)\s+story(_text)?\b`)
	asks := 0
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if reads.Match(raw) && !strings.HasPrefix(filepath.Base(path), "story") {
			t.Errorf("%s reads stories past their door", path)
		}
		if !strings.Contains(string(raw), "toldStories(") && !strings.Contains(string(raw), "StoriesFor(") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, raw, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			asked, kept := false, ""
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					switch id.Name {
					case "toldStories", "StoriesFor":
						asked = true
					case "keep", "once", "publicKept", "Look":
						kept = id.Name
					}
				}
				return true
			})
			if asked {
				asks++
			}
			if asked && kept != "" {
				t.Errorf("%s: %s asks for stories and keeps what it draws (%s)", path, fn.Name.Name, kept)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if asks < 3 {
		t.Errorf("only %d functions ask for stories; the search is broken", asks)
	}
}
