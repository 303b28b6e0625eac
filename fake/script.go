package fake

import (
	"errors"
	"time"
)

// Script is faults that belong together, which somebody switches on and off by one name.
type Script struct {
	Name   string  `json:"name"`
	On     bool    `json:"on"`
	Faults []Fault `json:"faults"`
}

// errNoScript is a name that no script has.
var errNoScript = errors.New("no such script")

// Scripts are what goes wrong with providers sooner or later, each with what it does.
func Scripts() []Script {
	hour, quarter := Duration(time.Hour), Duration(15*time.Minute)
	return []Script{
		{Name: "token_expiry", Faults: []Fault{{Provider: zaloOAName, Do: ExpireToken, Every: 3}, {Provider: zaloBusinessName, Do: ExpireToken, Every: 3}, {Provider: smppName, Path: "submit", Do: ExpireToken, Every: 3}}},
		{Name: "throttling", Faults: []Fault{{Provider: zaloOAName, Path: "/message", Do: Throttle, Every: 2}, {Provider: zaloBusinessName, Path: "/message/template", Do: Throttle, Every: 2}, {Provider: esmsName, Path: "Send", Do: Throttle, Every: 2},
			{Provider: speedSMSName, Path: "send", Do: Throttle, Every: 2}, {Provider: smppName, Path: "submit", Do: Throttle, Every: 2}, {Provider: mailName, Do: Throttle, Every: 2}, {Provider: facebookName, Path: "/messages", Do: Throttle, Every: 2}}},
		{Name: "timeout_after", Faults: []Fault{{Provider: zaloOAName, Path: "/message", Do: TimeoutAfter, Every: 2}, {Provider: zaloBusinessName, Path: "/message/template", Do: TimeoutAfter, Every: 2}, {Provider: esmsName, Path: "Send", Do: TimeoutAfter, Every: 2},
			{Provider: speedSMSName, Path: "send", Do: TimeoutAfter, Every: 2}, {Provider: vnptName, Do: TimeoutAfter, Every: 2}, {Provider: viettelName, Do: TimeoutAfter, Every: 2}, {Provider: smppName, Path: "submit", Do: TimeoutAfter, Every: 2},
			{Provider: mailName, Do: TimeoutAfter, Every: 2}, {Provider: facebookName, Path: "/messages", Do: TimeoutAfter, Every: 2}, {Provider: facebookName, Path: "/feed", Do: TimeoutAfter, Every: 2}}},
		{Name: "duplicate_webhooks", Faults: []Fault{{Do: DuplicateWebhook}}},
		{Name: "late_webhooks", Faults: []Fault{{Do: LateWebhook, Percent: 50, Seed: 7, Wait: hour}}},
		{Name: "disorder", Faults: []Fault{{Path: "user_received_message", Do: DisorderWebhook, Wait: quarter}, {Do: DisorderWebhook, Every: 3, Wait: quarter}}},
		{Name: "wrong_signatures", Faults: []Fault{{Do: WrongSignature}}},
		{Name: "quiet_hours", Faults: []Fault{{Provider: zaloOAName, Path: "/message", Do: QuietHours}, {Provider: zaloBusinessName, Path: "/message/template", Do: QuietHours}}},
	}
}

// Scripts lists all scripts, and which are on.
func (w *World) Scripts() []Script {
	list := Scripts()
	for _, f := range w.Faults.List() {
		for i := range list {
			list[i].On = list[i].On || list[i].Name == f.Script
		}
	}
	return list
}

// Play switches a script on or off; one that is on already begins anew.
func (w *World) Play(name string, on bool) error {
	for _, s := range Scripts() {
		if s.Name != name {
			continue
		}
		w.Faults.drop(name)
		if !on {
			return nil
		}
		for i := range s.Faults {
			s.Faults[i].Script = name
		}
		return w.Faults.Add(s.Faults...)
	}
	return errNoScript
}
