package wording

import (
	"testing"

	"loa"
)

// TestOldWordsAreNotPlayed: a recording is good for as long as it says what the text says on the day.
func TestOldWordsAreNotPlayed(t *testing.T) {
	b := NewBook(law(t), day)
	s := loa.Script{Name: "x", State: loa.ScriptApproved, Group: "ethnic_minority", Texts: []loa.ScriptText{text("mong", "loudspeaker", "Ib hlis {muc_dong}.  {co_quan}"), text("thai", "loudspeaker", "{buoi}"), text("dao", "zalo", "x")}}
	office := Office{Name: "BHXH Tủa Chùa"}
	words, err := Spoken(s, "mong", b, office)
	if err != nil || words != "Ib hlis 231.000 đồng.  BHXH Tủa Chùa" {
		t.Fatalf("%q, %v", words, err)
	}
	for lang, code := range map[string]string{"thai": "place_empty", "dao": "no_spoken_text", "hoa": "no_spoken_text"} {
		_, err := Spoken(s, lang, b, office)
		if e, _ := err.(*loa.Error); e == nil || e.Code != code {
			t.Errorf("%s: %v", lang, err)
		}
	}
	clip := loa.Clip{ID: "c", Lang: "mong", Says: "Ib hlis 231.000 đồng. BHXH Tủa Chùa", State: loa.ClipApproved}
	for name, c := range map[string]struct {
		change func(*loa.Clip)
		code   string
	}{
		"good":     {func(*loa.Clip) {}, ""},
		"draft":    {func(c *loa.Clip) { c.State = loa.ClipDraft }, "clip_missing"},
		"run out":  {func(c *loa.Clip) { c.Until = day.Add(-1) }, "clip_missing"},
		"other":    {func(c *loa.Clip) { c.Lang = "thai" }, "clip_missing"},
		"old":      {func(c *loa.Clip) { c.Says = "Ib hlis 198.000 đồng. BHXH Tủa Chùa" }, "clip_outdated"},
		"last day": {func(c *loa.Clip) { c.Until = day }, ""},
	} {
		x := clip
		c.change(&x)
		got, err := Voice([]loa.Clip{x}, "mong", words, day)
		e, _ := err.(*loa.Error)
		if (c.code == "") != (err == nil && got.ID == "c") || e != nil && e.Code != c.code {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestTheVoicesOfAVersion: a recording in a language the script has words in says them today; one in another language is good for the
// versions somebody said it is right for, and for no other.
func TestTheVoicesOfAVersion(t *testing.T) {
	b := NewBook(law(t), day)
	s := loa.Script{Name: "x", Version: 2, State: loa.ScriptApproved, Texts: []loa.ScriptText{text("vietnamese", "loudspeaker", "Lời mới")}}
	clip := func(lang, says string, fits ...int) (c loa.Clip) {
		c = loa.Clip{ID: loa.ClipID(lang + says), Lang: lang, Says: says, State: loa.ClipApproved, Version: 1}
		for _, v := range fits {
			c.Fits = append(c.Fits, loa.Fit{Version: v})
		}
		return c
	}
	for name, c := range map[string]struct {
		list []loa.Clip
		lang string
		use  bool
		old  bool
	}{
		"nothing":                   {nil, "vietnamese", false, false},
		"the new words":             {[]loa.Clip{clip("vietnamese", "Lời mới")}, "vietnamese", true, false},
		"the old words":             {[]loa.Clip{clip("vietnamese", "Lời cũ", 1, 2)}, "vietnamese", false, true},
		"the new among the old":     {[]loa.Clip{clip("vietnamese", "Lời cũ"), clip("vietnamese", "Lời mới")}, "vietnamese", true, false},
		"no words, right for it":    {[]loa.Clip{clip("mong", "?", 1, 2)}, "mong", true, false},
		"no words, right before it": {[]loa.Clip{clip("mong", "?", 1)}, "mong", false, true},
		"no words, nobody's word":   {[]loa.Clip{clip("mong", "?")}, "mong", false, true},
	} {
		use, old := Voices(s, c.list, b, Office{})
		if _, ok := use[c.lang]; ok != c.use || (old[c.lang] != nil) != c.old {
			t.Errorf("%s: %v, %v", name, use, old)
		}
	}
}
