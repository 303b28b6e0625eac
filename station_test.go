package loa_test

import (
	"slices"
	"testing"
	"time"

	"loa"
)

func station() loa.Station {
	return loa.Station{ID: loa.PlaceID(loa.NewID()), Area: "v", Kind: loa.AnnouncerStation, Name: "Loa bản Séo Phình", Volume: 70, Languages: []string{"mong", "vietnamese"},
		Slots: []loa.Slot{{Days: loa.EveryDay, Start: 17*60 + 30, Minutes: 10}, {Days: 1 | 1<<6, Start: 6 * 60, Minutes: 5}, {Days: loa.EveryDay, Start: 5 * 60, Minutes: 30, Taken: true, Name: "Đài xã"}}}
}

func TestStationCheck(t *testing.T) {
	if err := station().Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*loa.Station)
		code   string
	}{
		"no name":                  {func(s *loa.Station) { s.Name = " " }, "required"},
		"an unknown kind":          {func(s *loa.Station) { s.Kind = "horn" }, "not_in_list"},
		"a device without account": {func(s *loa.Station) { s.Kind, s.Device = loa.DeviceStation, "loa-1" }, "required"},
		"a device with a slash":    {func(s *loa.Station) { s.Kind, s.Device = loa.DeviceStation, "loa/+" }, "device_letters"},
		"a device named #":         {func(s *loa.Station) { s.Kind, s.Device = loa.DeviceStation, "##" }, "device_letters"},
		"too loud":                 {func(s *loa.Station) { s.Volume = 101 }, "out_of_range"},
		"no language":              {func(s *loa.Station) { s.Languages = nil }, "required"},
		"a language nobody speaks": {func(s *loa.Station) { s.Languages = []string{"xx"} }, "not_in_list"},
		"a slot on no day":         {func(s *loa.Station) { s.Slots[0].Days = 0 }, "required"},
		"a slot past midnight":     {func(s *loa.Station) { s.Slots[0].Start, s.Slots[0].Minutes = 23*60+55, 10 }, "out_of_range"},
		"two slots at once":        {func(s *loa.Station) { s.Slots[0].Start = 5*60 + 29 }, "slot_taken"},
	} {
		s := station()
		c.change(&s)
		var e *loa.Error
		if err := s.Check(); err == nil {
			t.Errorf("%s is taken", name)
		} else if e, _ = err.(*loa.Error); e == nil || e.Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStationNext(t *testing.T) {
	s := station()
	from := time.Date(2026, 11, 28, 18, 0, 0, 0, loa.Zone) // a Saturday evening
	var got []string
	for _, at := range s.Next(from, 4) {
		got = append(got, at.Format("Mon 15:04"))
	}
	if want := []string{"Sun 06:00", "Sun 17:30", "Mon 06:00", "Mon 17:30"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if n := s.Weekly(); n != 9 {
		t.Errorf("%d a week", n)
	}
	if (loa.Station{}).Next(from, 3) != nil {
		t.Error("a station without slots has time")
	}
}

func TestDeviceNames(t *testing.T) {
	if got := loa.DeviceName("Loa bản Séo Phình", "0199f2aa-0000-7000-8000-00000000beef"); got != "loa-ban-seo-phinh-beef" || !loa.ValidDevice(got) {
		t.Error(got)
	}
	for _, name := range []string{"", "Đ", "///+#", "một cái tên dài đến nỗi không máy nào nhớ nổi mà viết ra cho hết"} {
		if got := loa.DeviceName(name, loa.PlaceID(loa.NewID())); !loa.ValidDevice(got) {
			t.Errorf("%q makes %q", name, got)
		}
	}
	for _, bad := range []string{"a", "group", "-a", "a/b", "a+", "A1", "a b", "ă1", "a#"} {
		if loa.ValidDevice(bad) {
			t.Errorf("%q may stand in a topic", bad)
		}
	}
}

func TestConnected(t *testing.T) {
	now := time.Date(2026, 11, 28, 8, 0, 0, 0, loa.Zone)
	for name, c := range map[string]struct {
		s    loa.Station
		want bool
	}{
		"never heard of": {loa.Station{}, false},
		"just now":       {loa.Station{Online: true, SeenAt: now.Add(-time.Minute)}, true},
		"silent":         {loa.Station{Online: true, SeenAt: now.Add(-loa.SilentAfter)}, false},
		"its last will":  {loa.Station{SeenAt: now}, false},
	} {
		if c.s.Connected(now) != c.want {
			t.Error(name)
		}
	}
}

// TestPlaysInAnyOrder: whatever order words come in, the strongest stands at the end.
func TestPlaysInAnyOrder(t *testing.T) {
	all := []loa.PlayState{loa.PlayAccepted, loa.PlayDownloaded, loa.PlayPlaying, loa.PlayMissed, loa.PlayPlayed}
	for shift := range all {
		state := loa.PlayPlanned
		for i := range all {
			if to := all[(i*3+shift)%len(all)]; slices.Contains(loa.WeakerPlays(to), state) {
				state = to
			}
		}
		if state != loa.PlayPlayed {
			t.Errorf("turned by %d it ends as %s", shift, state)
		}
	}
	if slices.Contains(loa.WeakerPlays(loa.PlayFailed), loa.PlayPreempted) || slices.Contains(loa.WeakerPlays(loa.PlayMissed), loa.PlayPlayed) {
		t.Error("a word undoes one that is as strong")
	}
}
