package main

import (
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"net"
	"strings"
	"time"

	"loa"
	"loa/channel"
	"loa/fake"
)

// simulate starts the providers the demo sends to, and lets its accounts point at them: nothing of a demo ever leaves this machine.
func (s *site) simulate(office loa.Office, listen string) (*providers, error) {
	if err := loopbackOnly("fake", listen); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", s.listen.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.listen.Listen, err)
	}
	s.on = l
	if s.listen.Public == "" {
		s.listen.Public = "http://" + l.Addr().String()
	}
	p := &providers{world: fake.NewWorld(s.now(), time.Now), now: s.now, lang: s.cli.Lang, office: s.listen.Public}
	p.world.Clock.Run(1)
	if err := p.start(s.env.ctx, listen, "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.NewTextHandler(s.env.err, nil))); err != nil {
		l.Close()
		return nil, err
	}
	s.simulated = p.address()
	s.subscribe = func(key string) loa.Subscription {
		x := p.world.Push.Subscribe(p.address(), key)
		return loa.Subscription{Endpoint: x.Endpoint, Key: x.Key, Auth: x.Auth}
	}
	for _, step := range []func(*site, loa.Office) error{p.point, p.populate, p.pointSpeaker} {
		if err := step(s, office); err != nil {
			p.stop()
			l.Close()
			return nil, err
		}
	}
	return p, nil
}

// point writes into the demo's accounts where the providers are in this run, and what lets it in there.
func (p *providers) point(s *site, office loa.Office) error {
	list, err := s.db.ChannelsKept(s.env.ctx)
	if err != nil {
		return err
	}
	byKind := map[string]channel.Settings{}
	for _, a := range p.accounts() {
		byKind[a.kind] = a.settings
	}
	saved := newAccounts(s.db, s.sealer, s.now, slog.New(slog.DiscardHandler), s.listen.Public)
	for _, c := range list {
		to, known := byKind[c.Kind]
		if !known || c.Office != office.ID {
			continue
		}
		err := s.db.KeepSettings(s.env.ctx, c.ID, s.now, func(sealed []byte) ([]byte, error) {
			now, err := saved.unseal(c.Office, c.ID, sealed)
			if err != nil {
				return nil, err
			}
			maps.Copy(now, to)
			if c.Kind == "zalo" { // as if somebody had consented just now
				for _, key := range []string{"expires", "renew_after", "renewing"} {
					delete(now, key)
				}
				now["access_token"], now["refresh_token"] = p.world.Zalo.Grant()
				now["renew_after"] = s.now().Add(20 * time.Hour).UTC().Format(time.RFC3339)
			}
			return saved.Seal(c.Office, c.ID, now)
		})
		if err != nil {
			return fmt.Errorf("point the account %s at the simulated providers: %w", c.Name, err)
		}
	}
	return nil
}

// demoAnswers are what some people of the demo write back.
var demoAnswers = []string{"Nhà tôi thuộc hộ cận nghèo thì đóng bao nhiêu?", "Cho tôi hỏi nộp tiền ở đâu ạ?", "Tôi đi làm xa, con tôi nộp thay được không?", "Cảm ơn cán bộ, mai tôi ra nhà văn hóa.", "Đóng cả năm một lần được không?"}

// populate lets everybody who follows the demo's account be there, each with habits of their own, and what the account has registered.
func (p *providers) populate(s *site, office loa.Office) error {
	scope, err := wholeOffice(s.env.ctx, s.db, office.ID, s.now())
	if err != nil {
		return err
	}
	now := p.world.Clock.Now()
	for after := ""; ; {
		list, err := s.db.LinkedAddresses(s.env.ctx, scope, "zalo", after, 1000)
		if err != nil {
			return err
		}
		people := make([]fake.Villager, 0, len(list))
		for _, l := range list {
			people = append(people, villagerOf(l.To, l.Name, strings.TrimPrefix(l.Phone, "+"), now))
			after = l.To
		}
		p.world.AddVillagers(people...)
		if len(list) < 1000 {
			break
		}
	}
	p.world.Zalo.AddTemplates(fake.MoreTemplates()...)
	p.world.Zalo.AddTemplates(fake.Template{ID: "347878", Name: "Nhắc hạn thẻ bảo hiểm y tế", Tag: 2, Text: "Thẻ BHYT của ông/bà <ho_ten> hết hạn ngày <han_the>. Mời ông/bà gia hạn.", Price: 800, PriceUID: 560, UID: true, Day: true,
		Params: []fake.Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30}, {Name: "han_the", Require: true, Type: "STRING", MaxLength: 20}}})
	p.world.Change(func() {
		p.world.Zalo.Name, p.world.Facebook.Name = office.Name, office.Name
		p.world.Zalo.NoZaloShare, p.world.Zalo.DailyQuota = 25, 5000
	})
	return nil
}

// villagerOf is a follower with habits that come from their address: the same in every run.
func villagerOf(to, name, phone string, now time.Time) fake.Villager {
	h := fnv.New32a()
	h.Write([]byte(to))
	n := h.Sum32()
	v := fake.Villager{ID: to, Name: name, Phone: phone, Follows: true, Last: now.Add(-time.Duration(n%44) * time.Hour)}
	if n%10 == 0 {
		v.PSID, v.LastPage = "71"+to[len(to)-13:], now.Add(-time.Duration(n%23)*time.Hour)
	}
	if n%7 == 0 {
		v.Mail = fmt.Sprintf("nguoi%d@dan.example", n%100_000)
	}
	minute := fake.Duration(time.Duration(20+n%90) * time.Second)
	switch {
	case n%40 == 1:
		v.Habits = []fake.Habit{{Do: "say", Text: "HUY", After: minute, Times: 1}}
	case n%9 == 2:
		v.Habits = []fake.Habit{{Do: "say", Text: demoAnswers[int(n/9)%len(demoAnswers)], After: minute, Times: 1}}
	case n%33 == 3:
		v.Inactive = true
	case n%33 == 4:
		v.Unreachable = true
	case n%33 == 5:
		v.BlocksOA, v.Follows = true, false
	case n%8 == 6:
		v.Unread = true
	}
	return v
}

// connect tells the providers where to call back, and lets some people write to a demo nobody has written to.
func (p *providers) connect(s *site) {
	list, err := s.db.ChannelsKept(s.env.ctx)
	for _, c := range list {
		hook := s.accounts.Hook(c.ID)
		switch c.Kind {
		case "zalo":
			err = p.world.Zalo.SetWebhook(s.env.ctx, hook)
		case "facebook":
			err = p.world.Facebook.SetWebhook(s.env.ctx, hook)
		case "sms_esms":
			p.world.Change(func() { p.world.ESMS.Callback = hook })
		case "email":
			p.world.Change(func() { p.world.Mail.Hook = hook })
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = p.talk(s)
	}
	if err == nil { // so that nobody has to wait an hour to see how they stand
		err = checkAccounts(s.env.ctx, s.db, s.accounts.OpenHeld, s.now)
	}
	if err != nil && s.env.ctx.Err() == nil {
		fmt.Fprintln(s.env.err, "loa:", fmt.Errorf("connect the simulated providers: %w", err))
	}
}
