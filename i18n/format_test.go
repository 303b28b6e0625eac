package i18n

import (
	"regexp"
	"strings"
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

// TestNoDoubledPercentIsShown: what nothing is filled into is shown as it stands, so a percent sign is doubled only beside something filled in.
func TestNoDoubledPercentIsShown(t *testing.T) {
	filled := regexp.MustCompile(`%(\[\d+\])?[a-zA-Z]`)
	for _, lang := range []string{"vi", "en"} {
		for key, text := range Keys(lang) {
			if strings.Contains(text, "%%") && !filled.MatchString(strings.ReplaceAll(text, "%%", "")) {
				t.Errorf("%s %s: %s", lang, key, text)
			}
		}
	}
}
