// Package i18n holds every sentence Loa says, in Vietnamese and English, one flat catalogue per room of the program.
// Vietnamese is the language of design; English is its translation, and a test keeps the two complete.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed *.json
var files embed.FS

// Languages are the languages of the pages, the first one the default.
var Languages = []string{"vi", "en"}

var catalogues = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{"vi": {}, "en": {}}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		panic("i18n: " + err.Error()) // the pattern is fixed
	}
	for _, name := range names {
		parts := strings.Split(path.Base(name), ".") // room.language.json
		raw, err := files.ReadFile(name)
		if err != nil {
			panic("i18n: " + err.Error())
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			panic("i18n: " + name + ": " + err.Error()) // a broken catalogue stops the program, not a visitor
		}
		for k, v := range texts {
			if _, twice := out[parts[1]][k]; twice {
				panic("i18n: " + k + " stands in two " + parts[1] + " catalogues")
			}
			out[parts[1]][k] = v
		}
	}
	return out
})

// Text is the sentence behind a key, its arguments filled in as by fmt. A key without a sentence shows itself.
func Text(lang, key string, args ...any) string {
	s, ok := catalogues()[lang][key]
	if !ok {
		return key
	}
	if len(args) == 0 || !strings.Contains(s, "%") { // a sentence need not use what it is given
		return s
	}
	return fmt.Sprintf(s, args...)
}

// Has says whether a key has a sentence in a language.
func Has(lang, key string) bool { _, ok := catalogues()[lang][key]; return ok }

// Keys are all keys of a language, for tests.
func Keys(lang string) map[string]string { return catalogues()[lang] }
