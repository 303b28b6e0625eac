package smpp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// command says what a PDU is. The answer to a command has the highest bit set.
type command uint32

const (
	submitSM        command = 0x00000004
	deliverSM       command = 0x00000005
	unbind          command = 0x00000006
	bindTransceiver command = 0x00000009
	enquireLink     command = 0x00000015
	answer          command = 0x80000000
	genericNack     command = 0x80000000 // an answer to nothing we know
)

const (
	headerLength = 16
	pduAtMost    = 16 << 10 // nothing a centre has to say is longer
)

// The optional parameters we read.
const (
	tagReceiptedID    = 0x001E
	tagMessagePayload = 0x0424
	tagMessageState   = 0x0427
)

var (
	errLength = errors.New("a PDU of impossible length")
	errShort  = errors.New("a PDU that breaks off")
)

// pdu is one protocol data unit.
type pdu struct {
	command command
	status  uint32
	seq     uint32
	body    []byte
}

// append writes the PDU behind b.
func (p pdu) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(headerLength+len(p.body)))
	b = binary.BigEndian.AppendUint32(b, uint32(p.command))
	b = binary.BigEndian.AppendUint32(b, p.status)
	b = binary.BigEndian.AppendUint32(b, p.seq)
	return append(b, p.body...)
}

// readPDU reads one PDU. After an error the stream cannot be read on.
func readPDU(r io.Reader) (pdu, error) {
	var head [headerLength]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return pdu{}, err
	}
	n := binary.BigEndian.Uint32(head[:4])
	if n < headerLength || n > pduAtMost {
		return pdu{}, fmt.Errorf("%w: %d", errLength, n)
	}
	p := pdu{command: command(binary.BigEndian.Uint32(head[4:8])), status: binary.BigEndian.Uint32(head[8:12]), seq: binary.BigEndian.Uint32(head[12:])}
	if n == headerLength {
		return p, nil
	}
	p.body = make([]byte, n-headerLength)
	if _, err := io.ReadFull(r, p.body); err != nil {
		return pdu{}, fmt.Errorf("%w: %w", errShort, err)
	}
	return p, nil
}

// bind is the body of bind_transceiver.
type bind struct {
	systemID, password, systemType string
	version, ton, npi              byte
	addresses                      string
}

func (b bind) append(out []byte) []byte {
	out = appendString(out, b.systemID)
	out = appendString(out, b.password)
	out = appendString(out, b.systemType)
	out = append(out, b.version, b.ton, b.npi)
	return appendString(out, b.addresses)
}

// address is a number or a name, and how it is to be read.
type address struct {
	ton, npi byte
	addr     string
}

// short is the body of submit_sm and of deliver_sm.
type short struct {
	service        string
	source, dest   address
	esm            byte
	protocol       byte
	priority       byte
	schedule       string
	validity       string
	registered     byte
	replace        byte
	coding         byte
	defaultMessage byte
	message        []byte
	options        []option
}

// option is an optional parameter.
type option struct {
	tag   uint16
	value []byte
}

const (
	esmUDHI        = 0x40 // the message begins with a header of its own
	esmKind        = 0x3C
	esmReceipt     = 0x04
	messageAtMost  = 254
	codingDefault  = 0x00
	codingASCII    = 0x01
	codingLatin1   = 0x03
	codingUCS2     = 0x08
	wantsReceipt   = 0x01
	versionThree4  = 0x34
	concatenated   = 0x00 // the element of a header that joins parts by an 8-bit reference
	concatHeader   = 0x05
	concatElements = 0x03
)

func (s short) append(out []byte) []byte {
	out = appendString(out, s.service)
	for _, a := range []address{s.source, s.dest} {
		out = append(out, a.ton, a.npi)
		out = appendString(out, a.addr)
	}
	out = append(out, s.esm, s.protocol, s.priority)
	out = appendString(out, s.schedule)
	out = appendString(out, s.validity)
	out = append(out, s.registered, s.replace, s.coding, s.defaultMessage, byte(len(s.message)))
	out = append(out, s.message...)
	for _, o := range s.options {
		out = binary.BigEndian.AppendUint16(out, o.tag)
		out = binary.BigEndian.AppendUint16(out, uint16(len(o.value)))
		out = append(out, o.value...)
	}
	return out
}

// option is the value of an optional parameter; false where it is not there.
func (s short) option(tag uint16) ([]byte, bool) {
	for _, o := range s.options {
		if o.tag == tag {
			return o.value, true
		}
	}
	return nil, false
}

// readShort reads the body of a deliver_sm. What it holds points into body.
func readShort(body []byte) (short, error) {
	r := reader{rest: body}
	s := short{service: r.text()}
	s.source = address{r.byte(), r.byte(), r.text()}
	s.dest = address{r.byte(), r.byte(), r.text()}
	s.esm, s.protocol, s.priority = r.byte(), r.byte(), r.byte()
	s.schedule, s.validity = r.text(), r.text()
	s.registered, s.replace, s.coding, s.defaultMessage = r.byte(), r.byte(), r.byte(), r.byte()
	s.message = r.take(int(r.byte()))
	for !r.short && len(r.rest) > 0 {
		tag := r.uint16()
		s.options = append(s.options, option{tag, r.take(int(r.uint16()))})
	}
	if r.short {
		return short{}, errShort
	}
	return s, nil
}

// readID reads the message_id of a submit_sm_resp, which some centres leave out or do not end.
func readID(body []byte) string {
	if i := bytes.IndexByte(body, 0); i >= 0 {
		body = body[:i]
	}
	return string(body)
}

func appendString(b []byte, s string) []byte {
	if i := bytes.IndexByte([]byte(s), 0); i >= 0 { // it would end there
		s = s[:i]
	}
	return append(append(b, s...), 0)
}

// reader takes a body apart; short says that it broke off.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if r.short || n > len(r.rest) {
		r.short = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.take(2); len(b) == 2 {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) text() string {
	i := bytes.IndexByte(r.rest, 0)
	if i < 0 {
		r.short = true
		return ""
	}
	s := string(r.take(i))
	r.take(1)
	return s
}
