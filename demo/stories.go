package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"loa"
)

// lives are the stories of the demo. Nobody lived them; every page says so. They name no figure of the law: the calculator knows those.
var lives = []struct {
	line      int
	village   int // which of the commune's villages; -1 for the commune itself
	name      string
	schemes   []loa.Scheme
	audiences []string
	change    [2]string // Vietnamese, English
	text      [2]string
	state     loa.StoryState
	until     loa.Day
	why       string
}{
	{sinhPhinh, 0, "Chị D.", []loa.Scheme{loa.VoluntarySI}, []string{"farmers", "women"},
		[2]string{"Bán ngô xong là đóng, không còn lo tuổi già", "Pays after each maize harvest and no longer fears old age"},
		[2]string{"Nhà tôi làm nương, tiền chỉ có sau vụ ngô. Cán bộ bảo đóng theo năm cũng được, Nhà nước đóng cùng một phần. Bán ngô xong tôi để riêng tiền ra trước khi mua sắm. Bây giờ đi chợ tôi nói với mấy chị: già rồi mình có tiền của mình, không phải ngửa tay xin con.",
			"We farm, and money comes only after the maize. The officer said paying once a year is fine, and the State pays a part. I put the money aside before I buy anything. At the market I tell the other women: when I am old I shall have my own money."},
		loa.StoryApproved, "2026-10-31", ""},
	{tuaChua, 0, "Anh T.", []loa.Scheme{loa.HouseholdHI}, []string{"small_traders", "households_no_hi"},
		[2]string{"Con phải mổ gấp, nhà không phải bán trâu", "A child needed surgery at once; the buffalo was not sold"},
		[2]string{"Tôi bán hàng ở chợ, trước cứ nghĩ khoẻ thì mua thẻ làm gì. Năm ngoái cả nhà mua thẻ cùng lúc, người sau rẻ hơn người trước. Tháng sau thằng út đau bụng phải mổ. Thẻ trả phần lớn tiền viện. Không có thẻ thì tôi đã bán con trâu.",
			"I sell at the market and used to think: healthy people need no card. Last year the whole family bought cards together, each one cheaper than the one before. A month later our youngest needed surgery. The card paid most of it. Without it I would have sold the buffalo."},
		loa.StoryApproved, "2026-06-30", ""},
	{sangNhe, 0, "Bà L.", []loa.Scheme{loa.VoluntarySI}, []string{"near_retirement", "former_voluntary"},
		[2]string{"Nghỉ đóng hai năm rồi nối lại, không mất gì", "Stopped for two years, went on, lost nothing"},
		[2]string{"Có hai năm mất mùa tôi không đóng được, cứ tưởng mất hết. Cán bộ mở sổ cho xem: năm đã đóng vẫn còn nguyên, đóng tiếp là cộng vào. Tôi nối lại từ đầu năm.",
			"For two years the harvest failed and I could not pay; I thought all was lost. The officer showed me: the years I had paid were still there, and new ones are added. I went on this year."},
		loa.StoryApproved, "2026-12-31", ""},
	{tuaThang, 1, "Chị M.", []loa.Scheme{loa.HouseholdHI}, []string{"parents_of_pupils"},
		[2]string{"Vừa thoát nghèo, mua thẻ trước khi thẻ cũ hết", "Left poverty and bought a card before the old one ended"},
		[2]string{"Nhà tôi thoát nghèo, thẻ được cấp hết hạn mà tôi không biết. Trưởng bản nhắc trước một tháng nên tôi kịp mua cho cả nhà, không bị ngắt ngày nào.",
			"We left poverty and the free card was ending; I did not know. The village head told me a month before, so I bought cards for all of us without a day in between."},
		loa.StoryApproved, "2026-03-31", ""},
	{tuaChua, 1, "Chị H.", []loa.Scheme{loa.VoluntarySI}, []string{"freelancers"},
		[2]string{"Thợ may ở nhà cũng có sổ", "A seamstress at home has her own book too"},
		[2]string{"Tôi may thuê ở nhà, tháng nhiều tháng ít. Tôi chọn mức thấp trước, khi nào khá thì nâng.", "I sew at home, some months more, some less. I began with the lowest level and raise it when times are better."},
		loa.StoryDraft, "2026-11-20", ""},
	{sinChai, 0, "Anh C.", []loa.Scheme{loa.VoluntarySI}, []string{"young_workers"},
		[2]string{"Đi làm công ty về, đóng nối ở nhà", "Back from the factory, goes on paying at home"},
		[2]string{"Tôi làm công ty hai năm dưới xuôi rồi về. Thời gian đó cộng với thời gian đóng ở nhà.", "I worked in a factory for two years and came home. That time is added to what I pay here."},
		loa.StoryWithdrawn, "2026-08-31", "Anh C. không muốn kể nữa"},
	{sinhPhinh, 1, "Ông P.", []loa.Scheme{loa.HouseholdHI}, []string{"near_poor"},
		[2]string{"Chữa mắt xong lại đi nương được", "Eyes treated, back in the field"},
		[2]string{"Mắt tôi mờ, ngại tốn tiền nên để đó. Có thẻ tôi xuống bệnh viện huyện, bây giờ lại đi nương được.", "My eyes were failing, and I feared the cost. With the card I went to the hospital; now I am back in the field."},
		loa.StoryApproved, "2025-10-31", ""},
}

// makeStories makes the library of stories, recorded voices that are chimes and no voices, and a basket of prices nobody asked for.
func (m *maker) makeStories() error {
	for i, l := range lives {
		author := m.officers.of[l.line]
		made := at(AsOf.Add(-40+2*i), 9*60)
		s := loa.Story{ID: loa.StoryID(m.ids.id()), Office: m.office.ID, Area: m.placeOf(l.line, l.village), Name: l.name, Schemes: l.schemes, Audiences: l.audiences, State: l.state, Synthetic: true,
			Consent:   loa.StoryConsent{How: "paper", Proof: "Phiếu mẫu " + text100[i+1] + "/2025", Officer: author, On: l.until.AddMonths(-12), Until: l.until},
			CreatedAt: made, CreatedBy: author, ChangedBy: author, Why: l.why}
		s.Consent.On = min(s.Consent.On, loa.DayOf(made))
		for k, lang := range []string{"vietnamese", "english"} {
			s.Tellings = append(s.Tellings, loa.Telling{Lang: lang, Change: l.change[k], Text: l.text[k]})
		}
		switch l.state {
		case loa.StoryApproved:
			s.ApprovedAt, s.ApprovedBy = at(AsOf.Add(-20+i), 10*60), m.officers.director
		case loa.StoryWithdrawn:
			s.EndedAt, s.EndedBy = at(AsOf.Add(-3), 15*60), author
			m.b.StoryUses = append(m.b.StoryUses, loa.StoryUse{ID: m.ids.id(), Story: s.ID, Kind: "leaflet", Batch: "TG-2025-10", Copies: 200, At: at(AsOf.Add(-25), 9*60), By: author})
		}
		m.b.Stories = append(m.b.Stories, s)
		if i == 0 {
			m.addChime(loa.StoryKey(s.ID), "mong", "Mông Trắng", l.text[0], loa.ClipApproved, s.Area)
			m.b.StoryUses = append(m.b.StoryUses, loa.StoryUse{ID: m.ids.id(), Story: s.ID, Kind: "session", At: at(AsOf.Add(-4), 9*60), By: author})
		}
	}
	anchor := m.unitArea[noCommune]
	m.addChime("calculator.voluntary_si", "mong", "Mông Trắng", "Mức đóng, phần Nhà nước đóng cùng, tuổi nhận lương hưu.", loa.ClipApproved, anchor)
	m.addChime("calculator.voluntary_si", "thai", "Thái Đen", "Mức đóng, phần Nhà nước đóng cùng, tuổi nhận lương hưu.", loa.ClipApproved, anchor)
	m.addChime("calculator.household_hi", "mong", "Mông Trắng", "Thẻ cho cả nhà, người sau rẻ hơn người trước.", loa.ClipApproved, anchor)
	m.addChime("leaflet", "kho_mu", "", "Chào bà con, tờ gấp này nói về thẻ bảo hiểm y tế.", loa.ClipDraft, anchor)
	m.makeBasket()
	return nil
}

// placeOf is a village of a commune, or the commune itself.
func (m *maker) placeOf(line, n int) loa.AreaID {
	for _, v := range m.villages {
		if v.unit != line {
			continue
		}
		if n == 0 {
			return v.id
		}
		n--
	}
	return m.unitArea[line]
}

func (m *maker) addChime(key, lang, dialect, says string, state loa.ClipState, area loa.AreaID) {
	sound := chime(len(m.b.Clips))
	sum := sha256.Sum256(sound)
	c := loa.Clip{ID: loa.ClipID(m.ids.id()), Office: m.office.ID, Area: area, Key: key, Lang: lang, Dialect: dialect, Says: says, Attachment: loa.AttachmentID(m.ids.id()), MIME: "audio/wav",
		SHA256: hex.EncodeToString(sum[:]), Size: len(sound), Seconds: chimeSeconds, State: state, Synthetic: true, CreatedAt: at(AsOf.Add(-15), 9*60), CreatedBy: m.officers.unions, Bytes: sound}
	if state == loa.ClipApproved {
		c.ApprovedAt, c.ApprovedBy = at(AsOf.Add(-14), 9*60), m.officers.director
	}
	m.b.Clips = append(m.b.Clips, c)
}

const (
	chimeSeconds = 3
	chimeRate    = 8000
)

// chime is three notes, each language another order: it proves that the button plays without pretending that somebody spoke.
func chime(n int) []byte {
	notes := []float64{523, 659, 784}
	data := make([]byte, chimeSeconds*chimeRate)
	for i := range data {
		k, t := i/chimeRate, float64(i%chimeRate)/chimeRate
		data[i] = byte(128 + 60*math.Exp(-3*t)*math.Sin(2*math.Pi*notes[(k+n)%len(notes)]*t))
	}
	out := append([]byte("RIFF"), 0, 0, 0, 0)
	out = append(out, "WAVEfmt "...)
	out = binary.LittleEndian.AppendUint32(out, 16)
	for _, v := range []uint16{1, 1} { // plain samples, one channel
		out = binary.LittleEndian.AppendUint16(out, v)
	}
	out = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(out, chimeRate), chimeRate)
	for _, v := range []uint16{1, 8} { // a byte a sample
		out = binary.LittleEndian.AppendUint16(out, v)
	}
	out = binary.LittleEndian.AppendUint32(append(out, "data"...), uint32(len(data)))
	out = append(out, data...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func (m *maker) makeBasket() {
	const source = "Giá mẫu của bản thử"
	for _, p := range []struct {
		line                int
		vi, unit, one, many string
		price               int64
		picture             string
		from                loa.Day
	}{
		{noCommune, "thuốc lá", "gói", "packet of cigarettes", "packets of cigarettes", 20000, "cigarette", "2025-07-01"},
		{noCommune, "gà", "con", "chicken", "chickens", 200000, "chicken", "2025-07-01"},
		{noCommune, "gạo 25 cân", "bao", "sack of rice (25 kg)", "sacks of rice (25 kg)", 425000, "rice-sack", "2025-07-01"},
		{noCommune, "gạo 25 cân", "bao", "sack of rice (25 kg)", "sacks of rice (25 kg)", 450000, "rice-sack", "2025-10-01"},
		{noCommune, "mì tôm", "thùng", "box of noodles", "boxes of noodles", 110000, "noodles", "2025-07-01"},
		{noCommune, "điện thoại", "thẻ", "phone card", "phone cards", 50000, "phone", "2025-07-01"},
		{sinChai, "gà", "con", "chicken", "chickens", 180000, "chicken", "2025-09-01"},
		{tuaChua, "gà", "con", "chicken", "chickens", 220000, "chicken", "2025-09-01"},
	} {
		m.b.Prices = append(m.b.Prices, loa.PriceItem{ID: m.ids.id(), Office: m.office.ID, Area: m.unitArea[p.line], Key: loa.PriceKey(p.vi), NameVI: p.vi, UnitVI: p.unit, OneEN: p.one, ManyEN: p.many, Price: p.price,
			Picture: p.picture, From: p.from, Source: source, Synthetic: true, RecordedAt: at(p.from, 9*60), RecordedBy: m.officers.unions})
	}
}
