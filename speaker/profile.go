// Package speaker is the Loa Speaker Profile, version 1: what a loudspeaker and Loa say to each other over MQTT, and a device that lives
// by it. Makers of devices read it as the reference. It must never know an office, a database or a page.
package speaker

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Version is the version of the profile that every message from Loa carries.
const Version = 1

// Ahead is how far a device keeps its schedule, so that it plays on without a network.
const Ahead = 72 * time.Hour

// MessageMost is how long a message may be; PlaysMost how many plays a schedule may hold.
const (
	MessageMost = 256 << 10
	PlaysMost   = 500
)

// The commands, each the last part of its topic.
const (
	CmdPlay   = "play"
	CmdStop   = "stop"
	CmdVolume = "volume"
	CmdSync   = "sync"
	CmdConfig = "config"
	CmdPing   = "ping"
)

// The events, each the last part of its topic.
const (
	EvtState     = "state" // kept by the broker; its last will is the same topic
	EvtAck       = "ack"
	EvtHeartbeat = "hb"
	EvtLog       = "log"
)

// The priorities of a play.
const (
	Normal    = "normal"
	Priority  = "priority"
	Emergency = "emergency" // cuts off whatever is played
)

// What a device tells of a play.
const (
	Accepted   = "accepted"
	Downloaded = "downloaded"
	Playing    = "playing"
	Played     = "played"
	Failed     = "failed"
	Rejected   = "rejected"
	Preempted  = "preempted"
)

// Why a play was rejected or failed.
const (
	ErrExpired     = "expired"
	ErrGarbled     = "garbled"
	ErrStream      = "stream_unsupported"
	ErrFull        = "schedule_full"
	ErrChecksum    = "checksum"
	ErrSize        = "size"
	ErrNotFetched  = "not_downloaded"
	ErrMissed      = "missed"
	ErrStopped     = "stopped"
	ErrPlayer      = "player"
	ErrUnsupported = "media_unsupported"
)

// Prefix begins every topic.
const Prefix = "loa/v1/"

// Command is the topic on which a device hears a command.
func Command(device, command string) string { return Prefix + device + "/cmd/" + command }

// Event is the topic on which a device tells something.
func Event(device, event string) string { return Prefix + device + "/evt/" + event }

// GroupCommand is the topic on which all devices of a commune hear a command.
func GroupCommand(commune, command string) string {
	return Prefix + "group/" + commune + "/cmd/" + command
}

// EventOf reads whose event a topic is, and which; false for any other topic.
func EventOf(topic string) (device, event string, ok bool) {
	rest, ok := strings.CutPrefix(topic, Prefix)
	if !ok {
		return "", "", false
	}
	device, event, ok = strings.Cut(rest, "/evt/")
	if !ok || device == "" || device == "group" || strings.ContainsAny(device, "/+#") || strings.ContainsAny(event, "/+#") {
		return "", "", false
	}
	return device, event, event != ""
}

// Media is one recording of a play.
type Media struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Millis int64  `json:"dur_ms"`
	MIME   string `json:"mime"`
}

// Play is the command to play recordings one after the other, now or at a time.
type Play struct {
	V         int       `json:"v"`
	ID        string    `json:"id"`
	Prio      string    `json:"prio"`
	NotBefore time.Time `json:"not_before,omitzero"`
	Expires   time.Time `json:"expires,omitzero"`
	Repeat    int       `json:"repeat"`
	Gap       int       `json:"gap_s"`
	Volume    int       `json:"volume"` // 0: as the device is set
	Media     []Media   `json:"media"`
	Stream    *string   `json:"stream"`
	Chime     bool      `json:"chime"`
	Title     string    `json:"title"`
}

// Ack is what a device tells of a play.
type Ack struct {
	ID       string    `json:"id"`
	State    string    `json:"state"`
	At       time.Time `json:"at"`
	Err      *string   `json:"err"`
	PlayedMS int64     `json:"played_ms"`
}

// Code is why it went wrong; empty when it did not.
func (a Ack) Code() string {
	if a.Err == nil {
		return ""
	}
	return *a.Err
}

// State is what a device tells of itself. Of a last will only Online is there.
type State struct {
	Online   bool    `json:"online"`
	Firmware string  `json:"fw,omitempty"`
	IP       string  `json:"ip,omitempty"`
	RSSI     *int    `json:"rssi,omitempty"`
	Volume   int     `json:"vol,omitempty"`
	Temp     *int    `json:"temp,omitempty"` // degrees
	DiskFree *int64  `json:"disk_free,omitempty"`
	Waiting  int     `json:"waiting,omitempty"` // plays in its schedule
	Clock    *string `json:"clock,omitempty"`   // its own, so that one that runs wrong is seen
}

// LastWill is the state that the broker tells when a device is gone without a word.
var LastWill = []byte(`{"online":false}`)

// Sync is the schedule of the next hours: what is not in it is not to be played any more.
type Sync struct {
	V     int       `json:"v"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	Plays []Play    `json:"plays"`
}

// Order are the small commands: stop one play or all, set the volume, change how it works, answer.
type Order struct {
	V         int    `json:"v"`
	ID        string `json:"id,omitempty"`
	Volume    *int   `json:"volume,omitempty"`
	Group     string `json:"group,omitempty"`
	Heartbeat int    `json:"hb_s,omitempty"`
}

// Line is a line of a device's log.
type Line struct {
	At    time.Time `json:"at"`
	Level string    `json:"level"`
	Text  string    `json:"text"`
}

// read reads one JSON value and nothing behind it.
func read(raw []byte, into any) error {
	if len(raw) > MessageMost {
		return fmt.Errorf("a message of %d bytes", len(raw))
	}
	if !utf8.Valid(raw) {
		return fmt.Errorf("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read the message: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something follows the message")
	}
	return nil
}

// ReadPlay reads the command to play. The ID is answered with even when the rest cannot be done, so that the device can say so.
func ReadPlay(raw []byte) (p Play, err error) {
	if err := read(raw, &p); err != nil {
		return Play{}, err
	}
	return p, p.Check()
}

// Check refuses what no device can do or Loa never says.
func (p *Play) Check() error {
	if !validID(p.ID) {
		p.ID = ""
		return fmt.Errorf("a play without an ID")
	}
	if p.Prio == "" {
		p.Prio = Normal
	}
	p.Repeat = max(p.Repeat, 1)
	switch {
	case p.V != Version:
		return fmt.Errorf("version %d of the profile", p.V)
	case p.Prio != Normal && p.Prio != Priority && p.Prio != Emergency:
		return fmt.Errorf("priority %q", p.Prio)
	case p.Repeat > 20 || p.Gap < 0 || p.Gap > 600 || p.Volume < 0 || p.Volume > 100:
		return fmt.Errorf("repeated %d times every %d s at volume %d", p.Repeat, p.Gap, p.Volume)
	case len(p.Media) > 8 || len(p.Media) == 0 && p.Stream == nil:
		return fmt.Errorf("%d recordings", len(p.Media))
	case utf8.RuneCountInString(p.Title) > 200:
		return fmt.Errorf("a title too long to show")
	case !p.Expires.IsZero() && p.Expires.Before(p.NotBefore):
		return fmt.Errorf("expires before it begins")
	}
	for _, m := range p.Media {
		if err := m.check(); err != nil {
			return err
		}
	}
	return nil
}

// MediaMost is how large a recording may be.
const MediaMost = 64 << 20

func (m Media) check() error {
	u, err := url.Parse(m.URL)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(m.URL) > 2048:
		return fmt.Errorf("a recording at no address")
	case len(m.SHA256) != 64 || strings.Trim(m.SHA256, "0123456789abcdef") != "":
		return fmt.Errorf("a recording without a checksum")
	case m.Bytes < 1 || m.Bytes > MediaMost:
		return fmt.Errorf("a recording of %d bytes", m.Bytes)
	case m.Millis < 0 || m.Millis > 3_600_000:
		return fmt.Errorf("a recording of %d ms", m.Millis)
	}
	return nil
}

// validID says whether an ID may be a file's name and a key.
func validID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// Length is how long a play lasts, as far as its recordings say.
func (p Play) Length() time.Duration {
	var once time.Duration
	for _, m := range p.Media {
		once += time.Duration(m.Millis) * time.Millisecond
	}
	n := time.Duration(max(p.Repeat, 1))
	return n*once + (n-1)*time.Duration(p.Gap)*time.Second
}

// ReadAck reads what a device tells of a play.
func ReadAck(raw []byte) (a Ack, err error) {
	if err := read(raw, &a); err != nil {
		return Ack{}, err
	}
	switch a.State {
	case Accepted, Downloaded, Playing, Played, Failed, Rejected, Preempted:
	default:
		return Ack{}, fmt.Errorf("state %q of a play", a.State)
	}
	if !validID(a.ID) || a.PlayedMS < 0 || a.PlayedMS > 24*3_600_000 || len(a.Code()) > 64 {
		return Ack{}, fmt.Errorf("an answer about nothing")
	}
	return a, nil
}

// ReadState reads what a device, or its last will, tells of it.
func ReadState(raw []byte) (s State, err error) {
	if err := read(raw, &s); err != nil {
		return State{}, err
	}
	if len(s.Firmware) > 64 || len(s.IP) > 64 || s.Volume < 0 || s.Volume > 100 || s.Waiting < 0 {
		return State{}, fmt.Errorf("a state out of range")
	}
	return s, nil
}

// ReadSync reads a schedule; a play in it that cannot be done is left out, the rest stands.
func ReadSync(raw []byte) (s Sync, err error) {
	if err := read(raw, &s); err != nil {
		return Sync{}, err
	}
	if s.V != Version || s.At.IsZero() || s.Until.Before(s.At) || len(s.Plays) > PlaysMost {
		return Sync{}, fmt.Errorf("a schedule out of range")
	}
	kept := s.Plays[:0]
	for _, p := range s.Plays {
		if p.Check() == nil {
			kept = append(kept, p)
		}
	}
	s.Plays = kept
	return s, nil
}

// ReadOrder reads one of the small commands.
func ReadOrder(raw []byte) (o Order, err error) {
	if err := read(raw, &o); err != nil {
		return Order{}, err
	}
	switch {
	case o.V != Version, o.ID != "" && !validID(o.ID), o.Volume != nil && (*o.Volume < 0 || *o.Volume > 100), o.Heartbeat < 0 || o.Heartbeat > 3600, o.Group != "" && !validID(o.Group):
		return Order{}, fmt.Errorf("a command out of range")
	}
	return o, nil
}

// Secret is what a device's password is known by: Loa keeps this and never the password. Over HTTP it is the key of the signatures.
func Secret(device, password string) string {
	sum := sha256.Sum256([]byte("loa-speaker\n" + device + "\n" + password))
	return hex.EncodeToString(sum[:])
}

// Sign is the signature of a call over HTTP, for devices that speak no MQTT: path is with its query, at the seconds of the X-Loa-Time header.
func Sign(secret, method, path, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(method + "\n" + path + "\n" + at + "\n"))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
