package fake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"
)

// SpeedSMS is one account of the SpeedSMS gateway.
type SpeedSMS struct {
	SpeedSMSSettings
	w *World

	calls calls
	tran  int64
}

// SpeedSMSSettings is what an operator of the fake may change.
type SpeedSMSSettings struct {
	Token     string   `json:"token"`
	Senders   []string `json:"senders"`
	PerMinute int      `json:"per_minute"` // 429; 0 for no end
	Price     int64    `json:"price"`
	Balance   int64    `json:"balance"` // 300
	Account   string   `json:"account"` // 007, 008 or 009 when the account is locked
}

func newSpeedSMS(w *World) *SpeedSMS {
	return &SpeedSMS{w: w, SpeedSMSSettings: SpeedSMSSettings{Token: "speedsms_token_demo", Senders: []string{"BHXH"}, PerMinute: 60, Price: 250, Balance: 5_000_000}}
}

func (s *SpeedSMS) routes(m *http.ServeMux) {
	d := &door{w: s.w, provider: speedSMSName, fault: s.fault, check: s.check}
	for _, base := range []string{"/speedsms/index.php", "/speedsms"} { // the host is given with and without index.php
		postBoth(m, base+"/sms/send", d.handle(s.send))
		m.Handle("GET "+base+"/user/info", d.handle(s.info))
	}
}

func (s *SpeedSMS) refuse(c *call, code, text string) reply {
	c.refuse(code)
	return answer(http.StatusOK, map[string]any{"status": "error", "code": code, "message": text})
}

func (s *SpeedSMS) tooMany(c *call) reply {
	c.refuse("429")
	a := answer(http.StatusTooManyRequests, map[string]any{"status": "error", "code": "429", "message": "Too many requests"})
	a.header.Set("X-Rate-Limit-Reset", strconv.FormatInt(60-c.at.Unix()%60, 10))
	return a
}

func (s *SpeedSMS) check(c *call) (reply, http.Header, bool) {
	user, pass, ok := c.r.BasicAuth()
	switch {
	case s.calls.over(c.at, s.PerMinute):
		return s.tooMany(c), nil, false
	case !ok || user != s.Token || pass != "x":
		c.refuse("401")
		return answer(http.StatusUnauthorized, map[string]any{"name": "Unauthorized", "message": "You are requesting with an invalid credential.", "code": 0, "status": 401}), nil, false
	case s.Account != "":
		return s.refuse(c, s.Account, "Account or IP is locked"), nil, false
	}
	return reply{}, nil, true
}

func (s *SpeedSMS) send(c *call) reply {
	var b struct {
		To      []string `json:"to"`
		Content string   `json:"content"`
		Type    int      `json:"sms_type"`
		Sender  string   `json:"sender"`
	}
	if json.Unmarshal(c.body, &b) != nil || len(b.To) == 0 || b.Content == "" || b.Type < 2 || b.Type > 5 {
		return s.refuse(c, "101", "Invalid or missing parameters")
	}
	c.entry.To, c.entry.Text = b.To[0], b.Content
	good, bad := []string{}, []string{}
	for _, p := range b.To {
		if phone, ok := mobileOf(p); ok {
			good = append(good, phone)
		} else {
			bad = append(bad, p)
		}
	}
	parts := partsOf(b.Content, false)
	cost := s.Price * int64(parts) * int64(len(good))
	switch {
	case b.Type == 3 && !slices.Contains(s.Senders, b.Sender):
		return s.refuse(c, "101", "Sender is invalid")
	case len(good) == 0:
		return s.refuse(c, "105", "Phone number invalid")
	case !utf8.ValidString(b.Content):
		return s.refuse(c, "110", "Not support sms content encode")
	case parts > 3:
		return s.refuse(c, "113", "Sms content too long")
	case s.Balance < cost:
		return s.refuse(c, "300", "Your account balance not enough to send sms")
	}
	s.Balance -= cost
	s.tran++
	c.takeSMS("sms", strconv.FormatInt(s.tran, 10), good, b.Content, parts, s.Price)
	return answer(http.StatusOK, map[string]any{"status": "success", "code": "00", "data": map[string]any{"tranId": s.tran, "totalSMS": len(good) * parts, "totalPrice": cost, "invalidPhone": bad}})
}

func (s *SpeedSMS) info(*call) reply {
	return answer(http.StatusOK, map[string]any{"status": "success", "code": "00", "data": map[string]any{"email": "demo@example.vn", "balance": s.Balance, "currency": "VND"}})
}

func (s *SpeedSMS) fault(c *call, f Fault) reply {
	switch f.Do {
	case Throttle:
		return s.tooMany(c)
	case BalanceUsed, QuotaUsed:
		return s.refuse(c, "300", "Your account balance not enough to send sms")
	case ExpireToken:
		return s.refuse(c, "009", "Account is not allowed to call the API")
	case AnswerCode:
		return s.refuse(c, f.Code, f.Text)
	}
	return s.refuse(c, "999", "Unknown")
}
