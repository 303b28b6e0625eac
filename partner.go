package loa

import (
	"strings"

	"loa/vn"
)

// Partner is a body that helps to reach people.
type Partner struct {
	ID      PartnerID
	Office  OfficeID
	Area    AreaID
	Kind    string
	Name    string
	Contact string
	Phone   string
	Email   string
	Address string
	Meeting string // when its meetings are, in words
	Note    string
	Retired bool

	ChangeNo int64
}

// PartnerKinds is the closed list of kinds.
var PartnerKinds = []string{"commune_committee", "party_committee", "front", "women_union", "farmers_union", "youth_union", "veterans",
	"employment_centre", "post_office", "school", "health_station", "village", "other"}

// Check refuses a partner without name or kind.
func (p Partner) Check() error {
	if vn.Fold(p.Name) == "" {
		return Refuse(Invalid, "name", "required")
	}
	if !OneOf(p.Kind, PartnerKinds) {
		return Refuse(Invalid, "kind", "not_in_list")
	}
	return checkContact(p.Name, p.Email, p.Contact, p.Address, p.Meeting, p.Note)
}

// checkContact bounds what is typed about a body outside the office.
func checkContact(name, email string, texts ...string) error {
	if len([]rune(name)) > 200 {
		return Refuse(Invalid, "name", "too_long", 200)
	}
	if at := strings.IndexByte(email, '@'); email != "" && (at <= 0 || at == len(email)-1 || len(email) > 200 || strings.ContainsAny(email, " \r\n")) {
		return Refuse(Invalid, "email", "bad_email")
	}
	for _, t := range texts {
		if len([]rune(t)) > 1000 {
			return Refuse(Invalid, "note", "too_long", 1000)
		}
	}
	return nil
}

// Collector is a collection-service organisation, or one of its agents when Parent is set.
type Collector struct {
	ID      CollectorID
	Office  OfficeID
	Parent  CollectorID
	Name    string
	Code    string
	Contact string
	Phone   string
	Officer OfficerID // who in the office works with it
	Note    string
	Retired bool
	Areas   []AreaID // its territory today

	Capacity int // how many leads it can take at once; 0 when not said
	ChangeNo int64
}

// Check refuses a collector without a name.
func (c Collector) Check() error {
	if vn.Fold(c.Name) == "" {
		return Refuse(Invalid, "name", "required")
	}
	if c.Capacity < 0 || c.Capacity > 100000 {
		return Refuse(Invalid, "capacity", "out_of_range")
	}
	if c.Parent == c.ID && c.ID != "" {
		return Refuse(Invalid, "parent", "own_parent")
	}
	return checkContact(c.Name, "", c.Code, c.Contact, c.Note)
}

// CollectorArea is a part of a collector's territory with the days it is theirs.
type CollectorArea struct {
	Collector CollectorID
	Area      AreaID
	From, To  Day
}

// Check refuses a part of a territory without days or running backwards.
func (c CollectorArea) Check() error {
	switch {
	case c.Area == "":
		return Refuse(Invalid, "area", "required")
	case !c.From.Valid() || c.To != OpenEnd && !c.To.Valid():
		return Refuse(Invalid, "from", "bad_day")
	case c.To < c.From:
		return Refuse(Invalid, "to", "backwards")
	}
	return nil
}

// Employer is a unit that pays compulsory SI for its workers.
type Employer struct {
	ID          EmployerID
	Office      OfficeID
	Area        AreaID
	Code        string
	Name        string
	Employees   int
	EmployeesOn Day // the day of the official list the number is from
	Contact     string
	Phone       string
	Email       string
	Note        string
	Retired     bool

	ChangeNo int64
}

// Check refuses an employer without a name.
func (e Employer) Check() error {
	if vn.Fold(e.Name) == "" {
		return Refuse(Invalid, "name", "required")
	}
	if e.Employees < 0 || e.Employees > 10000000 {
		return Refuse(Invalid, "employees", "out_of_range")
	}
	if e.EmployeesOn != "" && !e.EmployeesOn.Valid() {
		return Refuse(Invalid, "employees_on", "bad_day")
	}
	if e.Employees > 0 && e.EmployeesOn == "" {
		return Refuse(Invalid, "employees_on", "required")
	}
	return checkContact(e.Name, e.Email, e.Code, e.Contact, e.Note)
}
