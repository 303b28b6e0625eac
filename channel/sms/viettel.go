package sms

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// Viettel is the gateway of Viettel. It drops no repeated message and tells no one later what became of it.
var Viettel = channel.Driver{Kind: "sms_viettel", Networks: []string{"tel"}, Rate: channel.Rate{Messages: 5, Per: time.Second}, Fields: viettelFields, Open: openViettel,
	Codes: append(append(viettelCodes.Keys(), ownCodes...), "0")}

// Of what is not confirmed: how it wants our IDs (it answers REQUEST_ID_NOT_NUMBER to letters), and whether an account may advertise.
var viettelFields = []channel.Field{
	{Key: "user", Required: true}, {Key: "password", Required: true, Secret: true}, {Key: "cp_code", Required: true}, fieldSender, {Key: "command", Default: "bulksms"},
	{Key: "request_id", Default: "number", Options: []string{"number", "id"}, Unsure: true}, fieldAccents, fieldMaxParts, fieldTemplates, fieldAdvertising,
	{Key: "url", Default: "https://ams.tinnhanthuonghieu.vn:8998/bulkapi"}, fieldLine, fieldCodes,
}

// viettelCodes are the words its refusals are known to hold.
var viettelCodes = channel.Codes{
	"IP_INVALID": channel.NeedsHelp, "CP_CODE_NOT_FOUND": channel.NeedsHelp, "WRONG_INFORMATION_AUTHENTICATE": channel.NeedsHelp, "REQUEST_ID_NOT_NUMBER": channel.NeedsHelp,
	"COMMAND_CODE_ERROR": channel.NeedsHelp, "AUTHENTICATE": channel.NeedsHelp, "REQUESTID": channel.NeedsHelp, "COMMANDCODE": channel.NeedsHelp,
	"FORMAT_ERROR": channel.BadAddress, "RECEIVERID": channel.BadAddress, "USERID": channel.BadAddress, "UNABLE": channel.BadAddress, "DUPLICATE": channel.BadAddress, "ALIAS_INVALID": channel.BadAddress,
	"MAXLENGTH_LIMIT": channel.BadContent, "MSG_ERROR_CONTAIN_BLACKLIST": channel.BadContent, "CONTENT_NOT_MATCH_TEMPLATE": channel.BadContent, "CONTENT": channel.BadContent, "TEMPLATE": channel.BadContent,
}

const viettelNamespace = "http://impl.bulkSms.ws/"

type viettel struct{ gateway }

func openViettel(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	g, err := open(viettelFields, s, t, viettelCodes)
	if err != nil {
		return nil, err
	}
	return &viettel{g}, nil
}

type viettelEnvelope struct {
	XMLName xml.Name `xml:"Envelope"`
	Body    struct {
		Fault *struct {
			Code string `xml:"faultcode"`
			Text string `xml:"faultstring"`
		} `xml:"Fault"`
		Sent *struct {
			Message string `xml:"return>message"`
			Result  string `xml:"return>result"`
		} `xml:"wsCpMtResponse"`
		Balance *struct {
			Code   string `xml:"return>errCode"`
			Text   string `xml:"return>errDesc"`
			Amount string `xml:"return>balance"`
		} `xml:"checkBalanceResponse"`
	} `xml:"Body"`
}

// Send hands one message to Viettel.
func (g *viettel) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	text, err := g.prepare(m)
	if err != nil {
		return channel.Receipt{}, err
	}
	id := m.ID
	if g.s["request_id"] == "number" {
		id = numberOf(m.ID)
	}
	a, read, err := g.ask(ctx, "wsCpMt", [][2]string{
		{"User", g.s["user"]}, {"Password", g.s["password"]}, {"CPCode", g.s["cp_code"]}, {"RequestID", id}, {"UserID", m.To}, {"ReceiverID", m.To}, {"ServiceID", g.sender},
		{"CommandCode", g.s["command"]}, {"Content", text.Text}, {"ContentType", digit(text.Wide)},
	})
	if err != nil {
		return channel.Receipt{}, err
	}
	if sent := a.Body.Sent; read && sent != nil && strings.TrimSpace(sent.Result) != "1" && strings.TrimSpace(sent.Result) != "" {
		return channel.Receipt{}, g.refusal(sent.Message)
	}
	return channel.Receipt{Ref: id, Parts: len(text.Parts)}, nil
}

// Check asks for the balance.
func (g *viettel) Check(ctx context.Context) (channel.Health, error) {
	a, read, err := g.ask(ctx, "checkBalance", [][2]string{{"User", g.s["user"]}, {"Password", g.s["password"]}, {"CPCode", g.s["cp_code"]}})
	if err != nil || !read || a.Body.Balance == nil {
		return channel.Health{}, err
	}
	b := a.Body.Balance
	if code := strings.TrimSpace(b.Code); code != "0" && code != "" {
		return channel.Health{}, g.refusal(b.Text)
	}
	h := channel.Health{Name: g.s["cp_code"]}
	if n, ok := word(strings.TrimSpace(b.Amount)).dong(); ok {
		h.Balance = &n
	}
	return h, nil
}

// ask calls an operation; read is false for a 2xx that is no envelope.
func (g *viettel) ask(ctx context.Context, op string, fields [][2]string) (a viettelEnvelope, read bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, strings.NewReader(envelope(op, fields)))
	if err != nil {
		return a, false, fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("SOAPAction", `""`)
	res, raw, err := channel.Do(g.http, req)
	if err != nil {
		return a, false, err
	}
	if xml.Unmarshal(raw, &a) != nil {
		return viettelEnvelope{}, false, channel.StatusError(res, g.now())
	}
	if f := a.Body.Fault; f != nil {
		return a, true, faulty(f.Code, f.Text)
	}
	if a.Body.Sent == nil && a.Body.Balance == nil {
		return a, false, channel.StatusError(res, g.now())
	}
	return a, true, nil
}

// faulty reads a fault of SOAP: one of ours was never worked on, one of theirs may have come after the message was taken.
func faulty(code, text string) error {
	if strings.HasSuffix(strings.TrimSpace(code), "Server") {
		return &channel.Error{Kind: channel.Unsure, Code: strings.TrimSpace(code), Text: text}
	}
	return channel.Fail(channel.Misconfigured, channel.Account, strings.TrimSpace(code), text)
}

func envelope(op string, fields [][2]string) string {
	var b bytes.Buffer
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:impl="` + viettelNamespace + `"><soapenv:Header/><soapenv:Body><impl:` + op + `>`)
	for _, f := range fields {
		b.WriteString("<" + f[0] + ">")
		_ = xml.EscapeText(&b, []byte(f[1])) // a buffer takes everything
		b.WriteString("</" + f[0] + ">")
	}
	b.WriteString(`</impl:` + op + `></soapenv:Body></soapenv:Envelope>`)
	return b.String()
}

var (
	shouted = regexp.MustCompile(`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+`)
	about   = regexp.MustCompile(`^(?:Check\s+)?([A-Za-z]+)`)
)

// refusal reads a sentence such as "Authenticate: IP_INVALID (YOUR IP: …)" or "Check ServiceID: ALIAS_INVALID:TELCO=MB": first the words it
// shouts, then what it is about.
func (g *viettel) refusal(text string) error {
	text = strings.TrimSpace(text)
	words := shouted.FindAllString(text, -1)
	for _, w := range words {
		for end := len(w); end > 0; end = strings.LastIndexByte(w[:end], '_') { // MAXLENGTH_LIMIT_160_BYTE is a MAXLENGTH_LIMIT
			if _, ok := g.codes[w[:end]]; ok {
				return g.codes.Fail(w[:end], text)
			}
		}
	}
	if strings.Contains(text, "DUPLICATE") {
		return g.codes.Fail("DUPLICATE", text)
	}
	if m := about.FindStringSubmatch(text); m != nil {
		if _, ok := g.codes[strings.ToUpper(m[1])]; ok {
			return g.codes.Fail(strings.ToUpper(m[1]), text)
		}
	}
	code := "0"
	if len(words) > 0 {
		code = words[0]
	}
	return g.codes.Fail(code, text)
}

// numberOf makes a number of 18 digits at most out of the part of an ID that is drawn by lot.
func numberOf(id string) string {
	n, err := strconv.ParseUint(id[max(0, len(id)-14):], 16, 64)
	if err != nil {
		return id
	}
	return strconv.FormatUint(n, 10)
}
