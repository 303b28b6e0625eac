package sms

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"loa/channel"
)

// SpeedSMS is the gateway SpeedSMS. It knows no ID of ours and drops no repeated message.
var SpeedSMS = channel.Driver{Kind: "sms_speedsms", Networks: []string{"tel"}, Rate: channel.Rate{Messages: 60, Per: time.Minute}, Fields: speedFields, Open: openSpeed,
	Codes: append(append(speedCodes.Keys(), ownCodes...), "429", "invalid_phone")}

// Of what is not confirmed: which sms_type means a registered sender, and which an advertisement.
var speedFields = []channel.Field{
	{Key: "token", Required: true, Secret: true}, fieldSender, fieldAccents, fieldMaxParts, fieldTemplates, {Key: "sms_type", Default: "3", Options: []string{"2", "3", "4", "5"}, Unsure: true},
	fieldAdvertising, {Key: "sms_type_advertising", Default: "3", Options: []string{"2", "3", "4", "5"}, Unsure: true}, {Key: "url", Default: "https://api.speedsms.vn/index.php"}, fieldLine, fieldCodes,
}

// speedCodes are those of its list. An internal error (500) may come after the message was taken.
var speedCodes = channel.Codes{
	"007": channel.NeedsHelp, "008": channel.NeedsHelp, "009": channel.NeedsHelp, "101": channel.BadContent, "105": channel.BadAddress, "110": channel.BadContent, "113": channel.BadContent,
	"300": channel.NeedsHelp, "500": channel.MayBeThere,
}

const speedTaken = "00"

type speed struct{ gateway }

func openSpeed(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	g, err := open(speedFields, s, t, speedCodes)
	if err != nil {
		return nil, err
	}
	return &speed{g}, nil
}

type speedAnswer struct {
	Status  word            `json:"status"` // a word, or the HTTP status again
	Code    word            `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"` // an empty list where there is nothing
}

// Send hands one message to SpeedSMS.
func (g *speed) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	text, err := g.prepare(m)
	if err != nil {
		return channel.Receipt{}, err
	}
	kind, err := strconv.Atoi(g.s["sms_type"])
	if m.Purpose == advertising {
		kind, err = strconv.Atoi(g.s["sms_type_advertising"])
	}
	if err != nil {
		return channel.Receipt{}, badSetting("sms_type", err)
	}
	req, err := channel.JSON(ctx, http.MethodPost, g.url+"/sms/send", map[string]any{"to": []string{m.To}, "content": text.Text, "sms_type": kind, "sender": g.sender})
	if err != nil {
		return channel.Receipt{}, err
	}
	a, read, err := g.ask(req)
	if err != nil {
		return channel.Receipt{}, err
	}
	receipt := channel.Receipt{Parts: len(text.Parts)}
	var data struct {
		TranID       word   `json:"tranId"`
		TotalSMS     word   `json:"totalSMS"`
		TotalPrice   word   `json:"totalPrice"`
		InvalidPhone []word `json:"invalidPhone"`
	}
	if !read || json.Unmarshal(a.Data, &data) != nil { // taken, whatever else it says
		return receipt, nil
	}
	for _, bad := range data.InvalidPhone {
		if sameNumber(string(bad), m.To) {
			return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Address, "invalid_phone", "")
		}
	}
	receipt.Ref = string(data.TranID)
	if n := data.TotalSMS.count(); n > 0 {
		receipt.Parts = n
	}
	if n, ok := data.TotalPrice.dong(); ok && n > 0 {
		receipt.Cost = n
	}
	return receipt, nil
}

// ask sends a request and reads the answer; read is false for a 2xx that says neither yes nor no.
func (g *speed) ask(req *http.Request) (a speedAnswer, read bool, err error) {
	req.SetBasicAuth(g.s["token"], "x")
	res, raw, err := channel.Do(g.http, req)
	if err != nil {
		return a, false, err
	}
	if res.StatusCode == http.StatusTooManyRequests {
		return a, false, &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: "429", After: g.reset(res)}
	}
	if json.Unmarshal(raw, &a) == nil {
		switch {
		case a.Status == "success" && (a.Code == speedTaken || a.Code == ""):
			return a, true, nil
		case a.Status == "error" && a.Code != "":
			return a, true, g.codes.Fail(string(a.Code), a.Message)
		}
	}
	return speedAnswer{}, false, channel.StatusError(res, g.now())
}

// reset reads how long the minute still lasts: as seconds, or as a moment.
func (g *speed) reset(res *http.Response) time.Duration {
	n, err := strconv.ParseInt(res.Header.Get("X-Rate-Limit-Reset"), 10, 64)
	if err != nil || n <= 0 {
		return max(time.Minute, channel.RetryAfter(res, g.now()))
	}
	wait := time.Duration(min(n, 24*3600)) * time.Second
	if n > 24*3600 {
		wait = time.Unix(n, 0).Sub(g.now())
	}
	return min(max(wait, time.Second), time.Hour)
}

// Check asks for the balance.
func (g *speed) Check(ctx context.Context) (channel.Health, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url+"/user/info", nil)
	if err != nil {
		return channel.Health{}, fmt.Errorf("make the request: %w", err)
	}
	a, read, err := g.ask(req)
	if err != nil || !read {
		return channel.Health{}, err
	}
	var data struct {
		Email    string `json:"email"`
		Balance  word   `json:"balance"`
		Currency string `json:"currency"`
	}
	if json.Unmarshal(a.Data, &data) != nil {
		return channel.Health{}, nil
	}
	h := channel.Health{Name: data.Email}
	if n, ok := data.Balance.dong(); ok && (data.Currency == "VND" || data.Currency == "") {
		h.Balance = &n
	}
	return h, nil
}
