package loa

import "time"

// PlayState is how far one announcement is at one station.
type PlayState string

// The states of a play, in the words of the speaker profile; those that no device tells are Planned, Missed and Cancelled.
const (
	PlayPlanned    PlayState = "planned"
	PlayAccepted   PlayState = "accepted"   // the device has it in its schedule
	PlayDownloaded PlayState = "downloaded" // and the recording, whole: it needs no network any more
	PlayPlaying    PlayState = "playing"
	PlayMissed     PlayState = "missed" // its time passed and nobody told anything
	PlayRejected   PlayState = "rejected"
	PlayFailed     PlayState = "failed"
	PlayPreempted  PlayState = "preempted" // something more pressing cut it short
	PlayCancelled  PlayState = "cancelled" // the broadcast was stopped first
	PlayPlayed     PlayState = "played"
)

// playRank orders what is told of a play, in any order: a later word never undoes a stronger one.
var playRank = map[PlayState]int{PlayPlanned: 0, PlayAccepted: 1, PlayDownloaded: 2, PlayPlaying: 3, PlayMissed: 4, PlayRejected: 5, PlayFailed: 5, PlayPreempted: 5, PlayCancelled: 6, PlayPlayed: 7}

// Over says that nothing more comes of a play by itself.
func (s PlayState) Over() bool { return playRank[s] >= playRank[PlayMissed] }

// Known says whether it is a state at all.
func (s PlayState) Known() bool { _, ok := playRank[s]; return ok }

// WeakerPlays are the states that a word about a play overrides.
func WeakerPlays(to PlayState) (out []PlayState) {
	for _, s := range []PlayState{PlayPlanned, PlayAccepted, PlayDownloaded, PlayPlaying, PlayMissed, PlayRejected, PlayFailed, PlayPreempted, PlayCancelled} {
		if playRank[s] < playRank[to] {
			out = append(out, s)
		}
	}
	return out
}

// Play is one announcement at one station: what was planned, what became of it, and who says so.
type Play struct {
	Delivery  DeliveryID
	Office    OfficeID
	Area      AreaID
	Station   PlaceID
	Broadcast BroadcastID
	Title     string // of the broadcast
	Priority  Priority
	At        time.Time
	Seconds   int // of one time
	Repeat    int // how often in a row
	State     PlayState
	Why       string // it was not played: the device's code, or why nobody read it
	PlayedMS  int64
	Proof     string // "device" or "person"
	Officer   OfficerID
	ProvedAt  time.Time
	Heads     int // who came to the meeting it called for, as the reader counted
}

// Until is when a play is over.
func (p Play) Until() time.Time {
	return p.At.Add(time.Duration(max(p.Seconds, 1)*max(p.Repeat, 1)) * time.Second)
}

// Meets says whether two plays share a moment.
func (p Play) Meets(o Play) bool { return p.At.Before(o.Until()) && o.At.Before(p.Until()) }

// PlayReasons are why an announcer did not read, in the order of the form.
var PlayReasons = []string{"broken", "no_power", "rain", "away", "no_time", "other"}

// Exposure is one play that the people of one village could hear: the office counts it for the village, never for a person.
type Exposure struct {
	Delivery  DeliveryID
	Broadcast BroadcastID
	Station   PlaceID
	Village   AreaID
	At        time.Time
	People    int64 // of the village, as known then
}

// SpeakerNetwork is the network of loudspeakers, whatever carries a play there.
const SpeakerNetwork = "speaker"

// Outlet is the outlet of a broadcast that stands at a rung of the ledger.
func (b Broadcast) Outlet(rung int) (Outlet, bool) {
	if i := rung - OutletRung; i >= 0 && i < len(b.Outlets) {
		return b.Outlets[i], true
	}
	return Outlet{}, false
}
