package fake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"loa/vn"
)

// The commands of SMPP 3.4 that a message centre knows; an answer has the highest bit set.
const (
	smppBindReceiver    uint32 = 0x00000001
	smppBindTransmitter uint32 = 0x00000002
	smppSubmit          uint32 = 0x00000004
	smppDeliver         uint32 = 0x00000005
	smppUnbind          uint32 = 0x00000006
	smppBindTransceiver uint32 = 0x00000009
	smppEnquire         uint32 = 0x00000015
	smppAnswer          uint32 = 0x80000000
	smppNack                   = smppAnswer
)

// The statuses a message centre answers with.
const (
	smppOK          uint32 = 0x00
	smppBadLength   uint32 = 0x01
	smppBadCommand  uint32 = 0x03
	smppNotBound    uint32 = 0x04
	smppBoundThere  uint32 = 0x05
	smppBadSource   uint32 = 0x0A
	smppBadDest     uint32 = 0x0B
	smppBadPassword uint32 = 0x0E
	smppBadSystemID uint32 = 0x0F
	smppQueueFull   uint32 = 0x14
	smppFailed      uint32 = 0x45
	smppThrottled   uint32 = 0x58
)

// What the optional parameters and the class of a message are called.
const (
	smppTagPayload  uint16 = 0x0424
	smppTagID       uint16 = 0x001E
	smppTagState    uint16 = 0x0427
	smppHasHeader   byte   = 0x40 // the message begins with a header that joins its parts
	smppIsReport    byte   = 0x04
	smppCodingUCS2  byte   = 8
	smppLongest            = 64 << 10
	smppVersion     byte   = 0x34
	smppWantsReport byte   = 0x01
)

var errPDU = errors.New("no PDU of SMPP 3.4")

// smppPDU is one protocol data unit.
type smppPDU struct {
	command, status, seq uint32
	body                 []byte
}

func (p smppPDU) bytes() []byte {
	b := make([]byte, 16, 16+len(p.body))
	binary.BigEndian.PutUint32(b, uint32(16+len(p.body)))
	binary.BigEndian.PutUint32(b[4:], p.command)
	binary.BigEndian.PutUint32(b[8:], p.status)
	binary.BigEndian.PutUint32(b[12:], p.seq)
	return append(b, p.body...)
}

func readSMPP(r io.Reader) (smppPDU, error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return smppPDU{}, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < 16 || n > smppLongest {
		return smppPDU{}, fmt.Errorf("%w: %d bytes", errPDU, n)
	}
	p := smppPDU{command: binary.BigEndian.Uint32(head[4:]), status: binary.BigEndian.Uint32(head[8:]), seq: binary.BigEndian.Uint32(head[12:]), body: make([]byte, n-16)}
	_, err := io.ReadFull(r, p.body)
	return p, err
}

// smppFields reads the body of a PDU field by field; broken says that it ended too early.
type smppFields struct {
	b      []byte
	broken bool
}

func (f *smppFields) text() string {
	s, rest, ok := bytes.Cut(f.b, []byte{0})
	if !ok {
		f.broken = true
	}
	f.b = rest
	return string(s)
}

func (f *smppFields) take(n int) []byte {
	if n > len(f.b) {
		f.broken, f.b = true, nil
		return make([]byte, n)
	}
	s := f.b[:n]
	f.b = f.b[n:]
	return s
}

func (f *smppFields) octet() byte { return f.take(1)[0] }

// smppShort is a message between a centre and a telephone, in either direction.
type smppShort struct {
	service                    string
	sourceTON, sourceNPI       byte
	source                     string
	destTON, destNPI           byte
	dest                       string
	class                      byte
	schedule, validity         string
	registered, coding, length byte
	message                    []byte
	options                    []smppOption
}

type smppOption struct {
	tag   uint16
	value []byte
}

func readShort(body []byte) (smppShort, error) {
	f := &smppFields{b: body}
	var s smppShort
	s.service = f.text()
	s.sourceTON, s.sourceNPI, s.source = f.octet(), f.octet(), f.text()
	s.destTON, s.destNPI, s.dest = f.octet(), f.octet(), f.text()
	s.class = f.octet()
	f.take(2) // the protocol and the priority change nothing here
	s.schedule, s.validity = f.text(), f.text()
	s.registered = f.octet()
	f.octet()
	s.coding = f.octet()
	f.octet()
	s.length = f.octet()
	s.message = f.take(int(s.length))
	for !f.broken && len(f.b) > 0 {
		head := f.take(4)
		s.options = append(s.options, smppOption{binary.BigEndian.Uint16(head), f.take(int(binary.BigEndian.Uint16(head[2:])))})
	}
	if f.broken {
		return smppShort{}, errPDU
	}
	return s, nil
}

func (s smppShort) bytes() []byte {
	var b bytes.Buffer
	text := func(v string) { b.WriteString(v); b.WriteByte(0) }
	text(s.service)
	b.Write([]byte{s.sourceTON, s.sourceNPI})
	text(s.source)
	b.Write([]byte{s.destTON, s.destNPI})
	text(s.dest)
	b.Write([]byte{s.class, 0, 0})
	text(s.schedule)
	text(s.validity)
	b.Write([]byte{s.registered, 0, s.coding, 0, byte(len(s.message))})
	b.Write(s.message)
	for _, o := range s.options {
		_ = binary.Write(&b, binary.BigEndian, []uint16{o.tag, uint16(len(o.value))})
		b.Write(o.value)
	}
	return b.Bytes()
}

// part says which part of how many a message is; 1 of 1 for a whole one. The words are what follows the header.
func (s smppShort) part() (words []byte, ref, of, nth byte) {
	words = s.message
	for _, o := range s.options {
		if o.tag == smppTagPayload && len(words) == 0 {
			words = o.value
		}
	}
	if s.class&smppHasHeader == 0 || len(words) == 0 || int(words[0]) >= len(words) {
		return words, 0, 1, 1
	}
	head, words := words[1:1+int(words[0])], words[1+int(words[0]):]
	if len(head) == 5 && head[0] == 0 && head[1] == 3 {
		return words, head[2], head[3], head[4]
	}
	return words, 0, 1, 1
}

// smppWords reads the letters of a message by its data coding.
func smppWords(words []byte, coding byte) string {
	switch coding {
	case smppCodingUCS2:
		units := make([]uint16, len(words)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(words[2*i:])
		}
		return string(utf16.Decode(units))
	case 1:
		return strings.ToValidUTF8(string(words), "?")
	case 3:
		letters := make([]rune, len(words))
		for i, c := range words {
			letters[i] = rune(c)
		}
		return string(letters)
	}
	return vn.DecodeGSM(words)
}

// writeSMPP is a text as a telephone sends it: in the alphabet of GSM where that will do, and whole when it is too long for one message.
func writeSMPP(s *smppShort, text string) {
	words, ok := vn.EncodeGSM(text)
	most := 160
	if !ok {
		s.coding, most, words = smppCodingUCS2, 140, nil
		for _, u := range utf16.Encode([]rune(text)) {
			words = binary.BigEndian.AppendUint16(words, u)
		}
	}
	if len(words) > most {
		s.options = append(s.options, smppOption{smppTagPayload, words})
		return
	}
	s.message = words
}
