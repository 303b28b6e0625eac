package i18n

import (
	"regexp"
	"testing"
)

// TestFormatsAreWellFormed keeps a width from standing behind an index, which Sprintf prints as a fault.
func TestFormatsAreWellFormed(t *testing.T) {
	wrong := regexp.MustCompile(`%\[\d+\][^a-z]`)
	for _, lang := range []string{"vi", "en"} {
		for key, text := range Keys(lang) {
			if wrong.MatchString(text) {
				t.Errorf("%s %s: %s", lang, key, text)
			}
		}
	}
}
