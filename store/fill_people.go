package store

import (
	"errors"

	"loa"
	"loa/vn"
)

func (f *filler) people(b *loa.Bulk) error {
	err := insertAll(f, "household_row", `id, office_id, area_id, code, head_id, address, walk_order, phone, note, ended, change_no`, "", b.Households,
		func(to []any, h *loa.Household) []any {
			return append(to, string(h.ID), string(h.Office), string(h.Area), h.Code, string(h.Head), h.Address, h.WalkOrder, h.Phone, h.Note, h.Ended, f.change(h.Office))
		})
	if err != nil {
		return err
	}
	err = insertAll(f, "person_row", `id, office_id, area_id, household_id, name, folded, sort_key, sound_key, born_year, born_on, sex, ethnic, language, literacy,
		poverty, poverty_from, poverty_to, occupation, relation, phone, phone_owner, phone_shared, phone_bad,
		national_id, national_id_index, national_id_tail, si_number, si_number_index, si_number_tail, note, merged_into, created_at, created_by, change_no`, "", b.People,
		func(to []any, p *loa.Person) []any {
			return append(to, string(p.ID), string(p.Office), string(p.Area), string(p.Household), p.Name, vn.Fold(p.Name), vn.SortKey(p.Name), vn.SoundKey(p.Name),
				p.BornYear, string(p.BornOn), string(p.Sex), p.Ethnic, p.Language, p.Literacy,
				p.Poverty, string(p.PovertyFrom), string(p.PovertyTo), p.Occupation, p.Relation, p.Phone, p.PhoneOwner, p.PhoneShared, p.PhoneBad,
				p.NationalID.Cipher, p.NationalID.Index, p.NationalID.Tail, p.SINumber.Cipher, p.SINumber.Index, p.SINumber.Tail,
				p.Note, string(p.MergedInto), millis(p.CreatedAt), string(p.CreatedBy), f.change(p.Office))
		})
	if err != nil {
		return err
	}
	return f.indexed("person_row")
}

// fact appends the columns every fact shares, as factColumns lists them.
func (f *filler) fact(to []any, x *loa.Fact) []any {
	return append(to, string(x.ID), string(x.Office), string(x.Area), string(x.HappenedOn), millis(x.RecordedAt), string(x.RecordedBy),
		x.Device, x.DeviceSeq, string(x.Corrects), x.Void, x.Why, f.change(x.Office))
}

func (f *filler) moneyFacts(b *loa.Bulk) error {
	err := insertAll(f, "contribution_fact", contributionColumns, "", b.Contributions, func(to []any, c *loa.Contribution) []any {
		return append(f.fact(to, &c.Fact), string(c.Person), string(c.Scheme), string(c.Payer), string(c.Method), string(c.From), string(c.Until), c.Months,
			c.Income, c.Amount, c.StateAmount, string(c.Collector), string(c.Employer), string(c.Lead), c.Receipt, c.Source)
	})
	if err = errors.Join(err, f.indexed("contribution_fact")); err != nil {
		return err
	}
	err = insertAll(f, "leaving_fact", leavingColumns, "", b.Leavings, func(to []any, l *loa.Leaving) []any {
		return append(f.fact(to, &l.Fact), string(l.Person), string(l.Scheme), l.Reason)
	})
	if err != nil {
		return err
	}
	return insertAll(f, "consent_fact", factColumns+`, happened_at, person_id, purpose, channel, agreed, proof, attachment_id, ads_from, ads_to, ads_most`, "", b.Consents,
		func(to []any, c *loa.Consent) []any {
			return append(f.fact(to, &c.Fact), millis(c.HappenedAt), string(c.Person), c.Purpose, c.Channel, c.Agreed, c.Proof, string(c.Attachment), c.Ads.Hours.Start, c.Ads.Hours.End, c.Ads.Most)
		})
}
