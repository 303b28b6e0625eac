package loa_test

import (
	"errors"
	"testing"
	"time"

	"loa"
)

func TestSendingSettings(t *testing.T) {
	if err := loa.DefaultSendingSettings().Check(); err != nil {
		t.Fatalf("the defaults are refused: %v", err)
	}
	for name, c := range map[string]struct {
		change func(*loa.SendingSettings)
		field  string
	}{
		"backwards":    {func(s *loa.SendingSettings) { s.Hours["call"] = loa.Hours{Start: 1260, End: 420} }, "hours_call"},
		"past a day":   {func(s *loa.SendingSettings) { s.Hours["sms"] = loa.Hours{Start: 0, End: 1441} }, "hours_sms"},
		"empty hours":  {func(s *loa.SendingSettings) { s.Hours["zalo"] = loa.Hours{Start: 60, End: 60} }, "hours_zalo"},
		"unknown form": {func(s *loa.SendingSettings) { s.Hours["pigeon"] = loa.Always }, "hours"},
		"no days":      {func(s *loa.SendingSettings) { s.CapDays = 0 }, "cap_days"},
		"few":          {func(s *loa.SendingSettings) { s.Few = -1 }, "few"},
		"too many":     {func(s *loa.SendingSettings) { s.Few = 201 }, "few"},
		"limit":        {func(s *loa.SendingSettings) { s.RefuseLimit = 10_001 }, "refuse_limit"},
		"price":        {func(s *loa.SendingSettings) { s.SMSPrice["viettel"] = -1 }, "price_viettel"},
		"telco":        {func(s *loa.SendingSettings) { s.SMSPrice["pigeon"] = 1 }, "price"},
		"balance":      {func(s *loa.SendingSettings) { s.LowBalance = -1 }, "low_balance"},
	} {
		s := loa.DefaultSendingSettings()
		c.change(&s)
		var e *loa.Error
		if err := s.Check(); !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v, not a refusal of %s", name, err, c.field)
		}
	}
}

func TestSendingPrices(t *testing.T) {
	s := loa.DefaultSendingSettings()
	if _, known := s.Price("viettel", 1); known {
		t.Error("a price nobody wrote down is known")
	}
	s.SMSPrice = map[string]int64{"viettel": 400, "other": 550}
	for telco, want := range map[string]int64{"viettel": 800, "mobifone": 1100, "": 1100} {
		if got, known := s.Price(telco, 2); !known || got != want {
			t.Errorf("two parts over %q cost %d (%v), not %d", telco, got, known, want)
		}
	}
	if s.HoursOf("loudspeaker") != (loa.Hours{Start: 300, End: 1260}) || s.HoursOf("visit") != loa.Always {
		t.Error("the hours of a form are not found")
	}
}

func TestHours(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.ParseInLocation("2006-01-02 15:04", s, loa.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	h := loa.Hours{Start: 420, End: 1260}
	for now, next := range map[string]string{"2026-11-24 06:59": "2026-11-24 07:00", "2026-11-24 07:00": "", "2026-11-24 20:59": "", "2026-11-24 21:00": "2026-11-25 07:00", "2026-12-31 23:59": "2027-01-01 07:00"} {
		open, then := h.Open(at(now).UTC())
		if open != (next == "") || next != "" && !then.Equal(at(next)) {
			t.Errorf("at %s it is open: %v, then %s", now, open, then)
		}
	}
	if open, _ := loa.Always.Open(at("2026-11-24 23:59")); !open {
		t.Error("always ends")
	}
	if got := h.And(loa.Hours{Start: 480, End: 1320}); got != (loa.Hours{Start: 480, End: 1260}) {
		t.Errorf("both hold %v", got)
	}
}
