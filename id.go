package loa

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"time"
)

// One type per noun, so that swapped arguments do not compile. All are UUIDv7 text made by whoever creates the record.
type (
	OfficeID     string
	AreaID       string
	OfficerID    string
	HouseholdID  string
	PersonID     string
	SegmentID    string
	SnapshotID   string
	MatrixID     string
	LineID       string
	SessionID    string
	PartnerID    string
	CollectorID  string
	EmployerID   string
	LeadID       string
	QuestionID   string
	MarketID     string
	FestivalID   string
	InfluencerID string
	ImportID     string
	AttachmentID string
	ActID        string
	StoryID      string
	ClipID       string
	FactID       string // contribution, leaving, consent, attendance, visit, step
	LinkID       string
	LeafletID    string
	LeafletRunID string
	ChannelID    string
	ScriptID     string
	BroadcastID  string
	DeliveryID   string
	PlaceID      string

	ConversationID string
	TurnID         string
	ReadyAnswerID  string

	DeviceID string
	NoticeID string
)

// NewID mints a UUIDv7 from the clock and the system's randomness.
func NewID() string { return MintID(time.Now(), rand.Reader) }

// MintID mints a UUIDv7 for an instant from a source of randomness; the demo hands in a seeded one.
func MintID(at time.Time, random io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		panic("loa: no randomness for an ID: " + err.Error()) // the machine is broken; an ID that repeats would lose data
	}
	ms := uint64(at.UnixMilli())
	b[0], b[1], b[2], b[3], b[4], b[5] = byte(ms>>40), byte(ms>>32), byte(ms>>24), byte(ms>>16), byte(ms>>8), byte(ms)
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// ValidID says whether s has the shape of an ID Loa mints; ids from outside are checked with it before use.
func ValidID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
