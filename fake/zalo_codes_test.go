package fake

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (o *office) people() {
	o.AddVillagers(
		Villager{ID: "1001", Phone: "84987654321", Name: "Nguyễn Thị Hoa", Follows: true, Last: noon.Add(-time.Hour)},
		Villager{ID: "1002", Name: "Lò Văn Pánh", Last: noon.Add(-48 * time.Hour)},
		Villager{ID: "1003", Name: "Vàng A Sử", Last: noon.Add(-48*time.Hour - time.Second)},
		Villager{ID: "1004", Name: "Quàng Văn Ơn", Last: noon.Add(-7*24*time.Hour - time.Second)},
		Villager{ID: "1005", Name: "Lường Thị Inh"},
		Villager{ID: "1006", Inactive: true, Phone: "84911111116"},
		Villager{ID: "1007", BlocksOA: true},
		Villager{Phone: "84911111118", NoZalo: true},
		Villager{Phone: "84911111119", RefusesZNS: "-141"},
	)
	o.Zalo.AddTemplates(
		Template{ID: "347878", Name: "Nhắc hạn thẻ BHYT", Tag: 1, Text: "Kính gửi <ho_ten>, thẻ của ông/bà hết hạn ngày <han_the>.", UID: true, Price: 800, PriceUID: 560,
			Params: []Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30}, {Name: "han_the", Require: true, Type: "DATE", MaxLength: 20}, {Name: "so_tien", Type: "CURRENCY", MaxLength: 12}}},
		Template{ID: "347879", Status: "PENDING_REVIEW", Text: "x"},
		Template{ID: "347880", Text: "Khuyến mãi", Tag: 3, UID: true, Day: true},
		Template{ID: "347881", Text: "Một lần", Quota: 1},
		Template{ID: "347882"},
	)
}

const filled = `"template_data":{"ho_ten":"Nguyễn Văn A","han_the":"30/11/2026"}`

func cs(id, text string) string {
	return fmt.Sprintf(`{"recipient":{"user_id":%q},"message":{"text":%q}}`, id, text)
}

// TestZaloCodes shows every refusal that the fake gives by itself.
func TestZaloCodes(t *testing.T) {
	const textPath, uid, zns = "/zalo-oa/v3.0/oa/message/cs", "/zalo-oa/v3.0/oa/message/template", "/zalo-business/message/template"
	attach := func(payload string) string {
		return `{"recipient":{"user_id":"1001"},"message":{"attachment":{"type":"template","payload":` + payload + `}}}`
	}
	for _, c := range []struct {
		name, path, body string
		before           func(*office)
		want             int
	}{
		{"text within 48 hours", textPath, cs("1001", "Chào bà"), nil, 0},
		{"text at 48 hours", textPath, cs("1002", "Chào bà"), nil, 0},
		{"text after 48 hours", textPath, cs("1003", "Chào bà"), nil, 0},
		{"text after 7 days", textPath, cs("1004", "Chào bà"), nil, -230},
		{"text to who never spoke", textPath, cs("1005", "Chào bà"), nil, -232},
		{"text to who is away", textPath, cs("1006", "Chào bà"), nil, -227},
		{"text to who blocks", textPath, cs("1007", "Chào bà"), nil, -217},
		{"text to nobody", textPath, cs("9999", "Chào bà"), nil, -201},
		{"text to a telephone", textPath, cs("84987654321", "Chào bà"), nil, -201},
		{"ID as a number", textPath, `{"recipient":{"user_id":1001},"message":{"text":"a"}}`, nil, -201},
		{"2000 letters", textPath, cs("1001", strings.Repeat("ă", 2000)), nil, 0},
		{"2001 letters", textPath, cs("1001", strings.Repeat("ă", 2001)), nil, -210},
		{"no text", textPath, cs("1001", ""), nil, -201},
		{"no money after 48 hours", textPath, cs("1003", "a"), func(o *office) { o.Zalo.Balance = 0 }, -321},
		{"picture by URL", textPath, attach(`{"template_type":"media","elements":[{"media_type":"image","url":"https://a.vn/a.png"}]}`), nil, 0},
		{"picture by neither", textPath, attach(`{"template_type":"media","elements":[{"media_type":"image"}]}`), nil, -201},
		{"moving picture without size", textPath, attach(`{"template_type":"media","elements":[{"media_type":"gif","url":"https://a.vn/a.gif"}]}`), nil, -201},
		{"picture that was never uploaded", textPath, attach(`{"template_type":"media","elements":[{"media_type":"image","attachment_id":"x"}]}`), nil, -201},
		{"ask for a contact", textPath, attach(`{"template_type":"request_user_info","elements":[{"title":"Xin số","subtitle":"s","image_url":"https://a.vn/a.png"}]}`), nil, 0},
		{"ask with a long title", textPath, attach(`{"template_type":"request_user_info","elements":[{"title":"` + strings.Repeat("a", 101) + `","image_url":"https://a.vn/a.png"}]}`), nil, -201},
		{"unknown button", textPath, attach(`{"template_type":"media","elements":[{"media_type":"image","url":"https://a.vn/a.png"}],"buttons":[{"title":"x","type":"oa.open.nothing"}]}`), nil, -201},

		{"template by UID", uid, `{"user_id":"1005","template_id":"347878",` + filled + `}`, nil, 0},
		{"template by UID to nobody", uid, `{"user_id":"9999","template_id":"347878",` + filled + `}`, nil, -201},
		{"no such template by UID", uid, `{"user_id":"1001","template_id":"1",` + filled + `}`, nil, -248},
		{"template not approved by UID", uid, `{"user_id":"1001","template_id":"347879"}`, nil, -233},
		{"template not by UID", uid, `{"user_id":"1001","template_id":"347881"}`, nil, -249},
		{"promotion by UID at night", uid, `{"user_id":"1001","template_id":"347880"}`, func(o *office) { o.Clock.Set(noon.Add(10 * time.Hour)) }, -234},
		{"promotion to a stranger", uid, `{"user_id":"1005","template_id":"347880"}`, nil, -213},
		{"template by UID without a value", uid, `{"user_id":"1001","template_id":"347878","template_data":{}}`, nil, -210},
		{"template by UID, quota used", uid, `{"user_id":"1001","template_id":"347878",` + filled + `}`, func(o *office) { o.Zalo.MessageQuota, o.Zalo.sent = 1, counted{dayOf(noon), 1} }, -211},
		{"template by UID, no money", uid, `{"user_id":"1001","template_id":"347878",` + filled + `}`, func(o *office) { o.Zalo.Balance = 559 }, -321},

		{"ZNS", zns, `{"phone":"84987654321","template_id":"347878","tracking_id":"loa_1",` + filled + `}`, nil, 0},
		{"ZNS to who is not known", zns, `{"phone":"84900000001","template_id":"347878",` + filled + `}`, nil, 0},
		{"ZNS by hash", zns + "/hashphone", `{"hash_phone":"116ce31ae9170769b075a11dedca1198f41d30318334919fb90917e9c617b438","template_id":"347878",` + filled + `}`, nil, 0},
		{"ZNS by an unknown hash", zns + "/hashphone", `{"hash_phone":"` + strings.Repeat("0", 64) + `","template_id":"347878",` + filled + `}`, nil, -118},
		{"ZNS to 09", zns, `{"phone":"0987654321","template_id":"347878",` + filled + `}`, nil, -108},
		{"ZNS, no Zalo", zns, `{"phone":"84911111118","template_id":"347878",` + filled + `}`, nil, -118},
		{"ZNS, away", zns, `{"phone":"84911111116","template_id":"347878",` + filled + `}`, nil, -114},
		{"ZNS, refuses", zns, `{"phone":"84911111119","template_id":"347878",` + filled + `}`, nil, -141},
		{"ZNS, tracking_id in capitals", zns, `{"phone":"84987654321","template_id":"347878","tracking_id":"LOA",` + filled + `}`, nil, -132},
		{"ZNS, tracking_id of 49", zns, `{"phone":"84987654321","template_id":"347878","tracking_id":"` + strings.Repeat("a", 49) + `",` + filled + `}`, nil, -132},
		{"ZNS, no template", zns, `{"phone":"84987654321","template_id":"1",` + filled + `}`, nil, -109},
		{"ZNS, template not approved", zns, `{"phone":"84987654321","template_id":"347879"}`, nil, -131},
		{"ZNS, template without words", zns, `{"phone":"84987654321","template_id":"347882"}`, nil, -121},
		{"ZNS, not JSON", zns, `{`, nil, -122},
		{"ZNS, value is a number", zns, `{"phone":"84987654321","template_id":"347878","template_data":{"ho_ten":5,"han_the":"30/11/2026"}}`, nil, -1121},
		{"ZNS, value is missing", zns, `{"phone":"84987654321","template_id":"347878","template_data":{"ho_ten":"A"}}`, nil, -1122},
		{"ZNS, value is too long", zns, `{"phone":"84987654321","template_id":"347878","template_data":{"ho_ten":"` + strings.Repeat("ă", 31) + `","han_the":"30/11/2026"}}`, nil, -1124},
		{"ZNS, date the other way", zns, `{"phone":"84987654321","template_id":"347878","template_data":{"ho_ten":"A","han_the":"2026-11-30"}}`, nil, -112},
		{"ZNS, money with spaces", zns, `{"phone":"84987654321","template_id":"347878","template_data":{"ho_ten":"A","han_the":"30/11/2026","so_tien":"1 000"}}`, nil, -112},
		{"ZNS at 21:59", zns, `{"phone":"84987654321","template_id":"347880"}`, func(o *office) { o.Clock.Set(noon.Add(10*time.Hour - time.Second)) }, 0},
		{"ZNS at 22:00", zns, `{"phone":"84987654321","template_id":"347880"}`, func(o *office) { o.Clock.Set(noon.Add(10 * time.Hour)) }, -133},
		{"ZNS at 06:00", zns, `{"phone":"84987654321","template_id":"347880"}`, func(o *office) { o.Clock.Set(noon.Add(18 * time.Hour)) }, 0},
		{"ZNS, quota used", zns, `{"phone":"84987654321","template_id":"347878",` + filled + `}`, func(o *office) { o.Zalo.DailyQuota = 0 }, -144},
		{"ZNS, no money", zns, `{"phone":"84987654321","template_id":"347878",` + filled + `}`, func(o *office) { o.Zalo.Balance = 799 }, -115},
		{"ZNS, development", zns, `{"phone":"84987654321","template_id":"347878","mode":"development",` + filled + `}`, nil, -127},
		{"ZNS, development to an admin", zns, `{"phone":"84987654321","template_id":"347878","mode":"development",` + filled + `}`, func(o *office) { o.Zalo.Admins = []string{"84987654321"}; o.Zalo.Balance = 0 }, 0},

		{"unknown token", textPath, cs("1001", "a"), func(o *office) { o.token = "x" }, -216},
		{"dead token", textPath, cs("1001", "a"), func(o *office) { o.Clock.Set(noon.Add(25 * time.Hour)) }, -220},
		{"dead token of ZNS", zns, `{}`, func(o *office) { o.Clock.Set(noon.Add(25 * time.Hour)) }, -124},
		{"token at its last second", textPath, cs("1001", "a"), func(o *office) { o.Clock.Set(noon.Add(25*time.Hour - time.Second)) }, 0},
		{"no proof", textPath, cs("1001", "a"), func(o *office) { o.Zalo.RequireProof = true }, -242},
		{"no proof for ZNS", zns, `{}`, func(o *office) { o.Zalo.RequireProof = true }, -1241},
		{"basic package", textPath, cs("1001", "a"), func(o *office) { o.Zalo.Package = "basic" }, -224},
		{"too many calls", textPath, cs("1001", "a"), func(o *office) { o.Zalo.AppLimit = 1; o.ask("GET", "/zalo-oa/v2.0/oa/getoa", "") }, -32},
		{"too many calls of the OA", textPath, cs("1001", "a"), func(o *office) { o.Zalo.OALimit = 1; o.ask("GET", "/zalo-oa/v2.0/oa/getoa", "") }, -32},
		{"group of others", "/zalo-oa/v3.0/oa/group/message", `{"recipient":{"group_id":"g0"},"message":{"text":"a"}}`, nil, -403},
		{"expired group", "/zalo-oa/v3.0/oa/group/message", `{"recipient":{"group_id":"g1"},"message":{"text":"a"}}`, func(o *office) { o.Zalo.AddGroups(Group{ID: "g1", Expired: true}) }, -237},
		{"tags of v3", "/zalo-oa/v3.0/oa/tag/tagfollower", `{}`, nil, 404},
		{"tag of a stranger", "/zalo-oa/v2.0/oa/tag/tagfollower", `{"user_id":"1005","tag_name":"a"}`, nil, -213},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.people()
			if c.before != nil {
				c.before(o)
			}
			a := o.ask("POST", c.path, c.body)
			if a.code() != c.want || a.status != http.StatusOK {
				t.Fatalf("HTTP %d %s, want %d", a.status, a.body, c.want)
			}
			e, want := o.last(), Taken
			if c.want != 0 {
				want = Refused
			}
			if e.Outcome != want || c.want != 0 && e.Code != fmt.Sprint(c.want) || a.header.Get("X-RateLimit-Limit") == "" {
				t.Fatalf("ledger %+v, headers %v", e, a.header)
			}
		})
	}
}

// TestZaloEveryCode shows that a script can answer with every code of the tables.
func TestZaloEveryCode(t *testing.T) {
	o := newOffice(t)
	for path, codes := range map[string]string{
		"/zalo-oa/v3.0/oa/message/cs":     "-216 -220 -204 -205 -209 -212 -219 -221 -223 -224 -235 -240 -242 -320 -321 -32 -211 -214 -234 -200 -201 -213 -217 -218 -227 -230 -231 -232 -244 -210 -233 -238 -248 -249 -100",
		"/zalo-business/message/template": "-124 -101 -102 -103 -104 -105 -106 -117 -120 -1241 -125 -135 -1351 -136 -137 -138 -115 -126 -100 -133 -144 -1441 -147 -1471 -1472 -108 -110 -114 -118 -119 -139 -140 -141 -109 -111 -112 -1121 -1122 -1124 -113 -1131 -116 -121 -122 -130 -131 -132 -145 -146 -161 -162",
		"/zalo-oauth/v4/oa/access_token":  "-14001 -14002 -14003 -14020 -32",
	} {
		for _, code := range strings.Fields(codes) {
			o.Faults.Clear()
			if err := o.Faults.Add(Fault{Path: path, Do: AnswerCode, Code: code}); err != nil {
				t.Fatal(err)
			}
			if a := o.ask("POST", path, "{}"); fmt.Sprint(a.code()) != code || o.last().Code != code {
				t.Errorf("%s: %s, want %s", path, a.body, code)
			}
		}
	}
}

// TestZaloCosts shows what is free and what is not.
func TestZaloCosts(t *testing.T) {
	o := newOffice(t)
	o.people()
	for _, c := range []struct {
		path, body string
		cost       int64
		quota      bool
	}{
		{"/zalo-oa/v3.0/oa/message/cs", cs("1002", "a"), 0, true},
		{"/zalo-oa/v3.0/oa/message/cs", cs("1003", "a"), 55, false},
		{"/zalo-oa/v3.0/oa/message/template", `{"user_id":"1001","template_id":"347878",` + filled + `}`, 560, true},
		{"/zalo-business/message/template", `{"phone":"84987654321","template_id":"347878",` + filled + `}`, 800, true},
	} {
		before := o.Zalo.Balance
		a := o.ask("POST", c.path, c.body)
		if before-o.Zalo.Balance != c.cost || o.last().Cost != c.cost || strings.Contains(a.body, "quota") != c.quota {
			t.Errorf("%s: paid %d, want %d: %s", c.body, before-o.Zalo.Balance, c.cost, a.body)
		}
	}
	if text := o.last().Text; text != "Kính gửi Nguyễn Văn A, thẻ của ông/bà hết hạn ngày 30/11/2026." {
		t.Errorf("the ledger has %q", text)
	}
}
