package loa

// Household is people who live together and may enrol together.
type Household struct {
	ID         HouseholdID
	Office     OfficeID
	Area       AreaID
	Code       string
	Head       PersonID
	Address    string
	WalkOrder  int
	Phone      string
	Note       string
	Ended      string      // merged or empty, when nobody lives in it any more
	MergedInto HouseholdID // where its people went when it was merged
	ChangeNo   int64
}

// Check refuses a household that hangs nowhere.
func (h Household) Check() error {
	switch {
	case h.Area == "":
		return Refuse(Invalid, "area", "required")
	case len(h.Code) > 60:
		return Refuse(Invalid, "code", "too_long", 60)
	case len(h.Address) > 300:
		return Refuse(Invalid, "address", "too_long", 300)
	case len(h.Note) > 4000:
		return Refuse(Invalid, "note", "too_long", 4000)
	case h.WalkOrder < 0 || h.WalkOrder > 100000:
		return Refuse(Invalid, "walk_order", "out_of_range")
	}
	return nil
}
