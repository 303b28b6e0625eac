package demo

import (
	"encoding/hex"

	"loa"
)

// officers are the people of the office; of says who answers for a line.
type officers struct {
	director, administrator, channels, unions loa.OfficerID
	of                                        [lines]loa.OfficerID
	agent, viewer                             loa.OfficerID
}

// makeOfficers makes the office's people. None of them exists.
func (m *maker) makeOfficers() error {
	o := &m.officers
	list := []struct {
		to          *loa.OfficerID
		login, name string
		position    string
		role        loa.Role
		languages   []string
		lines       []int
		more        *loa.OfficerID
	}{
		{&o.director, "lo.thi.huong", "Lò Thị Hương", "Giám đốc", loa.Director, []string{"vietnamese", "thai"}, nil, nil},
		{&o.of[tuaChua], "nguyen.thu.ha", "Nguyễn Thu Hà", "Cán bộ xã Tủa Chùa", loa.OfficerRole, []string{"vietnamese"}, []int{tuaChua}, nil},
		{&o.of[sinhPhinh], "giang.a.sinh", "Giàng A Sình", "Cán bộ xã Sính Phình", loa.OfficerRole, []string{"vietnamese", "mong"}, []int{sinhPhinh, noCommune}, &o.of[noCommune]},
		{&o.of[sangNhe], "quang.van.hai", "Quàng Văn Hải", "Cán bộ xã Sáng Nhè", loa.OfficerRole, []string{"vietnamese", "thai"}, []int{sangNhe}, nil},
		{&o.of[tuaThang], "luong.thi.anh", "Lường Thị Ánh", "Cán bộ xã Tủa Thàng", loa.OfficerRole, []string{"vietnamese", "thai"}, []int{tuaThang}, nil},
		{&o.of[sinChai], "mua.a.tong", "Mùa A Tồng", "Cán bộ xã Sín Chải", loa.OfficerRole, []string{"vietnamese", "mong"}, []int{sinChai}, nil},
		{&o.channels, "tran.thuy.linh", "Trần Thuỳ Linh", "Cán bộ truyền thông số", loa.OfficerRole, []string{"vietnamese"}, []int{-1}, nil},
		{&o.unions, "vang.thi.my", "Vàng Thị Mỷ", "Cán bộ đoàn thể", loa.OfficerRole, []string{"vietnamese", "mong"}, []int{-1}, nil},
		{&o.administrator, "quan.tri", "Phạm Quang Việt", "Quản trị hệ thống", loa.Administrator, []string{"vietnamese"}, []int{-1}, nil},
		{&o.agent, "dai.ly.thu", "Cà Thị Thoa", "Nhân viên thu", loa.CollectorRole, []string{"vietnamese", "thai"}, nil, nil},
		{&o.viewer, "tinh.dien.bien", "Đỗ Minh Trang", "BHXH tỉnh, chỉ xem số liệu", loa.ProvinceViewer, []string{"vietnamese"}, nil, nil},
	}
	for _, x := range list {
		*x.to = loa.OfficerID(m.ids.id())
		if x.more != nil {
			*x.more = *x.to
		}
		token := make([]byte, 10)
		m.ids.Read(token)
		m.b.Officers = append(m.b.Officers, loa.BulkOfficer{DemoToken: hex.EncodeToString(token), Officer: loa.Officer{ID: *x.to, Office: m.office.ID, LoginName: x.login, Name: x.name,
			Position: x.position, Language: "vi", Languages: x.languages, CreatedAt: m.office.CreatedAt, Phone: "", Email: ""}})
		where := x.lines
		if len(where) == 0 {
			where = []int{-1}
		}
		for _, line := range where {
			area := loa.AreaID("")
			if line >= 0 {
				area = m.unitArea[line]
			}
			m.b.Grants = append(m.b.Grants, loa.Grant{ID: m.ids.id(), Officer: *x.to, Role: x.role, Office: m.office.ID, Area: area, From: "2023-11-01", To: "2027-12-31",
				GivenBy: o.director, GivenAt: m.office.CreatedAt})
		}
	}
	for i := range m.b.Areas {
		for line, id := range m.unitArea {
			if m.b.Areas[i].ID == id && line != noCommune {
				m.b.Areas[i].FocalOfficer = o.of[line]
			}
		}
	}
	m.b.By = loa.By{Officer: o.administrator, At: at(AsOf, 7*60)}
	return nil
}
