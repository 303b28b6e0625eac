package wording

import (
	"testing"

	"loa"
)

// TestDaysAreWrittenForTheirReader: in English a day is written so that nobody reads another; other languages use figures.
func TestDaysAreWrittenForTheirReader(t *testing.T) {
	f := Facts{Person: Person{Due: "2026-12-02", CardUntil: "2026-12-31"}, Office: Office{SessionDay: "2026-03-05"}}
	for lang, want := range map[string]string{"english": "2 December 2026, 31 December 2026, 5 March 2026", "vietnamese": "02/12/2026, 31/12/2026, 05/03/2026", "mong": "02/12/2026, 31/12/2026, 05/03/2026"} {
		if got, err := Fill(loa.ScriptText{Lang: lang, Kind: "zalo", Text: "{han}, {han_the}, {ngay_buoi}"}, f); err != nil || got != want {
			t.Errorf("%s: %q, %v", lang, got, err)
		}
	}
}
