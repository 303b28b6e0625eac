package loa

import (
	"strings"
	"time"

	"loa/vn"
)

// Role is what an officer may do, before the question where.
type Role string

// The roles.
const (
	Administrator  Role = "administrator"
	Director       Role = "director"
	OfficerRole    Role = "officer"
	CollectorRole  Role = "collector"
	ProvinceViewer Role = "province_viewer"
)

// Roles in the order they are offered.
var Roles = []Role{Director, OfficerRole, Administrator, CollectorRole, ProvinceViewer}

// Officer is a person who signs in.
type Officer struct {
	ID         OfficerID
	Office     OfficeID
	LoginName  string
	Name       string
	Position   string
	Phone      string
	Email      string
	Zalo       string // their own ID with the office's Zalo account, for tests to themselves
	Language   string // of the pages: vi or en
	Languages  []string
	Collector  CollectorID // set for an agent of a collection organisation
	MustChange bool
	OneTime    time.Time // until when a one-time password lets in; zero when the password is the officer's own
	DisabledAt time.Time
	CreatedAt  time.Time
}

// Initials are the two letters of the officer's chip.
func (o Officer) Initials() string { return vn.Initials(o.Name) }

// Check refuses an officer who could not sign in.
func (o Officer) Check() error {
	switch {
	case vn.Fold(o.Name) == "":
		return Refuse(Invalid, "name", "required")
	case len(o.LoginName) < 3 || len(o.LoginName) > 64:
		return Refuse(Invalid, "login_name", "length", 3, 64)
	}
	for _, c := range o.LoginName {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == '@') {
			return Refuse(Invalid, "login_name", "login_letters")
		}
	}
	if o.Email != "" && !strings.Contains(strings.Trim(o.Email, "@ "), "@") {
		return Refuse(Invalid, "email", "bad_email")
	}
	if len(o.Zalo) > 30 || strings.Trim(o.Zalo, "0123456789") != "" {
		return Refuse(Invalid, "zalo", "bad_zalo")
	}
	if o.Language != "vi" && o.Language != "en" {
		return Refuse(Invalid, "language", "not_in_list")
	}
	return nil
}

// Grant is one role in one place for a time.
type Grant struct {
	ID       string
	Officer  OfficerID
	Role     Role
	Office   OfficeID
	Area     AreaID // empty: the whole office (for a province viewer: the whole province)
	From, To Day
	GivenBy  OfficerID
	GivenAt  time.Time
	Revoked  bool
}

// Holds says whether the grant is in force on a day.
func (g Grant) Holds(on Day) bool { return !g.Revoked && g.From <= on && on <= g.To }

// Check refuses a role that does not end, runs backwards, or asks for a part of what only exists whole.
func (g Grant) Check() error {
	known := false
	for _, r := range Roles {
		known = known || r == g.Role
	}
	switch {
	case !known:
		return Refuse(Invalid, "role", "not_in_list")
	case !g.From.Valid():
		return Refuse(Invalid, "from", "bad_day")
	case !g.To.Valid():
		return Refuse(Invalid, "to", "bad_day")
	case g.To < g.From:
		return Refuse(Invalid, "to", "bad_period")
	case g.To.Sub(g.From) > LongestGrant:
		return Refuse(Invalid, "to", "role_too_long", LongestGrant/365)
	case g.Area != "" && (g.Role == Administrator || g.Role == ProvinceViewer):
		return Refuse(Invalid, "area", "role_whole_office")
	}
	return nil
}

// LongestGrant is how many days a role may be given for at once: what nobody looks at again must end by itself.
const LongestGrant = 3 * 365

// Act is something an officer may be allowed to do.
type Act string

// The acts routes ask for.
const (
	ReadPeople    Act = "read_people"   // lists and pages of people
	EditPeople    Act = "edit_people"   // change people and households, merge, move
	RevealID      Act = "reveal_id"     // show a full ID number, with a reason
	ExportPeople  Act = "export_people" // take lists of people out
	ImportFiles   Act = "import_files"
	ReadOutreach  Act = "read_outreach" // sessions, segments, matrix, questions, partners
	EditOutreach  Act = "edit_outreach" // plan and hold sessions, segments
	EditMatrix    Act = "edit_matrix"
	SignMatrix    Act = "sign_matrix"
	ReadEnrolment Act = "read_enrolment"
	EditEnrolment Act = "edit_enrolment"
	ReadFigures   Act = "read_figures" // targets, coverage, reports: counts, never people
	EditTargets   Act = "edit_targets"
	CloseMonth    Act = "close_month" // freeze and sign
	EditAreas     Act = "edit_areas"
	EditPartners  Act = "edit_partners"
	Administer    Act = "administer" // officers, roles, backups
	ReadAudit     Act = "read_audit"
	ApprovePolicy Act = "approve_policy" // decide on a figure of the law that somebody else proposed
	SignedIn      Act = "signed_in"      // any officer: own account, language, tour
)

var allowed = map[Role][]Act{
	Director: {ReadPeople, EditPeople, RevealID, ExportPeople, ImportFiles, ReadOutreach, EditOutreach, EditMatrix, SignMatrix, ReadEnrolment,
		EditEnrolment, ReadFigures, EditTargets, CloseMonth, EditAreas, EditPartners, ReadAudit, ApprovePolicy},
	OfficerRole: {ReadPeople, EditPeople, RevealID, ExportPeople, ImportFiles, ReadOutreach, EditOutreach, EditMatrix, ReadEnrolment, EditEnrolment,
		ReadFigures, EditAreas, EditPartners},
	Administrator:  {ReadFigures, ReadOutreach, EditAreas, Administer, ReadAudit, ApprovePolicy},
	CollectorRole:  {ReadEnrolment, EditEnrolment},
	ProvinceViewer: {ReadFigures, ReadOutreach},
}

// May says whether a role includes an act.
func (r Role) May(a Act) bool {
	if a == SignedIn {
		return true
	}
	for _, x := range allowed[r] {
		if x == a {
			return true
		}
	}
	return false
}
