package wording

import (
	"strings"

	"loa"
	"loa/vn"
)

// SameWords says whether a recording says a text: a figure that changed since makes it another one, a blank does not.
func SameWords(recorded, filled string) bool {
	return strings.Join(strings.Fields(recorded), " ") == strings.Join(strings.Fields(filled), " ")
}

// Voice is the recording that says the loudspeaker text of a script in a language on a day; list are the recordings in use for the script.
// None, and one that says other words than today's, are refused by name: nothing old is played.
func Voice(list []loa.Clip, lang, filled string, on loa.Day) (loa.Clip, error) {
	why := "clip_missing"
	for _, c := range list {
		if c.Lang != lang || !c.Heard(on) {
			continue
		}
		if SameWords(c.Says, filled) {
			return c, nil
		}
		why = "clip_outdated"
	}
	return loa.Clip{}, loa.Refuse(loa.Conflict, "clip", why, loa.Phrase("tongue."+lang))
}

// Spoken is the loudspeaker text of a script in a language as everybody hears it: figures of the script's group, nothing of one person.
func Spoken(s loa.Script, lang string, b *Book, office Office) (string, error) {
	text, ok := s.Words([]string{lang}, "loudspeaker")
	if !ok {
		return "", loa.Refuse(loa.Invalid, "text", "no_spoken_text", loa.Phrase("tongue."+lang))
	}
	return Fill(text, Facts{Figures: b.For(ForScript(s, Who{})), Office: office})
}

// Voices are the recordings that say a script on the book's day, one for each language, and why those of other languages may not be played.
// Where the script has words in a language, the recording says them; where it has none, somebody said that it is right for this version.
func Voices(s loa.Script, list []loa.Clip, b *Book, office Office) (use map[string]loa.Clip, old map[string]error) {
	use, old = map[string]loa.Clip{}, map[string]error{}
	for _, lang := range loa.Tongues {
		var heard []loa.Clip
		for _, c := range list {
			if c.Lang == lang && c.Heard(b.Day) {
				heard = append(heard, c)
			}
		}
		if len(heard) == 0 {
			continue
		}
		if c, err := voiceOf(s, heard, lang, b, office); err != nil {
			old[lang] = err
		} else {
			use[lang] = c
		}
	}
	return use, old
}

func voiceOf(s loa.Script, heard []loa.Clip, lang string, b *Book, office Office) (loa.Clip, error) {
	outdated := loa.Refuse(loa.Conflict, "clip", "clip_outdated", loa.Phrase("tongue."+lang))
	if _, ok := s.Words([]string{lang}, "loudspeaker"); !ok {
		for _, c := range heard {
			if c.FitsVersion(s.Version) {
				return c, nil
			}
		}
		return loa.Clip{}, outdated
	}
	words, err := Spoken(s, lang, b, office)
	if err != nil {
		return loa.Clip{}, outdated // words that cannot be said today are said by no recording
	}
	return Voice(heard, lang, words, b.Day)
}

// Speaks is what a recorded text may tell of an office: what the page it is recorded on tells, so that both say the same.
func Speaks(o loa.Office, publicPhone string) Office {
	out := Office{Name: o.ShortName}
	if out.Name == "" {
		out.Name = o.Name
	}
	if publicPhone != "" {
		out.Phone = vn.PhoneDisplay(publicPhone)
	}
	return out
}
