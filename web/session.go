package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"loa"
)

func (s *Server) sessionRoutes() []route {
	return []route{
		{"GET /sessions", loa.ReadOutreach, s.sessionList},
		{"GET /sessions/new", loa.EditOutreach, s.sessionNew},
		{"POST /sessions/new", loa.EditOutreach, s.sessionCreate},
		{"GET /sessions/pick/employer", loa.EditOutreach, s.sessionPickEmployer},
		{"GET /sessions/{id}", loa.ReadOutreach, s.sessionShow},
		{"GET /sessions/{id}/edit", loa.EditOutreach, s.sessionEdit},
		{"POST /sessions/{id}/edit", loa.EditOutreach, s.sessionUpdate},
		{"POST /sessions/{id}/state", loa.EditOutreach, s.sessionState},
		{"POST /sessions/{id}/check", loa.EditOutreach, s.sessionCheck},
		{"POST /sessions/{id}/freeze", loa.EditOutreach, s.sessionFreeze},
		{"GET /sessions/{id}/letters", loa.ReadOutreach, s.letterShow},
		{"POST /sessions/{id}/letters", loa.EditOutreach, s.letterWrite},
		{"POST /sessions/{id}/confirm", loa.EditOutreach, s.partnerConfirm},
		{"POST /sessions/{id}/sheets", loa.EditOutreach, s.sheetMake},
		{"GET /sessions/{id}/sheet", loa.ReadPeople, s.sheetShow},
		{"GET /sessions/{id}/key", loa.EditOutreach, s.sheetKeyForm},
		{"POST /sessions/{id}/key", loa.EditOutreach, s.sheetKey},
		{"POST /sessions/{id}/count", loa.EditOutreach, s.headCount},
		{"POST /sessions/{id}/back", loa.EditOutreach, s.headBack},
		{"GET /sessions/{id}/find", loa.ReadPeople, s.headFind},
		{"POST /sessions/{id}/name", loa.EditOutreach, s.headName},
		{"POST /sessions/{id}/unname", loa.EditOutreach, s.headUnname},
		{"POST /sessions/{id}/newcomer", loa.EditOutreach, s.headNewcomer},
		{"POST /sessions/{id}/heads", loa.EditOutreach, s.headCorrect},
		{"POST /sessions/{id}/question", loa.EditOutreach, s.sessionQuestion},
		{"POST /sessions/{id}/lead", loa.EditOutreach, s.sessionLead},
		{"POST /sessions/{id}/visit", loa.EditOutreach, s.sessionVisit},
		{"POST /sessions/{id}/void", loa.EditOutreach, s.sessionVoid},
		{"POST /sessions/{id}/leaflets", loa.EditOutreach, s.sessionLeaflets},
		{"POST /sessions/{id}/after", loa.EditOutreach, s.sessionAfterSave},
		{"POST /sessions/{id}/photos", loa.EditOutreach, s.photoAdd},
		{"GET /invitations/{token}", "", s.invitationShow},
		{"POST /invitations/{token}", "", s.invitationAnswer},
		{"GET /photos/{id}", loa.ReadPeople, s.photoShow},
		{"POST /photos/{id}/remove", loa.EditOutreach, s.photoRemove},
		{"POST /photos/{id}/restore", loa.EditOutreach, s.photoRestore},
	}
}

// sessionURL is a tab of a session's page.
func sessionURL(id loa.SessionID, tab string) string {
	url := "/sessions/" + string(id)
	if tab != "" {
		url += "?tab=" + tab
	}
	return url
}

// sessionOf is the session a request names, inside its scope.
func (s *Server) sessionOf(r *http.Request) (loa.Session, error) {
	return s.DB.Session(r.Context(), scopeOf(r), loa.SessionID(r.PathValue("id")))
}

// scopeToo is where the officer may also do another act than the page asked for; empty where no role of today allows it.
func scopeToo(r *http.Request, act loa.Act) loa.Scope {
	me := *whoOf(r)
	if !me.may(act) {
		return loa.Scope{Office: me.Office.ID}
	}
	me.setScope(act)
	return me.Scope
}

// mayHere says whether the officer may do another act in the place of the session: a role in one commune opens no names in another.
func (s *Server) mayHere(r *http.Request, act loa.Act, area loa.AreaID) (bool, error) {
	in := scopeToo(r, act)
	if in.Empty() {
		return false, nil
	}
	_, err := s.DB.Area(r.Context(), in, area)
	if loa.KindOf(err) == loa.NotFound {
		return false, nil
	}
	return err == nil, err
}

// sessionNames are the names of everything a session may point at.
type sessionNames struct {
	area, above map[loa.AreaID]string
	officers    officerNames
	segments    map[loa.SegmentID]string
	partners    map[loa.PartnerID]loa.Partner
	list        []loa.Segment
	bodies      []loa.Partner
}

func (s *Server) sessionNames(r *http.Request, keep []loa.PartnerID) (n sessionNames, err error) {
	if n.area, err = s.villageNames(r); err != nil {
		return n, err
	}
	if n.above, err = s.communeNames(r); err != nil {
		return n, err
	}
	if n.officers, err = s.officerNames(r); err != nil {
		return n, err
	}
	if n.list, err = s.DB.Segments(r.Context(), scopeOf(r)); err != nil {
		return n, err
	}
	n.segments = map[loa.SegmentID]string{}
	for _, g := range n.list {
		n.segments[g.ID] = segmentName(r, g)
	}
	if n.bodies, err = s.DB.SessionPartners(r.Context(), scopeOf(r), keep); err != nil {
		return n, err
	}
	n.partners = map[loa.PartnerID]loa.Partner{}
	for _, p := range n.bodies {
		n.partners[p.ID] = p
	}
	return n, nil
}

// where is an area with the commune above it.
func (n sessionNames) where(area loa.AreaID) string {
	if up := n.above[area]; up != "" && up != n.area[area] {
		return n.area[area] + ", " + up
	}
	return n.area[area]
}

// sessionText is a kept value of a session in words, for the history and for clashes.
func sessionText(r *http.Request, n sessionNames, field, value string) string {
	if value == "" || value == "0" && (field == "start" || field == "end") {
		return t(r, "session.blank")
	}
	switch field {
	case "area":
		if name := n.area[loa.AreaID(value)]; name != "" {
			return name
		}
		return t(r, "people.elsewhere")
	case "form":
		return t(r, "form."+value)
	case "on":
		return loa.Day(value).Vietnamese()
	case "start", "end":
		return clockText(wholeOf(value))
	case "state":
		return t(r, "session_state."+value)
	case "household", "market", "festival", "employer":
		return t(r, "session.chosen")
	case "checklist":
		return strings.NewReplacer("\n", "; ", "x ", "✓ ", "- ", "").Replace(value)
	case "officers", "partners", "segments":
		var out []string
		for _, id := range strings.Fields(value) {
			name := map[string]string{"officers": n.officers.by[loa.OfficerID(id)].Name, "partners": n.partners[loa.PartnerID(id)].Name, "segments": n.segments[loa.SegmentID(id)]}[field]
			if name != "" {
				out = append(out, name)
			}
		}
		return strings.Join(out, ", ")
	case "details":
		var d map[string]string
		if json.Unmarshal([]byte(value), &d) != nil {
			return value
		}
		var out []string
		for _, form := range loa.SessionForms {
			for _, f := range loa.FormFields[form] {
				if d[f] != "" {
					out = append(out, t(r, "session.detail."+f)+": "+d[f])
				}
			}
		}
		return strings.Join(out, "; ")
	case "travel_cost", "material_cost", "other_cost":
		return moneyIn(langOf(r), int64(wholeOf(value)))
	}
	return value
}

func wholeOf(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return n
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// sessionPickEmployer answers the type-ahead of employers.
func (s *Server) sessionPickEmployer(w http.ResponseWriter, r *http.Request) error {
	found, err := s.findEmployers(r, r.FormValue("q"), 20)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	out := make([]pickOption, len(found))
	for i, e := range found {
		out[i] = pickOption{ID: string(e.ID), Label: e.Name, Sub: names[e.Area]}
	}
	return s.part(w, r, "search", "picks", out)
}
