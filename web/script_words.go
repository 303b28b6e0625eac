package web

import (
	"net/http"
	"strconv"

	"loa"
	"loa/policy"
	"loa/speech"
	"loa/wording"
)

// wordsView is one text of a script: as it is written, and as somebody sees or hears it on a day.
type wordsView struct {
	Lang, Kind   string
	Name         string // of its field
	Label, Icon  string
	HTMLLang     string
	Tongue       string
	Text         string
	Most, N      int
	Pieces       []pieceView
	Filled       string // as it goes out; empty when something is missing
	Aloud        string // as a voice says it
	Size         wording.Size
	Parts        int
	Price        int64 // of one message in đồng; 0: not known
	Clock        string
	Level        string
	Hard         []string
	Error        string
	Missing      []string
	Source       string // the Vietnamese words beside another language's
	Over, Blank  bool
	Personal     bool
	RightToWrite bool // it may be written: the page is a form
}

// pieceView is a piece of a filled text: plain words, or what stands in a place with its law on hover.
type pieceView struct {
	Text, Label string
	Place       bool
	Missing     bool
}

// scriptView is a script as a page shows it for a day and a reader.
type scriptView struct {
	Langs    []langTab
	Day      loa.Day
	Who      string
	Whos     []option
	Figures  []scriptFigure
	Law      string
	Blocks   []string
	Ends     loa.Day
	Places   []placeGroup
	Reckoned string // whose figures they are, in words
}

type langTab struct {
	Lang, Label, URL string
	N                int
	On               bool
	Words            []wordsView
}

type placeGroup struct {
	Label string
	Rows  []placeRow
}

type placeRow struct {
	Place, Label, Value string
	Missing             bool
}

var kindIcons = map[string]string{"long": "file-text", "zalo": "message-circle", "sms": "smartphone", "loudspeaker": "volume-2", "post": "newspaper", "leaflet": "book-open"}

// reader says texts as the north-west does; the words are the same everywhere, only a few numbers are not.
func (s *Server) reader() *speech.Reader {
	r, err := once(s.memo, memoKey{what: "reader"}, func() (*speech.Reader, error) { return speech.NewReader(speech.Style{}, nil) })
	if err != nil {
		panic("web: the reader's own words cannot be said: " + err.Error()) // they are constants; a test says them all
	}
	return r
}

// officeFacts are what every text may tell of the office.
func (s *Server) officeFacts(r *http.Request) (wording.Office, error) {
	office := whoOf(r).Office
	set, err := s.DB.Settings(r.Context(), office.ID)
	if err != nil {
		return wording.Office{}, err
	}
	return wording.Speaks(office, set.PublicPhone), nil
}

// sampleFacts fill a text for looking at: the figures are real, person and session are made up and say so.
func (s *Server) sampleFacts(r *http.Request, lang string, known *wording.Known) (wording.Facts, error) {
	office, err := s.officeFacts(r)
	if err != nil {
		return wording.Facts{}, err
	}
	if office.Phone == "" {
		office.Phone = t(r, "script.sample.phone")
	}
	office.Officer, office.Link = whoOf(r).Officer.Name, r.Host+"/s/"+t(r, "script.sample.code")
	office.Session, office.SessionDay = t(r, "script.sample.session"), known.Day.Add(6)
	person := wording.Person{Name: t(r, "script.sample.name"), Title: wording.Title(lang, loa.Female, 1988, known.Day), Village: t(r, "script.sample.village"), Due: known.Day.Month().Last(), CardUntil: known.Day.AddMonths(2).Month().Last(), Months: 27}
	return wording.Facts{Figures: known, Person: person, Office: office}, nil
}

// scriptLook fills all texts of a script for a day and a group.
func (s *Server) scriptLook(r *http.Request, x loa.Script, day loa.Day, group string, empty bool) (scriptView, error) {
	if !day.Valid() {
		day = s.today()
	}
	if x.Group != "" || !loa.OneOf(group, loa.ScriptGroups) {
		group = x.Group
	}
	v := scriptView{Day: day, Who: group, Whos: options(r, "policy.group.", loa.ScriptGroups)}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, day)
	if err != nil {
		return v, err
	}
	who := wording.ForScript(x, wording.Who{Group: policy.Group(group)})
	known := book.For(who)
	v.Reckoned = t(r, "policy.group."+string(known.Who.Group))
	v.Figures, v.Ends = s.scriptFigures(r, x, book, who), wording.Until(x, book)
	v.Law = known.Cites(wording.ScriptFigures(x)).In(langOf(r))
	if err := wording.InTime(x, day); err != nil {
		v.Blocks = append(v.Blocks, s.refusal(r, err))
	}
	for _, b := range wording.Blocks(x, book) {
		v.Blocks = append(v.Blocks, t(r, "script.block", t(r, "script.place."+b.Place), groupWords(r, b.Groups), s.refusal(r, b.Err)))
	}
	price, err := s.smsPrice(r)
	if err != nil {
		return v, err
	}
	for _, lang := range loa.Tongues {
		tab := langTab{Lang: lang, Label: t(r, "tongue."+lang)}
		facts, err := s.sampleFacts(r, lang, known)
		if err != nil {
			return v, err
		}
		for _, kind := range loa.ScriptKinds {
			text, ok := x.Words([]string{lang}, kind)
			if !ok && !empty {
				continue
			}
			if !ok {
				text = loa.ScriptText{Lang: lang, Kind: kind}
			} else {
				tab.N++
			}
			w := s.wordsLook(r, text, facts, price)
			if lang != loa.Tongues[0] {
				if source, ok := x.Words([]string{loa.Tongues[0]}, kind); ok {
					w.Source = filledOr(source, facts)
				}
			}
			tab.Words = append(tab.Words, w)
		}
		if tab.N > 0 || empty {
			v.Langs = append(v.Langs, tab)
		}
	}
	v.Places = s.placeGroups(r, known)
	return v, nil
}

func groupWords(r *http.Request, groups []policy.Group) (out string) {
	if len(groups) == len(policy.SupportGroups) {
		return t(r, "script.everybody")
	}
	for _, g := range groups {
		out = joinWords(out, t(r, "policy.group."+string(g)))
	}
	return out
}

// filledOr is a text filled, or as it is written where something is missing.
func filledOr(text loa.ScriptText, facts wording.Facts) string {
	text.Kind = "long" // with its accents
	if filled, err := wording.Fill(text, facts); err == nil {
		return filled
	}
	return text.Text
}

// smsPrice is what one part of an SMS costs, as the office wrote it down; 0: not known.
func (s *Server) smsPrice(r *http.Request) (int64, error) {
	set, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return 0, err
	}
	price, _ := set.Price("other", 1)
	return price, nil
}

func (s *Server) wordsLook(r *http.Request, text loa.ScriptText, facts wording.Facts, price int64) wordsView {
	w := wordsView{Lang: text.Lang, Kind: text.Kind, Name: text.Lang + "_" + text.Kind, Label: t(r, "script.kind."+text.Kind), Icon: kindIcons[text.Kind], HTMLLang: htmlLang(text.Lang), Tongue: t(r, "tongue."+text.Lang),
		Text: text.Text, Most: loa.ScriptMost(text.Kind), N: len([]rune(text.Text)), Blank: text.Text == "", Personal: loa.Personal(text.Text)}
	w.Over = w.N > w.Most
	if w.Blank {
		return w
	}
	c, err := wording.Compile(text)
	if err != nil {
		w.Missing = append(w.Missing, s.refusal(r, err))
		w.Pieces = []pieceView{{Text: text.Text}}
		return w
	}
	for _, p := range c.Segments(facts) {
		piece := pieceView{Text: p.Text, Place: p.Place != "", Missing: p.Err != nil}
		if p.Place != "" {
			piece.Label = t(r, "script.place."+p.Place)
			if wording.IsFigure(p.Place) && p.Err == nil {
				piece.Label += " · " + facts.Figures.Cites([]string{p.Place}).In(langOf(r))
			}
		}
		if p.Err != nil {
			w.Missing = append(w.Missing, s.refusal(r, p.Err))
		}
		w.Pieces = append(w.Pieces, piece)
		w.Filled += p.Text
	}
	w.Size = wording.Measure(s.reader(), text, w.Filled, filledOr(text, facts))
	if w.Parts = len(w.Size.SMS.Parts); text.Kind == "sms" {
		w.Price = price * int64(w.Parts)
	}
	if text.Kind == "loudspeaker" {
		w.Aloud = wording.Aloud(s.reader(), text.Lang, w.Filled)
	}
	if w.Size.Seconds > 0 {
		w.Clock = clockOf(w.Size.Seconds)
	}
	if text.Lang == loa.Tongues[0] && w.Size.Reading.Words > 0 {
		w.Level = t(r, "script.level", w.Size.Reading.Grade, levelWords(r, w.Size.Reading.Grade))
		for _, why := range w.Size.Reading.Hard {
			w.Hard = append(w.Hard, t(r, "script.hard."+string(why)))
		}
	}
	return w
}

// levelWords is a grade of reading in words.
func levelWords(r *http.Request, grade int) string {
	switch {
	case grade <= 3:
		return t(r, "script.level.easy")
	case grade <= 6:
		return t(r, "script.level.some")
	}
	return t(r, "script.level.few")
}

// clockOf writes seconds as 0:31.
func clockOf(seconds int) string {
	s := strconv.Itoa(seconds % 60)
	if len(s) < 2 {
		s = "0" + s
	}
	return strconv.Itoa(seconds/60) + ":" + s
}

// placeGroups are the placeholders a text may have, with what they are today.
func (s *Server) placeGroups(r *http.Request, known *wording.Known) []placeGroup {
	figures := placeGroup{Label: t(r, "script.places.figures")}
	for _, p := range wording.FigurePlaces {
		x := figureView(r, known, p)
		figures.Rows = append(figures.Rows, placeRow{p, x.Label, x.Amount, x.Unknown})
	}
	out := []placeGroup{figures}
	for _, g := range []struct {
		key    string
		places []string
	}{{"office", []string{"co_quan", "dien_thoai", "can_bo", "lien_ket", "buoi", "ngay_buoi"}}, {"person", []string{"xung_ho", "ten", "thon", "han", "han_the", "so_thang"}}} {
		group := placeGroup{Label: t(r, "script.places."+g.key)}
		for _, p := range g.places {
			group.Rows = append(group.Rows, placeRow{Place: p, Label: t(r, "script.place."+p)})
		}
		out = append(out, group)
	}
	return out
}
