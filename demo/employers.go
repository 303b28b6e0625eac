package demo

import (
	"fmt"

	"loa"
)

// makeEmployers makes the units that pay compulsory SI, in each line about as many as its workers need.
func (m *maker) makeEmployers() error {
	kinds := []string{"Trường mầm non", "Trường tiểu học", "Trường PTDTBT THCS", "Trạm y tế", "Hợp tác xã", "Công ty xây dựng", "Công ty thương mại", "Văn phòng uỷ ban", "Cửa hàng", "Ban quản lý rừng"}
	counts := share(employersInAll, compulsoryShare)
	if counts[noCommune] == 0 {
		counts[noCommune], counts[tuaChua] = 1, counts[tuaChua]-1
	}
	number := 0
	for line, n := range counts {
		for k := range n {
			number++
			m.employers[line] = append(m.employers[line], len(m.b.Employers))
			m.b.Employers = append(m.b.Employers, loa.Employer{ID: loa.EmployerID(m.ids.id()), Office: m.office.ID, Area: m.unitArea[line], Code: fmt.Sprintf("TMAU%03d", number),
				Name: fmt.Sprintf("%s Mẫu %d", kinds[(k+line)%len(kinds)], number), EmployeesOn: AsOf, Contact: m.name("kinh", m.clan("kinh", ""), pick(m.dice, []loa.Sex{loa.Male, loa.Female}), 40),
				Phone: m.number()})
		}
	}
	return nil
}
