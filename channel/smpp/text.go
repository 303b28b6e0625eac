package smpp

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"loa/vn"
)

// piece is what one submit_sm carries of a text.
type piece struct {
	esm, coding byte
	message     []byte
}

// pieces writes the parts of a text. The reference tells the telephone which parts belong together: it is the same in every try, so that a
// part sent twice is joined once.
func pieces(sms vn.SMS, reference byte, ascii bool) []piece {
	out := make([]piece, len(sms.Parts))
	for i, part := range sms.Parts {
		p := piece{coding: codingDefault}
		if len(sms.Parts) > 1 {
			p.esm = esmUDHI
			p.message = []byte{concatHeader, concatenated, concatElements, reference, byte(len(sms.Parts)), byte(i + 1)}
		}
		switch coded, ok := vn.EncodeGSM(part); {
		case sms.Wide || !ok:
			p.coding = codingUCS2
			p.message = append(p.message, encodeUCS2(part)...)
		case ascii:
			p.message = append(p.message, part...)
		default:
			p.message = append(p.message, coded...)
		}
		out[i] = p
	}
	return out
}

func encodeUCS2(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return b
}

func decodeUCS2(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) > 1; b = b[2:] {
		units = append(units, binary.BigEndian.Uint16(b))
	}
	return string(utf16.Decode(units))
}

// textOf reads the text of a message from a telephone.
func textOf(s short, ascii bool) string {
	b := s.message
	if payload, ok := s.option(tagMessagePayload); ok && len(b) == 0 {
		b = payload
	}
	if s.esm&esmUDHI != 0 && len(b) > 0 {
		b = b[min(len(b), 1+int(b[0])):]
	}
	switch {
	case s.coding == codingUCS2:
		return decodeUCS2(b)
	case s.coding == codingLatin1:
		var out strings.Builder
		for _, c := range b {
			out.WriteRune(rune(c))
		}
		return out.String()
	case s.coding == codingASCII, s.coding == codingDefault && ascii:
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return vn.DecodeGSM(b)
}
