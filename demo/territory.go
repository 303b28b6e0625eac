package demo

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"loa"
)

//go:embed data/villages.csv
var villageTable string

// village is a village being made.
type village struct {
	id        loa.AreaID
	name      string
	unit      int
	main      string // the ethnic group most of it belongs to
	residents int
	people    []int
	homes     []int
	dry       int // minutes from the office
}

// unit is a commune of today with the former ones it was made of.
type unit struct {
	code, name string
	lat, lon   int64
	villages   int
	near, far  int // minutes from the office to its villages in the dry season
	former     []formerUnit
	groups     []groupShare
}

type formerUnit struct{ code, prefix, name string }

// groupShare is how much of a commune an ethnic group is, in permille: a guess from what is published for the district.
type groupShare struct {
	group    string
	permille int
}

const (
	codesFrom = loa.Day("2004-07-08")
	reformed  = loa.Day("2025-07-01")
	before    = loa.Day("2025-06-30")
	codeBook  = "Quyết định 124/2004/QĐ-TTg; Nghị quyết 1661/NQ-UBTVQH15"
	invented  = "Dữ liệu mô phỏng của Loa"
)

var units = [lines]unit{
	tuaChua: {"03217", "Tủa Chùa", 2182365, 10336016, 34, 5, 50, []formerUnit{{"03217", "Thị trấn", "Tủa Chùa"}, {"03250", "Xã", "Mường Báng"}, {"03263", "Xã", "Nà Tòng"}},
		[]groupShare{{"mong", 450}, {"thai", 340}, {"kinh", 160}, {"kho_mu", 30}, {"hoa", 10}, {"other", 10}}},
	sinhPhinh: {"03241", "Sính Phình", 2193912, 10333933, 26, 30, 90, []formerUnit{{"03241", "Xã", "Sính Phình"}, {"03238", "Xã", "Trung Thu"}, {"03232", "Xã", "Tả Phìn"}},
		[]groupShare{{"mong", 880}, {"thai", 30}, {"hoa", 40}, {"dao", 25}, {"kinh", 20}, {"other", 5}}},
	sangNhe: {"03244", "Sáng Nhè", 2184564, 10346207, 26, 30, 100, []formerUnit{{"03244", "Xã", "Xá Nhè"}, {"03247", "Xã", "Mường Đun"}, {"03259", "Xã", "Phình Sáng"}},
		[]groupShare{{"mong", 800}, {"thai", 155}, {"kho_mu", 20}, {"kinh", 20}, {"other", 5}}},
	tuaThang: {"03220", "Tủa Thàng", 2200001, 10343411, 18, 50, 130, []formerUnit{{"03220", "Xã", "Huổi Só"}, {"03235", "Xã", "Tủa Thàng"}},
		[]groupShare{{"mong", 600}, {"thai", 220}, {"dao", 130}, {"kho_mu", 20}, {"kinh", 20}, {"phu_la", 10}}},
	sinChai: {"03226", "Sín Chải", 2205678, 10333081, 24, 60, 150, []formerUnit{{"03226", "Xã", "Tả Sìn Thàng"}, {"03229", "Xã", "Lao Xả Phình"}, {"03223", "Xã", "Sín Chải"}},
		[]groupShare{{"mong", 970}, {"hoa", 18}, {"kinh", 12}}},
	noCommune: {"", "Chưa rõ xã", 0, 0, 3, 30, 110, nil, []groupShare{{"mong", 900}, {"thai", 90}, {"kinh", 10}}},
}

func (m *maker) makeTerritory() error {
	o := m.office.ID
	m.b.Areas = append(m.b.Areas, loa.Area{ID: m.province, Kind: loa.Province, Name: "Điện Biên", Prefix: "Tỉnh"})
	m.b.Codes = append(m.b.Codes, loa.AreaCode{Area: m.province, Code: "11", From: codesFrom, To: loa.OpenEnd, Source: codeBook})
	former := map[string]loa.AreaID{}
	owner := map[string]int{}
	for i, u := range units {
		id := m.unitArea[i]
		if i == noCommune {
			m.b.Areas = append(m.b.Areas, loa.Area{ID: id, Kind: loa.OfficeNode, Name: u.name, Office: o})
			m.hang(id, m.province, codesFrom, loa.OpenEnd)
			m.own(id, codesFrom, loa.OpenEnd)
			continue
		}
		m.b.Areas = append(m.b.Areas, loa.Area{ID: id, Kind: loa.Commune, Name: u.name, Prefix: "Xã", Office: o, LatE5: u.lat, LonE5: u.lon, TravelDryMin: u.near, TravelWetMin: u.near * 3 / 2})
		m.b.Codes = append(m.b.Codes, loa.AreaCode{Area: id, Code: u.code, From: reformed, To: loa.OpenEnd, Source: codeBook})
		m.hang(id, m.province, reformed, loa.OpenEnd)
		m.own(id, reformed, loa.OpenEnd)
		for _, f := range u.former {
			old := loa.AreaID(m.ids.id())
			former[f.code], owner[f.code] = old, i
			m.b.Areas = append(m.b.Areas, loa.Area{ID: old, Kind: loa.Commune, Name: f.name, Prefix: f.prefix, Office: o})
			m.b.Codes = append(m.b.Codes, loa.AreaCode{Area: old, Code: f.code, From: codesFrom, To: before, Source: codeBook})
			m.hang(old, m.province, codesFrom, before)
			if f.code != "03263" && f.code != "03259" { // Nà Tòng and Phình Sáng belonged to the neighbouring district's office
				m.own(old, codesFrom, before)
			}
			switch f.name {
			case "Xá Nhè":
				m.alias(old, "Sáng Nhè")
			case "Sín Chải":
				m.alias(old, "Xín Chải")
			}
		}
	}
	m.alias(m.unitArea[sangNhe], "Xá Nhè")
	m.alias(m.unitArea[sinChai], "Xín Chải")
	return m.makeVillages(former, owner)
}

func (m *maker) hang(id, parent loa.AreaID, from, to loa.Day) {
	m.b.Parents = append(m.b.Parents, loa.AreaParent{Area: id, Parent: parent, From: from, To: to, Source: codeBook})
}

func (m *maker) own(id loa.AreaID, from, to loa.Day) {
	m.b.OfficeAreas = append(m.b.OfficeAreas, loa.OfficeArea{Office: m.office.ID, Area: id, From: from, To: to})
}

func (m *maker) alias(id loa.AreaID, name string) {
	m.b.Aliases = append(m.b.Aliases, loa.AreaAlias{Area: id, Name: name})
}

// draft is a village before it has an ID.
type draft struct {
	name, prefix, former, source string
	made                         bool // invented
}

// makeVillages takes the villages known by name and fills each commune up with invented ones, in the former units that have fewest.
func (m *maker) makeVillages(former map[string]loa.AreaID, owner map[string]int) error {
	rows, err := csv.NewReader(strings.NewReader(villageTable)).ReadAll()
	if err != nil {
		return fmt.Errorf("read the demo's villages: %w", err)
	}
	var drafts [lines][]draft
	for _, r := range rows[1:] {
		line := noCommune
		if r[2] != "" {
			line = owner[r[2]]
		}
		drafts[line] = append(drafts[line], draft{name: r[0], prefix: r[1], former: r[2], source: r[3]})
	}
	number := 0
	for i, u := range units {
		for len(drafts[i]) < u.villages {
			number++
			drafts[i] = append(drafts[i], draft{name: fmt.Sprintf("Mẫu %d", number), prefix: "Thôn", former: emptiest(u.former, drafts[i]), source: invented, made: true})
		}
	}
	for i, u := range units {
		mains := m.mainGroups(i, drafts[i])
		weights := make([]int, len(drafts[i]))
		for k := range weights {
			weights[k] = m.dice.between(60, 140)
		}
		sizes := share(residents[i], weights)
		for k, d := range drafts[i] {
			m.addVillage(i, u, d, former, mains[k], sizes[k])
		}
	}
	return nil
}

func emptiest(former []formerUnit, have []draft) string {
	best, fewest := "", 1<<30
	for _, f := range former {
		n := 0
		for _, d := range have {
			if d.former == f.code {
				n++
			}
		}
		if n < fewest {
			best, fewest = f.code, n
		}
	}
	return best
}

// mainGroups gives every village of a commune the group most of it belongs to, so that the shares of the commune come out.
func (m *maker) mainGroups(line int, drafts []draft) []string {
	order := make([]int, len(drafts))
	for i := range order {
		order[i] = i
	}
	shuffle(m.dice, order)
	out := make([]string, len(drafts))
	for rank, i := range order {
		at, want := (2*rank+1)*500/len(drafts), 0
		for _, g := range units[line].groups {
			if want += g.permille; at < want || out[i] == "" {
				out[i] = g.group
				if at < want {
					break
				}
			}
		}
	}
	return out
}

func (m *maker) addVillage(line int, u unit, d draft, former map[string]loa.AreaID, main string, size int) {
	id := loa.AreaID(m.ids.id())
	dry := m.dice.between(u.near, u.far)
	a := loa.Area{ID: id, Kind: loa.Village, Name: d.name, Prefix: d.prefix, Office: m.office.ID, Synthetic: d.made, TravelDryMin: dry, TravelWetMin: dry * m.dice.between(13, 20) / 10,
		Signal: []string{"good", "weak", "none"}[m.dice.weigh(max(10, 160-dry), 60, dry/3)], Loudspeaker: loa.Loudspeakers[m.dice.weigh(30, 25, 35, 10)],
		WalkOrder: len(m.villages) + 1}
	if u.lat != 0 {
		a.LatE5, a.LonE5 = u.lat+int64(m.dice.between(-6000, 6000)), u.lon+int64(m.dice.between(-6000, 6000))
	}
	if !d.made {
		a.Note = "Nguồn tên: " + d.source
	}
	m.b.Areas = append(m.b.Areas, a)
	if line == noCommune {
		m.hang(id, m.unitArea[noCommune], codesFrom, loa.OpenEnd)
	} else {
		m.hang(id, former[d.former], codesFrom, before)
		m.hang(id, m.unitArea[line], reformed, loa.OpenEnd)
	}
	m.villages = append(m.villages, village{id: id, name: a.Label(), unit: line, main: main, residents: size, dry: dry})
}
