package speech

import (
	"encoding/binary"
	"time"
)

// Cut is the part of a sound between two moments; to 0 is the end.
func (w WAV) Cut(from, to time.Duration) WAV {
	at := func(d time.Duration) int {
		frames := int64(len(w.Data) / max(1, w.frame()))
		n := int64(d/time.Millisecond) * int64(w.Rate) / 1000
		return int(min(max(n, 0), frames)) * w.frame()
	}
	end := len(w.Data)
	if to > 0 {
		end = at(to)
	}
	start := min(at(from), end)
	w.Data = w.Data[start:end]
	return w
}

// Peaks are how loud a sound is at its loudest in each of n stretches of the same length, 0 to 100 in hundredths of full.
func (w WAV) Peaks(n int) []int {
	frames := len(w.Data) / max(1, w.frame())
	if frames == 0 || n <= 0 {
		return nil
	}
	out := make([]int, min(n, frames))
	for i := range out {
		from, to := frames*i/len(out), frames*(i+1)/len(out)
		loudest := 0
		for f := from; f < to; f++ {
			loudest = max(loudest, w.level(f))
		}
		out[i] = loudest * 100 / 32768
	}
	return out
}

// level is how far the first channel is from silence in one moment, up to 32768.
func (w WAV) level(frame int) int {
	at := frame * w.frame()
	n := 0
	switch {
	case w.Code == MuLaw:
		n = muLaw(w.Data[at])
	case w.Bits == 8:
		n = (int(w.Data[at]) - 128) * 256
	default:
		n = int(int16(binary.LittleEndian.Uint16(w.Data[at:])))
	}
	if n < 0 {
		return -n
	}
	return n
}

// muLaw opens one byte of µ-law (ITU-T G.711).
func muLaw(b byte) int {
	b = ^b
	n := (int(b&0x0F)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		return -n
	}
	return n
}
