package main

import (
	"maps"
	"net"
	"slices"

	"loa/channel"
	"loa/fake/show"
)

// fakeAccount is what an office types in to send over one of the fakes.
type fakeAccount struct {
	kind     string
	settings channel.Settings
}

// accounts are the settings of every driver that has a fake, as they are just now, but for what comes with a consent.
func (p *providers) accounts() []fakeAccount {
	w, base := p.world, p.address()
	mailHost, mailPort, _ := net.SplitHostPort(p.mail.Addr().String())
	var list []fakeAccount
	w.Change(func() {
		z, f, e, s, v, t, m, l := &w.Zalo.ZaloSettings, &w.Facebook.FacebookSettings, &w.ESMS.ESMSSettings, &w.SpeedSMS.SpeedSMSSettings, &w.VNPT.VNPTSettings, &w.Viettel.ViettelSettings, &w.SMPP.SMPPSettings, &w.Mail.MailSettings
		list = []fakeAccount{
			{"zalo", channel.Settings{"app_id": z.AppID, "app_secret": z.AppSecret, "oa_id": z.OAID, "oa_secret": z.OASecret, "oauth_base": base + "/zalo-oauth", "oa_base": base + "/zalo-oa", "zns_base": base + "/zalo-business", "line": "private"}},
			{"facebook", channel.Settings{"page_id": f.PageID, "page_token": f.Token, "app_secret": f.AppSecret, "verify_token": f.VerifyToken, "graph_base": base + "/facebook/v25.0", "line": "private"}},
			{"sms_esms", channel.Settings{"api_key": e.ApiKey, "secret_key": e.SecretKey, "sender": firstOf(e.Brandnames), "url": base + "/esms/MainService.svc/json", "line": "private", "lookup": "yes"}},
			{"sms_speedsms", channel.Settings{"token": s.Token, "sender": firstOf(s.Senders), "url": base + "/speedsms/index.php", "line": "private"}},
			{"sms_vnpt", channel.Settings{"url": base + "/vnpt/smsmarketing/api", "line": "private", "agent_id": v.AgentID, "api_user": v.User, "api_password": v.Password, "username": v.User, "sender": "BHXH", "label_id": firstOf(v.Labels), "contract_id": "1"}},
			{"sms_viettel", channel.Settings{"user": t.User, "password": t.Password, "cp_code": t.CPCode, "sender": firstOf(t.Services), "url": base + "/viettel/bulkapi", "line": "private"}},
			{"smpp", channel.Settings{"address": p.smpp.Addr().String(), "line": "private", "tls": "no", "system_id": m.SystemID, "password": m.Password, "sender": firstOf(m.Senders)}},
			{"email", channel.Settings{"host": mailHost, "port": mailPort, "line": "private", "security": "none", "from": "bhxh@coquan.example", "bounce_address": "bounce@coquan.example", "unsubscribe_address": "tuchoi@coquan.example",
				"hook_key": l.HookKey}},
		}
	})
	return list
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// shown are the accounts as a person types them in.
func (p *providers) shown() []show.Account {
	var list []show.Account
	for _, a := range p.accounts() {
		out := show.Account{Kind: a.kind}
		for _, key := range slices.Sorted(maps.Keys(a.settings)) {
			out.Fields = append(out.Fields, show.Field{Key: key, Value: a.settings[key]})
		}
		list = append(list, out)
	}
	return list
}
