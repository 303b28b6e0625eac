package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"loa/channel"
	"loa/i18n"
)

// TestEveryWordOfADriverHasItsSentence: what a form asks, what may go wrong and what a health line warns of is said in both languages,
// for every driver the program ships.
func TestEveryWordOfADriverHasItsSentence(t *testing.T) {
	said := func(keys ...string) {
		t.Helper()
		for _, lang := range i18n.Languages {
			catalogue := i18n.Keys(lang)
			if !slices.ContainsFunc(keys, func(k string) bool { return catalogue[k] != "" }) {
				t.Errorf("%s has none of %v", lang, keys)
			}
		}
	}
	if len(drivers) == 0 {
		t.Fatal("the program ships no driver")
	}
	for _, d := range drivers {
		for _, part := range []string{"kind", "what", "needs", "cost"} {
			said("channel." + part + "." + d.Kind)
		}
		for _, n := range d.Networks {
			said("channel.network." + n)
		}
		for _, f := range d.Fields {
			if f.Kept {
				continue
			}
			said("channel.field."+d.Kind+"."+f.Key, "channel.field."+f.Key)
			said("channel.hint."+d.Kind+"."+f.Key, "channel.hint."+f.Key)
			for _, o := range f.Options {
				said("channel.option."+f.Key+"."+o, "channel.option."+o)
			}
			if f.Default != "" && len(f.Options) > 0 && !slices.Contains(f.Options, f.Default) {
				t.Errorf("%s: the default of %s is none of its words", d.Kind, f.Key)
			}
		}
		for _, c := range d.Codes {
			said("channel.error."+d.Kind+"."+c, "channel.error."+c)
		}
		for _, w := range d.Warnings {
			said("channel.warning." + w)
		}
	}
	for _, kind := range []channel.Kind{channel.Misconfigured, channel.Unreachable, channel.Unsure, channel.Throttled, channel.Rejected, channel.OptedOut} {
		said("channel.failed." + string(kind))
	}
}

// TestDriversTellAllTheirCodes reads the source of every driver: a code or a warning written there is among those it tells of, so that
// the test above finds it.
func TestDriversTellAllTheirCodes(t *testing.T) {
	told := map[string][]string{}
	for _, d := range drivers {
		room, _, _ := strings.Cut(d.Kind, "_")
		told[room] = append(append(append(told[room], d.Codes...), d.Warnings...), d.Kind)
	}
	for room, codes := range told {
		found := 0
		err := filepath.WalkDir(filepath.Join("..", "..", "channel", room), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			for _, code := range codesIn(file) {
				found++
				if !strings.HasPrefix(code, "setting.") && !slices.Contains(codes, code) {
					t.Errorf("%s says %q, which no driver of %s tells of", path, code, room)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if found == 0 {
			t.Errorf("no code is found in the source of %s", room)
		}
	}
}

// codesIn are the literal codes of a file: those handed to whatever makes a failure, and those written into an error or a health.
func codesIn(file *ast.File) (out []string) {
	literal := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && s != "" {
				out = append(out, s)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			switch {
			case name == "Fail" && len(n.Args) == 4:
				literal(n.Args[2])
			case name == "misconfigured" && len(n.Args) == 2:
				literal(n.Args[0])
			case name == "wrong" && len(n.Args) == 2:
				literal(n.Args[1])
			}
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && (k.Name == "Code" || k.Name == "Warning" || k.Name == "code") {
				literal(n.Value)
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				name := ""
				switch l := l.(type) {
				case *ast.SelectorExpr:
					name = l.Sel.Name
				case *ast.Ident:
					name = l.Name
				}
				if i < len(n.Rhs) && (name == "Warning" || name == "code") {
					literal(n.Rhs[i])
				}
			}
		}
		return true
	})
	return out
}
