// Package composing makes the messages of a broadcast: the words of its script in the reader's language and in the length of the network,
// with the figures of the day. What a page shows before sending and what leaves are made by the same hand. It is pure: it must never know
// a store, a clock or an adapter.
package composing

import (
	"slices"
	"strings"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/wording"
)

// Label is what advertising begins with (Decree 91/2020/NĐ-CP, Article 15).
const Label = "[QC] "

// Lengths are the lengths of a script that a network can carry, the best first. A registered template has its own words.
func Lengths(network string) []string {
	switch network {
	case "tel":
		return []string{"sms"}
	case "zalo", "zalo_group":
		return []string{"zalo", "long"}
	case "mail":
		return []string{"long", "zalo"}
	case "fb_page":
		return []string{"post", "long"}
	case "zalo_article":
		return []string{"long", "post"}
	case loa.SpeakerNetwork:
		return []string{"loudspeaker"}
	case "kit":
		return []string{"post", "zalo"}
	case loa.CallList, loa.VisitList:
		return []string{"long", "loudspeaker", "zalo"}
	}
	return nil
}

// Sender is what a message tells of the office, and what goes with it.
type Sender struct {
	Office  wording.Office
	Refuse  func(d loa.Delivery) string    // the address of the one-click refusal; nil: there is none
	Footer  func(lang, link string) string // the sentence under a letter that leads there
	Short   func(code string) string       // the address of a short link; nil: the world does not reach this program
	Session *loa.Session                   // the one the broadcast speaks of; nil: each reader's own
	Next    map[loa.AreaID]loa.Session     // the next one planned where people live: see NextSessions
	Clips   map[string]loa.Clip            // the recordings that say the script today, by language
	Old     map[string]error               // why those of other languages may not be played
	Picture *channel.Media                 // goes with posts and articles
}

// Words are the words of one broadcast on one day.
type Words struct {
	Broadcast loa.Broadcast
	Script    loa.Script
	Book      *wording.Book
	Sender    Sender
	texts     map[textKey]*text
	params    map[int][]param // of a rung with a registered template
	months    bool
	tells     bool                // something of the reader, that may not be known
	where     map[loa.AreaID]bool // who can be told of a session of their own; nil: everybody, or none is told of
}

type textKey struct{ lang, kind string }

type text struct {
	wording.Template
	personal bool
	tells    []string // of the reader
}

type param struct {
	name string
	text wording.Template
}

// New takes the words of a script apart. It refuses a script that may not be used on the book's day, or for this purpose, for any reason.
func New(b loa.Broadcast, s loa.Script, book *wording.Book, from Sender) (*Words, error) {
	if err := b.Keeps(s); err != nil {
		return nil, err
	}
	if err := wording.Ready(s, book); err != nil {
		return nil, err
	}
	if from.Office.Link == "" && TellsLink(b, s) {
		return nil, loa.Refuse(loa.Conflict, "script", "no_public")
	}
	return Preview(b, s, book, from)
}

// Preview takes the words apart without asking whether they may be used: for whoever still writes them.
func Preview(b loa.Broadcast, s loa.Script, book *wording.Book, from Sender) (*Words, error) {
	w := &Words{Broadcast: b, Script: s, Book: book, Sender: from, texts: map[textKey]*text{}, params: map[int][]param{}}
	for _, t := range s.Texts {
		made, err := wording.Compile(t)
		if err != nil {
			return nil, err
		}
		w.texts[textKey{t.Lang, t.Kind}] = &text{made, loa.Personal(t.Text), ofReader(made.Places())}
		w.tells = w.tells || len(ofReader(made.Places())) > 0
		w.months = w.months || slices.Contains(made.Places(), "so_thang")
	}
	if from.Session == nil {
		w.where = make(map[loa.AreaID]bool, len(from.Next))
		for area := range from.Next {
			w.where[area] = true
		}
	}
	for i, r := range b.Ladder {
		for _, p := range r.Params {
			made, err := wording.Compile(loa.ScriptText{Lang: "vietnamese", Kind: "zalo", Text: p.Text})
			if err != nil {
				return nil, err
			}
			w.params[i] = append(w.params[i], param{p.Name, made})
			w.tells = w.tells || len(ofReader(made.Places())) > 0
			w.months = w.months || slices.Contains(made.Places(), "so_thang")
		}
	}
	return w, nil
}

// ofReader are the placeholders among some that are filled from what is known of the reader.
func ofReader(places []string) (out []string) {
	for _, p := range places {
		if slices.Contains(loa.ReaderPlaces, p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// TellsReader says whether any of the words tell something of the reader that may not be known.
func (w *Words) TellsReader() bool { return w.tells }

// Months says whether any of the words tell how long somebody has paid.
func (w *Words) Months() bool { return w.months }

// find are the words for a network in the first of some languages that has them; of the lengths a language has, the best fitting.
func (w *Words) find(network string, langs []string) *text {
	for _, lang := range langs {
		for _, kind := range Lengths(network) {
			if t := w.texts[textKey{lang, kind}]; t != nil {
				return t
			}
		}
	}
	return nil
}

// Text says of the words of a rung what the gate must know, and in which language they are. Advertising is labelled here, so it always is.
func (w *Words) Text(rung int, langs []string) (sending.Text, string) {
	if rung < 0 || rung >= len(w.Broadcast.Ladder) {
		return sending.Text{Missing: true}, ""
	}
	r := w.Broadcast.Ladder[rung]
	if r.Template != "" {
		out := sending.Text{Labelled: true}
		for _, p := range w.params[rung] {
			for _, place := range p.text.Places() {
				out.Personal = out.Personal || loa.Places[place]
			}
			if tellsSession(p.text.Places()) {
				out.Where = w.where
			}
			out.Tells = append(out.Tells, ofReader(p.text.Places())...)
		}
		return out, "vietnamese"
	}
	t := w.find(r.Network, langs)
	if t == nil {
		return sending.Text{Missing: true}, ""
	}
	out := sending.Text{Personal: t.personal, Labelled: true, Tells: t.tells}
	if tellsSession(t.Places()) {
		out.Where = w.where
	}
	return out, t.Lang
}

// address is the address of a short link; empty when there is none.
func (w *Words) address(code string) string {
	if code == "" || w.Sender.Short == nil {
		return ""
	}
	return w.Sender.Short(code)
}

// facts are what fills the placeholders for one reader.
func (w *Words) facts(lang, link string, r loa.Reader) wording.Facts {
	who := wording.ForScript(w.Script, wording.Who{Group: wording.GroupOf(r.Poverty, r.Ethnic), Sex: r.Sex})
	f := wording.Facts{Figures: w.Book.For(who), Office: w.Sender.Office}
	if at := w.address(link); at != "" {
		f.Office.Link = at
	}
	if session, ok := w.session(r.Area); ok {
		f.Office.Session, f.Office.SessionDay = session.Title, session.On
	}
	if r.Person != "" {
		f.Person = wording.Person{Name: r.Name, Title: wording.Title(lang, r.Sex, r.Born, w.Book.Day), Village: r.Village, Due: r.Due, CardUntil: r.CardUntil, Months: r.Months}
	}
	return f
}

// Message is what goes out to a person over a rung, or to whoever hears or reads an outlet. What cannot be said for this reader is
// refused by name.
func (w *Words) Message(d loa.Delivery, r loa.Reader) (channel.Message, error) {
	if o, ok := w.Broadcast.Outlet(d.Rung); ok {
		return w.outlet(d, o, r.Langs)
	}
	if d.Rung < 0 || d.Rung >= len(w.Broadcast.Ladder) {
		return channel.Message{}, loa.Refuse(loa.Invalid, "rung", "not_in_list")
	}
	rung := w.Broadcast.Ladder[d.Rung]
	m := channel.Message{ID: sending.MessageID(d.ID), Network: d.Network, To: d.To, Lang: d.Lang, Purpose: w.Broadcast.Purpose, Link: w.address(rung.Link), Resume: d.Resume, Expires: endOf(w.Broadcast.Window)}
	if rung.Template != "" {
		m.Template, m.Params = rung.Template, make(map[string]string, len(w.params[d.Rung]))
		facts := w.facts("vietnamese", rung.Link, r)
		for _, p := range w.params[d.Rung] {
			value, err := p.text.Fill(facts)
			if err != nil {
				return m, err
			}
			m.Params[p.name] = value
		}
		return m, nil
	}
	t := w.find(d.Network, []string{d.Lang})
	if t == nil {
		return m, loa.Refuse(loa.Invalid, "text", "no_text")
	}
	said, err := t.Fill(w.facts(t.Lang, rung.Link, r))
	if err != nil {
		return m, err
	}
	m.Text = w.labelled(said)
	if d.Network == "mail" {
		m.Title, m.Text = w.labelled(w.Broadcast.Title), said
		if w.Sender.Refuse != nil {
			m.Unsubscribe = w.Sender.Refuse(d)
			if w.Sender.Footer != nil && m.Unsubscribe != "" {
				m.Text += "\n\n" + w.Sender.Footer(t.Lang, m.Unsubscribe)
			}
		}
	}
	return m, nil
}

// Accented is what the SMS of a rung would say with its accents, for comparison; empty where that cannot be said.
func (w *Words) Accented(d loa.Delivery, r loa.Reader) string {
	rung := w.Broadcast.Ladder[d.Rung]
	words, ok := w.Script.Words([]string{d.Lang}, "sms")
	if !ok || rung.Template != "" {
		return ""
	}
	words.Kind = "zalo" // the kind that changes nothing
	said, err := wording.Fill(words, w.facts(words.Lang, rung.Link, r))
	if err != nil {
		return ""
	}
	return w.labelled(said)
}

// labelled puts the label in front of advertising, once.
func (w *Words) labelled(text string) string {
	if w.Broadcast.Purpose != loa.Advertising || strings.HasPrefix(text, strings.TrimSpace(Label)) || strings.HasPrefix(text, "[AD]") {
		return text
	}
	return Label + text
}

// outlet is what is played at a loudspeaker or posted on a page: in Vietnamese, or the first language the script has; a loudspeaker plays
// every language there is an approved recording for.
func (w *Words) outlet(d loa.Delivery, o loa.Outlet, plays []string) (channel.Message, error) {
	m := channel.Message{ID: sending.MessageID(d.ID), Network: o.Network, To: d.To, Lang: "vietnamese", Purpose: w.Broadcast.Purpose, Title: w.Broadcast.Title, Link: w.address(o.Link), Resume: d.Resume,
		Priority: string(w.Broadcast.Priority), NotBefore: o.At, Repeat: o.Repeat, Expires: endOf(w.Broadcast.Window)}
	langs := append([]string{"vietnamese"}, loa.Tongues...)
	if d.Lang != "" {
		langs = append([]string{d.Lang}, langs...)
	}
	t := w.find(o.Network, langs)
	if t != nil {
		said, err := t.Fill(w.facts(t.Lang, o.Link, loa.Reader{Area: d.Area}))
		if err != nil {
			return m, err
		}
		m.Lang, m.Text = t.Lang, w.labelled(said)
	}
	if o.Network == loa.SpeakerNetwork {
		if len(plays) == 0 {
			plays = langs
		}
		for _, lang := range plays {
			if err := w.Sender.Old[lang]; err != nil {
				return m, err // nothing old is played, and nothing in its place that nobody asked for
			}
			if c, ok := w.Sender.Clips[lang]; ok && !slices.ContainsFunc(m.Media, func(x channel.Media) bool { return x.ID == string(c.Attachment) }) {
				m.Media = append(m.Media, channel.Media{ID: string(c.Attachment), MIME: c.MIME, SHA256: c.SHA256, Bytes: int64(c.Size), Millis: int64(c.Seconds) * 1000, Caption: lang})
			}
		}
		if len(m.Media) == 0 {
			return m, loa.Refuse(loa.Invalid, "media", "no_clip")
		}
		return m, nil
	}
	if t == nil {
		return m, loa.Refuse(loa.Invalid, "text", "no_text")
	}
	if w.Sender.Picture != nil && o.Network != loa.GroupNetwork { // groups take words alone
		m.Media = []channel.Media{*w.Sender.Picture}
	}
	return m, nil
}

// endOf is the moment after which a message is no use; zero: none.
func endOf(x loa.Window) time.Time {
	if x.Until == "" {
		return time.Time{}
	}
	y, mon, d := x.Until.Parts()
	return time.Date(y, time.Month(mon), d, 0, x.End, 0, 0, loa.Zone)
}

// Reply is a message outside of any broadcast.
func Reply(d loa.Delivery, r loa.Reply) channel.Message {
	m := channel.Message{ID: sending.MessageID(d.ID), Network: d.Network, To: d.To, Lang: d.Lang, Purpose: r.Purpose, Title: r.Title, Text: r.Text, Template: r.Template, Params: r.Params, ReplyTo: r.ReplyTo, Resume: d.Resume}
	for _, x := range r.Media {
		m.Media = append(m.Media, channel.Media{ID: x.ID, Name: x.Name, MIME: x.MIME})
	}
	return m
}

// Seconds is how long one play at a station is: the approved recordings of the languages it plays, one after another.
func (w *Words) Seconds(s loa.Station) (n int) {
	for _, lang := range s.Languages {
		n += w.Sender.Clips[lang].Seconds
	}
	return n
}
