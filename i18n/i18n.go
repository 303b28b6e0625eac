// Package i18n holds every sentence Loa says, in Vietnamese and English, one flat catalogue per room of the program.
// Vietnamese is the language of design; English is its translation, and a test keeps the two complete.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
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
	out := fmt.Sprintf(s, spokenIn(lang, args)...)
	if lang == "en" {
		return oneOf(out)
	}
	return out
}

// spokenIn puts arguments that know how they are said into the language: days and amounts say it themselves, phrases are keys.
func spokenIn(lang string, args []any) []any {
	var out []any
	for i, a := range args {
		var said string
		switch a := a.(type) {
		case interface{ In(lang string) string }:
			said = a.In(lang)
		case interface{ Phrase() string }:
			said = Text(lang, a.Phrase())
		default:
			continue
		}
		if out == nil {
			out = append([]any{}, args...)
		}
		out[i] = said
	}
	if out == nil {
		return args
	}
	return out
}

// ones are the nouns that English sentences count, as they stand behind a single one.
var ones = map[string]string{"people": "person", "entries": "entry", "boundaries": "boundary", "copies": "copy", "insurances": "insurance", "have": "has", "are": "is", "were": "was", "agree": "agrees", "wait": "waits"}

var (
	counted = regexp.MustCompile(`(^|[^\d.,/])1 ((?:billed |more |late |other |earlier |older |empty |changed )*)(agents|announcements|askers|attendances|boundaries|cells|changes|characters|communes|conditions|copies|days|digits|employees|employers|entries|figures|files|forms|heads|households|hours|insurances|lines|markets|messages|months|names|numbers|officers|organisations|outcomes|pairs|participants|partners|people|pictures|places|plays|promises|questions|records|roles|rows|seconds|segments|sessions|stations|tables|targets|things|times|units|villages|years)\b`)
	agreed  = regexp.MustCompile(`(\bof)?((?:^|[^\d.,/])1 [a-z ]*?[a-rt-z]) (have|are|were|agree|wait)\b`)
)

// oneOf makes an English sentence agree with a single one it counts: "1 sessions" is "1 session". Vietnamese has no such rule.
func oneOf(s string) string {
	if !strings.Contains(s, "1 ") {
		return s
	}
	out := counted.ReplaceAllStringFunc(s, func(found string) string {
		m := counted.FindStringSubmatch(found)
		noun := ones[m[3]]
		if noun == "" {
			noun = strings.TrimSuffix(m[3], "s")
		}
		if m[3] == "times" {
			return m[1] + m[2] + "once"
		}
		return m[1] + "1 " + m[2] + noun
	})
	if out == s {
		return s
	}
	return agreed.ReplaceAllStringFunc(out, func(found string) string {
		m := agreed.FindStringSubmatch(found)
		if m[1] != "" { // "the results of 1 person are saved": what is counted is not what the verb is about
			return found
		}
		return m[2] + " " + ones[m[3]]
	})
}

// Has says whether a key has a sentence in a language.
func Has(lang, key string) bool { _, ok := catalogues()[lang][key]; return ok }

// Keys are all keys of a language, for tests.
func Keys(lang string) map[string]string { return catalogues()[lang] }
