package loa

import (
	"cmp"
	"encoding/hex"
	"math/bits"
	"slices"
	"strings"
	"time"

	"loa/vn"
)

// StationKind says how an announcement gets to a loudspeaker.
type StationKind string

// The kinds of stations. The last two are carried by people: a package for the commune's own station, a sheet for who reads it aloud.
const (
	DeviceStation    StationKind = "device"
	AxisStation      StationKind = "axis"
	CommuneStation   StationKind = "commune"
	AnnouncerStation StationKind = "announcer"
)

// StationKinds are the kinds in the order they are offered.
var StationKinds = []StationKind{DeviceStation, AxisStation, CommuneStation, AnnouncerStation}

// ByHand says that people carry announcements to a station of this kind, and tell what became of them.
func (k StationKind) ByHand() bool { return k == CommuneStation || k == AnnouncerStation }

// Slot is a time of the week at which a station plays what the office has to say, or at which somebody else's programme has it.
type Slot struct {
	Days    int    `json:"days"`            // one bit for each day, Monday's the lowest
	Start   int    `json:"start"`           // minutes after midnight
	Minutes int    `json:"minutes"`         // how long
	Taken   bool   `json:"taken,omitempty"` // by another programme
	Name    string `json:"name,omitempty"`  // of the programme
}

// EveryDay is every bit of a slot's days.
const EveryDay = 1<<7 - 1

// On says whether the slot is on a day of the week.
func (s Slot) On(day time.Weekday) bool { return s.Days&(1<<((int(day)+6)%7)) != 0 }

// Check refuses a slot on no day, without a length, or past midnight.
func (s Slot) Check() error {
	switch {
	case s.Days <= 0 || s.Days > EveryDay:
		return Refuse(Invalid, "days", "required")
	case s.Start < 0 || s.Start >= 24*60:
		return Refuse(Invalid, "start", "bad_hours")
	case s.Minutes < 1 || s.Start+s.Minutes > 24*60:
		return Refuse(Invalid, "minutes", "out_of_range", 1, 24*60-s.Start)
	case len([]rune(s.Name)) > 80:
		return Refuse(Invalid, "slot_name", "too_long", 80)
	}
	return nil
}

// Meets says whether two slots share a minute of the week.
func (s Slot) Meets(o Slot) bool {
	return s.Days&o.Days != 0 && s.Start < o.Start+o.Minutes && o.Start < s.Start+s.Minutes
}

// Station is a loudspeaker, or whoever stands in for one, with the villages that hear it.
type Station struct {
	ID        PlaceID
	Office    OfficeID
	Area      AreaID // where it stands
	Kind      StationKind
	Name      string
	Channel   ChannelID // the account it is reached by; empty where people carry it
	Device    string    // its name with the broker
	Secret    string    // what its password is known by, never the password
	Volume    int       // 1 to 100
	Languages []string  // in the order they are played
	Keeper    string    // who looks after it
	Phone     string
	Slots     []Slot
	Earshot   []AreaID // the villages that hear it
	Note      string
	Retired   bool
	Synthetic bool
	Online    bool      // as it, or its last will, said last
	OnlineAt  time.Time // since when
	SeenAt    time.Time // when it was last known to be connected
	Report    string    // what it last told of itself
	ChangeNo  int64
}

// SilentAfter is how long a station may be unheard of before nobody takes it for connected.
const SilentAfter = 3 * time.Minute

// Connected says whether a device is known to be connected at a moment.
func (s Station) Connected(at time.Time) bool {
	return s.Online && !s.SeenAt.IsZero() && at.Sub(s.SeenAt) < SilentAfter
}

// StationName is how long a name may be, in characters.
const StationName = 80

// Check refuses a station that could not be played at.
func (s Station) Check() error {
	switch {
	case vn.Fold(s.Name) == "":
		return Refuse(Invalid, "name", "required")
	case len([]rune(s.Name)) > StationName:
		return Refuse(Invalid, "name", "too_long", StationName)
	case !slices.Contains(StationKinds, s.Kind):
		return Refuse(Invalid, "kind", "not_in_list")
	case s.Area == "":
		return Refuse(Invalid, "area", "required")
	case s.Kind == DeviceStation && !ValidDevice(s.Device):
		return Refuse(Invalid, "device", "device_letters")
	case !s.Kind.ByHand() && s.Channel == "":
		return Refuse(Invalid, "channel", "required")
	case s.Volume < 1 || s.Volume > 100:
		return Refuse(Invalid, "volume", "out_of_range", 1, 100)
	case len(s.Languages) == 0:
		return Refuse(Invalid, "languages", "required")
	case !allOf(s.Languages, Languages):
		return Refuse(Invalid, "languages", "not_in_list")
	case len([]rune(s.Keeper)) > 100:
		return Refuse(Invalid, "keeper", "too_long", 100)
	case len([]rune(s.Note)) > 1000:
		return Refuse(Invalid, "note", "too_long", 1000)
	case len(s.Earshot) > 200:
		return Refuse(Invalid, "earshot", "out_of_range", 0, 200)
	}
	return s.checkSlots()
}

// checkSlots: nobody plays twice at once.
func (s Station) checkSlots() error {
	if len(s.Slots) > 50 {
		return Refuse(Invalid, "slots", "out_of_range", 0, 50)
	}
	for i, a := range s.Slots {
		if err := a.Check(); err != nil {
			return err
		}
		for _, b := range s.Slots[:i] {
			if a.Meets(b) {
				return Refuse(Invalid, "start", "slot_taken")
			}
		}
	}
	return nil
}

// ValidDevice says whether a name may stand in the topics of a broker.
func ValidDevice(s string) bool {
	if len(s) < 2 || len(s) > 40 {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && !strings.HasPrefix(s, "-") && s != "group" // group is a part of the topics of many
}

// DeviceName makes a name for the broker out of a station's own: "Loa bản Séo Phình" is "loa-ban-seo-phinh-3f2a".
func DeviceName(name string, id PlaceID) string {
	s := strings.Join(strings.FieldsFunc(vn.Fold(name), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }), "-")
	if len(s) > 34 {
		s = strings.TrimRight(s[:34], "-")
	}
	tail := strings.ReplaceAll(string(id), "-", "")
	if len(tail) >= 4 {
		tail = tail[len(tail)-4:]
	}
	if _, err := hex.DecodeString(tail); err != nil || s == "" {
		return strings.Trim("loa-"+s, "-")
	}
	return s + "-" + tail
}

// Next are the moments from one on at which the station has time for the office, the soonest first.
func (s Station) Next(from time.Time, most int) (out []time.Time) {
	from = from.In(Zone)
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, Zone)
	slots := slices.Clone(s.Slots)
	slices.SortFunc(slots, func(a, b Slot) int { return cmp.Compare(a.Start, b.Start) })
	for range 8 { // a week, and the rest of today
		for _, slot := range slots {
			at := day.Add(time.Duration(slot.Start) * time.Minute)
			if slot.Taken || !slot.On(day.Weekday()) || at.Before(from) {
				continue
			}
			if out = append(out, at); len(out) == most {
				return out
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return out
}

// Weekly is how many times a week the station plays for the office.
func (s Station) Weekly() (n int) {
	for _, slot := range s.Slots {
		if !slot.Taken {
			n += bits.OnesCount(uint(slot.Days))
		}
	}
	return n
}
