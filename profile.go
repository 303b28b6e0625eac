package loa

// Profile is what segments see of one person: attributes from the record and days derived from facts.
type Profile struct {
	Person                 PersonID
	Area                   AreaID
	Household              HouseholdID
	SortKey                string
	BornYear               int
	BornOn                 Day
	Sex                    Sex
	Ethnic                 string
	Language               string
	Literacy               string
	Poverty                string
	PovertyFrom, PovertyTo Day
	Occupation             string
	Relation               string
	HasPhone               bool
	PhoneShared            bool
	Head                   bool
	Spells                 []Spell   // the newest per scheme is enough for status on or after its start; older ones are kept for earlier days
	Reached                []Day     // days on which this person was reached by name, newest first (at most the last 8)
	Consents               []Consent // those that hold
	OpenLeads              []Scheme
	Gone                   bool // merged away or not visible any more: to be dropped from an index
	ChangeNo               int64
}
