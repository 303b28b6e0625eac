package store

import (
	"encoding/json"
	"reflect"
	"testing"

	"loa"
)

// TestChangesAreKeptAsJSON holds the short way of writing and reading an import's rows to the general one.
func TestChangesAreKeptAsJSON(t *testing.T) {
	odd := []string{"", "Vừ A Dế", `a"b`, `a\b`, "a\nb", "\x00", "}],{", `{"f":"`, "\u2028<&>", "•••678", "\xff"}
	for _, a := range odd {
		for _, b := range odd {
			want := []loa.FieldChange{{Field: "name", Old: a, New: b}, {Field: b, Old: "", New: a}}
			text := string(appendChanges(nil, want))
			var general []loa.FieldChange
			if err := json.Unmarshal([]byte(text), &general); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			short, err := readChanges(text)
			if err != nil || !reflect.DeepEqual(short, general) {
				t.Errorf("%s is read as %q (%v), want %q", text, short, err, general)
			}
			if a != "\xff" && b != "\xff" && !reflect.DeepEqual(general, want) {
				t.Errorf("%q is kept as %s", want, text)
			}
			var cells []string
			if err := json.Unmarshal(appendTexts(nil, []string{a, b}), &cells); err != nil || len(cells) != 2 {
				t.Errorf("%q %q: %v %v", a, b, cells, err)
			}
		}
	}
	for _, text := range []string{"", "[", "[]", "null", `[{"f":"a"}]`, `[{"o":"b","f":"a","n":"c"}]`, `[ {"f":"a","o":"b","n":"c"} ]`, `[{"f":"a","o":"b","n":"c"},]`, `[,{"f":"a","o":"b","n":"c"}]`} {
		var general []loa.FieldChange
		wrong := json.Unmarshal([]byte(text), &general)
		short, err := readChanges(text)
		if (err != nil) != (wrong != nil) || len(short) != len(general) {
			t.Errorf("%q is read as %q (%v), want %q (%v)", text, short, err, general, wrong)
		}
	}
}
