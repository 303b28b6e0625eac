package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/auth"
	"loa/speaker"
	"loa/store"
)

func (s *Server) stationRoutes() []route {
	return []route{
		{"GET /stations", loa.ReadOutreach, s.stationList},
		{"GET /stations/new", loa.EditOutreach, s.stationNew},
		{"POST /stations/new", loa.EditOutreach, s.stationCreate},
		{"GET /stations/earshot", loa.ReadOutreach, s.earshotShow},
		{"GET /stations/plays", loa.ReadOutreach, s.playList},
		{"POST /plays/{id}", loa.EditOutreach, s.playConfirm},
		{"GET /stations/{id}", loa.ReadOutreach, s.stationShow},
		{"GET /stations/{id}/edit", loa.EditOutreach, s.stationEdit},
		{"POST /stations/{id}/edit", loa.EditOutreach, s.stationUpdate},
		{"POST /stations/{id}/slots", loa.EditOutreach, s.slotAdd},
		{"POST /stations/{id}/slots/drop", loa.EditOutreach, s.slotDrop},
		{"POST /stations/{id}/key", loa.EditOutreach, s.stationKey},
		{"POST /stations/{id}/retire", loa.EditOutreach, s.stationRetire},
		{"POST /stations/{id}/restore", loa.EditOutreach, s.stationRestore},
		{"GET /stations/{id}/sheet", loa.ReadOutreach, s.stationSheet},
		{"GET /stations/{id}/package", loa.ReadOutreach, s.stationPackage},
	}
}

// stationIcons are the pictures of the kinds.
var stationIcons = map[loa.StationKind]string{loa.DeviceStation: "radio", loa.AxisStation: "server", loa.CommuneStation: "landmark", loa.AnnouncerStation: "mic"}

// standing is how a station stands, in plain words, and what to do about it.
type standing struct {
	Tone string // "paid", "late" or "grey"
	Text string
	Do   string
}

// standingOf says how a station stands; waiting is how many plays wait for a person's word, ahead how many are still to come.
func (s *Server) standingOf(r *http.Request, x loa.Station, waiting, ahead int) standing {
	now := s.Now()
	since := ""
	if !x.OnlineAt.IsZero() {
		since = moment(x.OnlineAt)
	}
	call := t(r, "station.do.call_nobody")
	if x.Keeper != "" || x.Phone != "" {
		call = t(r, "station.do.call", strings.TrimSpace(x.Keeper+" "+displayPhone(x.Phone)))
	}
	switch {
	case x.Retired:
		return standing{"grey", t(r, "station.is.retired"), ""}
	case x.Kind == loa.DeviceStation && x.Secret == "":
		return standing{"late", t(r, "station.is.no_password"), t(r, "station.do.password")}
	case x.Kind == loa.DeviceStation && x.SeenAt.IsZero():
		return standing{"late", t(r, "station.is.never"), t(r, "station.do.never", x.Device)}
	case x.Kind == loa.DeviceStation && !x.Connected(now):
		if since == "" || x.Online { // it went without a word
			since = moment(x.SeenAt)
		}
		return standing{"late", t(r, "station.is.offline", since, ahead), call}
	case x.Kind == loa.DeviceStation && silent(x):
		return standing{"late", t(r, "station.is.mute"), call}
	case len(x.Earshot) == 0:
		return standing{"late", t(r, "station.is.no_earshot"), t(r, "station.do.earshot")}
	case waiting > 0 && x.Kind == loa.CommuneStation:
		return standing{"late", t(r, "station.is.waiting", waiting), t(r, "station.do.ask_commune")}
	case waiting > 0:
		return standing{"late", t(r, "station.is.waiting", waiting), t(r, "station.do.ask_reader")}
	case x.Weekly() == 0:
		return standing{"grey", t(r, "station.is.no_slot"), t(r, "station.do.slot")}
	case x.Kind == loa.DeviceStation:
		return standing{"paid", t(r, "station.is.online", since), ""}
	case x.Kind == loa.AxisStation:
		return standing{"grey", t(r, "station.is.axis"), ""}
	}
	return standing{"grey", t(r, "station.is.by_hand"), ""}
}

// silent says that a device told of a volume at which nobody hears it.
func silent(x loa.Station) bool {
	state, err := speaker.ReadState([]byte(x.Report))
	return err == nil && x.Report != "" && state.Volume > 0 && state.Volume < 5
}

type stationListPage struct {
	Tab      string
	Rows     []stationRow
	Query    string
	Retired  bool
	Filtered bool
	MayEdit  bool
	Total    int
	First    string
	Next     string
	Waiting  int
}

type stationRow struct {
	loa.Station
	URL, Where, KindName, Icon string
	Stands                     standing
	Villages                   int
	People                     int64
	NextAt, NextTitle          string
}

func (s *Server) stationList(w http.ResponseWriter, r *http.Request) error {
	p := listAsked(r)
	list, total, err := s.DB.Stations(r.Context(), scopeOf(r), p)
	if err != nil {
		return err
	}
	now := s.Now()
	waiting, err := s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{Waiting: true, To: now, Take: 500})
	if err != nil {
		return err
	}
	coming, err := s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{From: now, Take: 1000})
	if err != nil {
		return err
	}
	places, err := s.villageNames(r)
	if err != nil {
		return err
	}
	people, err := s.populations(r)
	if err != nil {
		return err
	}
	b := stationListPage{Tab: "stations", Query: p.Words, Retired: p.Retired, Filtered: p.Words != "" || p.Retired, MayEdit: whoOf(r).may(loa.EditOutreach), Total: total, Waiting: len(waiting)}
	for _, x := range list {
		row := stationRow{Station: x, URL: "/stations/" + string(x.ID), Where: places[x.Area], KindName: t(r, "station.kind."+string(x.Kind)), Icon: stationIcons[x.Kind], Villages: len(x.Earshot)}
		for _, v := range x.Earshot {
			row.People += people[v]
		}
		ahead := 0
		for _, y := range coming {
			if y.Station == x.ID && !y.State.Over() {
				if ahead++; ahead == 1 {
					row.NextAt, row.NextTitle = moment(y.At), y.Title
				}
			}
		}
		row.Stands = s.standingOf(r, x, countPlays(waiting, x.ID), ahead)
		b.Rows = append(b.Rows, row)
	}
	if n := len(list); n > 0 {
		b.First, b.Next = listLinks(r, list[n-1].Name, string(list[n-1].ID), n == listPage)
	}
	return s.render(w, r, "station_list", page{Title: t(r, "station.title"), Context: t(r, "station.context", total), Active: "stations", Body: b})
}

func countPlays(list []loa.Play, at loa.PlaceID) (n int) {
	for _, p := range list {
		if p.Station == at {
			n++
		}
	}
	return n
}

// populations are the people of each village, by the newest figure; villages without one count nobody.
func (s *Server) populations(r *http.Request) (map[loa.AreaID]int64, error) {
	r = steady(r)
	return keep(s, r, "populations "+rangesOf(scopeOf(r)), func() (map[loa.AreaID]int64, error) {
		figures, err := s.DB.FiguresNow(r.Context(), scopeOf(r), s.today())
		if err != nil {
			return nil, err
		}
		out := make(map[loa.AreaID]int64, len(figures))
		for id, kinds := range figures {
			if f, ok := kinds["population"]; ok {
				out[id] = f.Value
			}
		}
		return out, nil
	})
}

func (s *Server) stationRetire(w http.ResponseWriter, r *http.Request) error {
	return s.stationSetRetired(w, r, true)
}

func (s *Server) stationRestore(w http.ResponseWriter, r *http.Request) error {
	return s.stationSetRetired(w, r, false)
}

func (s *Server) stationSetRetired(w http.ResponseWriter, r *http.Request, retire bool) error {
	id := loa.PlaceID(r.PathValue("id"))
	x, err := s.DB.Station(r.Context(), scopeOf(r), id)
	if err != nil {
		return err
	}
	if err := s.DB.RetireStation(context.WithoutCancel(r.Context()), scopeOf(r), s.by(r), id, retire); err != nil {
		return err
	}
	at := "/stations/" + string(id)
	if retire {
		return s.done(w, r, at, t(r, "station.retired", x.Name), at+"/restore")
	}
	return s.done(w, r, at, t(r, "station.restored", x.Name), "")
}

type stationKeyPage struct {
	Name, Device, Password, Back string
}

// stationKey gives a device a password and shows it once: Loa itself keeps only what it is known by.
func (s *Server) stationKey(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Station(r.Context(), scopeOf(r), loa.PlaceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	password, err := auth.Token()
	if err != nil {
		return err
	}
	if err := s.DB.KeySpeaker(r.Context(), scopeOf(r), s.by(r), x.ID, speaker.Secret(x.Device, password)); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, "station_key", page{Title: t(r, "station.key.title", x.Name), Active: "stations", Body: stationKeyPage{x.Name, x.Device, password, "/stations/" + string(x.ID)}})
}

type earshotPage struct {
	Tab     string
	Rows    []earshotRow
	None    int
	From    loa.Day
	Waiting int
}

type earshotRow struct {
	Name, URL string
	Stations  []placeLink
	People    int64
	Plays     int64
	Last      loa.Day
}

// placeLink is a station by its name.
type placeLink struct{ Name, URL string }

// earshotDays is how far back the page counts what villages heard.
const earshotDays = 30

// earshotShow says which villages hear a loudspeaker, which none, and what they heard lately.
func (s *Server) earshotShow(w http.ResponseWriter, r *http.Request) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	hears, err := s.DB.EarshotOf(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	from := s.today().Add(-earshotDays)
	heard, err := s.DB.HeardByVillage(r.Context(), scopeOf(r), from, s.today())
	if err != nil {
		return err
	}
	people, err := s.populations(r)
	if err != nil {
		return err
	}
	var ids []loa.PlaceID
	for _, list := range hears {
		ids = append(ids, list...)
	}
	slices.Sort(ids)
	stations, err := s.DB.StationsAt(r.Context(), whoOf(r).Office.ID, slices.Compact(ids))
	if err != nil {
		return err
	}
	by := map[loa.AreaID]store.HeardIn{}
	for _, h := range heard {
		by[h.Village] = h
	}
	b := earshotPage{Tab: "earshot", From: from}
	for _, a := range areas {
		if a.Kind != loa.Village {
			continue
		}
		row := earshotRow{Name: s.areaName(r, a), URL: "/areas/" + string(a.ID), People: people[a.ID], Plays: by[a.ID].Plays, Last: by[a.ID].Last}
		for _, id := range hears[a.ID] {
			row.Stations = append(row.Stations, placeLink{stations[id].Name, "/stations/" + string(id)})
		}
		if len(row.Stations) == 0 {
			b.None++
		}
		b.Rows = append(b.Rows, row)
	}
	slices.SortStableFunc(b.Rows, func(x, y earshotRow) int { return min(1, len(x.Stations)) - min(1, len(y.Stations)) }) // those nobody reaches stand first
	return s.render(w, r, "station_earshot", page{Title: t(r, "station.earshot.title"), Context: t(r, "station.earshot.context", len(b.Rows), b.None), Active: "stations", Body: b})
}

// clock is a moment's time of day.
func clock(at time.Time) string { return at.In(loa.Zone).Format("15:04") }
