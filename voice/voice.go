// Package voice knows recordings by their content and takes out of them what a telephone writes beside the sound: where it was
// recorded, by whom, with which device.
package voice

import (
	"bytes"
	"encoding/binary"
)

// Kind is the kind of a recording by its first bytes, whatever its name says; empty when it is none.
func Kind(raw []byte) string {
	at := func(n int, magic string) bool {
		return len(raw) >= n+len(magic) && string(raw[n:n+len(magic)]) == magic
	}
	switch {
	case at(0, "OggS"):
		return "audio/ogg"
	case at(0, "\x1aE\xdf\xa3"):
		return "audio/webm"
	case at(0, "ID3"), at(0, "\xff\xfb"), at(0, "\xff\xf3"):
		return "audio/mpeg"
	case at(4, "ftypM4A"), at(4, "ftypmp4"), at(4, "ftyp3gp"), at(4, "ftypiso"), at(4, "ftypdash"): // an iPhone's browser records the last two
		if film(raw) {
			return ""
		}
		return "audio/mp4"
	case at(0, "RIFF") && at(8, "WAVE"):
		return "audio/wav"
	case at(0, "#!AMR"):
		return "audio/amr"
	}
	return ""
}

// film says whether an MP4 has a track of pictures: those would go along with the sound unseen.
func film(raw []byte) bool {
	for {
		i := bytes.Index(raw, []byte("hdlr"))
		if i < 0 {
			return false
		}
		raw = raw[i+4:]
		if len(raw) >= 12 && string(raw[8:12]) == "vide" {
			return true
		}
	}
}

// Bare is a recording without what stands beside the sound; ok is false when its parts do not fit together. What browsers record (Ogg,
// WebM) and AMR carry no place and are kept as they are.
func Bare(raw []byte) (bare []byte, ok bool) {
	switch Kind(raw) {
	case "audio/mp4":
		bare = bytes.Clone(raw)
		return bare, blankBoxes(bare)
	case "audio/mpeg":
		return bareMP3(raw)
	case "audio/wav":
		return bareWAV(raw)
	case "":
		return nil, false
	}
	return raw, true
}

// blankBoxes turns the boxes of an MP4 that say something about the recording into free space of the same size, so that nothing
// in the file moves.
func blankBoxes(b []byte) bool {
	for len(b) > 0 {
		if len(b) < 8 {
			return false
		}
		head, size := 8, uint64(binary.BigEndian.Uint32(b))
		switch {
		case size == 0: // to the end of the file
			size = uint64(len(b))
		case size == 1 && len(b) >= 16:
			head, size = 16, binary.BigEndian.Uint64(b[8:])
		}
		if size < uint64(head) || size > uint64(len(b)) {
			return false
		}
		switch box := b[head:size]; string(b[4:8]) {
		case "udta", "meta", "uuid":
			copy(b[4:8], "free")
			clear(box)
		case "moov", "trak", "mdia", "edts":
			if !blankBoxes(box) {
				return false
			}
		}
		b = b[size:]
	}
	return true
}

// bareMP3 leaves the tags before and behind the sound out.
func bareMP3(raw []byte) ([]byte, bool) {
	for bytes.HasPrefix(raw, []byte("ID3")) {
		if len(raw) < 10 {
			return nil, false
		}
		size := 10
		for i, c := range raw[6:10] {
			if c > 0x7f {
				return nil, false
			}
			size += int(c) << (7 * (3 - i))
		}
		if raw[5]&0x10 != 0 { // a foot like the head
			size += 10
		}
		if size > len(raw) {
			return nil, false
		}
		raw = raw[size:]
	}
	if n := len(raw) - 128; n >= 0 && string(raw[n:n+3]) == "TAG" {
		raw = raw[:n]
	}
	return raw, len(raw) > 0
}

// bareWAV keeps the sound and how it is to be played.
func bareWAV(raw []byte) ([]byte, bool) {
	out, rest := bytes.Clone(raw[:12]), raw[12:]
	for len(rest) >= 8 {
		size := uint64(binary.LittleEndian.Uint32(rest[4:]))
		end := min(8+size+size%2, uint64(len(rest)))
		if 8+size > uint64(len(rest)) && string(rest[:4]) != "data" { // some recorders leave the length of the sound open
			return nil, false
		}
		switch string(rest[:4]) {
		case "fmt ", "fact", "data":
			out = append(out, rest[:end]...)
		}
		rest = rest[end:]
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, len(out) > 12
}

// Seconds is how long a recording is, rounded up; 0 where its kind does not say so at its head.
func Seconds(raw []byte) int {
	if Kind(raw) != "audio/wav" {
		return 0
	}
	rate := 0
	for rest := raw[12:]; len(rest) >= 8; {
		size := uint64(binary.LittleEndian.Uint32(rest[4:]))
		switch string(rest[:4]) {
		case "fmt ":
			if len(rest) >= 20 {
				rate = int(binary.LittleEndian.Uint32(rest[16:])) // bytes in a second
			}
		case "data":
			if rate <= 0 {
				return 0
			}
			return (int(min(size, uint64(len(rest)-8))) + rate - 1) / rate
		}
		rest = rest[min(8+size+size%2, uint64(len(rest))):]
	}
	return 0
}
