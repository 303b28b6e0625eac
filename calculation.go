package loa

// Calculation is what was worked out for somebody and shown to them: a touch. It keeps the question, not the answer: together with
// the moment it was recorded the same answer comes out again.
type Calculation struct {
	Fact
	Household HouseholdID
	Person    PersonID
	Session   SessionID
	Scheme    Scheme // voluntary_si or household_hi
	Asked     string // the question, as the calculator's address asks it
	Pay       int64  // đồng: a month for voluntary SI, the longest card for household HI
	Monthly   int64  // pension a month, in money of the day; 0: none
	From      Month  // of the pension
}

// Check refuses a calculation for nobody or of nothing.
func (c Calculation) Check() error {
	if err := c.Fact.Check(); err != nil {
		return err
	}
	switch {
	case c.Void:
		return nil
	case c.Person == "":
		return Refuse(Invalid, "person", "required")
	case c.Scheme != VoluntarySI && c.Scheme != HouseholdHI:
		return Refuse(Invalid, "scheme", "not_in_list")
	case len(c.Asked) > 1000:
		return Refuse(Invalid, "asked", "too_long", 1000)
	case c.Pay < 0 || c.Pay > 1e12 || c.Monthly < 0 || c.Monthly > 1e12:
		return Refuse(Invalid, "pay", "out_of_range")
	}
	return nil
}
