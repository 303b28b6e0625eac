package importing

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// TestEveryReasonHasItsSentence reads the codes out of the source and looks each up in both languages, field names too.
func TestEveryReasonHasItsSentence(t *testing.T) {
	codes := map[string]bool{}
	find := regexp.MustCompile(`(?:fail\(out|clash\(r), "([a-z_]+)"|return (?:"", )*"([a-z]+_[a-z_]+)"|return nil, "([a-z_]+)"|Code: "([a-z_]+)"|code = "([a-z_]+)"`)
	for _, file := range []string{"people.go", "match.go", "values.go", "figures.go", "../cmd/loa/import_villages.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range find.FindAllStringSubmatch(string(src), -1) {
			for _, code := range m[1:] {
				if code != "" && code != "bad_" {
					codes[code] = true
				}
			}
		}
	}
	if len(codes) < 20 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for f := range words {
		codes["bad_"+string(f)] = true
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
		for code := range codes {
			if said["import.reason."+code] == "" {
				t.Errorf("%s has no sentence in %s", code, lang)
			}
		}
		for _, f := range Fields {
			if said["import.field."+string(f)] == "" {
				t.Errorf("%s has no name in %s", f, lang)
			}
		}
	}
}
