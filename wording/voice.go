package wording

import (
	"strings"

	"loa"
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
