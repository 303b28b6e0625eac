package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

type stationFormPage struct {
	Action, Cancel string
	Station        loa.Station
	AreaText       string
	Phone          string
	Read           int64
	Errors         map[string]string
	Clashes        []clashLine
	Kinds          []option
	Accounts       []option
	Languages      []option
	Chosen         map[string]bool // languages
	Communes       []communeChoice
}

// communeChoice are the villages of one commune to tick.
type communeChoice struct {
	Name     string
	Open     bool
	N        int
	Villages []villageChoice
}

type villageChoice struct {
	ID, Name string
	On       bool
}

func (s *Server) stationNew(w http.ResponseWriter, r *http.Request) error {
	x := loa.Station{Kind: loa.StationKind(r.FormValue("kind")), Area: loa.AreaID(r.FormValue("area")), Volume: 70, Languages: []string{"vietnamese"}}
	if !slices.Contains(loa.StationKinds, x.Kind) {
		x.Kind = loa.AnnouncerStation
	}
	return s.stationForm(w, r, stationFormPage{Action: "/stations/new", Cancel: "/stations", Station: x}, t(r, "station.new.title"), 0)
}

func (s *Server) stationEdit(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Station(r.Context(), scopeOf(r), loa.PlaceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := "/stations/" + string(x.ID)
	return s.stationForm(w, r, stationFormPage{Action: at + "/edit", Cancel: at, Station: x, Read: x.ChangeNo}, t(r, "station.edit.title", x.Name), 0)
}

func (s *Server) stationForm(w http.ResponseWriter, r *http.Request, b stationFormPage, title string, status int) error {
	accounts, err := s.DB.SpeakerAccounts(r.Context(), whoOf(r).Whole, "loudspeaker", "loudspeaker_axis")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		b.Accounts = append(b.Accounts, option{string(a.ID), t(r, "station.account."+a.Kind, a.Name)})
	}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	b.Kinds, b.Languages, b.Phone, b.Chosen = optionsOf(r, "station.kind.", loa.StationKinds), options(r, "tongue.", loa.Languages), displayPhone(b.Station.Phone), map[string]bool{}
	for _, l := range b.Station.Languages {
		b.Chosen[l] = true
	}
	b.Communes = s.villageChoices(r, areas, b.Station)
	for _, a := range areas {
		if a.ID == b.Station.Area {
			b.AreaText = s.areaName(r, a)
		}
	}
	return s.render(w, r, "station_form", page{Title: title, Active: "stations", Body: b, Status: status})
}

// villageChoices are the villages to tick, by commune; the commune the station stands in is open.
func (s *Server) villageChoices(r *http.Request, areas []loa.Area, x loa.Station) (out []communeChoice) {
	at := map[loa.AreaID]string{}
	for _, a := range areas {
		at[a.ID] = a.Path
	}
	for _, c := range areas {
		if c.Kind != loa.Commune && c.Kind != loa.OfficeNode || c.Path == "" {
			continue
		}
		under := loa.Scope{Ranges: []loa.Range{loa.Under(c.Path)}}
		choice := communeChoice{Name: s.areaName(r, c), Open: x.Area != "" && under.Holds(at[x.Area])}
		for _, v := range areas {
			if v.Kind != loa.Village || !under.Holds(v.Path) {
				continue
			}
			on := slices.Contains(x.Earshot, v.ID)
			if on {
				choice.N++
			}
			choice.Villages = append(choice.Villages, villageChoice{string(v.ID), v.Label(), on})
		}
		choice.Open = choice.Open || choice.N > 0
		if len(choice.Villages) > 0 {
			out = append(out, choice)
		}
	}
	return out
}

func readStation(f *form, x *loa.Station) {
	x.Name, x.Kind, x.Area, x.Channel = vn.Tidy(f.text("name")), loa.StationKind(f.text("kind")), loa.AreaID(f.text("area")), loa.ChannelID(f.text("channel"))
	x.Keeper, x.Phone, x.Note, x.Volume = vn.Tidy(f.text("keeper")), readPhone(f, "phone"), f.text("note"), int(min(max(f.number("volume"), 0), 101))
	x.Device = strings.ToLower(f.text("device"))
	if x.Kind.ByHand() {
		x.Channel = ""
	}
	if x.Kind != loa.DeviceStation {
		x.Device = ""
	}
	x.Languages = nil
	first := f.text("language") // the one played first
	ticked := f.all("languages")
	for _, l := range append([]string{first}, ticked...) {
		if loa.OneOf(l, loa.Languages) && loa.OneOf(l, ticked) && !loa.OneOf(l, x.Languages) {
			x.Languages = append(x.Languages, l)
		}
	}
	x.Earshot = nil
	for _, v := range f.all("earshot") {
		if loa.ValidID(v) && !slices.Contains(x.Earshot, loa.AreaID(v)) {
			x.Earshot = append(x.Earshot, loa.AreaID(v))
		}
	}
}

func (s *Server) stationCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	x := loa.Station{ID: loa.PlaceID(loa.NewID())}
	readStation(f, &x)
	if f.ok() {
		if _, err := s.DB.AddStation(r.Context(), scopeOf(r), s.by(r), x); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.stationForm(w, r, stationFormPage{Action: "/stations/new", Cancel: "/stations", Station: x, Errors: f.Errors}, t(r, "station.new.title"), http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/stations/"+string(x.ID), t(r, "station.saved", x.Name), "")
}

func (s *Server) stationUpdate(w http.ResponseWriter, r *http.Request) error {
	now, err := s.DB.Station(r.Context(), scopeOf(r), loa.PlaceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, x, at := readForm(r), now, "/stations/"+r.PathValue("id")
	readStation(f, &x)
	if x.Kind == loa.DeviceStation && x.Device == "" {
		x.Device = loa.DeviceName(x.Name, x.ID)
	}
	b := stationFormPage{Action: at + "/edit", Cancel: at, Read: f.count("read"), Errors: f.Errors}
	if f.ok() {
		clashes, err := s.DB.SaveStation(r.Context(), scopeOf(r), s.by(r), x, b.Read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, at, t(r, "station.saved", x.Name), "")
		}
		places, err := s.villageNames(r)
		if err != nil {
			return err
		}
		for _, c := range clashes {
			b.Clashes = append(b.Clashes, clashLine{t(r, "station.field."+c.Field), stationText(r, c.Field, c.Old, places), stationText(r, c.Field, c.New, places)})
			b.Read = now.ChangeNo // having seen the other's values, saving again is a choice
		}
	}
	b.Station = x
	return s.stationForm(w, r, b, t(r, "station.edit.title", now.Name), http.StatusUnprocessableEntity)
}

// stationText is a kept value of a station in words.
func stationText(r *http.Request, field, value string, places map[loa.AreaID]string) string {
	switch field {
	case "kind":
		return t(r, "station.kind."+value)
	case "languages":
		return tongues(r, strings.Fields(value))
	case "earshot":
		var names []string
		for _, id := range strings.Fields(value) {
			if name := places[loa.AreaID(id)]; name != "" {
				names = append(names, name)
			}
		}
		return strings.Join(names, ", ")
	case "slots", "channel_id":
		return t(r, "station.changed")
	}
	return fieldText(r, field, value, places)
}

// tongues names languages in their order.
func tongues(r *http.Request, langs []string) string {
	names := make([]string, len(langs))
	for i, l := range langs {
		names[i] = t(r, "tongue."+l)
	}
	return strings.Join(names, ", ")
}

func (s *Server) slotAdd(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	var slot loa.Slot
	for _, d := range f.all("day") {
		if n, err := strconv.Atoi(d); err == nil && n >= 0 && n < 7 {
			slot.Days |= 1 << n
		}
	}
	slot.Start, slot.Minutes, slot.Taken, slot.Name = minutesOf(f, "start"), int(min(f.number("minutes"), 24*60)), f.on("taken"), vn.Tidy(f.text("slot_name"))
	return s.changeSlots(w, r, f, func(x *loa.Station) { x.Slots = append(x.Slots, slot) }, t(r, "station.slot.added"))
}

// minutesOf reads a time of day, as 17:30 or 17h30.
func minutesOf(f *form, name string) int {
	h, m, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(f.text(name)), "h", ":"), ":")
	hour, err := strconv.Atoi(strings.TrimSpace(h))
	minute := 0
	if err == nil && strings.TrimSpace(m) != "" {
		minute, err = strconv.Atoi(strings.TrimSpace(m))
	}
	if err != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		f.bad(name, "error.bad_hours")
	}
	return hour*60 + minute
}

func (s *Server) slotDrop(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	days, start := int(f.count("days")), int(f.count("start"))
	return s.changeSlots(w, r, f, func(x *loa.Station) {
		x.Slots = slices.DeleteFunc(x.Slots, func(o loa.Slot) bool { return o.Days == days && o.Start == start })
	}, t(r, "station.slot.dropped"))
}

func (s *Server) changeSlots(w http.ResponseWriter, r *http.Request, f *form, change func(*loa.Station), said string) error {
	x, err := s.DB.Station(r.Context(), scopeOf(r), loa.PlaceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if f.ok() {
		x.Slots = slices.Clone(x.Slots)
		change(&x)
		if _, err := s.DB.SaveStation(r.Context(), scopeOf(r), s.by(r), x, 0); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.stationDraw(w, r, x.ID, f.Errors)
	}
	return s.done(w, r, "/stations/"+string(x.ID)+"#s-slots", said, "")
}
