package sms

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loa/channel"
)

// ESMS is the gateway eSMS. It drops a second message with the same RequestId within a day; that this outlasts midnight is not confirmed.
var ESMS = channel.Driver{
	Kind: "sms_esms", Networks: []string{"tel"}, Repeatable: 24 * time.Hour, SameDay: true, Rate: channel.Rate{Messages: 10, Per: time.Second}, Fields: esmsFields, Open: openESMS,
	Codes: append(append(esmsCodes.Keys(), ownCodes...), "status_4", "status_5"),
}

// Of what is not confirmed: whether one number may be advertised to in a call of its own (eSMS asks for 30), where callbacks come from, and
// whether a status may be asked for by our own ID.
var esmsFields = []channel.Field{
	{Key: "api_key", Required: true, Secret: true}, {Key: "secret_key", Required: true, Secret: true}, fieldSender, fieldAccents, fieldMaxParts, fieldTemplates, fieldAdvertising,
	{Key: "hook_from", Unsure: true}, {Key: "lookup", Default: "no", Options: []string{"no", "yes"}, Unsure: true}, {Key: "sandbox", Default: "no", Options: []string{"no", "yes"}},
	{Key: "url", Default: "https://rest.esms.vn/MainService.svc/json"}, fieldLine, fieldCodes,
}

// esmsCodes are those of its list. 204 and the 790s are about Zalo, which goes through a driver of its own.
var esmsCodes = channel.Codes{
	"99": channel.BadAddress, "101": channel.NeedsHelp, "102": channel.NeedsHelp, "103": channel.NeedsHelp, "104": channel.NeedsHelp, "105": channel.BadContent, "107": channel.BadContent,
	"108": channel.BadAddress, "118": channel.NeedsHelp, "120": channel.BadContent, "140": channel.NeedsHelp, "143": channel.NeedsHelp, "146": channel.BadContent, "160": channel.Later,
	"177": channel.BadAddress, "201": channel.BadContent, "204": channel.BadContent, "789": channel.BadContent, "790": channel.BadContent, "791": channel.BadContent, "799": channel.BadContent,
	"invalid_request": channel.BadContent,
}

const (
	esmsTaken     = "100"
	esmsRepeated  = "124" // the RequestId came before: the message is there already
	esmsUnknownID = "105"
)

type esms struct {
	gateway
	hook string
	from allowed
}

func openESMS(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	g, err := open(esmsFields, s, t, esmsCodes)
	if err != nil {
		return nil, err
	}
	from, err := readAllowed(g.s["hook_from"])
	if err != nil {
		return nil, badSetting("hook_from", err)
	}
	return &esms{gateway: g, hook: t.Hook, from: from}, nil
}

type esmsAnswer struct {
	CodeResult   word
	CodeResponse word // what the balance calls it
	SMSID        word
	ErrorMessage string
	Error        string `json:"error"`
	Balance      word
	UserID       word
	ReceiverList []struct {
		Phone              word
		IsSent, SentResult word
	}
}

func (a esmsAnswer) code() string {
	switch {
	case a.CodeResult != "":
		return string(a.CodeResult)
	case a.CodeResponse != "":
		return string(a.CodeResponse)
	case a.Error != "":
		return "invalid_request"
	}
	return ""
}

func (a esmsAnswer) words() string {
	if a.ErrorMessage != "" {
		return a.ErrorMessage
	}
	return a.Error
}

// Send hands one message to eSMS.
func (e *esms) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	text, err := e.prepare(m)
	if err != nil {
		return channel.Receipt{}, err
	}
	body := map[string]any{
		"ApiKey": e.s["api_key"], "SecretKey": e.s["secret_key"], "Content": text.Text, "Brandname": e.sender, "IsUnicode": digit(text.Wide), "Sandbox": digit(e.s["sandbox"] == "yes"), "RequestId": m.ID,
	}
	if e.hook != "" {
		body["CallbackUrl"] = e.hook
	}
	path := "/SendMultipleMessage_V4_post_json/"
	if m.Purpose == advertising {
		path, body["SmsType"], body["Phones"] = "/SendMultipleSMSBrandname_json/", "1", []string{m.To}
	} else {
		body["SmsType"], body["Phone"] = "2", m.To
	}
	req, err := channel.JSON(ctx, http.MethodPost, e.url+path, body)
	if err != nil {
		return channel.Receipt{}, err
	}
	a, read, err := e.ask(req)
	receipt := channel.Receipt{Ref: string(a.SMSID), Parts: len(text.Parts)}
	switch {
	case err != nil:
		return channel.Receipt{}, err
	case !read, a.code() == esmsTaken, a.code() == esmsRepeated: // an answer of 2xx that says nothing is no reason to send again
		return receipt, nil
	}
	return channel.Receipt{}, e.codes.Fail(a.code(), a.words())
}

// ask sends a request and reads the answer; read is false for a 2xx without a code. eSMS answers its own errors with any status.
func (e *esms) ask(req *http.Request) (a esmsAnswer, read bool, err error) {
	res, raw, err := channel.Do(e.http, req)
	if err != nil {
		return a, false, err
	}
	if json.Unmarshal(raw, &a) == nil && a.code() != "" {
		return a, true, nil
	}
	return esmsAnswer{}, false, channel.StatusError(res, e.now())
}

// Inquire asks what became of a message. A message just sent is not found yet, which says nothing.
func (e *esms) Inquire(ctx context.Context, m channel.Message, ref string) ([]channel.Event, error) {
	id := ref
	if id == "" {
		if e.s["lookup"] != "yes" {
			return nil, nil
		}
		id = m.ID
	}
	q := url.Values{"ApiKey": {e.s["api_key"]}, "SecretKey": {e.s["secret_key"]}, "RefId": {id}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+"/GetSmsReceiverStatus_get?"+q.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("make the request")
	}
	a, read, err := e.ask(req)
	switch {
	case err != nil:
		return nil, err
	case !read, a.code() == esmsUnknownID:
		return nil, nil
	case a.code() != esmsTaken:
		return nil, e.codes.Fail(a.code(), a.words())
	}
	for _, r := range a.ReceiverList {
		if !sameNumber(string(r.Phone), m.To) {
			continue
		}
		kind := channel.EventTaken // sent without success may still be under way: only a callback says that it failed
		if r.SentResult.isTrue() {
			kind = channel.EventDelivered
		}
		return []channel.Event{{Kind: kind, Key: id + ":" + string(kind), Ref: ref, Message: m.ID, Network: "tel", From: m.To, At: e.now()}}, nil
	}
	return nil, nil
}

// Check asks for the balance.
func (e *esms) Check(ctx context.Context) (channel.Health, error) {
	req, err := channel.JSON(ctx, http.MethodPost, e.url+"/GetBalance_json", map[string]string{"ApiKey": e.s["api_key"], "SecretKey": e.s["secret_key"]})
	if err != nil {
		return channel.Health{}, err
	}
	a, read, err := e.ask(req)
	switch {
	case err != nil || !read:
		return channel.Health{}, err
	case a.code() != esmsTaken:
		return channel.Health{}, e.codes.Fail(a.code(), a.words())
	}
	h := channel.Health{Name: string(a.UserID)}
	if n, ok := a.Balance.dong(); ok {
		h.Balance = &n
	}
	return h, nil
}

// Receive reads a callback. eSMS signs none: the path holds what nobody can guess, and the office may say where they come from.
func (e *esms) Receive(r *http.Request) (channel.Answer, error) {
	if !e.from.holds(r.RemoteAddr) {
		return channel.Answer{}, fmt.Errorf("%w: it comes from elsewhere", channel.ErrForged)
	}
	if r.Method != http.MethodGet {
		return channel.Answer{}, channel.Garble("the method is %s", r.Method)
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return channel.Answer{}, channel.Garble("the query")
	}
	id := q.Get("SMSID")
	if id == "" || len(id) > 100 {
		return channel.Answer{}, channel.Garble("SMSID %.100q", id)
	}
	kind, code, known := esmsKind(q)
	if !known {
		return channel.Answer{}, channel.Garble("SendStatus %.20q", q.Get("SendStatus"))
	}
	ev := channel.Event{Kind: kind, Key: id + ":" + string(kind), Ref: id, Network: "tel", From: international(q.Get("phonenumber")), Code: code, At: e.now()}
	if isID(q.Get("RequestId")) {
		ev.Message = q.Get("RequestId")
	}
	if kind == channel.EventFailed {
		ev.Cause = channel.Rejected
	}
	if n, ok := word(q.Get("TotalPrice")).dong(); ok && n > 0 {
		ev.Cost = n
	}
	return channel.Answer{Events: []channel.Event{ev}}, nil
}

// esmsKind reads what the states mean; "sent" (5) says nothing of the person until one of the two counts does.
func esmsKind(q url.Values) (kind channel.EventKind, code string, known bool) {
	done, failed := word(q.Get("SendSuccess")).count(), word(q.Get("SendFailed")).count()
	switch status := q.Get("SendStatus"); status {
	case "1", "2", "7":
		return channel.EventTaken, "", true
	case "4":
		return channel.EventFailed, "status_4", true
	case "5":
		switch {
		case done > 0 && failed == 0:
			return channel.EventDelivered, "", true
		case failed > 0 && done == 0:
			return channel.EventFailed, "status_5", true
		}
		return channel.EventTaken, "", true
	}
	return "", "", false
}

func digit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

func isID(s string) bool { return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == "" }

// international brings a gateway's way of writing a Vietnamese number to ours; anything else is left out.
func international(s string) string {
	if national, ok := strings.CutPrefix(s, "0"); ok {
		s = "84" + national
	}
	if s = strings.TrimPrefix(s, "+"); !isNumber(s) {
		return ""
	}
	return s
}

func sameNumber(theirs, ours string) bool { return international(theirs) == ours }
