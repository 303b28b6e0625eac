package reporting_test

import (
	"loa"
	"loa/reporting"
)

// A small office: two communes of today with two villages each, made out of three former communes, one of which was split,
// and a village whose commune nobody stated.
const (
	province, anchor, east, west         = loa.AreaID("p"), loa.AreaID("anchor"), loa.AreaID("east"), loa.AreaID("west")
	oldHill, oldRiver, oldSplit          = loa.AreaID("hill"), loa.AreaID("river"), loa.AreaID("split")
	v1, v2, v3, v4, loose                = loa.AreaID("v1"), loa.AreaID("v2"), loa.AreaID("v3"), loa.AreaID("v4"), loa.AreaID("loose")
	lastOld, firstNew            loa.Day = "2025-06-30", "2025-07-01"
)

var villages = []loa.AreaID{v1, v2, v3, v4, loose}

func tree() *loa.Tree {
	areas := []loa.Area{
		{ID: province, Kind: loa.Province, Name: "Tỉnh Mẫu", Path: "p/"},
		{ID: anchor, Kind: loa.OfficeNode, Name: "Mẫu", Path: "p/~a/", Office: "o"},
		{ID: east, Kind: loa.Commune, Name: "Đông", Path: "p/e/", Office: "o"},
		{ID: west, Kind: loa.Commune, Name: "Tây", Path: "p/w/", Office: "o"},
		{ID: oldHill, Kind: loa.Commune, Name: "Đồi", Office: "o"},
		{ID: oldRiver, Kind: loa.Commune, Name: "Sông", Office: "o"},
		{ID: oldSplit, Kind: loa.Commune, Name: "Chia", Office: "o"},
		{ID: v1, Kind: loa.Village, Name: "Một", Path: "p/e/1/", Office: "o"},
		{ID: v2, Kind: loa.Village, Name: "Hai", Path: "p/e/2/", Office: "o"},
		{ID: v3, Kind: loa.Village, Name: "Ba", Path: "p/w/3/", Office: "o"},
		{ID: v4, Kind: loa.Village, Name: "Bốn", Path: "p/w/4/", Office: "o"},
		{ID: loose, Kind: loa.Village, Name: "Phô Mẫu", Path: "p/~a/l/", Office: "o"},
	}
	var parents []loa.AreaParent
	under := func(id, parent loa.AreaID, from, to loa.Day) {
		parents = append(parents, loa.AreaParent{Area: id, Parent: parent, From: from, To: to})
	}
	for _, old := range []loa.AreaID{oldHill, oldRiver, oldSplit} {
		under(old, province, "2004-01-01", lastOld)
	}
	under(east, province, firstNew, loa.OpenEnd)
	under(west, province, firstNew, loa.OpenEnd)
	under(anchor, province, "2004-01-01", loa.OpenEnd)
	under(loose, anchor, "2004-01-01", loa.OpenEnd)
	for i, v := range []loa.AreaID{v1, v2, v3, v4} {
		under(v, []loa.AreaID{oldHill, oldSplit, oldSplit, oldRiver}[i], "2004-01-01", lastOld)
		under(v, []loa.AreaID{east, east, west, west}[i], firstNew, loa.OpenEnd)
	}
	return loa.NewTree(areas, parents)
}

func whole() loa.Scope { return scope("p/e/", "p/w/", "p/~a/") }

func scope(paths ...string) loa.Scope {
	s := loa.Scope{Office: "o"}
	for _, p := range paths {
		s.Ranges = append(s.Ranges, loa.Under(p))
	}
	return s
}

func input(from, to loa.Month) reporting.Input {
	return reporting.Input{Office: loa.Office{ID: "o", Name: "BHXH cơ sở Mẫu", Anchor: anchor}, Scope: whole(), Period: loa.Period{From: from, To: to}, Today: "2025-11-30", Tree: tree()}
}

func flow(area loa.AreaID, m loa.Month, kind string, n int64) loa.MonthFlow {
	return loa.MonthFlow{Area: area, Scheme: loa.VoluntarySI, Month: m, Kind: kind, N: n}
}

func official(area loa.AreaID, m loa.Month, n int64) loa.Participation {
	return loa.Participation{Area: area, Scheme: loa.VoluntarySI, Month: m, N: n}
}

func plan(area loa.AreaID, month int, n int64, inForce loa.Day, revision int) loa.Target {
	return loa.Target{Area: area, Scheme: loa.VoluntarySI, Measure: "participation", Year: 2025, Month: month, Value: n, InForce: inForce, Revision: revision}
}
