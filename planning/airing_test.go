package planning_test

import (
	"slices"
	"testing"
	"time"

	"loa"
	"loa/planning"
)

func TestClashes(t *testing.T) {
	s := loa.Station{ID: "here", Slots: []loa.Slot{{Days: loa.EveryDay, Start: 17*60 + 30, Minutes: 10}, {Days: loa.EveryDay, Start: 5*60 + 30, Minutes: 30, Taken: true, Name: "Đài xã"}}}
	hours := loa.Hours{Start: 5 * 60, End: 21 * 60}
	at := func(h, m int) time.Time { return time.Date(2026, 11, 24, h, m, 0, 0, loa.Zone) }
	play := func(id loa.DeliveryID, station loa.PlaceID, when time.Time, prio loa.Priority) loa.Play {
		return loa.Play{Delivery: id, Station: station, At: when, Seconds: 60, Repeat: 2, Priority: prio, State: loa.PlayPlanned}
	}
	done := play("0", "here", at(17, 30), loa.Normal)
	done.State = loa.PlayPlayed
	for name, c := range map[string]struct {
		p      loa.Play
		others []loa.Play
		want   []string
		yields bool
	}{
		"in its slot":                        {play("1", "here", at(17, 30), loa.Normal), nil, nil, false},
		"beside its slot":                    {play("1", "here", at(18, 0), loa.Normal), nil, []string{"no_slot"}, false},
		"at night":                           {play("1", "here", at(22, 0), loa.Normal), nil, []string{"quiet", "no_slot"}, true},
		"into the night":                     {play("1", "here", at(20, 59), loa.Normal), nil, []string{"quiet", "no_slot"}, true},
		"an emergency at night":              {play("1", "here", at(22, 0), loa.Emergency), nil, nil, false},
		"in the commune's programme":         {play("1", "here", at(5, 45), loa.Normal), nil, []string{"taken", "no_slot"}, true},
		"ending in the commune's programme":  {play("1", "here", at(5, 29), loa.Normal), nil, []string{"taken", "no_slot"}, true},
		"a priority item in it":              {play("1", "here", at(5, 45), loa.Pressing), nil, []string{"taken", "no_slot"}, false},
		"with itself":                        {play("1", "here", at(17, 30), loa.Normal), []loa.Play{play("1", "here", at(17, 30), loa.Normal)}, nil, false},
		"with one that came first":           {play("2", "here", at(17, 31), loa.Normal), []loa.Play{play("1", "here", at(17, 30), loa.Normal)}, []string{"overlap"}, true},
		"with one that came later":           {play("1", "here", at(17, 31), loa.Normal), []loa.Play{play("2", "here", at(17, 30), loa.Normal)}, []string{"overlap"}, false},
		"over one less pressing":             {play("2", "here", at(17, 31), loa.Pressing), []loa.Play{play("1", "here", at(17, 30), loa.Normal)}, []string{"overlap"}, false},
		"with one that is over":              {play("1", "here", at(17, 30), loa.Normal), []loa.Play{done}, nil, false},
		"after another":                      {play("2", "here", at(17, 32), loa.Normal), []loa.Play{play("1", "here", at(17, 30), loa.Normal)}, nil, false},
		"with the station across the valley": {play("1", "here", at(17, 30), loa.Normal), []loa.Play{play("2", "there", at(17, 31), loa.Normal)}, []string{"earshot"}, false},
		"two emergencies":                    {play("2", "here", at(22, 0), loa.Emergency), []loa.Play{play("1", "here", at(22, 0), loa.Emergency), play("3", "here", at(22, 0), loa.Normal)}, []string{"overlap"}, true},
	} {
		var got []string
		yields := false
		for _, x := range planning.Clashes(s, c.p, c.others, hours) {
			got = append(got, x.Kind)
			yields = yields || x.Yields
			if x.Free.IsZero() || !x.Free.After(c.p.At) || x.Free.In(loa.Zone).Hour() != 17 {
				t.Errorf("%s: the next free time is %s", name, x.Free)
			}
		}
		if !slices.Equal(got, c.want) || yields != c.yields {
			t.Errorf("%s: %v, yields %v", name, got, yields)
		}
	}
}
