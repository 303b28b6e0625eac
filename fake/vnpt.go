package fake

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// VNPT is one account of VinaPhone's brandname gateway, which speaks JSON and XML.
type VNPT struct {
	VNPTSettings
	w *World

	seen recent
}

// VNPTSettings is what an operator of the fake may change; of the gateway's errors nothing is published but that 0 is none.
type VNPTSettings struct {
	AgentID   string            `json:"agent_id"`
	User      string            `json:"user"`
	Password  string            `json:"password"`
	Labels    []string          `json:"labels"`
	Templates map[string]string `json:"templates"` // by ID, with {1} for the first parameter; none takes every ID
	Error     string            `json:"error"`     // the code of every refusal
	Dedupes   bool              `json:"dedupes"`   // by REQID: not known
	Price     int64             `json:"price"`
}

func newVNPT(w *World) *VNPT {
	return &VNPT{w: w, seen: recent{}, VNPTSettings: VNPTSettings{AgentID: "100", User: "vnpt_user_demo", Password: "vnpt_pass_demo", Labels: []string{"1"}, Error: strconv.Itoa(notPublished), Price: 500}}
}

func (v *VNPT) routes(m *http.ServeMux) {
	d := &door{w: v.w, provider: vnptName, fault: v.fault}
	postBoth(m, "/vnpt/smsmarketing/api", d.handle(v.send))
}

type vnptParam struct {
	Num     string `json:"NUM" xml:"NUM"`
	Content string `json:"CONTENT" xml:"CONTENT"`
}

type vnptRequest struct {
	XMLName  xml.Name    `json:"-" xml:"RQST"`
	Name     string      `json:"name" xml:"name,attr"`
	ReqID    string      `json:"REQID" xml:"REQID"`
	LabelID  string      `json:"LABELID" xml:"LABELID"`
	Kind     string      `json:"CONTRACTTYPEID" xml:"CONTRACTTYPEID"`
	Contract string      `json:"CONTRACTID" xml:"CONTRACTID"`
	Template string      `json:"TEMPLATEID" xml:"TEMPLATEID"`
	Params   []vnptParam `json:"PARAMS" xml:"PARAMS"`
	Schedule string      `json:"SCHEDULETIME" xml:"SCHEDULETIME"`
	Mobiles  string      `json:"MOBILELIST" xml:"MOBILELIST"`
	IsTelco  string      `json:"ISTELCOSUB" xml:"ISTELCOSUB"`
	AgentID  string      `json:"AGENTID" xml:"AGENTID"`
	APIUser  string      `json:"APIUSER" xml:"APIUSER"`
	APIPass  string      `json:"APIPASS" xml:"APIPASS"`
	User     string      `json:"USERNAME" xml:"USERNAME"`
	Coding   string      `json:"DATACODING" xml:"DATACODING"`
}

type vnptReply struct {
	XMLName xml.Name `json:"-" xml:"RPLY"`
	Name    string   `json:"name" xml:"name,attr"`
	Error   string   `json:"ERROR" xml:"ERROR"`
	Desc    string   `json:"ERROR_DESC" xml:"ERROR_DESC"`
}

// isXML says in which of its two languages a caller speaks.
func (c *call) isXML() bool { return bytes.HasPrefix(bytes.TrimSpace(c.body), []byte("<")) }

func (v *VNPT) answer(c *call, code, text string) reply {
	r := vnptReply{Name: "send_sms_list", Error: code, Desc: text}
	if code != "0" {
		c.refuse(code)
	}
	if !c.isXML() {
		return answer(http.StatusOK, map[string]any{"RPLY": r})
	}
	body, err := xml.Marshal(r)
	if err != nil {
		return reply{status: http.StatusInternalServerError}
	}
	return reply{status: http.StatusOK, header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}}, body: append([]byte(xml.Header), body...)}
}

func (v *VNPT) send(c *call) reply {
	var b struct {
		RQST vnptRequest
	}
	err := error(nil)
	if c.isXML() {
		err = xml.Unmarshal(c.body, &b.RQST)
	} else {
		err = json.Unmarshal(c.body, &b)
	}
	q := b.RQST
	c.entry.Ref, c.entry.To = q.ReqID, q.Mobiles
	if err != nil || q.Name != "send_sms_list" {
		return v.answer(c, v.Error, "invalid request")
	}
	phones, text, why := v.check(c, q)
	if why != "" {
		return v.answer(c, v.Error, why)
	}
	v.seen[q.ReqID] = c.at
	kind := "sms"
	if q.Kind == "2" {
		kind = "sms_ads"
	}
	c.takeSMS(kind, v.w.hex(), phones, text, partsOf(text, q.Coding == "8"), v.Price)
	return v.answer(c, "0", "success")
}

var numbered = regexp.MustCompile(`\{[0-9]+\}`)

// check says why a request is refused, or whom it reaches with what.
func (v *VNPT) check(c *call, q vnptRequest) (phones []string, text, why string) {
	label := false
	for _, l := range v.Labels {
		label = label || l == q.LabelID
	}
	form, known := v.Templates[q.Template]
	_, err := time.ParseInLocation("02/01/2006 15:04", q.Schedule, zone)
	switch {
	case q.AgentID != v.AgentID || q.APIUser != v.User || q.APIPass != v.Password:
		return nil, "", "authentication failed"
	case !label || q.Kind != "1" && q.Kind != "2" || q.ReqID == "":
		return nil, "", "invalid label, contract type or request id"
	case len(v.Templates) > 0 && !known:
		return nil, "", "invalid template"
	case q.Schedule != "" && err != nil:
		return nil, "", "invalid schedule time"
	case v.Dedupes && v.seen.again(q.ReqID, c.at, 24*time.Hour):
		return nil, "", "duplicate request id"
	}
	values := map[string]string{}
	var all []string
	for _, p := range q.Params {
		values["{"+p.Num+"}"] = p.Content
		all = append(all, p.Content)
	}
	if text = strings.Join(all, " "); known {
		text = numbered.ReplaceAllStringFunc(form, func(n string) string { return values[n] })
	}
	for _, p := range strings.Split(q.Mobiles, ",") {
		phone, ok := mobileOf(strings.TrimSpace(p))
		if !ok || !strings.HasPrefix(strings.TrimSpace(p), "84") {
			return nil, "", "invalid mobile"
		}
		phones = append(phones, phone)
	}
	return phones, text, ""
}

func (v *VNPT) fault(c *call, f Fault) reply {
	switch f.Do {
	case Throttle:
		c.refuse("429")
		return page(http.StatusTooManyRequests)
	case AnswerCode:
		return v.answer(c, f.Code, f.Text)
	}
	return v.answer(c, v.Error, string(f.Do))
}
