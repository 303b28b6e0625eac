package demo

import (
	"fmt"
	"strings"

	"loa"
)

// makeContacts makes consents and refusals, and some records entered twice for the pages that look for them.
func (m *maker) makeContacts() error {
	agree := func(i int, purpose, channel string, agreed bool, on loa.Day, proof string) {
		p := &m.b.People[i]
		m.b.Consents = append(m.b.Consents, loa.Consent{Fact: m.fact(p.Area, on, m.officers.of[m.extra[i].unit]), Person: p.ID, Purpose: purpose, Channel: channel, Agreed: agreed, Proof: proof})
	}
	for i := range m.b.People {
		p, x := &m.b.People[i], &m.extra[i]
		if p.Phone == "" || x.gone || x.age < 18 {
			continue
		}
		on := day(m.dice.between(1, months), m.dice.between(1, 28))
		switch {
		case x.taken && x.track != employeeTrack:
			agree(i, "care", "all", true, on, "Tờ khai tham gia có ký")
			if m.dice.percent(40) {
				agree(i, "advertising", "zalo", true, on, "Phiếu đồng ý tại buổi truyền thông")
			}
		case m.dice.n(1000) < 6:
			agree(i, "advertising", "all", false, on, "Nói trước mặt trưởng thôn")
		case m.dice.n(1000) < 3:
			agree(i, "care", "sms", false, on, "Nhắn tin từ chối")
		case m.dice.n(100) < 5:
			agree(i, "advertising", pick(m.dice, []string{"sms", "zalo", "call"}), true, on, "Phiếu đồng ý tại buổi truyền thông")
		}
	}
	return m.enterTwice()
}

// enterTwice writes some people's neighbours down again with another spelling, as happens when two lists are put together.
func (m *maker) enterTwice() error {
	spellings := [][2]string{{"Giàng", "Dàng"}, {"Sùng", "Xùng"}, {"Lường", "Nường"}, {"Sình", "Xình"}, {"Nguyễn", "Nguyên"}, {"Trần", "Chần"}, {"Quàng", "Quang"}}
	for _, i := range m.spares {
		p := &m.b.People[i]
	search:
		for _, k := range m.villages[m.extra[i].village].people {
			o := &m.b.People[k]
			if k == i || m.extra[k].age < 20 {
				continue
			}
			for _, s := range spellings {
				rest, ok := strings.CutPrefix(o.Name, s[0]+" ")
				if !ok || m.dice.percent(70) {
					continue
				}
				p.Name, p.BornYear, p.BornOn, p.Sex, p.Ethnic, p.Language, p.Note = s[1]+" "+rest, o.BornYear, "", o.Sex, o.Ethnic, o.Language, "Nhập từ danh sách xã"
				break search
			}
		}
	}
	return nil
}

// sealNumbers gives participants and some others ID numbers that belong to nobody: province 000, SI numbers 00000xxxxx. Some
// participants have none yet: the page on the quality of the register lists them.
func (m *maker) sealNumbers() error {
	if m.Seal == nil || m.Index == nil {
		return nil
	}
	has := map[loa.PersonID]bool{}
	for i := range m.b.Contributions {
		switch m.b.Contributions[i].Scheme {
		case loa.VoluntarySI, loa.CompulsorySI:
			has[m.b.Contributions[i].Person] = true
		}
	}
	number := 0
	for i := range m.b.People {
		p := &m.b.People[i]
		if !has[p.ID] {
			continue
		}
		number++
		if m.dice.percent(95) {
			if err := m.seal(&p.SINumber, "person.si_number", p.ID, fmt.Sprintf("00000%05d", number)); err != nil {
				return err
			}
		}
		if m.dice.percent(45) && p.BornYear > 0 {
			head := 0
			if p.BornYear >= 2000 {
				head = 2
			}
			if p.Sex == loa.Female {
				head++
			}
			if err := m.seal(&p.NationalID, "person.national_id", p.ID, fmt.Sprintf("000%d%02d%06d", head, p.BornYear%100, number)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) seal(to *loa.Sealed, column string, record loa.PersonID, plain string) error {
	cipher, err := m.Seal(string(m.office.ID), column, string(record), plain)
	if err != nil {
		return fmt.Errorf("seal a number of the demo: %w", err)
	}
	*to = loa.Sealed{Cipher: cipher, Index: m.Index(column, plain), Tail: plain[len(plain)-3:]}
	return nil
}
