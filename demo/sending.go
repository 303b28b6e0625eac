package demo

import (
	"fmt"
	"strings"
	"time"

	"loa"
)

// settingsColumn is where the settings of accounts stand, for sealing.
const settingsColumn = "channel.settings"

// accountKinds are the demo's accounts with networks. They point at the simulated providers as soon as these are running; until then they
// reach nobody.
var accountKinds = []struct {
	kind, name string
	rate       int
	per        time.Duration
	quota      int
}{
	{"zalo", "Zalo OA BHXH Tủa Chùa", 100, time.Minute, 0},
	{"facebook", "Trang Facebook BHXH Tủa Chùa", 60, time.Minute, 0},
	{"sms_esms", "Tin nhắn eSMS", 20, time.Second, 0},
	{"sms_speedsms", "Tin nhắn SpeedSMS, dự phòng", 60, time.Minute, 0},
	{"sms_vnpt", "Tin nhắn VNPT", 5, time.Second, 0},
	{"sms_viettel", "Tin nhắn Viettel", 5, time.Second, 0},
	{"smpp", "Tổng đài SMPP 8079", 10, time.Second, 0},
	{"email", "Thư điện tử của cơ quan", 300, time.Minute, 2000},
	{"loudspeaker", "Loa truyền thanh", 2000, time.Second, 0},
}

// scripts of the demo, in the words an officer would write; figures are placeholders.
var demoScripts = []struct {
	name    string
	scheme  loa.Scheme
	purpose string
	state   loa.ScriptState
	texts   [][3]string // tongue, kind, words
}{
	{"Nhắc gia hạn thẻ BHYT hộ gia đình", loa.HouseholdHI, loa.Care, loa.ScriptApproved, [][3]string{
		{"vietnamese", "zalo", "Chào {xung_ho} {ten}, thẻ bảo hiểm y tế của gia đình có giá trị đến hết ngày {han_the}. Mời gia đình gia hạn trước ngày đó để không bị gián đoạn. Người thứ nhất đóng {bhyt_nguoi_1}, người thứ hai {bhyt_nguoi_2}. Liên hệ {can_bo}."},
		{"vietnamese", "sms", "The BHYT cua gia dinh {ten} het han {han_the}. Moi gia han truoc ngay do, nguoi thu nhat dong {bhyt_nguoi_1}. LH {can_bo}"},
		{"vietnamese", "long", "Thẻ bảo hiểm y tế hộ gia đình giúp cả nhà yên tâm khi đau ốm. Người thứ nhất đóng {bhyt_nguoi_1}, người thứ hai {bhyt_nguoi_2}, người thứ ba {bhyt_nguoi_3}. Mời bà con {thon} gia hạn với nhân viên thu tại thôn."},
		{"vietnamese", "loudspeaker", "Kính thưa bà con {thon}. Thẻ bảo hiểm y tế của nhiều gia đình sắp hết hạn. Người thứ nhất trong hộ đóng {bhyt_nguoi_1}, từ người thứ hai được giảm dần. Mời bà con gia hạn với nhân viên thu tại thôn. Xin cảm ơn bà con."},
	}},
	{"Chợ phiên: tư vấn BHXH tự nguyện", loa.VoluntarySI, loa.Care, loa.ScriptApproved, [][3]string{
		{"vietnamese", "zalo", "Cán bộ bảo hiểm xã hội tư vấn tại chợ phiên 06/12/2025. Nhà nước hỗ trợ {ty_le_ho_tro} mức đóng tối thiểu, còn đóng {muc_dong} một tháng. Mời bà con đến hỏi, mang theo căn cước."},
		{"vietnamese", "sms", "Can bo BHXH tu van tai cho phien 06/12/2025. Nha nuoc ho tro {ty_le_ho_tro}, con dong {muc_dong}/thang. Moi ba con den hoi. LH {can_bo}"},
		{"vietnamese", "post", "Chợ phiên 06/12/2025, cán bộ bảo hiểm xã hội có bàn tư vấn từ 6 giờ 30 đến 11 giờ. Nhà nước hỗ trợ một phần mức đóng bảo hiểm xã hội tự nguyện. Mời bà con ghé hỏi, không mất tiền."},
		{"vietnamese", "loudspeaker", "Kính thưa bà con. Chợ phiên 06/12/2025, cán bộ bảo hiểm xã hội tư vấn tại chợ. Nhà nước hỗ trợ {ty_le_ho_tro} mức đóng, bà con còn đóng {muc_dong} một tháng. Mời bà con đến hỏi, mang theo căn cước."},
	}},
	{"Đến hạn đóng BHXH tự nguyện", loa.VoluntarySI, loa.Care, loa.ScriptApproved, [][3]string{
		{"vietnamese", "zalo", "Chào {xung_ho} {ten}, kỳ đóng bảo hiểm xã hội tự nguyện của {xung_ho} đến hạn ngày {han}. Mức đóng là {muc_dong} một tháng sau khi Nhà nước hỗ trợ. Liên hệ {can_bo}."},
		{"vietnamese", "sms", "{ten} den han dong BHXH tu nguyen ngay {han}, muc dong {muc_dong}/thang. LH {can_bo}"},
	}},
	{"Đóng một lần cho nhiều năm", loa.VoluntarySI, loa.Administrative, loa.ScriptSubmitted, [][3]string{
		{"vietnamese", "zalo", "Bà con có thể đóng bảo hiểm xã hội tự nguyện một lần cho cả năm: {muc_dong_nam} sau khi Nhà nước hỗ trợ. Hỏi {can_bo}."},
	}},
	{"Loa nhắc gia hạn thẻ BHYT", loa.HouseholdHI, loa.Care, loa.ScriptApproved, [][3]string{
		{"vietnamese", "loudspeaker", "Kính thưa bà con. Thẻ bảo hiểm y tế của nhiều gia đình sắp hết hạn. Mời bà con xem lại thẻ của mình và gia hạn với nhân viên thu tại thôn. Xin cảm ơn bà con."},
	}},
	{"Loa mời bà con đến bàn tư vấn", loa.VoluntarySI, loa.Care, loa.ScriptApproved, [][3]string{
		{"vietnamese", "loudspeaker", "Kính thưa bà con. Thứ Bảy này chợ phiên, cán bộ bảo hiểm xã hội có bàn tư vấn ở cổng chợ. Mời bà con đến hỏi, mang theo căn cước. Xin cảm ơn bà con."},
	}},
	{"Trạm y tế khám cho người có thẻ", loa.HouseholdHI, loa.Administrative, loa.ScriptDraft, [][3]string{
		{"vietnamese", "post", "Người có thẻ bảo hiểm y tế được khám tại trạm y tế xã. Nhớ mang thẻ hoặc căn cước."},
	}},
}

// makeSending makes accounts, scripts, followers, and broadcasts at every stage: one that is over with all that came of it, one that waits
// for approval, and a draft.
func (m *maker) makeSending() error {
	d := &dice{state: uint64(m.Seed) ^ 0x5e9d}
	accounts, err := m.makeAccounts()
	if err != nil {
		return err
	}
	scripts := m.makeScripts()
	followers := m.makeFollowers(d)
	m.makeBroadcasts(d, accounts, scripts, followers)
	for i := range m.b.Officers {
		if o := &m.b.Officers[i]; o.ID != m.officers.viewer {
			o.Phone = m.number()
		}
	}
	return m.makePlays(scripts, accounts["loudspeaker"])
}

func (m *maker) makeAccounts() (map[string]loa.ChannelID, error) {
	ids := map[string]loa.ChannelID{}
	for _, k := range accountKinds {
		c := loa.Channel{ID: loa.ChannelID(m.ids.id()), Office: m.office.ID, Area: m.office.Anchor, Kind: k.kind, Name: k.name, Settings: []byte{}, State: loa.ChannelOn, Rate: k.rate, RatePer: k.per, DayQuota: k.quota, CreatedAt: at(AsOf.Add(-60), 9*60)}
		if m.Seal != nil {
			sealed, err := m.Seal(string(m.office.ID), settingsColumn, string(c.ID), "{}")
			if err != nil {
				return nil, fmt.Errorf("seal the settings of an account: %w", err)
			}
			c.Settings = sealed
		}
		ids[k.kind] = c.ID
		m.b.Channels = append(m.b.Channels, c)
	}
	return ids, nil
}

func (m *maker) makeScripts() []loa.Script {
	first := len(m.b.Scripts)
	for i, x := range demoScripts {
		s := loa.Script{ID: loa.ScriptID(m.ids.id()), Office: m.office.ID, Area: m.office.Anchor, Version: 1, Name: x.name, Scheme: x.scheme, Purpose: x.purpose, From: AsOf.Add(-40), State: x.state, Author: m.officers.channels,
			ChangedBy: m.officers.channels, CreatedAt: at(AsOf.Add(-42+i), 9*60), Synthetic: true}
		for _, t := range x.texts {
			s.Texts = append(s.Texts, loa.ScriptText{Lang: t[0], Kind: t[1], Text: t[2]})
		}
		if s.State == loa.ScriptApproved {
			s.ApprovedAt, s.ApprovedBy = at(AsOf.Add(-40+i), 10*60), m.officers.director
		}
		m.b.Scripts = append(m.b.Scripts, s)
	}
	return m.b.Scripts[first:]
}

// follower is a person who follows the office's account and agreed to be tied to it.
type follower struct {
	to      string
	consent loa.FactID
}

// makeFollowers ties a part of those who agreed to Zalo, or to be reminded at all, to the account they follow.
func (m *maker) makeFollowers(d *dice) map[loa.PersonID]follower {
	phones := map[loa.PersonID]bool{}
	for i := range m.b.People {
		if p := &m.b.People[i]; p.Phone != "" && !p.PhoneShared {
			phones[p.ID] = true
		}
	}
	out := map[loa.PersonID]follower{}
	for i := range m.b.Consents {
		c := &m.b.Consents[i]
		if !c.Agreed || !phones[c.Person] || out[c.Person].to != "" || c.Channel != "zalo" && (c.Channel != "all" || !d.percent(30)) {
			continue
		}
		f := follower{fmt.Sprintf("551018%013d", 1_000_000_000_000+d.n(1_000_000_000)*8999+len(out)), c.ID}
		out[c.Person] = f
		m.b.Addresses = append(m.b.Addresses, loa.BulkAddress{Office: m.office.ID, Network: "zalo", To: f.to, Person: c.Person, Consent: c.ID, LinkedAt: at(c.HappenedOn, 15*60)})
	}
	return out
}

func (m *maker) makeBroadcasts(d *dice, accounts map[string]loa.ChannelID, scripts []loa.Script, followers map[loa.PersonID]follower) {
	ladder := []loa.Rung{{Form: loa.Zalo, Network: "zalo", Channel: accounts["zalo"]},
		{Form: loa.Zalo, Network: "zns", Channel: accounts["zalo"], Template: "347878", Params: []loa.Param{{Name: "ho_ten", Text: "{ten}"}, {Name: "han_the", Text: "{han_the}"}}},
		{Form: loa.SMS, Network: "tel", Channel: accounts["sms_esms"]}, {Network: loa.CallList}}
	base := loa.Broadcast{Office: m.office.ID, Area: m.office.Anchor, Purpose: loa.Care, Priority: loa.Normal, FailLimit: 2000, RefuseLimit: 300, ScriptVersion: 1, Pace: 600}
	done := base
	done.ID, done.Title, done.Script, done.Ladder, done.Audience = loa.BroadcastID(m.ids.id()), "Nhắc gia hạn thẻ BHYT hộ gia đình, tháng 11", scripts[0].ID, ladder, loa.Audience{Areas: []loa.AreaID{m.unitArea[sangNhe], m.unitArea[tuaThang]}}
	done.Window, done.State, done.Author, done.Fanned = loa.Window{From: AsOf.Add(-12), Until: AsOf.Add(-9), Start: 7 * 60, End: 20 * 60}, loa.BroadcastDone, m.officers.channels, loa.AllFanned
	done.CreatedAt, done.SubmittedAt, done.SentAt = at(AsOf.Add(-14), 9*60), at(AsOf.Add(-14), 9*60+40), at(AsOf.Add(-12), 7*60)
	done.EditedAt, done.Edits = done.SubmittedAt, 9
	done.Approvals = []loa.Approval{{Officer: m.officers.director, At: at(AsOf.Add(-13), 8*60)}}
	people := m.remindable(sangNhe, tuaThang)
	done.Snapshot, done.Reckoned = m.freeze(&done, people), m.reckon(&done, people, followers)
	for _, i := range people {
		m.deliver(d, &done, i, followers[m.b.People[i].ID])
	}

	waiting := base
	waiting.ID, waiting.Title, waiting.Script, waiting.Ladder, waiting.Audience = loa.BroadcastID(m.ids.id()), "Chợ phiên Xá Nhè 06/12: tư vấn BHXH tự nguyện", scripts[1].ID, []loa.Rung{ladder[0], ladder[2]}, loa.Audience{Areas: []loa.AreaID{m.unitArea[sangNhe]}}
	waiting.Window, waiting.State, waiting.Author = loa.Window{From: AsOf.Add(5), Until: AsOf.Add(6), Start: 7 * 60, End: 20 * 60}, loa.BroadcastSubmitted, m.officers.channels
	waiting.CreatedAt, waiting.SubmittedAt = at(AsOf.Add(-1), 15*60), at(AsOf, 6*60+50)
	waiting.EditedAt, waiting.Edits = waiting.SubmittedAt, 4
	asked := m.remindable(sangNhe)
	waiting.Snapshot, waiting.Reckoned = m.freeze(&waiting, asked), m.reckon(&waiting, asked, followers)

	due := loa.Segment{ID: loa.SegmentID(m.ids.id()), Office: m.office.ID, Name: "Đến hạn đóng BHXH tự nguyện", Rule: loa.Rule{Field: "status", Scheme: loa.VoluntarySI, Values: []string{string(loa.DueStatus)}},
		Sort: len(m.b.Segments) + 1, ChangedAt: at(AsOf, 6*60+15), ChangedBy: m.officers.of[tuaChua]}
	m.b.Segments = append(m.b.Segments, due)
	draft := base
	draft.Area = m.unitArea[tuaChua] // as one that her own hand began would lie
	draft.ID, draft.Title, draft.Script, draft.Ladder, draft.Audience = loa.BroadcastID(m.ids.id()), "Đến hạn đóng BHXH tự nguyện tháng 12", scripts[2].ID, []loa.Rung{ladder[0], ladder[2], ladder[3]}, loa.Audience{Segments: []loa.SegmentID{due.ID}, Areas: []loa.AreaID{m.unitArea[tuaChua]}}
	draft.Window, draft.State, draft.Author = loa.Window{From: AsOf.Add(3), Until: AsOf.Add(10), Start: 7 * 60, End: 20 * 60}, loa.BroadcastDraft, m.officers.of[tuaChua]
	draft.CreatedAt, draft.EditedAt, draft.Edits = at(AsOf, 6*60+20), at(AsOf, 6*60+35), 2
	m.b.Broadcasts = append(m.b.Broadcasts, done, waiting, draft)
}

// remindable are the grown-up people of some communes who agreed to be reminded.
func (m *maker) remindable(units ...int) (out []int) {
	agreed := map[loa.PersonID]bool{}
	for i := range m.b.Consents {
		if c := &m.b.Consents[i]; c.Agreed && c.Purpose == loa.Care && c.Channel == "all" {
			agreed[c.Person] = true
		}
	}
	for _, u := range units {
		for _, i := range m.byUnit[u] {
			if agreed[m.b.People[i].ID] && !m.extra[i].gone {
				out = append(out, i)
			}
		}
	}
	return out
}

// freeze keeps who a broadcast was meant for.
func (m *maker) freeze(b *loa.Broadcast, people []int) loa.SnapshotID {
	s := loa.Snapshot{ID: loa.SnapshotID(m.ids.id()), Office: m.office.ID, Area: b.Audience.Areas[0], UsedBy: "broadcast", UsedID: string(b.ID), AsOf: loa.DayOf(b.SubmittedAt), TakenAt: b.SubmittedAt, TakenBy: b.Author, N: len(people)}
	for _, i := range people {
		s.Members = append(s.Members, m.b.People[i].ID)
	}
	m.b.Snapshots = append(m.b.Snapshots, s)
	return s.ID
}

// reckon is what a broadcast would do that goes over Zalo first and then by telephone number, as it was counted when it was submitted.
func (m *maker) reckon(b *loa.Broadcast, people []int, followers map[loa.PersonID]follower) loa.Reckoning {
	r := loa.Reckoning{At: b.SubmittedAt, People: len(people), Unpriced: true}
	byZalo, bySMS := 0, 0
	for _, i := range people {
		switch p := &m.b.People[i]; {
		case followers[p.ID].to != "":
			byZalo++
		case p.Phone != "":
			bySMS++
		}
	}
	phone, hand := loa.Outcome{State: loa.DeliveryQueued, Rung: 1, Network: b.Ladder[1].Network, Lang: "vietnamese"}, loa.Outcome{State: loa.DeliveryByHand, Rung: len(b.Ladder), Network: loa.VisitList, Reason: "no_address"}
	if last := b.Ladder[len(b.Ladder)-1]; last.ByHand() {
		hand.Rung, hand.Network = len(b.Ladder)-1, last.Network
	}
	for _, x := range []loa.Reckoned{{Outcome: loa.Outcome{State: loa.DeliveryQueued, Rung: 0, Network: "zalo", Lang: "vietnamese"}, N: byZalo}, {Outcome: phone, N: bySMS, Parts: 1}, {Outcome: hand, N: len(people) - byZalo - bySMS}} {
		if x.N > 0 {
			r.By = append(r.By, x)
		}
	}
	r.Sort()
	return r
}

// deliver takes one person down the ladder of the broadcast that is over: what failed on one rung went on to the next.
func (m *maker) deliver(d *dice, b *loa.Broadcast, i int, f follower) {
	p := &m.b.People[i]
	phone := strings.TrimPrefix(p.Phone, "+")
	sent := b.SentAt.Add(time.Duration(d.n(11*3600)) * time.Second)
	add := func(rung int, to string, state loa.DeliveryState, code string, cost int64, parts int) {
		r := b.Ladder[rung]
		x := loa.Delivery{ID: loa.DeliveryID(m.ids.id()), Office: b.Office, Area: p.Area, Broadcast: b.ID, Person: p.ID, Rung: rung, Channel: r.Channel, Network: r.Network, To: to, Lang: "vietnamese", State: state, Code: code, Tries: 1,
			Cost: cost, Parts: parts, Consent: f.consent, FirstAt: sent, SentAt: sent, DoneAt: sent.Add(time.Duration(2+d.n(7200)) * time.Second)}
		switch state {
		case loa.DeliveryByHand:
			x.Tries, x.Lang, x.FirstAt, x.SentAt = 0, "", time.Time{}, time.Time{}
		case loa.DeliveryFailed:
			x.SentAt, x.Cost, x.Parts, x.DoneAt = time.Time{}, 0, 0, sent.Add(2*time.Second)
		case loa.DeliverySent, loa.DeliveryUnsure:
			x.DoneAt = time.Time{}
		}
		if state != loa.DeliveryByHand && state != loa.DeliveryFailed && state != loa.DeliveryUnsure {
			x.Ref = fmt.Sprintf("%016x%04x", d.next(), rung)
		}
		m.b.Deliveries = append(m.b.Deliveries, x)
		sent = sent.Add(time.Minute)
	}
	if f.to != "" {
		switch n := d.n(1000); {
		case n < 820:
			add(0, f.to, loa.DeliverySeen, "", 0, 0)
			return
		case n < 940:
			add(0, f.to, loa.DeliveryDelivered, "", 0, 0)
			return
		case n < 955:
			add(0, f.to, loa.DeliveryRefused, "opted_out", 0, 0)
			m.optOut("zalo", f.to, sent)
			return
		}
		add(0, f.to, loa.DeliveryFailed, pick(d, []string{"-227", "-217", "-230"}), 0, 0)
	}
	if phone != "" {
		if d.percent(62) {
			add(1, phone, loa.DeliveryDelivered, "", 800, 0)
			return
		}
		add(1, phone, loa.DeliveryFailed, pick(d, []string{"-118", "-118", "-118", "-114", "-119"}), 0, 0)
		switch n := d.n(1000); {
		case n < 860:
			add(2, phone, loa.DeliveryDelivered, "", 500, 1)
			return
		case n < 900:
			add(2, phone, loa.DeliverySent, "", 500, 1)
			return
		case n < 915:
			add(2, phone, loa.DeliveryUnsure, "", 0, 0)
			return
		}
		add(2, phone, loa.DeliveryFailed, pick(d, []string{"99", "108", "report"}), 0, 0)
	}
	add(3, "", loa.DeliveryByHand, "", 0, 0)
}

// optOut notes that whoever answers an address wants nothing more.
func (m *maker) optOut(network, to string, when time.Time) {
	for i := range m.b.Addresses {
		if a := &m.b.Addresses[i]; a.Network == network && a.To == to {
			a.OptedOutAt, a.OptedHow = when, "word"
			return
		}
	}
}
