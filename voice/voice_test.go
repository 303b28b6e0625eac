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
