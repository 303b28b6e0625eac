package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// VNPT is the gateway of VNPT and VinaPhone. It sends registered templates only and drops no repeated message.
var VNPT = channel.Driver{Kind: "sms_vnpt", Networks: []string{"tel"}, Rate: channel.Rate{Messages: 5, Per: time.Second}, Fields: vnptFields, Open: openVNPT, Codes: ownCodes}

// Of what is not confirmed: what its error codes mean, and where it stands; it is reached over plain HTTP on a private line. A text that
// fits no template of the list goes out as the only parameter of the template named here, where there is one.
var vnptFields = []channel.Field{
	{Key: "url", Required: true}, fieldLine, {Key: "format", Default: "json", Options: []string{"json", "xml"}}, {Key: "agent_id", Required: true}, {Key: "api_user", Required: true},
	{Key: "api_password", Required: true, Secret: true}, {Key: "username", Required: true}, fieldSender, {Key: "label_id", Required: true}, {Key: "contract_id", Required: true},
	{Key: "template"}, fieldTemplates, fieldAdvertising, {Key: "contract_id_advertising"}, {Key: "template_advertising"}, fieldAccents, fieldMaxParts, fieldCodes,
}

const vnptTaken = "0"

type vnpt struct{ gateway }

func openVNPT(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	g, err := open(vnptFields, s, t, nil)
	g.fills = true
	if err != nil {
		return nil, err
	}
	for _, t := range g.templates {
		if t.id == "" {
			return nil, badSetting("templates", fmt.Errorf("a line has no number of a template"))
		}
	}
	return &vnpt{g}, nil
}

type vnptParam struct {
	Num     string `json:"NUM" xml:"NUM"`
	Content string `json:"CONTENT" xml:"CONTENT"`
}

type vnptRequest struct {
	XMLName      xml.Name    `json:"-" xml:"RQST"`
	Name         string      `json:"name" xml:"name,attr"`
	ReqID        string      `json:"REQID" xml:"REQID"`
	LabelID      string      `json:"LABELID" xml:"LABELID"`
	ContractType string      `json:"CONTRACTTYPEID" xml:"CONTRACTTYPEID"`
	ContractID   string      `json:"CONTRACTID" xml:"CONTRACTID"`
	TemplateID   string      `json:"TEMPLATEID" xml:"TEMPLATEID"`
	Params       []vnptParam `json:"PARAMS" xml:"PARAMS"`
	Schedule     string      `json:"SCHEDULETIME" xml:"SCHEDULETIME"`
	Mobiles      string      `json:"MOBILELIST" xml:"MOBILELIST"`
	IsTelcoSub   string      `json:"ISTELCOSUB" xml:"ISTELCOSUB"`
	AgentID      string      `json:"AGENTID" xml:"AGENTID"`
	APIUser      string      `json:"APIUSER" xml:"APIUSER"`
	APIPass      string      `json:"APIPASS" xml:"APIPASS"`
	Username     string      `json:"USERNAME" xml:"USERNAME"`
	DataCoding   string      `json:"DATACODING" xml:"DATACODING"`
}

type vnptReply struct {
	XMLName xml.Name `json:"-" xml:"RPLY"`
	Error   word     `json:"ERROR" xml:"ERROR"`
	Desc    string   `json:"ERROR_DESC" xml:"ERROR_DESC"`
}

// Verify says whether the message is made from a template.
func (g *vnpt) Verify(_ context.Context, m channel.Message) error {
	_, _, err := g.request(m)
	return err
}

// Send hands one message to VNPT. It gives no reference of its own: ours is the only one.
func (g *vnpt) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	rq, parts, err := g.request(m)
	if err != nil {
		return channel.Receipt{}, err
	}
	req, err := g.write(ctx, rq)
	if err != nil {
		return channel.Receipt{}, err
	}
	res, raw, err := channel.Do(g.http, req)
	if err != nil {
		return channel.Receipt{}, err
	}
	receipt := channel.Receipt{Ref: m.ID, Parts: parts}
	reply, ok := readVNPT(raw)
	switch {
	case ok && reply.Error == vnptTaken:
		return receipt, nil
	case ok:
		return channel.Receipt{}, g.codes.Fail(string(reply.Error), reply.Desc)
	}
	if err := channel.StatusError(res, g.now()); err != nil {
		return channel.Receipt{}, err
	}
	return receipt, nil
}

// request is what VNPT is asked, and in how many parts it goes out.
func (g *vnpt) request(m channel.Message) (vnptRequest, int, error) {
	text, err := g.prepare(m)
	if err != nil {
		return vnptRequest{}, 0, err
	}
	rq := vnptRequest{
		Name: "send_sms_list", ReqID: m.ID, LabelID: g.s["label_id"], ContractType: "1", ContractID: g.s["contract_id"], Mobiles: m.To, IsTelcoSub: "0",
		AgentID: g.s["agent_id"], APIUser: g.s["api_user"], APIPass: g.s["api_password"], Username: g.s["username"], DataCoding: "0",
	}
	if text.Wide {
		rq.DataCoding = "8"
	}
	fallback := g.s["template"]
	if m.Purpose == advertising {
		fallback = g.s["template_advertising"]
		rq.ContractType, rq.ContractID = "2", g.s.Or("contract_id_advertising", rq.ContractID)
	}
	rq.TemplateID, rq.Params, err = g.fill(m, text.Text, fallback)
	return rq, len(text.Parts), err
}

// fill finds the template of a message and what fills it: the one the message names, the one its text is made from, or the one that is
// nothing but a text.
func (g *vnpt) fill(m channel.Message, text, fallback string) (string, []vnptParam, error) {
	if m.Template != "" {
		return m.Template, g.named(m), nil
	}
	if m.Purpose != advertising && len(g.templates) > 0 {
		t, values, err := match(g.templates, text)
		if err != nil {
			return "", nil, err
		}
		return t.id, numbered(values), nil
	}
	if fallback == "" {
		return "", nil, channel.Fail(channel.Rejected, channel.Content, "template", "")
	}
	return fallback, numbered([]string{text}), nil
}

// named numbers the values of a message by the places its template has, or by their own names where these are numbers.
func (g *vnpt) named(m channel.Message) []vnptParam {
	for _, t := range g.templates {
		if t.id != m.Template {
			continue
		}
		values := make([]string, len(t.holes))
		for i, name := range t.holes {
			values[i] = g.spell(m.Params[name])
		}
		return numbered(values)
	}
	params := []vnptParam{}
	for name, value := range m.Params {
		params = append(params, vnptParam{name, g.spell(value)})
	}
	slices.SortFunc(params, func(a, b vnptParam) int {
		x, _ := strconv.Atoi(a.Num)
		y, _ := strconv.Atoi(b.Num)
		if x != y {
			return x - y
		}
		return strings.Compare(a.Num, b.Num)
	})
	return params
}

func numbered(values []string) []vnptParam {
	params := make([]vnptParam, len(values))
	for i, v := range values {
		params[i] = vnptParam{strconv.Itoa(i + 1), v}
	}
	return params
}

func (g *vnpt) write(ctx context.Context, rq vnptRequest) (*http.Request, error) {
	if g.s["format"] != "xml" {
		return channel.JSON(ctx, http.MethodPost, g.url, map[string]any{"RQST": rq})
	}
	raw, err := xml.Marshal(rq)
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, strings.NewReader(xml.Header+string(raw)))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	return req, nil
}

// readVNPT reads an answer in either form, since gateways answer in the one they like.
func readVNPT(raw []byte) (vnptReply, bool) {
	raw = bytes.TrimSpace(raw)
	var reply vnptReply
	if bytes.HasPrefix(raw, []byte("<")) {
		err := xml.Unmarshal(raw, &reply)
		reply.Error = word(strings.TrimSpace(string(reply.Error)))
		return reply, err == nil && reply.Error != ""
	}
	var outer struct {
		Reply vnptReply `json:"RPLY"`
	}
	err := json.Unmarshal(raw, &outer)
	return outer.Reply, err == nil && outer.Reply.Error != ""
}
