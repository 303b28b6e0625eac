package loa

import "loa/vn"

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
}

// Check refuses a collector without a name.
func (c Collector) Check() error {
	if vn.Fold(c.Name) == "" {
		return Refuse(Invalid, "name", "required")
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
}

// Check refuses an employer without a name.
func (e Employer) Check() error {
	if vn.Fold(e.Name) == "" {
		return Refuse(Invalid, "name", "required")
	}
	if e.Employees < 0 {
		return Refuse(Invalid, "employees", "out_of_range")
	}
	return nil
}
