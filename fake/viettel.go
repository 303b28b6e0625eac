package fake

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Viettel is one account of Viettel's brandname gateway, which speaks SOAP and remembers no RequestID.
type Viettel struct {
	ViettelSettings
	w *World
}

// ViettelSettings is what an operator of the fake may change; of the gateway's errors little is published.
type ViettelSettings struct {
	User     string   `json:"user"`
	Password string   `json:"password"`
	CPCode   string   `json:"cp_code"`
	Services []string `json:"services"` // brandnames
	WrongIP  bool     `json:"wrong_ip"` // Authenticate: IP_INVALID
	Price    int64    `json:"price"`
	Balance  int64    `json:"balance"`
}

func newViettel(w *World) *Viettel {
	return &Viettel{w: w, ViettelSettings: ViettelSettings{User: "viettel_user_demo", Password: "viettel_pass_demo", CPCode: "BHXH", Services: []string{"BHXH"}, Price: 500, Balance: 5_000_000}}
}

func (v *Viettel) routes(m *http.ServeMux) {
	d := &door{w: v.w, provider: viettelName, fault: v.fault}
	postBoth(m, "/viettel/bulkapi", d.handle(v.call))
}

type viettelEnvelope struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Send *struct {
			User, Password, CPCode, RequestID, UserID, ReceiverID, ServiceID, CommandCode, Content, ContentType string
		} `xml:"http://impl.bulkSms.ws/ wsCpMt"`
		Balance *struct {
			User, Password, CPCode string
		} `xml:"http://impl.bulkSms.ws/ checkBalance"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

func soap(status int, body string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {"text/xml; charset=utf-8"}},
		body: []byte(`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>` + body + `</S:Body></S:Envelope>`)}
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// say answers a wsCpMt: 1 is good, 0 is not, and the message says why.
func (v *Viettel) say(c *call, result, message string) reply {
	if result != "1" {
		c.refuse(message)
	}
	return soap(http.StatusOK, `<ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return><message>`+escaped(message)+`</message><result>`+escaped(result)+`</result></return></ns2:wsCpMtResponse>`)
}

func (v *Viettel) faulty(c *call, text string) reply {
	c.refuse("fault")
	return soap(http.StatusInternalServerError, `<S:Fault xmlns:ns4="http://www.w3.org/2003/05/soap-envelope"><faultcode>S:Client</faultcode><faultstring>`+escaped(text)+`</faultstring></S:Fault>`)
}

func (v *Viettel) call(c *call) reply {
	var e viettelEnvelope
	if err := xml.Unmarshal(c.body, &e); err != nil {
		return v.faulty(c, "Couldn't create SOAP message")
	}
	if b := e.Body.Balance; b != nil {
		if b.User != v.User || b.Password != v.Password {
			return v.faulty(c, "Authenticate: INVALID")
		}
		return soap(http.StatusOK, `<ns2:checkBalanceResponse xmlns:ns2="http://impl.bulkSms.ws/"><return><balance>`+strconv.FormatInt(v.Balance, 10)+`</balance><errCode>0</errCode><errDesc>OK</errDesc></return></ns2:checkBalanceResponse>`)
	}
	m := e.Body.Send
	if m == nil {
		return v.faulty(c, "Cannot find dispatch method")
	}
	c.entry.Ref, c.entry.To, c.entry.Text = m.RequestID, m.ReceiverID, m.Content
	phone, ok := mobileOf(m.ReceiverID)
	parts := partsOf(m.Content, m.ContentType == "1")
	switch {
	case v.WrongIP:
		return v.say(c, "0", "Authenticate: IP_INVALID")
	case m.User != v.User || m.Password != v.Password || m.CPCode != v.CPCode:
		return v.say(c, "0", "Authenticate: USER_INVALID")
	case !slices.Contains(v.Services, m.ServiceID) || m.CommandCode != "bulksms":
		return v.say(c, "0", "ServiceID or CommandCode is invalid")
	case !ok || !strings.HasPrefix(m.ReceiverID, "84"):
		return v.say(c, "0", "ReceiverID is invalid")
	case m.Content == "" || m.ContentType != "0" && m.ContentType != "1":
		return v.say(c, "0", "Content is invalid")
	case v.Balance < v.Price*int64(parts):
		return v.say(c, "0", "Balance is not enough")
	}
	v.Balance -= v.Price * int64(parts)
	c.takeSMS("sms", v.w.hex(), []string{phone}, m.Content, parts, v.Price)
	return v.say(c, "1", "Insert MT_QUEUE: OK")
}

func (v *Viettel) fault(c *call, f Fault) reply {
	switch f.Do {
	case Throttle:
		c.refuse("429")
		return page(http.StatusTooManyRequests)
	case ExpireToken:
		return v.say(c, "0", "Authenticate: USER_INVALID")
	case BalanceUsed, QuotaUsed:
		return v.say(c, "0", "Balance is not enough")
	case AnswerCode:
		return v.say(c, f.Code, f.Text)
	}
	return v.say(c, "0", "Unknown")
}
