package gazetteer

// Change is one place that became another kind of place on a day; its code, its
// name and its extent stayed.
type Change struct {
	Code          string
	Name          string
	From          string // first day
	Before, After Kind
	Act           string
	province      bool
}

// dated lists the acts since 1 July 2025, oldest first. A new act is a new row
// at the end; no row is ever edited. These agree in two lists kept by others
// after the statistics office's comparison table, as of 25 September 2026.
var dated = []struct {
	from, act     string
	before, after Kind
	codes         []string
}{
	{"2026-04-30", "30/2026/QH16", KindProvince, KindCity, []string{"75"}}, // Đồng Nai
	{"2026-04-30", "237/NQ-UBTVQH16", KindCommune, KindWard, []string{ // ten communes of Đồng Nai
		"25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485",
	}},
	{"2026-09-01", "36/2026/QH16", KindProvince, KindCity, []string{"22"}}, // Quảng Ninh
	{"2026-09-20", "39/2026/QH16", KindProvince, KindCity, []string{"24"}}, // Bắc Ninh
	{"2026-09-20", "388/NQ-UBTVQH16", KindCommune, KindWard, []string{ // twelve communes of Bắc Ninh
		"07294", "07375", "07399", "07444", "07840", "09193", "09292", "09313", "09319", "09454", "09475", "09496",
	}},
}

// Changes lists what has changed since 1 July 2025, oldest first, so that an
// office can see which act a name comes from.
func Changes() []Change { return table().changes }

// applyChanges brings the places to their last kind and returns what changed.
func applyChanges(provinces, communes map[string]*Place) []Change {
	var list []Change
	for _, d := range dated {
		for _, code := range d.codes {
			isProvince := len(code) == 2
			p := communes[code]
			if isProvince {
				p = provinces[code]
			}
			list = append(list, Change{code, p.Name, d.from, d.before, d.after, d.act, isProvince})
			p.Kind = d.after
		}
	}
	return list
}
