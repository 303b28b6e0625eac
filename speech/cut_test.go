package speech

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"
)

func TestCutAndPeaks(t *testing.T) {
	w := WAV{Code: PCM, Channels: 2, Rate: 1000, Bits: 16}
	for i := range 1000 { // a second: silence, then half as loud as can be, then as loud as can be
		level := int16([]int{0, 16384, -32768, 0}[i/250])
		w.Data = binary.LittleEndian.AppendUint16(w.Data, uint16(level))
		w.Data = binary.LittleEndian.AppendUint16(w.Data, 1)
	}
	if got := w.Peaks(4); !slices.Equal(got, []int{0, 50, 100, 0}) {
		t.Errorf("peaks %v", got)
	}
	if got := w.Peaks(5000); len(got) != 1000 {
		t.Errorf("%d peaks of 1,000 samples", len(got))
	}
	part := w.Cut(250*time.Millisecond, 750*time.Millisecond)
	if got := part.Peaks(2); part.Duration() != 500*time.Millisecond || !slices.Equal(got, []int{50, 100}) {
		t.Errorf("%s of %v", part.Duration(), got)
	}
	for _, c := range []struct{ from, to, want time.Duration }{{0, 0, time.Second}, {900 * time.Millisecond, 5 * time.Second, 100 * time.Millisecond}, {2 * time.Second, 0, 0}, {600 * time.Millisecond, 500 * time.Millisecond, 0}} {
		if got := w.Cut(c.from, c.to).Duration(); got != c.want {
			t.Errorf("from %s to %s it lasts %s", c.from, c.to, got)
		}
	}
	if got := (WAV{Code: MuLaw, Channels: 1, Rate: 8000, Bits: 8, Data: []byte{0xFF, 0x80, 0x00}}).Peaks(3); !slices.Equal(got, []int{0, 98, 98}) {
		t.Errorf("µ-law %v", got)
	}
	if got := (WAV{Code: PCM, Channels: 1, Rate: 8000, Bits: 8, Data: []byte{128, 0}}).Peaks(2); !slices.Equal(got, []int{0, 100}) {
		t.Errorf("8 bits %v", got)
	}
	if (WAV{}).Peaks(3) != nil {
		t.Error("nothing has peaks")
	}
}
