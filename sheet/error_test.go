package sheet

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// TestEveryRefusalIsExplained reads the codes out of the source: a file refused without a sentence would be refused without a reason.
func TestEveryRefusalIsExplained(t *testing.T) {
	src, err := os.ReadFile("error.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code = "([a-z_]+)"`).FindAllStringSubmatch(string(src), -1)
	if len(codes) < 20 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for _, lang := range []string{"vi", "en"} {
		raw, err := os.ReadFile("../i18n/import." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var said map[string]string
		if err := json.Unmarshal(raw, &said); err != nil {
			t.Fatal(err)
		}
		for _, c := range codes {
			if said["error.file_"+c[1]] == "" {
				t.Errorf("%s has no sentence in %s", c[1], lang)
			}
		}
	}
}
