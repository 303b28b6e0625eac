package web

import (
	"slices"
	"testing"

	"loa/i18n"
)

func TestEveryPageIsPutTogether(t *testing.T) {
	all, err := parsedPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages {
		if len(all[lang]) < 100 {
			t.Errorf("%d pages in %s", len(all[lang]), lang)
		}
		for name, make := range all[lang] {
			page, err := make()
			if err != nil {
				t.Errorf("%s in %s: %v", name, lang, err)
				continue
			}
			for _, frame := range framesOf(page, name) {
				if page.Lookup(frame) == nil {
					t.Errorf("%s in %s lacks the frame %s", name, lang, frame)
				}
			}
		}
	}
}

// TestAPageHoldsWhatItDraws: no page carries the blocks of all others, and none lacks one of its own.
func TestAPageHoldsWhatItDraws(t *testing.T) {
	all, err := parsedPages()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct{ with, without []string }{
		"login":      {[]string{"content", "bare", "html_head"}, []string{"calc_form", "nd30", "clip_rows"}},
		"document":   {[]string{"nd30", "nd30_table", "document_alone"}, []string{"calc_form", "story_card"}},
		"calculator": {[]string{"calc_form", "calc_answer", "listen_row"}, []string{"nd30", "village_table"}},
	} {
		page, err := all["vi"][name]()
		if err != nil {
			t.Fatal(err)
		}
		var holds []string
		for _, tt := range page.Templates() {
			holds = append(holds, tt.Name())
		}
		for _, block := range want.with {
			if !slices.Contains(holds, block) {
				t.Errorf("%s lacks %s", name, block)
			}
		}
		for _, block := range want.without {
			if slices.Contains(holds, block) {
				t.Errorf("%s carries %s", name, block)
			}
		}
	}
}
