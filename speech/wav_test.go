package speech

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"
)

func tone(ms int) WAV {
	w := WAV{Code: PCM, Channels: 1, Rate: 22050, Bits: 16}
	for n := range 22050 * ms / 1000 {
		w.Data = binary.LittleEndian.AppendUint16(w.Data, uint16(int16(sine(n*440*36000/22050%36000)/3)))
	}
	return w
}

func TestWAV(t *testing.T) {
	w := tone(1500)
	back, err := ReadWAV(w.Bytes())
	if err != nil || back.Rate != 22050 || back.Channels != 1 || back.Bits != 16 || !bytes.Equal(back.Data, w.Data) {
		t.Fatalf("it is read back as %d Hz, %d channels: %v", back.Rate, back.Channels, err)
	}
	if back.Duration() != 1500*time.Millisecond {
		t.Errorf("it lasts %s", back.Duration())
	}
	piped := w.Bytes() // as espeak-ng writes into a pipe
	binary.LittleEndian.PutUint32(piped[4:], 0x7ffff024)
	binary.LittleEndian.PutUint32(piped[40:], 0x7ffff000)
	if back, err = ReadWAV(piped); err != nil || !bytes.Equal(back.Data, w.Data) {
		t.Errorf("from a pipe it has %d bytes, want %d: %v", len(back.Data), len(w.Data), err)
	}
	listed := append([]byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00"), w.Bytes()[12:]...)
	if back, err = ReadWAV(listed); err != nil || len(back.Data) != len(w.Data) {
		t.Errorf("a part of odd length loses the rest: %v", err)
	}
	odd := WAV{Code: MuLaw, Channels: 1, Rate: 8000, Bits: 8, Data: []byte{1, 2, 3}}
	if raw := odd.Bytes(); len(raw)%2 != 0 || int(binary.LittleEndian.Uint32(raw[4:])) != len(raw)-8 {
		t.Errorf("an odd length is not filled up: %d bytes", len(raw))
	}
	for name, raw := range map[string][]byte{"empty": nil, "text": []byte("RIFF but nothing else"), "no data": w.Bytes()[:36], "data first": append([]byte("RIFF\x00\x00\x00\x00WAVE"), w.Bytes()[36:]...)} {
		if _, err := ReadWAV(raw); err == nil {
			t.Errorf("%s is taken for a file", name)
		}
	}
}

func TestJoin(t *testing.T) {
	all, err := Join(250*time.Millisecond, tone(1000), tone(500))
	if err != nil || all.Duration().Round(time.Millisecond) != 1750*time.Millisecond {
		t.Errorf("joined %s: %v", all.Duration(), err)
	}
	if at := 22050*2 + 100; !bytes.Equal(all.Data[at:at+8], make([]byte, 8)) {
		t.Error("the gap is not silent")
	}
	other := tone(10)
	other.Rate = 8000
	for _, parts := range [][]WAV{nil, {tone(10), other}, {{}}} {
		if _, err := Join(0, parts...); err == nil {
			t.Errorf("%d parts that do not fit are joined", len(parts))
		}
	}
	law := WAV{Code: MuLaw, Channels: 1, Rate: 8000, Bits: 8, Data: []byte{1}}
	if all, _ := Join(time.Millisecond, law, law); !bytes.Equal(all.Data, []byte{1, 255, 255, 255, 255, 255, 255, 255, 255, 1}) {
		t.Errorf("silence in µ-law is %v", all.Data)
	}
}

func TestChime(t *testing.T) {
	w := Chime(22050)
	if got := w.Duration().Round(10 * time.Millisecond); got != 1800*time.Millisecond {
		t.Errorf("it lasts %s", got)
	}
	sample := func(n int) int { return int(int16(binary.LittleEndian.Uint16(w.Data[2*n:]))) }
	last, jump, high := 0, 0, 0
	for n := range len(w.Data) / 2 {
		s := sample(n)
		jump, high, last = max(jump, s-last, last-s), max(high, s, -s), s
	}
	if high < 8_000 || high > 24_000 || jump > 8_000 {
		t.Errorf("its loudest is %d, its steepest %d", high, jump)
	}
	for i, want := range []int{523, 659, 784} { // rising noughts in a tenth of a second of each tone
		from, crossings := (22050*45/100)*i+2205/2, 0
		for n := from; n < from+2205; n++ {
			if sample(n) < 0 && sample(n+1) >= 0 {
				crossings++
			}
		}
		if got := crossings * 10; got < want-15 || got > want+15 {
			t.Errorf("tone %d has about %d Hz, want %d", i+1, got, want)
		}
	}
	all, err := Announcement(tone(1000).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := ReadWAV(all); w.Duration().Round(10*time.Millisecond) != 3400*time.Millisecond {
		t.Errorf("the announcement lasts %s", w.Duration())
	}
	if _, err := Announcement([]byte("ID3")); KindOf(err) != Unfit {
		t.Errorf("an MP3 gets a chime: %v", err)
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(tone(1).Bytes())
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		w, err := ReadWAV(raw)
		if err != nil {
			return
		}
		_ = w.Duration()
		back, err := ReadWAV(w.Bytes())
		if err != nil || !bytes.Equal(back.Data, w.Data) || back.Duration() != w.Duration() {
			t.Fatalf("written and read again it is another: %v", err)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("Một hai. Ba bốn, năm sáu bảy tám", 10)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = 4 + max(most, 0)%300
		words := bytes.Join(bytes.Fields([]byte(text)), nil)
		var got []byte
		for _, piece := range Split(text, most, octets) {
			if len(piece) > most || piece == "" {
				t.Fatalf("a piece of %d, at most %d: %q", len(piece), most, piece)
			}
			got = append(got, bytes.Join(bytes.Fields([]byte(piece)), nil)...)
		}
		if !bytes.Equal(got, words) {
			t.Fatalf("of %q came %q", words, got)
		}
	})
}

func TestSplit(t *testing.T) {
	got := Split("Kính thưa bà con. Hạn nộp là mai, nhớ nhé. Chàoooooooooooooooooooooooooo", 22, characters)
	want := []string{"Kính thưa bà con.", "Hạn nộp là mai,", "nhớ nhé.", "Chàooooooooooooooooooo", "ooooooo"}
	if len(got) != len(want) {
		t.Fatalf("cut into %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("piece %d is %q, want %q", i, got[i], want[i])
		}
	}
}
