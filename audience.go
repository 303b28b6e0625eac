package loa

// Rule is an audience as one rule over the rules of its segments, so that whoever counts it, freezes it or asks why somebody is in it
// asks the same. A segment that is gone is refused: an audience must not grow by losing a part.
func (a Audience) Rule(rules map[SegmentID]Rule) (Rule, error) {
	var all []Rule
	pick := func(ids []SegmentID) (out []Rule, err error) {
		for _, id := range ids {
			r, ok := rules[id]
			if !ok {
				return nil, Refuse(Invalid, "audience", "segment_gone")
			}
			out = append(out, r)
		}
		return out, nil
	}
	in, err := pick(a.Segments)
	if err != nil {
		return Rule{}, err
	}
	switch len(in) {
	case 0:
	case 1:
		all = append(all, in[0])
	default:
		all = append(all, Rule{Any: in})
	}
	if len(a.Areas) > 0 {
		r := Rule{Field: "area"}
		for _, id := range a.Areas {
			r.Values = append(r.Values, string(id))
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return Rule{}, Refuse(Invalid, "audience", "required")
	}
	out, err := pick(a.Without)
	if err != nil {
		return Rule{}, err
	}
	for i := range out {
		all = append(all, Rule{Not: &out[i]})
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return Rule{All: all}, nil
}
