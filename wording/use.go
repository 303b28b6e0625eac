package wording

import (
	"slices"

	"loa"
	"loa/policy"
	"loa/speech"
	"loa/vn"
)

// Usable refuses a script that may not be used on a day, by name: nobody approved it, it was withdrawn, its time has not come or is over.
func Usable(s loa.Script, on loa.Day) error {
	switch {
	case s.State == loa.ScriptWithdrawn:
		return loa.Refuse(loa.Conflict, "script", "script_withdrawn", s.Name)
	case s.State != loa.ScriptApproved:
		return loa.Refuse(loa.Conflict, "script", "script_not_approved", s.Name)
	}
	return InTime(s, on)
}

// InTime refuses a script whose time has not come or is over, whatever its state.
func InTime(s loa.Script, on loa.Day) error {
	switch {
	case s.From != "" && on < s.From:
		return loa.Refuse(loa.Conflict, "script", "script_not_yet", s.Name, s.From)
	case s.Until != "" && on > s.Until:
		return loa.Refuse(loa.Conflict, "script", "script_expired", s.Name, s.Until)
	}
	return nil
}

// ScriptFigures are the figures of a script: the placeholders of all its texts that the calculator fills, each once, in the order they are offered.
func ScriptFigures(s loa.Script) []string {
	used := map[string]bool{}
	for _, t := range s.Texts {
		places, _ := loa.PlacesIn(t.Text)
		for _, p := range places {
			used[p] = true
		}
	}
	var out []string
	for _, p := range FigurePlaces {
		if used[p] {
			out = append(out, p)
		}
	}
	return out
}

// Block is a figure that blocks a script on a day: for whom it is not known, and why.
type Block struct {
	Place  string
	Groups []policy.Group // all of them, where it is the same for everybody
	Err    error          // of the calculator
}

// Blocks are the figures of a script that the law of the book's day does not give: with any the script is blocked everywhere.
func Blocks(s loa.Script, b *Book) []Block {
	groups := policy.SupportGroups
	if s.Group != "" {
		groups = []policy.Group{policy.Group(s.Group)}
	}
	var out []Block
	for _, place := range ScriptFigures(s) {
		var x Block
		for _, g := range groups {
			if f, ok := b.For(Who{Group: g}).Get(place); ok && f.Err != nil {
				x.Groups = append(x.Groups, g)
				x.Err = firstOf(x.Err, f.Err)
			}
		}
		if x.Err != nil {
			x.Place = place
			out = append(out, x)
		}
	}
	return out
}

// Ready refuses a script that may not go out on the book's day: by its state, its time, or a figure nobody knows.
func Ready(s loa.Script, b *Book) error {
	if err := Usable(s, b.Day); err != nil {
		return err
	}
	for _, x := range Blocks(s, b) {
		return loa.Refuse(loa.Conflict, "script", "figure_unknown", loa.Phrase("script.place."+x.Place), b.Day)
	}
	return nil
}

// Until is the last day on which a script can be said as it is: its own last day, or the last on which its figures hold, for any group.
func Until(s loa.Script, b *Book) loa.Day {
	until := s.Until
	groups := policy.SupportGroups
	if s.Group != "" {
		groups = []policy.Group{policy.Group(s.Group)}
	}
	places := ScriptFigures(s)
	for _, g := range groups {
		if u := b.For(Who{Group: g}).Until(places); u != "" && (until == "" || u < until) {
			until = u
		}
	}
	return until
}

// Aloud is a filled text as it is said. Figures and short forms are written out for a Vietnamese voice; whoever speaks another language
// reads the words as they were written.
func Aloud(r *speech.Reader, lang, filled string) string {
	if lang != "vietnamese" {
		return filled
	}
	return r.Aloud(filled)
}

// Size is how long a filled text is, in the ways its channels count.
type Size struct {
	Characters int
	Seconds    int    // outdoors
	SMS        vn.SMS // as it goes out: without accents
	Accented   int    // parts it would take with its accents
	Reading    speech.Reading
}

// Measure counts a filled text. It is heard at the outdoor pace; other languages are counted by their own words at the same pace.
func Measure(r *speech.Reader, t loa.ScriptText, filled, accented string) Size {
	s := Size{Characters: vn.Characters(filled), Reading: speech.Level(filled)}
	switch t.Kind {
	case "loudspeaker", "long":
		s.Seconds = r.Seconds(filled, 0)
	case "sms":
		s.SMS = vn.SplitSMS(filled)
		s.Accented = len(vn.SplitSMS(accented).Parts)
		s.Reading = speech.Level(accented)
	}
	return s
}

// Tongues are the languages a script has words in, in the order they are offered.
func Tongues(s loa.Script) []string {
	var out []string
	for _, lang := range loa.Tongues {
		if slices.ContainsFunc(s.Texts, func(t loa.ScriptText) bool { return t.Lang == lang }) {
			out = append(out, lang)
		}
	}
	return out
}
