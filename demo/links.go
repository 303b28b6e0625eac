package demo

import (
	"fmt"
	"time"

	"loa"
)

// came is what came in through the public pages: how many days ago, at which minute, from where, through whose link (-1: nobody's).
var came = []struct {
	page, text, name, when string
	line, village          int
	through                int
	days, minute           int
	answer, cites          string
	reached                bool
}{
	{"ask", "Tôi đóng 3 năm rồi nghỉ vì không có tiền, sau này đóng tiếp thì có mất mấy năm trước không?", "", "", sinhPhinh, 2, sinhPhinh, 9, 1215,
		"Không mất. Thời gian đã đóng được bảo lưu, đóng tiếp lúc nào cũng cộng dồn.", "Luật 41/2024/QH15, Điều 103", false},
	{"ask", "Hộ cận nghèo có phải tự mang giấy lên xã mới được Nhà nước đóng cùng không?", "Chị M.", "", tuaChua, 3, -1, 6, 760, "", "", false},
	{"call", "Đề nghị gọi lại để tư vấn.", "Anh P.", "evening", tuaChua, 1, tuaChua, 4, 1140, "", "", true},
	{"ask", "Nhà năm người, con út mới sinh thì mua thẻ cho mấy người?", "", "", sangNhe, 0, sangNhe, 2, 690, "", "", false},
	{"call", "Muốn hỏi về đóng trước ba năm một lần.", "", "morning", sinChai, 2, -1, 1, 830, "", "", false},
	{"call", "Đề nghị gọi lại để tư vấn.", "Bà X.", "", sinhPhinh, 4, sinhPhinh, 0, 400, "", "", false},
}

// agreed stands for the words the public pages show above the name and the number; real ones are kept as they were shown.
const agreed = "Câu đồng ý mẫu của bản thử: dùng tên và số này chỉ để trả lời, yêu cầu xóa lúc nào cũng được."

// makeLinks makes the officers' own links with how often they were opened, and what came in through the public pages. The numbers left
// there belong to nobody.
func (m *maker) makeLinks() error {
	d := &dice{state: uint64(m.Seed) ^ 0x5107}
	links := map[loa.OfficerID]loa.LinkID{}
	owners := []loa.OfficerID{m.officers.channels}
	for _, id := range m.officers.of {
		owners = append(owners, id)
	}
	for _, owner := range owners {
		if links[owner] != "" {
			continue
		}
		l := loa.Link{ID: loa.LinkID(m.ids.id()), Office: m.office.ID, Area: m.office.Anchor, Code: loa.MintCode(letters{d}), Spoken: len(m.b.Links) + 1, Kind: loa.OfficerLink, Page: "home", Officer: owner,
			CreatedAt: at(AsOf.Add(-45+len(m.b.Links)), 9*60), CreatedBy: owner}
		links[owner] = l.ID
		m.b.Links = append(m.b.Links, l)
		for on := AsOf.Add(-34); on <= AsOf; on = on.Add(1) {
			if n := d.n(6) - 1; n > 0 {
				m.opened(l.ID, on, n)
			}
		}
	}
	for _, c := range came {
		on, owner := AsOf.Add(-c.days), m.officers.of[c.line]
		q := loa.Question{Fact: m.fact(m.placeOf(c.line, c.village), on, ""), Text: c.text, N: 1, Owner: owner, Promised: c.page == "call"}
		q.HappenedAt = at(on, c.minute)
		q.RecordedAt = q.HappenedAt
		a := loa.BulkAsker{Asker: loa.Asker{Question: q.ID, Office: m.office.ID, Area: q.Area, Page: c.page, Lang: "vi", Name: c.name, When: c.when, At: q.HappenedAt}, Agreed: agreed}
		if c.through >= 0 {
			a.Link, q.Form = links[m.officers.of[c.through]], loa.PersonalPage
		}
		if c.page == "call" {
			m.phones++
			a.Phone = fmt.Sprintf("+84199%07d", (m.phones*7919)%10000000)
		}
		if a.Name != "" || a.Phone != "" {
			a.Consent = c.page + "-demo"
		}
		if c.reached {
			a.CalledOn, a.CalledBy, a.Outcome = on.Add(1), owner, "reached"
		}
		m.b.Questions, m.b.Askers = append(m.b.Questions, q), append(m.b.Askers, a)
		if c.answer != "" {
			m.b.Answers = append(m.b.Answers, loa.Answer{ID: m.ids.id(), Office: m.office.ID, Area: q.Area, Question: q.ID, Text: c.answer, Cites: c.cites,
				RecordedAt: q.RecordedAt.Add(20 * time.Hour), RecordedBy: owner})
		}
	}
	return nil
}
