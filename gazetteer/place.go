package gazetteer

// Kind is what a province or a commune is in law.
type Kind string

// The kinds of place: two for a province, three for a commune.
const (
	KindProvince Kind = "province" // tỉnh
	KindCity     Kind = "city"     // thành phố trực thuộc trung ương
	KindCommune  Kind = "commune"  // xã
	KindWard     Kind = "ward"     // phường
	KindSpecial  Kind = "special"  // đặc khu
)

// Since is the day from which the codes mean what this package says. Some were
// in use before with another meaning, so a code without a day names nothing.
const Since = "2025-07-01"

// titles are the words in front of a name.
var titles = map[Kind]string{
	KindProvince: "Tỉnh", KindCity: "Thành phố", KindCommune: "Xã", KindWard: "Phường", KindSpecial: "Đặc khu",
}

// Place is a province, or a commune and the province it lies in.
type Place struct {
	Code         string
	Name         string // without the kind: Tủa Chùa
	Kind         Kind   // as of the last change known
	ProvinceCode string // empty for a province
	ProvinceName string // empty for a province
}

// IsProvince says whether the place is one of the 34 units of the first level.
func (p Place) IsProvince() bool { return p.ProvinceCode == "" }

// FullName is the name with its kind: Xã Tủa Thàng.
func (p Place) FullName() string { return titles[p.Kind] + " " + p.Name }

// KindOn is the kind the place had on a day, written 2006-01-02.
func (p Place) KindOn(day string) Kind {
	kind := p.Kind
	for _, c := range Changes() { // oldest first
		if c.Code == p.Code && c.province == p.IsProvince() {
			if day < c.From {
				return c.Before
			}
			kind = c.After
		}
	}
	return kind
}

// FullNameOn is the name with the kind the place had on a day.
func (p Place) FullNameOn(day string) string { return titles[p.KindOn(day)] + " " + p.Name }

// Old is a commune-level unit from before 1 July 2025, under its district.
// Code is empty for a unit that had been merged into another before that day.
type Old struct {
	Code     string
	Name     string // with its kind: Thị trấn Tủa Chùa
	District string
	Province string
}
