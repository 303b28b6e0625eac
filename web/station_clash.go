package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"loa"
	"loa/planning"
	"loa/store"
)

// playsToCome are the plays of approved broadcasts that have not begun, all but those of one.
func (s *Server) playsToCome(r *http.Request, but loa.BroadcastID) (out []loa.Play, err error) {
	list, err := s.DB.BroadcastsToAir(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		if b.ID == but {
			continue
		}
		clips, err := s.DB.ClipsFor(r.Context(), b.Office, "script."+string(b.Script), s.today())
		if err != nil {
			return nil, err
		}
		stations, err := s.stationsOf(r, b)
		if err != nil {
			return nil, err
		}
		by := map[string]loa.Clip{}
		for _, c := range clips {
			if _, ok := by[c.Lang]; !ok {
				by[c.Lang] = c
			}
		}
		out = append(out, planning.ToCome(b, s.plannedAt(b), playSeconds(stations, by))...)
	}
	return out, nil
}

// stationsOf are the stations a broadcast is played at.
func (s *Server) stationsOf(r *http.Request, b loa.Broadcast) (map[loa.PlaceID]loa.Station, error) {
	var ids []loa.PlaceID
	for _, o := range b.Outlets {
		if o.Network == loa.SpeakerNetwork && !slices.Contains(ids, o.Place) {
			ids = append(ids, o.Place)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.DB.StationsAt(r.Context(), b.Office, ids)
}

// playSeconds says how long the recordings of the languages of a station are, one after another.
func playSeconds(stations map[loa.PlaceID]loa.Station, clips map[string]loa.Clip) func(loa.PlaceID) int {
	return func(id loa.PlaceID) (n int) {
		for _, lang := range stations[id].Languages {
			n += clips[lang].Seconds
		}
		return n
	}
}

// at are the plays among some that are at one station.
func at(list []loa.Play, id loa.PlaceID) (out []loa.Play) {
	for _, p := range list {
		if p.Station == id {
			out = append(out, p)
		}
	}
	return out
}

func inTime(list []loa.Play) []loa.Play {
	slices.SortStableFunc(list, func(a, b loa.Play) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Delivery, b.Delivery)) })
	return list
}

// clashMost is how many clashes the page of a broadcast lists.
const clashMost = 6

// checkTimes looks what stands against the plays of a broadcast: other programmes of a station, and other plays there or at one that the
// same villages hear, those of approved broadcasts that have not begun among them. What is quiet by the office's hours is said by checkHours.
func (s *Server) checkTimes(c *checker, b loa.Broadcast, clips map[string]loa.Clip) error {
	stations, err := s.stationsOf(c.r, b)
	if err != nil || len(stations) == 0 {
		return err
	}
	soon, err := s.playsToCome(c.r, b.ID)
	if err != nil {
		return err
	}
	settings, err := s.DB.SendingSettings(c.r.Context(), whoOf(c.r).Office.ID)
	if err != nil {
		return err
	}
	mine := planning.ToCome(b, s.plannedAt(b), playSeconds(stations, clips))
	names, others, err := s.playsHeard(c.r, stations, mine, soon)
	if err != nil {
		return err
	}
	n := 0
	for _, p := range mine {
		for _, x := range planning.Clashes(stations[p.Station], p, others[p.Station], settings.HoursOf(string(loa.Loudspeaker))) {
			if x.Kind == "quiet" || x.With.Broadcast == b.ID && x.With.Station != p.Station { // the same words at once at two stations nearby disturb nobody
				continue
			}
			if n++; n <= clashMost {
				c.out = append(c.out, lookLine{Kind: "look", Text: stations[p.Station].Name + ", " + moment(p.At) + ": " + clashInWords(c.r, x, names), URL: "/stations/" + string(p.Station), Do: t(c.r, "broadcast.check.clash.do")})
			}
		}
	}
	switch {
	case n > clashMost:
		c.bad("look", "clash", "/stations", n-clashMost)
	case n == 0:
		c.ok("clash_ok")
	}
	return nil
}

// playsHeard are, by station, the plays there and at those the same villages hear, in the hours of some plays: those of the ledger, these
// themselves and what is to come. names are of all those stations.
func (s *Server) playsHeard(r *http.Request, stations map[loa.PlaceID]loa.Station, mine, soon []loa.Play) (names map[loa.PlaceID]string, out map[loa.PlaceID][]loa.Play, err error) {
	near, err := s.DB.Overheard(r.Context(), whoOf(r).Whole, slices.Sorted(maps.Keys(stations)))
	if err != nil {
		return nil, nil, err
	}
	from, to := mine[0].At, mine[0].Until()
	for _, p := range mine {
		from, to = earliest(from, p.At), latest(to, p.Until())
	}
	list, err := s.DB.Plays(r.Context(), whoOf(r).Whole, store.PlayFilter{From: from.Add(-time.Hour), To: to.Add(time.Second), Take: 5000}) // none is an hour long
	if err != nil {
		return nil, nil, err
	}
	by := map[loa.PlaceID][]loa.Play{}
	for _, p := range slices.Concat(mine, soon, list) {
		by[p.Station] = append(by[p.Station], p)
	}
	names, out = map[loa.PlaceID]string{}, map[loa.PlaceID][]loa.Play{}
	for id, st := range stations {
		names[id], out[id] = st.Name, slices.Clone(by[id])
		for _, n := range near[id] {
			names[n.ID] = n.Name
			out[id] = append(out[id], by[n.ID]...)
		}
	}
	return names, out, nil
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
