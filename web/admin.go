package web

import (
	"net/http"
	"time"

	"loa"
)

func (s *Server) adminRoutes() []route {
	return []route{
		{"GET /admin", loa.Administer, s.officerList},
		{"GET /admin/officers/new", loa.Administer, s.officerNew},
		{"POST /admin/officers", loa.Administer, s.officerCreate},
		{"GET /admin/officers/{id}", loa.Administer, s.officerShow},
		{"POST /admin/officers/{id}", loa.Administer, s.officerSave},
		{"POST /admin/officers/{id}/roles", loa.Administer, s.roleGive},
		{"POST /admin/officers/{id}/password", loa.Administer, s.officerReset},
		{"POST /admin/officers/{id}/disable", loa.Administer, s.officerDisable},
		{"POST /admin/officers/{id}/enable", loa.Administer, s.officerEnable},
		{"POST /admin/roles/{id}/revoke", loa.Administer, s.roleRevoke},
		{"POST /admin/roles/{id}/restore", loa.Administer, s.roleRestore},
		{"GET /admin/settings", loa.Administer, s.settingsShow},
		{"POST /admin/settings", loa.Administer, s.settingsSave},
		{"GET /admin/backups", loa.Administer, s.backupList},
		{"GET /admin/backups/file", loa.Administer, s.backupFile},
		{"POST /admin/backups", loa.Administer, s.backupMake},
		{"POST /admin/backups/check", loa.Administer, s.backupCheck},
		{"GET /admin/audit", loa.ReadAudit, s.auditList},
		{"GET /admin/audit/export", loa.ReadAudit, s.auditExport},
		{"POST /admin/audit/verify", loa.ReadAudit, s.auditVerify},
	}
}

// tabLine is one tab of the administration.
type tabLine struct {
	Label, URL string
	On         bool
}

// adminTabs are the sides of the administration, as far as the officer may see them.
func adminTabs(r *http.Request, on string) []tabLine {
	var out []tabLine
	for _, tab := range []struct {
		key, url string
		may      loa.Act
	}{{"officers", "/admin", loa.Administer}, {"settings", "/admin/settings", loa.Administer}, {"channels", "/admin/channels", loa.Administer}, {"sending", "/admin/sending", loa.Administer}, {"audit", "/admin/audit", loa.ReadAudit}, {"backups", "/admin/backups", loa.Administer}} {
		if whoOf(r).may(tab.may) {
			out = append(out, tabLine{t(r, "admin."+tab.key), tab.url, tab.key == on})
		}
	}
	return out
}

// grantLine is one role as a line of a list.
type grantLine struct {
	loa.Grant
	Role  string // its word
	Place string
	Over  bool // ended by itself
	Later bool // begins on a later day
	Soon  bool // ends within a month
	Now   bool // in force today
}

func (s *Server) grantLine(r *http.Request, g loa.Grant) grantLine {
	today := s.today()
	return grantLine{Grant: g, Role: t(r, "role."+string(g.Role)), Place: s.placeName(r, g), Over: g.To < today, Later: g.From > today,
		Soon: g.Holds(today) && g.To.Sub(today) <= 30, Now: g.Holds(today)}
}

// placeName says where a role holds.
func (s *Server) placeName(r *http.Request, g loa.Grant) string {
	if g.Area == "" && g.Role == loa.ProvinceViewer {
		return t(r, "admin.whole_province")
	}
	if g.Area == "" {
		return t(r, "admin.whole_office")
	}
	me := whoOf(r)
	if a, ok := me.placeOf[g.Area]; ok {
		return a.Label()
	}
	for _, a := range me.whole {
		if a.ID == g.Area && a.Kind == loa.OfficeNode {
			return t(r, "area.no_commune")
		}
		if a.ID == g.Area {
			return a.Label()
		}
	}
	if a, err := s.DB.Area(r.Context(), me.Whole, g.Area); err == nil {
		return a.Label()
	}
	return t(r, "admin.former_place")
}

// moment writes an instant as people read it: 30/11/2025 14:05.
func moment(at time.Time) string { return at.In(loa.Zone).Format("02/01/2006 15:04") }
