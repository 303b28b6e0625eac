package loa

// Household is people who live together and may enrol together.
type Household struct {
	ID        HouseholdID
	Office    OfficeID
	Area      AreaID
	Code      string
	Head      PersonID
	Address   string
	WalkOrder int
	Phone     string
	Note      string
	Ended     string // merged or empty, when nobody lives in it any more
	ChangeNo  int64
}

// Check refuses a household that hangs nowhere.
func (h Household) Check() error {
	if h.Area == "" {
		return Refuse(Invalid, "area", "required")
	}
	return nil
}
