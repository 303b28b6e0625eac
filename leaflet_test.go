package loa_test

import (
	"errors"
	"testing"
	"time"

	"loa"
)

func TestLeafletRunCheck(t *testing.T) {
	good := loa.LeafletRun{ID: loa.LeafletRunID(loa.NewID()), Kind: loa.LeafletKinds[0], Size: "a5", Language: "vi", Second: "blt", Income: 1500000, On: "2026-11-23"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(r *loa.LeafletRun){
		"id": func(r *loa.LeafletRun) { r.ID = "x" }, "kind": func(r *loa.LeafletRun) { r.Kind.Audience = "kings" }, "size": func(r *loa.LeafletRun) { r.Size = "a3" },
		"language": func(r *loa.LeafletRun) { r.Language = "blt" }, "second": func(r *loa.LeafletRun) { r.Second = "vi" }, "income": func(r *loa.LeafletRun) { r.Income = -1 },
		"on": func(r *loa.LeafletRun) { r.On = "2026-02-30" },
	} {
		bad := good
		spoil(&bad)
		var refusal *loa.Error
		if err := bad.Check(); !errors.As(err, &refusal) || refusal.Field != field {
			t.Errorf("a bad %s: %v", field, err)
		}
	}
}

func TestLeafletLinesCheck(t *testing.T) {
	of := func(language, headline string) error {
		return loa.LeafletLines{Kind: loa.LeafletKinds[0], Language: language, Lines: map[string]string{"headline": headline}}.Check()
	}
	for _, c := range []struct{ language, text, code string }{
		{"hmn", "Ib tsab ntawv", ""}, {"blt", "ꪁꪫꪱꪣ BHXH", ""}, {"hmn", "", "required"}, {"blt", "Kwam", "leaflet_script"}, {"hmn", "ꪁꪫꪱꪣ", "leaflet_script"},
		{"hmn", "Ib tsab 15 xyoo", "leaflet_digits"}, {"hmn", "Слово", "leaflet_script"}, {"vi", "Tiếng Việt", "not_in_list"}, {"hmn", "a\nb", "leaflet_script"},
		{"hmn", string(make([]rune, 91)), "too_long"},
	} {
		err := of(c.language, c.text)
		var refusal *loa.Error
		if c.code == "" && err != nil || c.code != "" && (!errors.As(err, &refusal) || refusal.Code != c.code) {
			t.Errorf("%s %q: %v, want %q", c.language, c.text, err, c.code)
		}
	}
}

func TestLeafletLinesAreSignedOnce(t *testing.T) {
	l := loa.LeafletLines{}
	by := loa.By{Officer: "o1", At: time.Unix(9, 0)}
	if err := l.Sign(by, "  "); loa.KindOf(err) != loa.Invalid || l.Signed() {
		t.Errorf("signed without a native speaker: %v", err)
	}
	if err := l.Sign(by, "Lò Văn A, bản Mẫu"); err != nil || !l.Signed() || l.SignedBy != "o1" {
		t.Errorf("%+v, %v", l, err)
	}
	if err := l.Sign(by, "B"); loa.KindOf(err) != loa.Conflict {
		t.Errorf("signed twice: %v", err)
	}
}

func TestLeafletKindsHaveKeysOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range loa.LeafletKinds {
		if back, ok := loa.LeafletKindOf(k.Key()); !ok || back != k || seen[k.Key()] || !k.Scheme.Valid() {
			t.Errorf("%+v", k)
		}
		seen[k.Key()] = true
	}
}
