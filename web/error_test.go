package web_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loa/i18n"
)

var (
	refusals  = regexp.MustCompile(`Refuse\((?:loa\.)?[A-Z]\w+, [^,]*, "(\w+)"`)
	errorKeys = regexp.MustCompile(`"(error\.\w+)"`)
	audits    = regexp.MustCompile(`addAudit\(ctx, tx, [^,]+, by, "(\w+)", "(\w+)"|\.Audit\([^,]+, [^,]+, [^,]+, "(\w+)", "(\w+)"`)
)

// TestEveryRefusalHasItsSentence reads the program's own source: a code without a sentence would reach a person as a code.
func TestEveryRefusalHasItsSentence(t *testing.T) {
	keys := map[string]string{} // key → where it is used
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range refusals.FindAllStringSubmatch(string(raw), -1) {
			keys["error."+m[1]] = path
		}
		for _, m := range errorKeys.FindAllStringSubmatch(string(raw), -1) {
			keys[m[1]] = path
		}
		for _, m := range audits.FindAllStringSubmatch(string(raw), -1) {
			keys["act."+m[1]+m[3]], keys["noun."+m[2]+m[4]] = path, path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) < 60 {
		t.Fatalf("only %d codes were found; the search is broken", len(keys))
	}
	for key, path := range keys {
		for _, lang := range i18n.Languages {
			if !i18n.Has(lang, key) {
				t.Errorf("%s says %s, which has no sentence in %s", path, key, lang)
			}
		}
	}
}
