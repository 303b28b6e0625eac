package web

import (
	"net/http"
	"time"

	"loa"
	"loa/store"
)

type playListPage struct {
	Tab     string
	Waiting []playView
	Lately  []playView
	Reasons []option
	MayEdit bool
	Errors  map[string]string
	Wrong   loa.DeliveryID // the play whose form came back
}

// playDays is how far back the list of plays goes.
const playDays = 14

// playList is what waits for a person's word, and what was played lately.
func (s *Server) playList(w http.ResponseWriter, r *http.Request) error {
	return s.playDraw(w, r, "", nil)
}

func (s *Server) playDraw(w http.ResponseWriter, r *http.Request, wrong loa.DeliveryID, errs map[string]string) error {
	now := s.Now()
	waiting, err := s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{Waiting: true, To: now, Take: 200})
	if err != nil {
		return err
	}
	lately, err := s.DB.Plays(r.Context(), scopeOf(r), store.PlayFilter{From: now.AddDate(0, 0, -playDays), To: now, Newest: true, Take: 200})
	if err != nil {
		return err
	}
	var ids []loa.PlaceID
	for _, p := range append(append([]loa.Play{}, waiting...), lately...) {
		ids = append(ids, p.Station)
	}
	stations, err := s.DB.StationsAt(r.Context(), whoOf(r).Office.ID, ids)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	b := playListPage{Tab: "plays", Reasons: options(r, "play.why.", loa.PlayReasons), MayEdit: whoOf(r).may(loa.EditOutreach), Errors: errs, Wrong: wrong}
	open := map[loa.DeliveryID]bool{}
	for _, p := range waiting {
		open[p.Delivery] = true
		b.Waiting = append(b.Waiting, s.playInWords(r, stations[p.Station], p, officers))
	}
	for _, p := range lately {
		if !open[p.Delivery] {
			b.Lately = append(b.Lately, s.playInWords(r, stations[p.Station], p, officers))
		}
	}
	status := 0
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "station_plays", page{Title: t(r, "play.title"), Context: t(r, "play.context", len(b.Waiting)), Active: "stations", Body: b, Status: status})
}

// playConfirm takes a person's word about what they carried to a station.
func (s *Server) playConfirm(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p, err := s.DB.Play(r.Context(), scopeOf(r), loa.DeliveryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	c := store.Confirmed{Delivery: p.Delivery, Played: f.text("played") == "yes", Why: f.text("why"), Heads: int(min(f.number("heads"), 1_000_000))}
	if f.text("at") != "" {
		day := loa.DayOf(p.At)
		y, m, d := day.Parts()
		c.At = time.Date(y, time.Month(m), d, 0, minutesOf(f, "at"), 0, 0, loa.Zone)
	}
	if f.ok() {
		if err := s.DB.ConfirmPlay(r.Context(), scopeOf(r), s.by(r), c); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.playDraw(w, r, p.Delivery, f.Errors)
	}
	said := t(r, "play.confirmed", p.Title)
	if !c.Played {
		said = t(r, "play.not_read", p.Title)
	}
	return s.done(w, r, "/stations/plays", said, "")
}
