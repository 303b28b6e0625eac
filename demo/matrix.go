package demo

import (
	"fmt"

	"loa"
)

func (m *maker) makeSegments() error {
	for _, s := range loa.ReadySegments() {
		s.ID, s.Office, s.ChangedAt, s.ChangedBy = loa.SegmentID(m.ids.id()), m.office.ID, m.office.CreatedAt, m.officers.director
		m.segments[s.Code] = s.ID
		m.b.Segments = append(m.b.Segments, s)
	}
	return nil
}

// The cadences of the table, short.
var (
	weekly      = loa.Cadence{Times: 1, Every: 1, Unit: loa.PerWeek}
	twiceWeek   = loa.Cadence{Times: 2, Every: 1, Unit: loa.PerWeek}
	monthly     = loa.Cadence{Times: 1, Every: 1, Unit: loa.PerMonth}
	twiceMonth  = loa.Cadence{Times: 2, Every: 1, Unit: loa.PerMonth}
	every2Month = loa.Cadence{Times: 1, Every: 2, Unit: loa.PerMonth}
	quarterly   = loa.Cadence{Times: 1, Every: 1, Unit: loa.PerQuarter}
	yearly      = loa.Cadence{Times: 1, Every: 1, Unit: loa.PerYear}
	twiceYear   = loa.Cadence{Times: 2, Every: 1, Unit: loa.PerYear}
	eachMarket  = loa.Cadence{Times: 1, Every: 1, Unit: loa.EachMarket}
	eachFeast   = loa.Cadence{Times: 1, Every: 1, Unit: loa.EachFestival}
)

// rhythm is a cell of the table: the form, its cadence and who is the focal officer.
type rhythm struct {
	form loa.Form
	c    loa.Cadence
	who  string
}

const (
	newTable = loa.Day("2025-10-01")
	oldTable = loa.Day("2025-01-01")
)

// table is the decision table in force, segment by segment.
var table = []struct {
	segment, theme string
	cells          []rhythm
}{
	{"farmers", "Lương hưu khi về già, Nhà nước hỗ trợ mức đóng", []rhythm{{loa.Festival, eachFeast, "GS"}, {loa.Conference, quarterly, "GS"}, {loa.Launch, twiceYear, "LH"}, {loa.SmallGroup, monthly, "LA"},
		{loa.MarketDesk, eachMarket, "QH"}, {loa.UnionMeeting, quarterly, "VM"}, {loa.Loudspeaker, twiceWeek, "TL"}, {loa.LeafletForm, quarterly, "GS"}, {loa.PageForm, weekly, "TL"}}},
	{"small_traders", "Đóng theo năm, nghỉ chợ vẫn có lương hưu", []rhythm{{loa.SmallGroup, every2Month, "NH"}, {loa.MarketDesk, eachMarket, "MT"}, {loa.LeafletForm, eachMarket, "QH"}, {loa.Zalo, twiceMonth, "TL"},
		{loa.PersonalPage, weekly, "NH"}, {loa.SMS, quarterly, "TL"}}},
	{"freelancers", "Mức đóng thấp nhất và phần Nhà nước hỗ trợ", []rhythm{{loa.Conference, quarterly, "GS"}, {loa.SmallGroup, monthly, "NH"}, {loa.MarketDesk, eachMarket, "QH"}, {loa.VisitForm, quarterly, "GS"},
		{loa.Zalo, twiceMonth, "TL"}, {loa.PageForm, weekly, "TL"}, {loa.SMS, quarterly, "TL"}}},
	{"employees", "Quyền lợi khi đang đóng, giữ sổ khi nghỉ việc", []rhythm{{loa.Conference, twiceYear, "NH"}, {loa.Launch, yearly, "LH"}, {loa.Zalo, monthly, "TL"}, {loa.PageForm, twiceMonth, "TL"}, {loa.Email, quarterly, "TL"}}},
	{"households_no_hi", "Thẻ BHYT theo hộ: người thứ hai trở đi đóng ít hơn", []rhythm{{loa.SmallGroup, monthly, "LA"}, {loa.VisitForm, monthly, "MT"}, {loa.Loudspeaker, weekly, "TL"}, {loa.LeafletForm, monthly, "MT"}, {loa.SMS, quarterly, "TL"}}},
	{"former_voluntary", "Nối lại BHXH, thời gian đã đóng không mất", []rhythm{{loa.SmallGroup, quarterly, "GS"}, {loa.VisitForm, every2Month, "QH"}, {loa.Zalo, monthly, "TL"}, {loa.SMS, monthly, "TL"}}},
	{"near_poor", "Mức hỗ trợ của hộ cận nghèo", []rhythm{{loa.Festival, eachFeast, "MT"}, {loa.SmallGroup, monthly, "LA"}, {loa.UnionMeeting, quarterly, "VM"}, {loa.Loudspeaker, weekly, "TL"}, {loa.LeafletForm, quarterly, "MT"}}},
	{"newly_unemployed", "Nối lại BHXH sau khi nghỉ việc", []rhythm{{loa.VisitForm, every2Month, "NH"}, {loa.JointSession, monthly, "NH"}, {loa.SMS, monthly, "TL"}}},
	{"women", "Thai sản, lương hưu cho phụ nữ", []rhythm{{loa.Festival, eachFeast, "VM"}, {loa.SmallGroup, quarterly, "VM"}, {loa.UnionMeeting, quarterly, "VM"}, {loa.Zalo, monthly, "TL"}, {loa.PersonalPage, weekly, "VM"}}},
	{"business_owners", "Chủ hộ kinh doanh tham gia thế nào", []rhythm{{loa.Conference, twiceYear, "NH"}, {loa.VisitForm, quarterly, "NH"}, {loa.Zalo, monthly, "TL"}, {loa.Email, quarterly, "TL"}}},
}

// lateCell is a cell left late on purpose in one commune: done last on a day, and due again before AsOf.
type lateCell struct {
	segment string
	form    loa.Form
	line    int
	last    loa.Day
}

var lateCells = []lateCell{
	{"women", loa.UnionMeeting, tuaThang, "2025-08-05"},
	{"newly_unemployed", loa.JointSession, tuaChua, "2025-10-10"},
	{"households_no_hi", loa.VisitForm, sinChai, "2025-10-14"},
	{"freelancers", loa.Conference, sinhPhinh, "2025-08-15"},
	{"former_voluntary", loa.VisitForm, sangNhe, "2025-09-18"},
	{"near_poor", loa.SmallGroup, tuaThang, "2025-10-21"},
	{"small_traders", loa.MarketDesk, sinChai, "2025-11-15"},
}

func isLateCell(segment string, form loa.Form) bool {
	for _, c := range lateCells {
		if c.segment == segment && c.form == form {
			return true
		}
	}
	return false
}

// makeMatrices makes the table in force and the one it replaced, which had fewer forms.
func (m *maker) makeMatrices() error {
	initials := map[string]loa.OfficerID{"LH": m.officers.director, "GS": m.officers.of[sinhPhinh], "NH": m.officers.of[tuaChua], "QH": m.officers.of[sangNhe], "LA": m.officers.of[tuaThang],
		"MT": m.officers.of[sinChai], "TL": m.officers.channels, "VM": m.officers.unions}
	for version := 1; version <= 4; version++ {
		from := []loa.Day{"2024-01-01", "2024-07-01", oldTable, newTable}[version-1]
		x := loa.Matrix{ID: loa.MatrixID(m.ids.id()), Office: m.office.ID, Version: version, State: "replaced", From: from, SignedBy: m.officers.director,
			SignedAt: at(from.Add(-3), 15*60), CreatedAt: at(from.Add(-12), 9*60), CreatedBy: m.officers.of[sinhPhinh]}
		if version == 4 {
			x.State = "signed"
		}
		for _, row := range table {
			for k, r := range row.cells {
				if k >= 2*version+1 && version < 4 {
					continue
				}
				since := from
				if version == 4 && isLateCell(row.segment, r.form) {
					since = oldTable
				}
				who, known := initials[r.who]
				if !known {
					return fmt.Errorf("nobody has the initials %s", r.who)
				}
				cadence := r.c
				if version < 4 && r.form == loa.SmallGroup && r.c == monthly {
					cadence = quarterly // small groups came round less often before
				}
				x.Lines = append(x.Lines, loa.MatrixLine{ID: loa.LineID(m.ids.id()), Matrix: x.ID, Segment: m.segments[row.segment], Form: r.form, Cadence: cadence, Officer: who, Theme: row.theme, From: since})
			}
		}
		m.b.Matrices = append(m.b.Matrices, x)
	}
	return nil
}

// themeOf is what is said to a segment.
func themeOf(segment string) string {
	for _, row := range table {
		if row.segment == segment {
			return row.theme
		}
	}
	return ""
}

// askedOf are the segments the table asks for with a form.
func askedOf(form loa.Form) []string {
	var out []string
	for _, row := range table {
		for _, r := range row.cells {
			if r.form == form {
				out = append(out, row.segment)
			}
		}
	}
	return out
}
