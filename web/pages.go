package web

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"

	"loa/i18n"
)

// pages are the templates by language and name. Each is put together when it is first asked for, and holds what it draws and no
// more: a copy of every shared block in every page would take more memory than all else the program keeps.
type pages map[string]map[string]func() (*template.Template, error)

// framesOf are the blocks that page is drawn in: the public frame, sheets of paper, or the office's own.
func framesOf(page *template.Template, name string) []string {
	switch {
	case strings.HasPrefix(name, "public_"):
		return []string{"public"}
	case page.Lookup("sheets") != nil:
		return []string{"paper"}
	}
	return []string{"layout", "bare", "rail"}
}

// common are the files whose blocks every page may use.
var common = []string{"layout", "parts", "parts_story", "parts_script", "parts_station", "public_layout", "nd30", "parts_calc", "parts_channel", "parts_broadcast"}

// Prepare makes ready what all pages share, before anybody asks for a server; one that is made later finds it.
func Prepare() {
	if p, err := parsedPages(); err == nil {
		_, _ = p["vi"]["login"]() // a fault shows when the page is drawn
	}
}

var parsedPages = sync.OnceValues(parsePages)

func parsePages() (pages, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	shared := map[string]bool{}
	for _, name := range common {
		shared["templates/"+name+".html"] = true
	}
	out := pages{}
	for _, lang := range i18n.Languages {
		out[lang] = map[string]func() (*template.Template, error){}
		blocks := sync.OnceValues(func() (map[string]*parse.Tree, error) { return sharedBlocks(lang) })
		for _, file := range names {
			if !shared[file] {
				out[lang][strings.TrimSuffix(path.Base(file), ".html")] = sync.OnceValues(func() (*template.Template, error) { return putTogether(lang, file, blocks) })
			}
		}
	}
	return out, nil
}

// template is a page's template in the language of the request.
func (s *Server) template(r *http.Request, name string) (*template.Template, error) {
	make, ok := s.pages[langOf(r)][name]
	if !ok {
		return nil, fmt.Errorf("no template %s", name)
	}
	return make()
}

func sharedBlocks(lang string) (map[string]*parse.Tree, error) {
	all := newTemplate()
	for _, name := range common {
		if err := parseFile(all, lang, "templates/"+name+".html"); err != nil {
			return nil, err
		}
	}
	out := map[string]*parse.Tree{}
	for _, t := range all.Templates() {
		if t.Tree != nil {
			out[t.Name()] = t.Tree
		}
	}
	return out, nil
}

// putTogether makes the template of one page: its own blocks, the frames, and every shared block these lead to.
func putTogether(lang, file string, shared func() (map[string]*parse.Tree, error)) (*template.Template, error) {
	blocks, err := shared()
	if err != nil {
		return nil, err
	}
	page := newTemplate()
	if err := parseFile(page, lang, file); err != nil {
		return nil, err
	}
	wanted := framesOf(page, path.Base(file))
	own := map[string]bool{}
	for _, t := range page.Templates() {
		if t.Tree != nil && t.Tree.Root != nil {
			own[t.Name()] = true
			wanted = calls(t.Tree.Root, wanted)
		}
	}
	for len(wanted) > 0 {
		name := wanted[len(wanted)-1]
		wanted = wanted[:len(wanted)-1]
		if own[name] {
			continue
		}
		own[name] = true
		tree, ok := blocks[name]
		if !ok {
			return nil, fmt.Errorf("%s uses %q, which is nowhere", file, name)
		}
		if _, err := page.AddParseTree(name, tree.Copy()); err != nil { // a copy: escaping rewrites it
			return nil, fmt.Errorf("add %s to %s: %w", name, file, err)
		}
		wanted = calls(tree.Root, wanted)
	}
	return page, nil
}

// calls adds the names of the templates a node draws.
func calls(n parse.Node, to []string) []string {
	branch := func(b *parse.BranchNode) {
		to = calls(b.List, to)
		if b.ElseList != nil {
			to = calls(b.ElseList, to)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, each := range n.Nodes {
			to = calls(each, to)
		}
	case *parse.TemplateNode:
		to = append(to, n.Name)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	}
	return to
}

func newTemplate() *template.Template {
	return template.New("").Funcs(template.FuncMap{"args": args, "list": listOf, "add": func(a, b int) int { return a + b }, "sub": func(a, b int) int { return a - b }, "inlined": inlined})
}

func parseFile(t *template.Template, lang, file string) error {
	raw, err := files.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	if _, err := t.New(path.Base(file)).Parse(spoken(lang, string(raw))); err != nil {
		return fmt.Errorf("parse %s: %w", file, err)
	}
	return nil
}

var (
	sentenceShown = regexp.MustCompile(`\{\{[$a-zA-Z.]*\.T "([a-z0-9_.]+)"\}\}`)
	sentenceGiven = regexp.MustCompile(`\([$a-zA-Z.]*\.T "([a-z0-9_.]+)"\)`)
	iconShown     = regexp.MustCompile(`\{\{template "icon" "([a-z0-9-]+)"\}\}`)
	scriptBlock   = regexp.MustCompile(`(?s)<script.*?</script>`)
)

// spoken puts the sentences without arguments, and the icons, into a template's text: they are the same for every visitor, and
// looking them up anew costs more than all the rest of a page.
func spoken(lang, source string) string {
	quoted := func(match []string) string { return strconv.Quote(i18n.Text(lang, match[1])) }
	source = scriptBlock.ReplaceAllStringFunc(source, func(script string) string {
		return replaced(sentenceShown, script, func(match []string) string { return "{{" + quoted(match) + "}}" }) // scripts escape in their own way
	})
	source = replaced(sentenceGiven, source, quoted)
	source = replaced(sentenceShown, source, func(match []string) string {
		return strings.ReplaceAll(template.HTMLEscapeString(i18n.Text(lang, match[1])), "{{", "{{`{{`}}")
	})
	return replaced(iconShown, source, func(match []string) string {
		return `<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#` + match[1] + `"></use></svg>`
	})
}

func replaced(what *regexp.Regexp, source string, by func(match []string) string) string {
	return what.ReplaceAllStringFunc(source, func(found string) string { return by(what.FindStringSubmatch(found)) })
}

// args makes a map for a block that takes several values: args "Name" .Name "Value" .Value.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("args takes names and values in pairs")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, errors.New("args takes names as strings")
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

func listOf(items ...any) []any { return items }
