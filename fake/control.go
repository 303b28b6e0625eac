package fake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// control mounts what tests in other processes and the demo steer the world by.
func (w *World) control(m *http.ServeMux) {
	m.HandleFunc("GET /control/clock", w.showClock)
	m.HandleFunc("POST /control/clock", w.moveClock)
	m.HandleFunc("GET /control/faults", func(rw http.ResponseWriter, _ *http.Request) { tell(rw, w.Faults.List()) })
	m.HandleFunc("POST /control/faults", w.addFaults)
	m.HandleFunc("DELETE /control/faults", func(rw http.ResponseWriter, _ *http.Request) { w.Faults.Clear(); tell(rw, w.Faults.List()) })
	m.HandleFunc("GET /control/scripts", func(rw http.ResponseWriter, _ *http.Request) { tell(rw, w.Scripts()) })
	m.HandleFunc("POST /control/scripts", w.playScript)
	m.HandleFunc("GET /control/chats", func(rw http.ResponseWriter, r *http.Request) {
		list, _ := w.Chats(r.URL.Query().Get("find"), 1000)
		tell(rw, list)
	})
	m.HandleFunc("GET /control/ledger", w.showLedger)
	m.HandleFunc("GET /control/repeats", func(rw http.ResponseWriter, r *http.Request) { tell(rw, w.Ledger.Repeats(queryOf(r))) })
	m.HandleFunc("GET /control/villagers", func(rw http.ResponseWriter, _ *http.Request) { tell(rw, w.Villagers()) })
	m.HandleFunc("POST /control/villagers", w.addVillagers)
	m.HandleFunc("POST /control/say", w.sayAs)
	m.HandleFunc("POST /control/webhook", w.setWebhook)
	m.HandleFunc("POST /control/event", w.raiseEvent)
	m.HandleFunc("POST /control/templates", w.addTemplates)
	m.HandleFunc("POST /control/groups", w.addGroups)
	m.HandleFunc("POST /control/tokens", w.grantTokens)
	m.HandleFunc("POST /control/smpp", w.steerSMPP)
	m.HandleFunc("POST /control/devices", w.steerDevices)
	m.HandleFunc("GET /control/settings", w.showSettings)
	m.HandleFunc("POST /control/settings", w.changeSettings)
	m.HandleFunc("GET /control/refreshes", func(rw http.ResponseWriter, _ *http.Request) { tell(rw, w.Zalo.Refreshes()) })
}

func tell(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(rw).Encode(v)
}

// hear reads a body, and answers 400 where it cannot; a field nobody knows is a mistake of the caller.
func hear(rw http.ResponseWriter, r *http.Request, v any) bool {
	dec := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func (w *World) showClock(rw http.ResponseWriter, _ *http.Request) {
	tell(rw, map[string]any{"now": w.Clock.Now(), "rate": w.Clock.Rate()})
}

// moveClock sets the clock, then moves it forward, then lets it run.
func (w *World) moveClock(rw http.ResponseWriter, r *http.Request) {
	var b struct {
		Set     *time.Time `json:"set"`
		Advance Duration   `json:"advance"`
		Rate    *int       `json:"rate"`
	}
	if !hear(rw, r, &b) {
		return
	}
	if b.Set != nil {
		w.Clock.Set(*b.Set)
	}
	w.Advance(r.Context(), time.Duration(b.Advance))
	if b.Rate != nil && !w.Clock.Run(*b.Rate) {
		http.Error(rw, "this world has no clock to run by", http.StatusConflict)
		return
	}
	w.showClock(rw, r)
}

func (w *World) addFaults(rw http.ResponseWriter, r *http.Request) {
	var rules []Fault
	if !hear(rw, r, &rules) {
		return
	}
	if err := w.Faults.Add(rules...); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	tell(rw, w.Faults.List())
}

func (w *World) playScript(rw http.ResponseWriter, r *http.Request) {
	var b struct {
		Name string
		On   bool
	}
	if !hear(rw, r, &b) {
		return
	}
	if err := w.Play(b.Name, b.On); err != nil {
		http.Error(rw, err.Error(), http.StatusNotFound)
		return
	}
	tell(rw, w.Scripts())
}

func queryOf(r *http.Request) Query {
	q := r.URL.Query()
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64)
	return Query{Provider: q.Get("provider"), Kind: q.Get("kind"), To: q.Get("to"), Ref: q.Get("ref"), ID: q.Get("id"), Outcome: Outcome(q.Get("outcome")), After: after}
}

func (w *World) showLedger(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = w.Ledger.WriteJSON(rw, queryOf(r))
}

func (w *World) addVillagers(rw http.ResponseWriter, r *http.Request) {
	var list []Villager
	if hear(rw, r, &list) {
		w.AddVillagers(list...)
		tell(rw, len(list))
	}
}

// sayAs lets a villager speak or act, and delivers at once what that sends.
func (w *World) sayAs(rw http.ResponseWriter, r *http.Request) {
	b := struct{ Provider, From, Do, Text string }{Provider: "zalo", Do: "say"}
	if !hear(rw, r, &b) {
		return
	}
	if err := w.Act(b.Provider, b.From, b.Do, b.Text); err != nil {
		http.Error(rw, err.Error(), http.StatusNotFound)
		return
	}
	tell(rw, w.Deliver(r.Context()))
}

func (w *World) setWebhook(rw http.ResponseWriter, r *http.Request) {
	var b struct{ Provider, URL string }
	if !hear(rw, r, &b) {
		return
	}
	var err error
	switch b.Provider {
	case "zalo":
		err = w.Zalo.SetWebhook(r.Context(), b.URL)
	case facebookName:
		err = w.Facebook.SetWebhook(r.Context(), b.URL)
	case esmsName:
		w.Change(func() { w.ESMS.Callback = b.URL })
	case mailName:
		w.Change(func() { w.Mail.Hook = b.URL })
	default:
		http.Error(rw, "no such provider", http.StatusBadRequest)
		return
	}
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	tell(rw, true)
}

func (w *World) raiseEvent(rw http.ResponseWriter, r *http.Request) {
	var b struct {
		Event  string
		Fields map[string]any
	}
	if hear(rw, r, &b) {
		w.Zalo.Raise(b.Event, b.Fields)
		tell(rw, w.Deliver(r.Context()))
	}
}

func (w *World) addTemplates(rw http.ResponseWriter, r *http.Request) {
	var list []Template
	if hear(rw, r, &list) {
		w.Zalo.AddTemplates(list...)
		tell(rw, len(list))
	}
}

func (w *World) addGroups(rw http.ResponseWriter, r *http.Request) {
	var list []Group
	if hear(rw, r, &list) {
		w.Zalo.AddGroups(list...)
		tell(rw, len(list))
	}
}

func (w *World) grantTokens(rw http.ResponseWriter, _ *http.Request) {
	access, refresh := w.Zalo.Grant()
	tell(rw, map[string]string{"access_token": access, "refresh_token": refresh})
}

// steerSMPP drops the connections of the message centre, takes leave of whoever is bound, or asks whether they are there.
func (w *World) steerSMPP(rw http.ResponseWriter, r *http.Request) {
	var b struct{ Do string }
	if !hear(rw, r, &b) {
		return
	}
	there := w.SMPP.Bound()
	switch b.Do {
	case "drop":
		w.SMPP.Drop()
	case "unbind":
		w.SMPP.Unbind(r.Context())
	case "enquire":
		there = w.SMPP.Enquire(r.Context())
	default:
		http.Error(rw, "drop, unbind or enquire", http.StatusBadRequest)
		return
	}
	tell(rw, there)
}

// settings is all that can be changed, by provider.
type settings struct {
	Zalo     *ZaloSettings     `json:"zalo,omitempty"`
	Facebook *FacebookSettings `json:"facebook,omitempty"`
	ESMS     *ESMSSettings     `json:"esms,omitempty"`
	SpeedSMS *SpeedSMSSettings `json:"speedsms,omitempty"`
	VNPT     *VNPTSettings     `json:"vnpt,omitempty"`
	Viettel  *ViettelSettings  `json:"viettel,omitempty"`
	SMPP     *SMPPSettings     `json:"smpp,omitempty"`
	Mail     *MailSettings     `json:"mail,omitempty"`
}

func (w *World) settings() settings {
	return settings{&w.Zalo.ZaloSettings, &w.Facebook.FacebookSettings, &w.ESMS.ESMSSettings, &w.SpeedSMS.SpeedSMSSettings, &w.VNPT.VNPTSettings, &w.Viettel.ViettelSettings, &w.SMPP.SMPPSettings, &w.Mail.MailSettings}
}

func (w *World) showSettings(rw http.ResponseWriter, _ *http.Request) {
	w.Change(func() { tell(rw, w.settings()) })
}

// changeSettings changes what the body names, and leaves the rest as it is.
func (w *World) changeSettings(rw http.ResponseWriter, r *http.Request) {
	var raw json.RawMessage
	if !hear(rw, r, &raw) {
		return
	}
	w.Change(func() {
		s := w.settings()
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&s); err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		tell(rw, w.settings())
	})
}
