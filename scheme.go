package loa

// Scheme is one insurance.
type Scheme string

// The schemes. Household HI is a part of HI and never added to it.
const (
	CompulsorySI Scheme = "compulsory_si"
	VoluntarySI  Scheme = "voluntary_si"
	HI           Scheme = "hi"
	HouseholdHI  Scheme = "household_hi"
	Unemployment Scheme = "unemployment"
)

// Schemes in the order reports list them.
var Schemes = []Scheme{VoluntarySI, HouseholdHI, CompulsorySI, HI, Unemployment}

// Valid says whether the scheme is one of the list.
func (s Scheme) Valid() bool {
	switch s {
	case CompulsorySI, VoluntarySI, HI, HouseholdHI, Unemployment:
		return true
	}
	return false
}

// Parts are the schemes whose contributions count towards s: household HI counts in HI.
func (s Scheme) Parts() []Scheme {
	if s == HI {
		return []Scheme{HI, HouseholdHI}
	}
	return []Scheme{s}
}

// CountsIn are the schemes a contribution to s counts in.
func (s Scheme) CountsIn() []Scheme {
	if s == HouseholdHI {
		return []Scheme{HouseholdHI, HI}
	}
	return []Scheme{s}
}
