package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryPictureStands finds the pictures that templates name in the sprite, and the sprite's own files behind it.
func TestEveryPictureStands(t *testing.T) {
	all := pictures()
	for _, name := range []string{"old-woman", "old-man", "farmer", "poor-house", "near-poor-house", "stall", "government", "health-card", "bills", "coin", "coin-ring", "rice", "rice-sack",
		"hospital", "calendar", "phone", "megaphone", "chicken", "cigarette"} {
		if !strings.Contains(string(all[name]), "<path") && !strings.Contains(string(all[name]), "<circle") {
			t.Errorf("no picture %s", name)
		}
	}
	named := regexp.MustCompile(`(?:template "picture"|inlined) "([a-z0-9-]+)"`)
	templates, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range templates {
		raw, err := files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := all[m[1]]; !ok && m[1] != "name" {
				t.Errorf("%s: no picture %s", file, m[1])
			}
		}
	}
	own, err := os.ReadDir("../scripts/pictures")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range own {
		if _, ok := all[strings.TrimSuffix(f.Name(), ".svg")]; !ok {
			t.Errorf("%s is not in the sprite; run scripts/vendor.sh", f.Name())
		}
	}
}
