package web

import (
	"context"
	"strings"

	"loa"
	"loa/i18n"
)

// listenRow is the read-aloud button of a page with the voices the office recorded for its purpose. Where nobody recorded
// Vietnamese, the browser speaks the text, or says that the device cannot.
type listenRow struct {
	Text   string // what the browser speaks; empty: nothing
	About  string // how long that takes, roughly
	Voices []listenVoice
	None   string // what is said when the device has no Vietnamese voice
	Label  string
	Stop   string
}

// listenVoice is one recorded voice. Its address is a plain link, so that it is heard without scripts too.
type listenVoice struct {
	Label, Length, URL, HTMLLang string
}

// listen is the listen row of a purpose, in the language of the page; at is where recordings are heard: clipsHere for officers,
// publicClips for everybody.
func (s *Server) listen(ctx context.Context, lang string, office loa.OfficeID, key, text, at string) (listenRow, error) {
	list, err := s.DB.ClipsFor(ctx, office, key, s.today())
	if err != nil {
		return listenRow{}, err
	}
	return listenTo(lang, list, text, at), nil
}

// listenTo is the listen row with the voices there are.
func listenTo(lang string, list []loa.Clip, text, at string) listenRow {
	row := listenRow{Label: i18n.Text(lang, "listen.label"), Stop: i18n.Text(lang, "listen.stop"), None: i18n.Text(lang, "listen.none")}
	vietnamese := false
	for _, c := range list {
		vietnamese = vietnamese || c.Lang == "vietnamese"
		v := listenVoice{Label: tongueOf(lang, c), Length: lengthOf(lang, c.Seconds), URL: soundURL(at, c.ID), HTMLLang: htmlLang(c.Lang)}
		row.Voices = append(row.Voices, v)
	}
	if !vietnamese {
		row.Text, row.About = text, aloud(lang, text)
	}
	return row
}

// syllablesASecond is how fast a browser reads Vietnamese at the speed speak.js asks for.
const syllablesASecond = 3

// aloud is how long a text takes to be read, rounded to five seconds: nobody needs it closer.
func aloud(lang, text string) string {
	n := len(strings.Fields(text))
	if n == 0 {
		return ""
	}
	seconds := (n + syllablesASecond - 1) / syllablesASecond
	return i18n.Text(lang, "listen.about", max(5, (seconds+4)/5*5))
}
