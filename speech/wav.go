package speech

import (
	"encoding/binary"
	"errors"
	"time"
)

// ErrWAV says that bytes are no WAV file that can be worked with: PCM of 8 or 16 bits, or µ-law.
var ErrWAV = errors.New("not a WAV file")

// How the samples of a WAV file are coded.
const (
	PCM   = 1
	MuLaw = 7
)

// WAV is a sound: its samples and what they mean.
type WAV struct {
	Code     int // PCM or MuLaw
	Channels int
	Rate     int // samples a second
	Bits     int // of a sample
	Data     []byte
}

// frame is the bytes of one moment.
func (w WAV) frame() int { return w.Channels * w.Bits / 8 }

// ReadWAV reads a file. A length that the file does not have, as pipes leave behind, is read as "up to the end". The samples stay part
// of the bytes given.
func ReadWAV(raw []byte) (WAV, error) {
	var w WAV
	if len(raw) < 12 || string(raw[:4]) != "RIFF" || string(raw[8:12]) != "WAVE" {
		return w, ErrWAV
	}
	for rest := raw[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:8]))
		rest = rest[8:]
		body := rest[:min(size, uint64(len(rest)))]
		switch id {
		case "fmt ":
			if !w.format(body) {
				return w, ErrWAV
			}
		case "data":
			if w.Rate == 0 {
				return w, ErrWAV
			}
			w.Data = body[:len(body)/w.frame()*w.frame()]
			return w, nil
		}
		rest = rest[min(size+size%2, uint64(len(rest))):]
	}
	return w, ErrWAV
}

func (w *WAV) format(b []byte) bool {
	if len(b) < 16 {
		return false
	}
	at := func(n int) int { return int(binary.LittleEndian.Uint16(b[n:])) }
	w.Code, w.Channels, w.Bits = at(0), at(2), at(14)
	rate := binary.LittleEndian.Uint32(b[4:])
	if w.Code == 0xFFFE && len(b) >= 26 { // the code stands further on
		w.Code = at(24)
	}
	w.Rate = int(rate)
	return rate >= 1_000 && rate <= 192_000 && w.Channels >= 1 && w.Channels <= 8 && (w.Code == PCM && (w.Bits == 8 || w.Bits == 16) || w.Code == MuLaw && w.Bits == 8)
}

// Bytes writes the file.
func (w WAV) Bytes() []byte {
	pad := len(w.Data) % 2
	out := make([]byte, 0, 44+len(w.Data)+pad)
	le := binary.LittleEndian
	out = append(out, "RIFF"...)
	out = le.AppendUint32(out, uint32(36+len(w.Data)+pad))
	out = append(out, "WAVEfmt "...)
	out = le.AppendUint32(out, 16)
	out = le.AppendUint16(out, uint16(w.Code))
	out = le.AppendUint16(out, uint16(w.Channels))
	out = le.AppendUint32(out, uint32(w.Rate))
	out = le.AppendUint32(out, uint32(w.Rate*w.frame()))
	out = le.AppendUint16(out, uint16(w.frame()))
	out = le.AppendUint16(out, uint16(w.Bits))
	out = append(out, "data"...)
	out = le.AppendUint32(out, uint32(len(w.Data)))
	out = append(out, w.Data...)
	return append(out, make([]byte, pad)...)
}

// Duration is how long the sound is.
func (w WAV) Duration() time.Duration {
	if w.Rate == 0 || w.frame() == 0 {
		return 0
	}
	frames := int64(len(w.Data) / w.frame())
	rate := int64(w.Rate)
	return time.Duration(frames/rate)*time.Second + time.Duration(frames%rate*int64(time.Second)/rate)
}

// silence is so much of nothing in the form of this sound.
func (w WAV) silence(d time.Duration) []byte {
	d = min(max(d, 0), time.Minute)
	out := make([]byte, int(int64(w.Rate)*int64(d/time.Millisecond)/1000)*w.frame())
	fill := byte(0)
	switch {
	case w.Code == MuLaw:
		fill = 0xFF
	case w.Bits == 8:
		fill = 0x80
	}
	for i := range out {
		out[i] = fill
	}
	return out
}

// Join puts sounds of the same form one behind the other with a gap between them.
func Join(gap time.Duration, parts ...WAV) (WAV, error) {
	if len(parts) == 0 {
		return WAV{}, ErrWAV
	}
	all := parts[0]
	all.Data = nil
	for i, p := range parts {
		if p.Code != all.Code || p.Channels != all.Channels || p.Rate != all.Rate || p.Bits != all.Bits || p.frame() == 0 {
			return WAV{}, ErrWAV
		}
		if i > 0 {
			all.Data = append(all.Data, all.silence(gap)...)
		}
		all.Data = append(all.Data, p.Data...)
	}
	return all, nil
}
