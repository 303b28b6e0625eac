package voice

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), append([]byte(name), body...)...)
}

func chunk(name, body string) []byte {
	return append([]byte(name), append(binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body...)...)
}

// TestBareTakesThePlaceOut: the sound stays byte by byte, the place it was recorded at goes.
func TestBareTakesThePlaceOut(t *testing.T) {
	const place, sound = "+21.8236+103.3601/", "the sound itself"
	mp4 := bytes.Join([][]byte{box("ftyp", []byte("M4A isom")), box("mdat", []byte(sound)),
		box("moov", box("mvhd", []byte("12345678")), box("udta", box("\xa9xyz", []byte(place))), box("trak", box("meta", []byte(place))))}, nil)
	wav := append([]byte("RIFF\x00\x00\x00\x00WAVE"), bytes.Join([][]byte{chunk("fmt ", "0123456789abcdef"), chunk("LIST", place), chunk("data", sound)}, nil)...)
	mp3 := append(append([]byte("ID3\x04\x00\x00\x00\x00\x00\x12"), place...), "\xff\xfb"+sound...)
	mp3 = append(mp3, append([]byte("TAG"), bytes.Repeat([]byte("+"), 125)...)...)
	for name, raw := range map[string][]byte{"audio/mp4": mp4, "audio/wav": wav, "audio/mpeg": mp3} {
		if Kind(raw) != name {
			t.Errorf("%s is taken for %q", name, Kind(raw))
		}
		before := bytes.Clone(raw)
		bare, ok := Bare(raw)
		if !ok || bytes.Contains(bare, []byte("21.8236")) || bytes.Contains(bare, []byte("TAG")) || !bytes.Contains(bare, []byte(sound)) {
			t.Errorf("%s: %v %q", name, ok, bare)
		}
		if !bytes.Equal(before, raw) {
			t.Errorf("%s: what was handed in changed", name)
		}
		if again, ok := Bare(bare); !ok || !bytes.Equal(again, bare) {
			t.Errorf("%s: laid bare twice it differs", name)
		}
	}
	if bare, _ := Bare(mp4); len(bare) != len(mp4) || bytes.Index(bare, []byte(sound)) != bytes.Index(mp4, []byte(sound)) {
		t.Error("the sound of an MP4 moved, and its index no longer finds it")
	}
}

func FuzzBare(f *testing.F) {
	f.Add(append(box("ftyp", []byte("M4A isom")), box("moov", box("udta", []byte("x")))...))
	f.Add([]byte("ID3\x04\x00\x00\x00\x00\x00\x02xx\xff\xfb"))
	f.Add(append([]byte("RIFF\x00\x00\x00\x00WAVE"), chunk("data", "xx")...))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if bare, ok := Bare(raw); ok && len(bare) > len(raw)+1 {
			t.Errorf("%d bytes became %d", len(raw), len(bare))
		}
	})
}

// TestKindOfWhatBrowsersRecord: a sound is known by any of its brands, a film is none.
func TestKindOfWhatBrowsersRecord(t *testing.T) {
	for _, brand := range []string{"M4A ", "mp42", "mp41", "isom", "iso5", "iso6", "dash"} {
		sound := append(box("ftyp", []byte(brand+"\x00\x00\x00\x00")), box("moov", box("trak", box("mdia", box("hdlr", []byte("\x00\x00\x00\x00\x00\x00\x00\x00soun")))))...)
		if Kind(sound) != "audio/mp4" {
			t.Errorf("%s is taken for %q", brand, Kind(sound))
		}
		if _, ok := Bare(sound); !ok {
			t.Errorf("%s cannot be laid bare", brand)
		}
	}
	film := append(box("ftyp", []byte("isom\x00\x00\x00\x00")), box("moov", box("trak", box("mdia", box("hdlr", []byte("\x00\x00\x00\x00\x00\x00\x00\x00vide")))))...)
	if Kind(film) != "" {
		t.Errorf("a film is taken for %q", Kind(film))
	}
}

func TestSeconds(t *testing.T) {
	format := "\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00" // 8,000 bytes a second
	for n, want := range map[int]int{1: 1, 8000: 1, 8001: 2, 24000: 3} {
		raw := append([]byte("RIFF\x00\x00\x00\x00WAVE"), append(chunk("fmt ", format), chunk("data", string(make([]byte, n)))...)...)
		if got := Seconds(raw); got != want {
			t.Errorf("%d bytes are %d seconds, want %d", n, got, want)
		}
	}
	for _, raw := range [][]byte{nil, []byte("OggS"), []byte("RIFF\x00\x00\x00\x00WAVE"), append([]byte("RIFF\x00\x00\x00\x00WAVE"), chunk("data", "xx")...)} {
		if got := Seconds(raw); got != 0 {
			t.Errorf("%q lasts %d seconds", raw, got)
		}
	}
}
