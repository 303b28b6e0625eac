package loa

// Absorb is p with what only the other record of the same human knows: nothing that p says is overwritten. Sealed numbers are left
// out, because a seal is made for one record.
func (p Person) Absorb(o Person) Person {
	for _, f := range []struct{ mine, theirs *string }{{&p.Ethnic, &o.Ethnic}, {&p.Language, &o.Language}, {&p.Literacy, &o.Literacy}, {&p.Occupation, &o.Occupation}, {&p.Note, &o.Note}} {
		if *f.mine == "" {
			*f.mine = *f.theirs
		}
	}
	if p.Sex == "" {
		p.Sex = o.Sex
	}
	if p.BornYear == 0 || p.BornOn == "" && p.BornYear == o.BornYear {
		p.BornYear, p.BornOn = o.BornYear, o.BornOn
	}
	if p.Poverty == "" {
		p.Poverty, p.PovertyFrom, p.PovertyTo = o.Poverty, o.PovertyFrom, o.PovertyTo
	}
	if p.Phone == "" {
		p.Phone, p.PhoneOwner, p.PhoneShared, p.PhoneBad = o.Phone, o.PhoneOwner, o.PhoneShared, o.PhoneBad
	}
	switch {
	case p.Household == "" && o.Household != "":
		p.Household, p.Area, p.Relation = o.Household, o.Area, o.Relation
	case p.Household == o.Household && (o.Relation == "head" || p.Relation == ""):
		p.Relation = o.Relation
	}
	return p
}
