package web

import (
	"cmp"
	"hash/fnv"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/pdf"
	"loa/speech"
	"loa/store"
	"loa/wording"
)

// readingPage is what an announcer reads from: one sheet for a station and a broadcast.
type readingPage struct {
	Station string
	Day     string // of the first reading
	Seconds int
	Blocks  []sheetBlock
	Times   []sheetTime
	Code    string
	Issuer  string
	Until   string
	Demo    bool
	Lang    string
	Long    bool // much text: set smaller
}

// sheetBlock is what is read in one go, its lines one breath each.
type sheetBlock struct {
	No, Seconds int
	Lines       []template.HTML
}

// sheetTime is one reading to tick.
type sheetTime struct{ Clock, Day string }

// sheetCode is the number by which somebody tells on the telephone which sheet they hold.
func sheetCode(station loa.PlaceID, broadcast loa.BroadcastID) string {
	h := fnv.New32a()
	h.Write([]byte(string(station) + " " + string(broadcast)))
	return strconv.Itoa(1000 + int(h.Sum32()%9000))
}

// announced is a broadcast at one station: its plays there, and its words as they are said.
type announced struct {
	station loa.Station
	title   string
	plays   []loa.Play
	lang    string
	text    string // filled; places stand between stars
	plain   string
	until   loa.Day
	script  loa.Script
}

// announcedAt reads what a broadcast says at a station. A text whose figures are not known, or that ran out, is read by nobody.
func (s *Server) announcedAt(r *http.Request) (a announced, err error) {
	if a.station, err = s.DB.Station(r.Context(), scopeOf(r), loa.PlaceID(r.PathValue("id"))); err != nil {
		return a, err
	}
	id := loa.BroadcastID(r.FormValue("broadcast"))
	if !loa.ValidID(string(id)) {
		return a, loa.ErrNotFound
	}
	if a.plays, err = s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{Station: a.station.ID, Broadcast: id, Take: 20}); err != nil {
		return a, err
	}
	if len(a.plays) == 0 {
		return a, loa.ErrNotFound
	}
	b, err := s.DB.Broadcast(r.Context(), whoOf(r).Whole, id)
	if err != nil {
		return a, err
	}
	a.title = b.Title
	if a.script, err = s.DB.Script(r.Context(), whoOf(r).Whole, b.Script, b.ScriptVersion); err != nil {
		return a, err
	}
	words, ok := a.script.Words(append(slices.Clone(a.station.Languages), "vietnamese"), "loudspeaker")
	if !ok {
		return a, loa.Refuse(loa.Conflict, "", "no_speaker_text")
	}
	day := max(s.today(), loa.DayOf(a.plays[0].At))
	if err := wording.Usable(a.script, day); err != nil {
		return a, err
	}
	law, err := s.law(r)
	if err != nil {
		return a, err
	}
	book := wording.NewBook(law, day)
	office := whoOf(r).Office
	facts := wording.Facts{Figures: book.For(wording.ForScript(a.script, wording.Who{})), Office: wording.Office{Name: office.Name, Officer: whoOf(r).Officer.Name}, Person: wording.Person{Village: s.stationPlace(r, a.station.Area)}}
	filled, err := wording.Compile(words)
	if err != nil {
		return a, err
	}
	var marked strings.Builder
	for _, seg := range filled.Segments(facts) {
		switch {
		case seg.Err != nil:
			return a, seg.Err
		case seg.Place != "":
			marked.WriteString("*" + seg.Text + "*")
		default:
			marked.WriteString(seg.Text)
		}
	}
	a.lang, a.text, a.until = words.Lang, marked.String(), wording.Until(a.script, book)
	a.plain = strings.ReplaceAll(a.text, "*", "")
	return a, nil
}

// stationPlace is an area by its name; empty outside the scope.
func (s *Server) stationPlace(r *http.Request, id loa.AreaID) string {
	places, err := s.villageNames(r)
	if err != nil {
		return ""
	}
	return places[id]
}

// stationSheet is the paper an announcer reads from and ticks.
func (s *Server) stationSheet(w http.ResponseWriter, r *http.Request) error {
	a, err := s.announcedAt(r)
	if err != nil {
		return err
	}
	reader, err := speech.NewReader(speech.Style{}, nil)
	if err != nil {
		return err
	}
	first := a.plays[0]
	b := readingPage{Station: a.station.Name, Day: dayInWords(r, loa.DayOf(first.At)), Blocks: blocksOf(reader, a.lang, a.text), Code: sheetCode(a.station.ID, first.Broadcast), Issuer: whoOf(r).Office.Name, Demo: whoOf(r).Office.Synthetic, Lang: a.lang}
	for _, block := range b.Blocks {
		b.Seconds += block.Seconds
	}
	b.Long = len([]rune(a.plain)) > 420 || len(b.Blocks) > 5
	for _, p := range a.plays {
		if p.State != loa.PlayCancelled && len(b.Times) < 4 {
			b.Times = append(b.Times, sheetTime{clock(p.At), t(r, "sheet.part."+partOfDay(p.At.In(loa.Zone).Hour()), loa.DayOf(p.At).Vietnamese()[:5])})
		}
	}
	if a.until != "" && a.until != loa.OpenEnd {
		b.Until = a.until.Vietnamese()
	}
	back := "/stations/" + string(a.station.ID)
	return s.onPaper(w, r, "station_sheet", paperPage{Title: t(r, "sheet.title", a.title), Back: back, File: "bai-doc-loa", Paper: pdf.A4, Body: b})
}

func partOfDay(hour int) string {
	switch {
	case hour < 11:
		return "morning"
	case hour < 14:
		return "noon"
	case hour < 18:
		return "afternoon"
	}
	return "evening"
}

// dayInWords is a day with its name.
func dayInWords(r *http.Request, d loa.Day) string {
	return t(r, "station.day."+strconv.Itoa((int(d.Time().Weekday())+6)%7)) + " " + d.Vietnamese()
}

// blockSeconds is about how long somebody reads before looking up.
const blockSeconds = 9

// blocksOf cuts a text into what is read in one go: its own paragraphs, or sentences until they take some ten seconds.
func blocksOf(reader *speech.Reader, lang, text string) (out []sheetBlock) {
	var parts []string
	for paragraph := range strings.Lines(strings.TrimSpace(text)) {
		if paragraph = strings.TrimSpace(paragraph); paragraph == "" {
			continue
		}
		current := ""
		for _, sentence := range cutAfter(paragraph, ".!?") {
			if current != "" && reader.Seconds(strings.ReplaceAll(current+sentence, "*", ""), 0) > blockSeconds {
				parts = append(parts, current)
				current = ""
			}
			current = strings.TrimSpace(current + " " + sentence)
		}
		if current != "" {
			parts = append(parts, current)
		}
	}
	for i, p := range parts {
		b := sheetBlock{No: i + 1, Seconds: reader.Seconds(strings.ReplaceAll(p, "*", ""), 0)}
		for _, line := range cutAfter(starred(reader, lang, p), ".!?,;:") {
			b.Lines = append(b.Lines, bold(strings.TrimSpace(line)))
		}
		out = append(out, b)
	}
	return out
}

// starred is a text as it is said, with its stars where they were: the reader of figures would swallow them.
func starred(reader *speech.Reader, lang, text string) string {
	parts := strings.Split(text, "*")
	for i, p := range parts {
		said := strings.TrimSpace(wording.Aloud(reader, lang, p))
		if strings.HasPrefix(p, " ") && said != "" {
			said = " " + said
		}
		if strings.HasSuffix(p, " ") {
			said += " "
		}
		parts[i] = said
	}
	return strings.Join(parts, "*")
}

// cutAfter cuts a text behind marks that a space follows. Stars that a cut would tear apart are closed and opened again.
func cutAfter(text, marks string) (out []string) {
	rest := strings.TrimSpace(text)
	for {
		at := -1
		for i, c := range rest {
			if strings.ContainsRune(marks, c) && i+1 < len(rest) && (rest[i+1] == ' ' || strings.HasPrefix(rest[i+1:], "* ")) && len([]rune(rest[:i])) >= 6 {
				at = i + 1
				if rest[at] == '*' {
					at++
				}
				break
			}
		}
		if at < 0 {
			return append(out, cmp.Or(rest, ""))
		}
		head := strings.TrimSpace(rest[:at])
		rest = strings.TrimSpace(rest[at:])
		if strings.Count(head, "*")%2 == 1 {
			head, rest = head+"*", "*"+rest
		}
		out = append(out, head)
	}
}
