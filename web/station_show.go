package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/i18n"
	"loa/planning"
	"loa/speaker"
	"loa/store"
)

type stationShowPage struct {
	Station  loa.Station
	At       string
	KindName string
	Icon     string
	Where    string
	Account  string
	Speaks   string
	Phone    string
	Stands   standing
	Report   []factLine
	MayEdit  bool
	Coming   []playView
	Past     []playView
	Slots    []slotView
	Week     []weekDay
	Villages []earshotRow
	People   int64
	History  []historyLine
	Errors   map[string]string
	Days     []option
}

// playView is a play in words.
type playView struct {
	loa.Play
	When, Day, State, Tone, Why, By string
	Length                          int
	Clashes                         []string
	SheetURL, PackageURL            string
	ConfirmURL                      string
	Station                         placeLink
	Code                            string
}

// slotView is a slot in words.
type slotView struct {
	loa.Slot
	Days, Time string
	DaysBits   int
}

// weekDay is one day of a station's week, with what has its time.
type weekDay struct {
	Label string
	Slots []weekSlot
}

// weekSlot is a band of a day, in thousandths of it.
type weekSlot struct {
	From, Long int
	Taken      bool
	Text       string
}

func (s *Server) stationShow(w http.ResponseWriter, r *http.Request) error {
	return s.stationDraw(w, r, loa.PlaceID(r.PathValue("id")), nil)
}

func (s *Server) stationDraw(w http.ResponseWriter, r *http.Request, id loa.PlaceID, errs map[string]string) error {
	x, err := s.DB.Station(r.Context(), scopeOf(r), id)
	if err != nil {
		return err
	}
	places, err := s.villageNames(r)
	if err != nil {
		return err
	}
	b := stationShowPage{Station: x, At: "/stations/" + string(x.ID), KindName: t(r, "station.kind."+string(x.Kind)), Icon: stationIcons[x.Kind], Where: places[x.Area], Speaks: tongues(r, x.Languages), Phone: displayPhone(x.Phone),
		MayEdit: whoOf(r).may(loa.EditOutreach), Errors: errs, Days: weekdays(r)}
	waiting := 0
	if b.Coming, b.Past, waiting, err = s.stationPlays(r, x); err != nil {
		return err
	}
	b.Stands = s.standingOf(r, x, waiting, len(b.Coming))
	accounts, err := s.DB.SpeakerAccounts(r.Context(), whoOf(r).Whole, "loudspeaker", "loudspeaker_axis")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID == x.Channel {
			b.Account = a.Name
		}
	}
	b.Report = reportLines(r, x)
	b.Slots, b.Week = slotsInWords(r, x)
	if b.Villages, b.People, err = s.hearersOf(r, x, places); err != nil {
		return err
	}
	if b.History, err = s.stationHistory(r, x, places); err != nil {
		return err
	}
	status := 0
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "station_show", page{Title: x.Name, Context: b.KindName + " · " + b.Where, Active: "stations", Body: b, Status: status})
}

func weekdays(r *http.Request) []option {
	out := make([]option, 7)
	for i := range out {
		out[i] = option{strconv.Itoa(i), t(r, "station.day."+strconv.Itoa(i))}
	}
	return out
}

// stationPlays are what is to come at a station, with what stands against it, and what was.
func (s *Server) stationPlays(r *http.Request, x loa.Station) (coming, past []playView, waiting int, err error) {
	now := s.Now()
	ahead, err := s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{Station: x.ID, From: now.Add(-10 * time.Minute), Take: 100})
	if err != nil {
		return nil, nil, 0, err
	}
	before, err := s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{Station: x.ID, To: now.Add(-10 * time.Minute), Newest: true, Take: 30})
	if err != nil {
		return nil, nil, 0, err
	}
	near, err := s.DB.Neighbours(r.Context(), whoOf(r).Whole, x.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	names := map[loa.PlaceID]string{x.ID: x.Name}
	soon, err := s.playsToCome(r, "")
	if err != nil {
		return nil, nil, 0, err
	}
	ahead = inTime(append(ahead, at(soon, x.ID)...))
	all := slices.Clone(ahead)
	for _, n := range near {
		names[n.ID] = n.Name
		all = append(all, at(soon, n.ID)...)
		theirs, err := s.DB.Plays(r.Context(), whoOf(r).Whole, store.PlayFilter{Station: n.ID, From: now.Add(-10 * time.Minute), Take: 50})
		if err != nil {
			return nil, nil, 0, err
		}
		all = append(all, theirs...)
	}
	settings, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, nil, 0, err
	}
	for _, p := range ahead {
		v := s.playInWords(r, x, p, officers)
		if !p.State.Over() {
			for _, c := range planning.Clashes(x, p, all, settings.HoursOf(string(loa.Loudspeaker))) {
				v.Clashes = append(v.Clashes, clashInWords(r, c, names))
			}
			coming = append(coming, v)
		} else {
			past = append(past, v)
		}
	}
	for _, p := range before {
		v := s.playInWords(r, x, p, officers)
		if v.ConfirmURL != "" && p.Proof == "" {
			waiting++
		}
		past = append(past, v)
	}
	return coming, past, waiting, nil
}

// clashInWords says what stands against a play and what to do.
func clashInWords(r *http.Request, c planning.Clash, names map[loa.PlaceID]string) string {
	said := ""
	switch c.Kind {
	case "taken":
		said = t(r, "station.clash.taken", cmp.Or(c.Slot.Name, t(r, "station.slot.taken")), slotClock(c.Slot.Start), slotClock(c.Slot.Start+c.Slot.Minutes))
	case "overlap", "earshot":
		said = t(r, "station.clash."+c.Kind, c.With.Title, names[c.With.Station], clock(c.With.At))
		if c.Yields {
			said += " " + t(r, "station.clash.yields")
		} else {
			said += " " + t(r, "station.clash.first")
		}
	default:
		said = t(r, "station.clash."+c.Kind)
	}
	if !c.Free.IsZero() {
		said += " " + t(r, "station.clash.free", moment(c.Free))
	}
	return said
}

// playTones are the colours of what became of a play.
var playTones = map[loa.PlayState]string{loa.PlayPlayed: "paid", loa.PlayFailed: "lost", loa.PlayRejected: "lost", loa.PlayMissed: "late", loa.PlayPreempted: "late"}

func (s *Server) playInWords(r *http.Request, x loa.Station, p loa.Play, officers officerNames) playView {
	at := "/stations/" + string(x.ID)
	v := playView{Play: p, When: clock(p.At), Day: loa.DayOf(p.At).Vietnamese(), State: t(r, "play.state."+string(p.State)), Tone: cmp.Or(playTones[p.State], "grey"), Length: p.Seconds * max(1, p.Repeat), Station: placeLink{x.Name, at}, Code: sheetCode(p.Station, p.Broadcast)}
	if p.Why != "" {
		if v.Why = t(r, "play.why."+p.Why); !i18n.Has(langOf(r), "play.why."+p.Why) { // a speaker's own code
			v.Why = codeText(r, []string{"loudspeaker_axis", "loudspeaker"}, p.Why)
		}
	}
	switch p.Proof {
	case "device":
		v.By = t(r, "play.proof.device", clock(p.ProvedAt))
	case "person":
		v.By = t(r, "play.proof.person", officers.by[p.Officer].Name)
	}
	if planned := strings.HasPrefix(string(p.Delivery), "~"); planned { // its broadcast has not begun
		v.State = t(r, "play.state.approved")
	} else if x.Kind.ByHand() {
		v.SheetURL = at + "/sheet?broadcast=" + string(p.Broadcast)
		v.PackageURL = at + "/package?broadcast=" + string(p.Broadcast)
		if p.State != loa.PlayCancelled && !p.At.After(s.Now()) {
			v.ConfirmURL = "/plays/" + string(p.Delivery)
		}
	}
	return v
}

// reportLines are what a device told of itself.
func reportLines(r *http.Request, x loa.Station) (out []factLine) {
	if x.Report == "" {
		return nil
	}
	state, err := speaker.ReadState([]byte(x.Report))
	if err != nil {
		return nil
	}
	add := func(key, value string) {
		if value != "" {
			out = append(out, factLine{Label: t(r, "station.report."+key), Text: value})
		}
	}
	add("fw", state.Firmware)
	add("ip", state.IP)
	if state.Volume > 0 {
		add("vol", strconv.Itoa(state.Volume)+" %")
	}
	if state.Temp != nil {
		add("temp", strconv.Itoa(*state.Temp)+" °C")
	}
	if state.RSSI != nil {
		add("rssi", strconv.Itoa(*state.RSSI)+" dBm")
	}
	if state.DiskFree != nil {
		add("disk", strconv.FormatInt(*state.DiskFree>>20, 10)+" MB")
	}
	return out
}

// slotClock writes minutes after midnight as a time.
func slotClock(minutes int) string {
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

// slotsInWords are a station's slots as lines and as a picture of its week.
func slotsInWords(r *http.Request, x loa.Station) (lines []slotView, week []weekDay) {
	slots := slices.Clone(x.Slots)
	slices.SortFunc(slots, func(a, b loa.Slot) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Days, b.Days)) })
	for i := range 7 {
		week = append(week, weekDay{Label: t(r, "station.day."+strconv.Itoa(i))})
	}
	for _, slot := range slots {
		v := slotView{Slot: slot, DaysBits: slot.Days, Time: slotClock(slot.Start) + "–" + slotClock(slot.Start+slot.Minutes)}
		if slot.Days == loa.EveryDay {
			v.Days = t(r, "station.every_day")
		}
		var names []string
		for i := range 7 {
			if slot.Days&(1<<i) == 0 {
				continue
			}
			names = append(names, week[i].Label)
			week[i].Slots = append(week[i].Slots, weekSlot{From: slot.Start * 1000 / 1440, Long: max(14, slot.Minutes*1000/1440), Taken: slot.Taken, Text: v.Time})
		}
		if v.Days == "" {
			v.Days = strings.Join(names, ", ")
		}
		lines = append(lines, v)
	}
	return lines, week
}

// hearersOf are the villages that hear a station, with what they heard of it lately.
func (s *Server) hearersOf(r *http.Request, x loa.Station, places map[loa.AreaID]string) (out []earshotRow, total int64, err error) {
	people, err := s.populations(r)
	if err != nil {
		return nil, 0, err
	}
	heard, err := s.DB.HeardByVillage(r.Context(), scopeOf(r), s.today().Add(-earshotDays), s.today())
	if err != nil {
		return nil, 0, err
	}
	by := map[loa.AreaID]store.HeardIn{}
	for _, h := range heard {
		by[h.Village] = h
	}
	for _, v := range x.Earshot {
		name := places[v]
		if name == "" {
			name = t(r, "people.elsewhere")
		}
		out = append(out, earshotRow{Name: name, URL: "/areas/" + string(v), People: people[v], Plays: by[v].Plays, Last: by[v].Last})
		total += people[v]
	}
	slices.SortFunc(out, func(a, b earshotRow) int { return cmp.Compare(a.Name, b.Name) })
	return out, total, nil
}

func (s *Server) stationHistory(r *http.Request, x loa.Station, places map[loa.AreaID]string) (out []historyLine, err error) {
	list, err := s.DB.Versions(r.Context(), string(x.ID))
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	for _, v := range list {
		out = append(out, historyLine{Field: t(r, "station.field."+v.Field), Old: stationText(r, v.Field, v.Old, places), New: stationText(r, v.Field, v.New, places), At: moment(v.RecordedAt), Officer: officers.by[v.RecordedBy].Name})
	}
	return out, nil
}
