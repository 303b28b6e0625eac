package composing

import (
	"slices"
	"strings"

	"loa"
)

// sessionPlaces are the placeholders that tell of a session.
var sessionPlaces = []string{"buoi", "ngay_buoi"}

func tellsSession(places []string) bool {
	return slices.ContainsFunc(places, func(p string) bool { return slices.Contains(sessionPlaces, p) })
}

// TellsSession says whether anything of a broadcast tells of a session.
func TellsSession(b loa.Broadcast, s loa.Script) bool {
	return slices.ContainsFunc(sessionPlaces, func(p string) bool { return UsesAnywhere(b, s, p) })
}

// session is the one to tell whoever lives in an area of: the broadcast's own, or the next one there.
func (w *Words) session(area loa.AreaID) (loa.Session, bool) {
	if w.Sender.Session != nil {
		return *w.Sender.Session, true
	}
	s, ok := w.Sender.Next[area]
	return s, ok
}

// NextSessions are the next sessions by area, of some in the order of the calendar: a village's own, or where it has none the one of the
// nearest unit above it. A session anybody is meant to be asked to is one that invites.
func NextSessions(planned []loa.Session, areas []loa.Area) map[loa.AreaID]loa.Session {
	first := map[loa.AreaID]loa.Session{}
	for _, s := range planned {
		if _, has := first[s.Area]; !has && s.State == loa.Planned && s.Invites() {
			first[s.Area] = s
		}
	}
	byPath := slices.Clone(areas)
	slices.SortFunc(byPath, func(a, b loa.Area) int { return len(a.Path) - len(b.Path) })
	at, out := map[string]loa.Session{}, make(map[loa.AreaID]loa.Session, len(areas))
	for _, a := range byPath { // whoever is above comes first
		s, ok := first[a.ID]
		for up := parentPath(a.Path); !ok && up != ""; up = parentPath(up) {
			s, ok = at[up]
		}
		if ok {
			at[a.Path], out[a.ID] = s, s
		}
	}
	return out
}

// SessionStands refuses a session that is not what was approved any more: cancelled, held already, or on another day.
func SessionStands(b loa.Broadcast, s loa.Session, on loa.Day) error {
	switch {
	case s.State == loa.Cancelled:
		return loa.Refuse(loa.Conflict, "session", "session_called_off", s.Title)
	case s.State != loa.Planned || s.On < on:
		return loa.Refuse(loa.Conflict, "session", "session_over", s.Title)
	case b.SessionOn != "" && s.On != b.SessionOn:
		return loa.Refuse(loa.Conflict, "session", "session_moved", s.Title, s.On.Vietnamese())
	}
	return nil
}

// parentPath is the path of the unit above; empty at the top.
func parentPath(path string) string {
	if path == "" {
		return ""
	}
	return path[:strings.LastIndexByte(path[:len(path)-1], '/')+1]
}
