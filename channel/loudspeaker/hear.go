package loudspeaker

import (
	"encoding/json"
	"strconv"

	"loa/channel"
	"loa/speaker"
)

// kinds say what an answer of a device means to the ledger. Only what was played to the end arrived.
var kinds = map[string]channel.EventKind{
	speaker.Accepted: channel.EventTaken, speaker.Downloaded: channel.EventTaken, speaker.Playing: channel.EventTaken, speaker.Played: channel.EventPlayed,
	speaker.Failed: channel.EventFailed, speaker.Rejected: channel.EventFailed, speaker.Preempted: channel.EventFailed,
}

// hear takes in what a device tells. What cannot be read is dropped: it would be as garbled the next time.
func (b *broker) hear(device, event string, payload []byte) error {
	switch event {
	case speaker.EvtAck:
		a, err := speaker.ReadAck(payload)
		if err != nil {
			return nil
		}
		return b.tell(b.answer(device, a))
	case speaker.EvtState:
		s, err := speaker.ReadState(payload)
		if err != nil {
			return nil
		}
		return b.state(device, s)
	}
	return nil // heartbeats and log lines: that it is connected is known, and nobody reads its log here
}

// answer is what a device tells of a play. Its ID is known to that device alone, so that none can speak for another.
func (b *broker) answer(device string, a speaker.Ack) channel.Event {
	now := b.a.tools.Now()
	e := channel.Event{Kind: kinds[a.State], Key: device + ":" + a.ID + ":" + a.State, Ref: a.ID, Message: a.ID, Network: "speaker", From: device, Text: a.State, Code: a.Code(), Millis: a.PlayedMS, At: a.At}
	if e.At.IsZero() || e.At.After(now) || now.Sub(e.At) > 2*speaker.Ahead { // its clock runs wrong
		e.At = now
	}
	if e.Kind == channel.EventFailed {
		e.Cause = channel.Rejected
		if e.Code == "" {
			e.Code = a.State
		}
	}
	return e
}

// state is what a device tells of itself; the same once more is not told.
func (b *broker) state(device string, s speaker.State) error {
	word := "offline"
	if s.Online {
		word = "online"
	}
	s.Clock, s.RSSI, s.DiskFree, s.Temp, s.Waiting = nil, coarse(s.RSSI, 10), coarse64(s.DiskFree, 50<<20), coarse(s.Temp, 5), 0
	raw, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	b.mu.Lock()
	same := b.online[device] == string(raw)
	b.mu.Unlock()
	if same {
		return nil
	}
	now := b.a.tools.Now()
	e := channel.Event{Kind: channel.EventDevice, Key: "state:" + device + ":" + strconv.FormatInt(now.UnixMicro(), 10), Network: "speaker", From: device, Text: word, At: now}
	if s.Online {
		e.Report = string(raw)
	}
	if err := b.tell(e); err != nil {
		return err
	}
	b.mu.Lock()
	b.online[device] = string(raw)
	b.mu.Unlock()
	return nil
}

// coarse rounds a reading that never stands still, so that it is not news every time.
func coarse(v *int, step int) *int {
	if v == nil {
		return nil
	}
	c := *v / step * step
	return &c
}

func coarse64(v *int64, step int64) *int64 {
	if v == nil {
		return nil
	}
	c := *v / step * step
	return &c
}
