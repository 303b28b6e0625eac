package fake

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// The three hosts of Zalo, as the ledger and the faults name them.
const (
	zaloOAuthName    = "zalo-oauth"
	zaloOAName       = "zalo-oa"
	zaloBusinessName = "zalo-business"
)

// Zalo is an app with one Official Account, and the part of Zalo that knows them.
type Zalo struct {
	ZaloSettings
	w *World

	codes      map[string]grant
	access     map[string]time.Time // token → when it dies
	refresh    map[string]bool      // token → whether it was used
	appCalls   calls
	oaCalls    calls
	uploads    map[string]upload
	articles   []*article
	groups     map[string]*Group
	templates  []*Template
	znsSent    map[string]*znsMessage
	tracked    map[string]string // tracking_id → msg_id
	said       []said
	znsDay     counted
	posted     counted
	wrote      counted
	sent       counted
	broadcasts counted
	uploaded   counted

	disabled bool

	flight  sync.Mutex
	flying  int
	reached Refreshes
}

// ZaloSettings is what an operator of the fake may change, and what no source confirms.
type ZaloSettings struct {
	AppID        string   `json:"app_id"`
	AppSecret    string   `json:"app_secret"`
	OASecret     string   `json:"oa_secret"`
	OAID         string   `json:"oa_id"`
	Name         string   `json:"name"`
	Package      string   `json:"package"`        // basic has no OpenAPI: -224
	Challenge    string   `json:"code_challenge"` // the one the console stores for the whole flow; empty takes that of the link
	RedirectURI  string   `json:"redirect_uri"`   // empty takes any
	Webhook      string   `json:"webhook"`
	Admins       []string `json:"admins"` // telephones that mode development may send to
	RequireProof bool     `json:"require_proof"`
	HTTP401      bool     `json:"http_401"`            // a dead token is answered with HTTP 401 instead of 200
	AppLimit     int      `json:"app_limit"`           // calls a minute of the app
	OALimit      int      `json:"oa_limit"`            // calls a minute of the OA, by package
	Echo         bool     `json:"echo"`                // oa_send_* events too
	NoTimeHeader bool     `json:"no_timestamp_header"` // X-ZEvent-Timestamp is not sent
	MACWithOAID  bool     `json:"mac_with_oa_id"`      // the reported other first term
	ArticleIDKey string   `json:"article_id_key"`      // id, or article_id
	ArticleReady Duration `json:"article_ready"`       // how long verify says -214
	Dedupes      bool     `json:"dedupes_tracking_id"` // not documented: ours alone
	DailyQuota   int      `json:"daily_quota"`         // of ZNS
	ArticleQuota int      `json:"article_quota"`       // a month
	PostQuota    int      `json:"broadcast_quota"`     // a month
	UploadQuota  int      `json:"upload_quota"`        // a month
	MessageQuota int      `json:"message_quota"`       // templates by UID a day; 0 for no end
	Balance      int64    `json:"balance"`             // dong in the Zalo Cloud Account
	NoZaloShare  int      `json:"no_zalo_percent"`     // of the telephones nobody was told about
	Quality      string   `json:"quality"`
	BilledText   int64    `json:"billed_text"` // dong for a text after 48 hours
}

// Refreshes is what the fake counted of token refreshes: more than one at once loses the account.
type Refreshes struct {
	Done   int `json:"done"`
	Reused int `json:"reused"`  // a used token came again
	AtOnce int `json:"at_once"` // the most that were under way together
}

func newZalo(w *World) *Zalo {
	return &Zalo{
		w: w, codes: map[string]grant{}, access: map[string]time.Time{}, refresh: map[string]bool{}, uploads: map[string]upload{}, groups: map[string]*Group{}, znsSent: map[string]*znsMessage{}, tracked: map[string]string{},
		ZaloSettings: ZaloSettings{
			AppID: "1234567890123456789", AppSecret: "zalo_app_secret_demo", OASecret: "oa_secret_key_demo", OAID: "1646843870823903717", Name: "BHXH", Package: "comprehensive",
			AppLimit: 4000, OALimit: 2000, ArticleIDKey: "id", ArticleReady: Duration(8 * time.Second), DailyQuota: 500, ArticleQuota: 60, PostQuota: 40, UploadQuota: 5000,
			Balance: 5_000_000, Quality: "HIGH", BilledText: 55,
		},
	}
}

func (z *Zalo) routes(m *http.ServeMux) {
	oauth := &door{w: z.w, provider: zaloOAuthName, inflight: z.count, fault: z.faultOAuth}
	m.Handle("GET /zalo-oauth/v4/oa/permission", oauth.handle(z.permission))
	m.Handle("POST /zalo-oauth/v4/oa/access_token", oauth.handle(z.token))

	oa := &door{w: z.w, provider: zaloOAName, fault: z.fault, expire: z.expire, check: z.check}
	for path, h := range map[string]func(*call) reply{
		"POST /v3.0/oa/message/cs":            z.sendText,
		"POST /v3.0/oa/message/template":      z.sendTemplate,
		"POST /v3.0/oa/group/message":         z.sendGroup,
		"POST /v3.0/oa/quota/message":         z.messageQuota,
		"POST /v2.0/oa/message":               z.sendArticle,
		"GET /v2.0/oa/conversation":           z.conversation,
		"GET /v2.0/oa/getoa":                  z.getOA,
		"GET /v3.0/oa/user/detail":            z.userDetail,
		"GET /v3.0/oa/user/getlist":           z.userList,
		"POST /v3.0/oa/user/update":           z.userUpdate,
		"POST /v2.0/oa/updatefollowerinfo":    z.userUpdate,
		"GET /v2.0/oa/tag/gettagsofoa":        z.tags,
		"POST /v2.0/oa/tag/tagfollower":       z.tag,
		"POST /v2.0/oa/tag/rmfollowerfromtag": z.untag,
		"POST /v2.0/oa/tag/rmtag":             z.removeTag,
		"POST /v2.0/oa/upload/{kind}":         z.upload,
		"POST /v2.0/article/upload_image":     z.uploadCover,
		"POST /v2.0/article/create":           z.createArticle,
		"POST /v2.0/article/update":           z.updateArticle,
		"POST /v2.0/article/verify":           z.verifyArticle,
		"GET /v2.0/article/getslice":          z.listArticles,
		"GET /v2.0/article/getdetail":         z.articleDetail,
		"POST /v2.0/article/remove":           z.removeArticle,
		"/":                                   z.noAPI,
	} {
		m.Handle(under("/zalo-oa", path), oa.handle(h))
	}
	business := &door{w: z.w, provider: zaloBusinessName, fault: z.fault, expire: z.expire, check: z.check}
	for path, h := range map[string]func(*call) reply{
		"POST /message/template":           z.sendZNS,
		"POST /message/template/hashphone": z.sendZNS,
		"GET /message/status":              z.znsStatus,
		"GET /message/quota":               z.znsQuota,
		"GET /message/template-tag":        z.znsTags,
		"GET /quality":                     z.znsQuality,
		"GET /template/all":                z.listTemplates,
		"GET /template/info/v2":            z.templateInfo,
		"GET /template/sample-data":        z.templateSample,
		"POST /template/create":            z.createTemplate,
		"POST /template/edit":              z.editTemplate,
		"POST /upload/image":               z.uploadZNS,
		"/":                                z.noAPI,
	} {
		m.Handle(under("/zalo-business", path), business.handle(h))
	}
}

// under puts a prefix before the path of a pattern.
func under(prefix, pattern string) string {
	for i := range pattern {
		if pattern[i] == '/' {
			return pattern[:i] + prefix + pattern[i:]
		}
	}
	return pattern
}

// counted is how often something happened in the running day or month.
type counted struct {
	period string
	n      int
}

// used tells how many of the period are gone.
func (q *counted) used(period string) int {
	if q.period != period {
		q.period, q.n = period, 0
	}
	return q.n
}

func dayOf(t time.Time) string   { return t.In(zone).Format("2006-01-02") }
func monthOf(t time.Time) string { return t.In(zone).Format("2006-01") }

// good answers with data, as Zalo does when all is well.
func good(data any) reply {
	v := map[string]any{"error": 0, "message": "Success"}
	if data != nil {
		v["data"] = data
	}
	return answer(http.StatusOK, v)
}

// read reads the body of a POST; what is not of the wanted type, such as an ID that is a number, is refused by the caller.
func (c *call) read(v any) bool { return json.Unmarshal(c.body, v) == nil }

// query reads the one JSON string in which Zalo takes the parameters of a GET.
func (c *call) query(v any) bool {
	return json.Unmarshal([]byte(c.r.URL.Query().Get("data")), v) == nil
}

func (z *Zalo) noAPI(c *call) reply { return z.refuse(c, 404, "empty or invalid api") }
