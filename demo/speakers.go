package demo

import (
	"fmt"
	"strings"
	"time"

	"loa"
)

// LiveSpeaker is the device that the demo runs itself, playing nothing that could be heard.
const LiveSpeaker = "loa-seo-phinh"

// loudspeakers are the demo's stations, one of each kind and one that nobody has heard of for days. None of them exists: the villages do.
var loudspeakers = []struct {
	line          int
	village       string
	kind          loa.StationKind
	name, keeper  string
	device        string
	languages     []string
	volume, hears int
	slots         []loa.Slot
}{
	{sinhPhinh, "Bản Séo Phình", loa.DeviceStation, "Cụm loa mô phỏng bản Séo Phình", "Giàng A Chu (mô phỏng)", LiveSpeaker, []string{"mong", "vietnamese"}, 70, 3,
		[]loa.Slot{{Days: loa.EveryDay, Start: 5*60 + 30, Minutes: 15}, {Days: loa.EveryDay, Start: 17*60 + 30, Minutes: 15}, {Days: loa.EveryDay, Start: 18 * 60, Minutes: 30, Taken: true, Name: "Tiếp âm Đài tỉnh"}}},
	{sangNhe, "Bản Phiêng Hoa", loa.DeviceStation, "Cụm loa mô phỏng bản Phiêng Hoa", "Quàng Văn Phủ (mô phỏng)", "loa-phieng-hoa", []string{"mong", "vietnamese"}, 60, 2,
		[]loa.Slot{{Days: loa.EveryDay, Start: 17*60 + 30, Minutes: 15}}},
	{tuaChua, "Thôn Háng Tơ Mang", loa.CommuneStation, "Đài truyền thanh mô phỏng xã Tủa Chùa", "Lò Văn Inh (mô phỏng)", "", []string{"vietnamese"}, 50, 6,
		[]loa.Slot{{Days: 1<<0 | 1<<2 | 1<<4, Start: 6 * 60, Minutes: 20}, {Days: loa.EveryDay, Start: 6*60 + 30, Minutes: 30, Taken: true, Name: "Thời sự xã"}}},
	{tuaThang, "", loa.AnnouncerStation, "Loa tay của trưởng bản (mô phỏng)", "Lường Văn Hặc (mô phỏng)", "", []string{"vietnamese"}, 50, 1,
		[]loa.Slot{{Days: loa.EveryDay, Start: 17*60 + 30, Minutes: 15}}},
}

// stationNote says on the page of every station of the demo that it stands nowhere.
const stationNote = "Trạm mô phỏng của bản thử: không có loa nào phát thành tiếng."

// makeStations makes the stations with their slots and who hears them.
func (m *maker) makeStations(account loa.ChannelID) ([]loa.Station, error) {
	for _, x := range loudspeakers {
		s := loa.Station{ID: loa.PlaceID(m.ids.id()), Office: m.office.ID, Kind: x.kind, Name: x.name, Device: x.device, Volume: x.volume, Languages: x.languages, Keeper: x.keeper, Phone: m.number(), Slots: x.slots, Note: stationNote, Synthetic: true}
		if !x.kind.ByHand() {
			s.Channel, s.Secret = account, strings.Repeat("0", 64) // no password has this fingerprint; the live one is keyed when the demo runs
		}
		for _, v := range m.villages {
			if v.unit != x.line {
				continue
			}
			if v.name == x.village || x.village == "" && s.Area == "" {
				s.Area = v.id
			}
		}
		if s.Area == "" {
			return nil, fmt.Errorf("no village %q for a loudspeaker", x.village)
		}
		s.Earshot = append(s.Earshot, s.Area)
		for _, v := range m.villages {
			if v.unit == x.line && v.id != s.Area && len(s.Earshot) < x.hears {
				s.Earshot = append(s.Earshot, v.id)
			}
		}
		if x.device == "loa-phieng-hoa" { // its last will is all that was heard of it
			s.OnlineAt, s.SeenAt = at(AsOf.Add(-4), 13*60+20), at(AsOf.Add(-4), 13*60+20)
		}
		m.b.Stations = append(m.b.Stations, s)
	}
	return m.b.Stations, nil
}

// makePlays makes one announcement that was played, read, missed and not yet ticked, and one that goes out as soon as the demo runs.
func (m *maker) makePlays(scripts []loa.Script, account loa.ChannelID) error {
	var spoken []loa.Script // those with words for loudspeakers alone
	for _, s := range scripts {
		if len(s.Texts) != 1 || s.Texts[0].Kind != "loudspeaker" {
			continue
		}
		spoken = append(spoken, s)
		m.addChime(loa.ScriptKey(s.ID), "mong", "Mông Trắng", s.Texts[0].Text, loa.ClipApproved, m.office.Anchor)
		m.addChime(loa.ScriptKey(s.ID), "vietnamese", "", s.Texts[0].Text, loa.ClipApproved, m.office.Anchor)
	}
	for i := range m.b.Clips {
		if m.b.Clips[i].Script() != "" {
			m.b.Clips[i].Version = 1
			m.b.Clips[i].Fits = []loa.Fit{{Version: 1, Officer: m.b.Clips[i].ApprovedBy, At: m.b.Clips[i].ApprovedAt}}
		}
	}
	stations, err := m.makeStations(account)
	if err != nil {
		return err
	}
	base := loa.Broadcast{Office: m.office.ID, Area: m.office.Anchor, Purpose: loa.Care, Priority: loa.Normal, FailLimit: 2000, RefuseLimit: 300, ScriptVersion: 1, Author: m.officers.channels}
	said := base
	said.ID, said.Title, said.Script = loa.BroadcastID(m.ids.id()), "Nhắc gia hạn thẻ BHYT qua loa, tuần cuối tháng 11", spoken[0].ID
	said.Window = loa.Window{From: AsOf.Add(-3), Until: AsOf.Add(-3), Start: 5 * 60, End: 21 * 60}
	said.State, said.Fanned, said.CreatedAt, said.SubmittedAt, said.SentAt = loa.BroadcastDone, loa.AllFanned, at(AsOf.Add(-5), 10*60), at(AsOf.Add(-5), 10*60+20), at(AsOf.Add(-3), 5*60)
	said.EditedAt, said.Edits, said.Approvals = said.SubmittedAt, 3, []loa.Approval{{Officer: m.officers.director, At: at(AsOf.Add(-4), 8*60)}}
	for _, s := range stations {
		said.Outlets = append(said.Outlets, loa.Outlet{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Channel: s.Channel, Place: s.ID, At: at(AsOf.Add(-3), 17*60+30), Repeat: 2})
	}
	for i, s := range stations {
		m.play(&said, i, s)
	}
	now := base
	now.ID, now.Title, now.Script = loa.BroadcastID(m.ids.id()), "Loa mời bà con đến bàn tư vấn chợ phiên 06/12", spoken[1].ID
	now.Window = loa.Window{From: AsOf, Until: AsOf.Add(5), Start: 5 * 60, End: 21 * 60}
	now.State, now.CreatedAt, now.SubmittedAt = loa.BroadcastApproved, at(AsOf.Add(-1), 16*60), at(AsOf.Add(-1), 16*60+15)
	now.EditedAt, now.Edits, now.Approvals = now.SubmittedAt, 2, []loa.Approval{{Officer: m.officers.director, At: at(AsOf.Add(-1), 17*60)}}
	now.Outlets = []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Channel: account, Place: stations[0].ID, Repeat: 1},
		{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Place: stations[3].ID, At: at(AsOf.Add(1), 17*60+30), Repeat: 2}}
	m.b.Broadcasts = append(m.b.Broadcasts, said, now)
	return nil
}

// play is what became of an announcement at one station: a device proved it, one was away, a person told of it, and one has still to tell.
func (m *maker) play(b *loa.Broadcast, i int, s loa.Station) {
	o := b.Outlets[i]
	d := loa.Delivery{ID: loa.DeliveryID(m.ids.id()), Office: b.Office, Area: s.Area, Broadcast: b.ID, Place: s.ID, Rung: loa.OutletRung + i, Channel: o.Channel, Network: o.Network, To: s.Device}
	p := loa.Play{Delivery: d.ID, Office: b.Office, Area: s.Area, Station: s.ID, Broadcast: b.ID, Priority: b.Priority, At: o.At, Seconds: chimeSeconds * len(s.Languages), Repeat: o.Repeat}
	over := p.Until()
	switch i {
	case 0:
		p.State, p.Proof, p.ProvedAt, p.PlayedMS = loa.PlayPlayed, "device", over, over.Sub(p.At).Milliseconds()
		d.State, d.Tries, d.FirstAt, d.SentAt, d.DoneAt = loa.DeliveryDelivered, 1, b.SentAt, b.SentAt, over
	case 1:
		p.State = loa.PlayMissed
		d.State, d.Tries, d.FirstAt, d.SentAt, d.DoneAt, d.Code = loa.DeliveryFailed, 1, b.SentAt, b.SentAt, over, "missed"
	case 2:
		p.State, p.Proof, p.Officer, p.ProvedAt, p.At = loa.PlayPlayed, "person", m.officers.of[tuaChua], at(AsOf.Add(-2), 8*60), at(AsOf.Add(-3), 6*60)
		d.State, d.DoneAt = loa.DeliveryDelivered, p.At.Add(time.Minute)
	default:
		p.State = loa.PlayPlanned
		d.State, d.DoneAt = loa.DeliveryByHand, b.SentAt
	}
	m.b.Deliveries = append(m.b.Deliveries, d)
	m.b.Plays = append(m.b.Plays, p)
}
