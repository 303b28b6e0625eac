package demo

import "loa"

// asked is a question people ask everywhere, with an answer and the law it rests on.
type asked struct{ text, answer, cites string }

var askedOften = []asked{
	{"Đóng bao nhiêu năm thì có lương hưu?", "Đủ tuổi nghỉ hưu và đóng từ đủ 15 năm trở lên.", "Luật 41/2024/QH15, Điều 98"},
	{"Mức đóng thấp nhất mỗi tháng là bao nhiêu?", "22% chuẩn nghèo nông thôn; Nhà nước hỗ trợ một phần tuỳ đối tượng.", "Luật 41/2024/QH15, Điều 36; Nghị định 159/2025/NĐ-CP, Điều 5"},
	{"Người Mông không thuộc hộ nghèo được hỗ trợ bao nhiêu?", "Người dân tộc thiểu số được hỗ trợ 30% trên mức chuẩn nghèo nông thôn.", "Nghị định 159/2025/NĐ-CP, Điều 5"},
	{"Đóng được vài năm rồi không có tiền đóng nữa thì có mất không?", "Không mất. Thời gian đã đóng được bảo lưu, đóng tiếp lúc nào cũng cộng dồn.", "Luật 41/2024/QH15, Điều 103"},
	{"Đi làm công ty ba tháng, về nối lại được không?", "Được. Thời gian đóng bắt buộc và tự nguyện được cộng với nhau.", "Luật 41/2024/QH15, Điều 111"},
	{"Sinh con có được nhận tiền không?", "Có, 2.000.000 đồng mỗi con nếu đóng từ đủ 6 tháng trong 12 tháng trước khi sinh.", "Luật 41/2024/QH15, Điều 94, 95"},
	{"Đóng theo mùa ngô, mỗi năm một lần có được không?", "Được. Có thể đóng hằng tháng, 3 tháng, 6 tháng hoặc 12 tháng một lần.", "Luật 41/2024/QH15, Điều 36"},
	{"Chẳng may mất sớm thì tiền đã đóng đi đâu?", "Thân nhân được hưởng trợ cấp tuất một lần.", "Luật 41/2024/QH15, Điều 110"},
	{"Thẻ BHYT hộ gia đình người thứ hai có được giảm không?", "Có. Người thứ hai đóng 70%, thứ ba 60%, thứ tư 50%, từ người thứ năm 40% mức của người thứ nhất.", "Nghị định 188/2025/NĐ-CP, Điều 6"},
	{"Người già không có lương hưu thì được gì?", "Từ đủ 75 tuổi được trợ cấp hưu trí xã hội; hộ nghèo, cận nghèo từ đủ 70 tuổi.", "Luật 41/2024/QH15, Điều 21"},
	{"Muốn đăng ký thì cần giấy tờ gì?", "Chỉ cần một tờ khai của người tham gia.", "Luật 41/2024/QH15, Điều 27"},
	{"Nộp tiền cho ai để khỏi bị lừa?", "Nộp cho nhân viên của tổ chức dịch vụ thu đã ký hợp đồng với cơ quan BHXH; số tiền tra được trên cổng BHXH.", "Hướng dẫn tra cứu của BHXH Việt Nam"},
}

// waiting are the questions nobody has answered yet: how many days ago they came, through which form, from where.
var waiting = []struct {
	text    string
	form    loa.Form
	days    int
	line    int
	village string
	minute  int
}{
	{"Đóng đủ 15 năm thì lương hưu bao nhiêu?", loa.Zalo, 5, sinhPhinh, "Bản Séo Phình", 540},
	{"Vừa thoát nghèo, thẻ BHYT còn dùng được không?", loa.SmallGroup, 4, noCommune, "Bản Phô", 1200},
	{"Đi làm công ty ba tháng, về nối lại được không?", loa.PageForm, 2, tuaChua, "", 610},
	{"Chồng đi làm xa, tôi đăng ký thay có được không?", loa.Zalo, 3, sangNhe, "", 700},
	{"Con học trường huyện thì thẻ BHYT mua ở đâu?", loa.Zalo, 1, tuaThang, "", 820},
	{"Tôi 47 tuổi, bây giờ bắt đầu đóng thì có kịp không?", loa.Zalo, 0, sinhPhinh, "", 375},
	{"Bán hàng ở chợ có được hỗ trợ tiền đóng không?", loa.PageForm, 0, tuaChua, "", 390},
	{"Sổ BHXH cũ bị mất thì làm lại ở đâu?", loa.Zalo, 0, sinChai, "", 402},
	{"Trưởng thôn thu hộ tiền có được không?", loa.Zalo, 0, sangNhe, "", 410},
}

// makeQuestions makes what was asked at sessions and over the channels, with the answers; nine wait.
func (m *maker) makeQuestions() error {
	for i := range m.b.Sessions {
		s, t := &m.b.Sessions[i], &m.talks[i]
		if s.State != loa.Held || s.Form == loa.VisitForm || !m.dice.percent(22) {
			continue
		}
		for range 1 + m.dice.n(2) {
			a := pick(m.dice, askedOften)
			q := loa.Question{Fact: m.fact(s.Area, s.On, s.Officers[0]), Session: s.ID, Form: s.Form, Segment: pick(m.dice, s.Segments), Text: a.text, N: 1 + m.dice.n(4), Owner: s.Officers[0],
				Promised: m.dice.percent(30)}
			if len(t.named) > 0 && m.dice.percent(60) {
				q.Person = m.b.People[t.named[0]].ID
			}
			m.answer(q, a, s.On)
		}
	}
	for range 90 { // and over the channels
		line, month := m.dice.weigh(residents...), m.dice.between(1, months)
		on, a := m.anyDay(month), pick(m.dice, askedOften)
		q := loa.Question{Fact: m.fact(m.villages[m.anyVillage(line)].id, on, m.officers.channels), Form: pick(m.dice, []loa.Form{loa.Zalo, loa.PageForm, loa.Zalo}), Segment: m.segments["farmers"],
			Text: a.text, N: 1, Owner: m.officers.channels}
		m.answer(q, a, on)
	}
	for _, w := range waiting {
		area := m.villages[m.anyVillage(w.line)].id
		for _, v := range m.villages {
			if v.unit == w.line && v.name == w.village {
				area = v.id
			}
		}
		q := loa.Question{Fact: m.fact(area, AsOf.Add(-w.days), m.officers.channels), Form: w.form, Segment: m.segments["farmers"], Text: w.text, N: 1, Owner: m.officers.of[w.line], Promised: true}
		q.HappenedAt = at(q.HappenedOn, w.minute)
		q.RecordedAt = q.HappenedAt
		m.b.Questions = append(m.b.Questions, q)
	}
	return nil
}

// answer keeps a question with its reply some days later; not every asker has been told yet.
func (m *maker) answer(q loa.Question, a asked, on loa.Day) {
	m.b.Questions = append(m.b.Questions, q)
	replied := min(on.Add(m.dice.n(3)), AsOf.Add(-1))
	told := min(replied.Add(m.dice.n(6)), AsOf.Add(-1))
	if q.Promised && on > "2025-11-10" && m.dice.percent(40) {
		told = ""
	}
	m.b.Answers = append(m.b.Answers, loa.Answer{ID: m.ids.id(), Office: m.office.ID, Area: q.Area, Question: q.ID, Text: a.answer, Cites: a.cites, ToldOn: told,
		RecordedAt: at(replied, 18*60), RecordedBy: q.Owner})
}
