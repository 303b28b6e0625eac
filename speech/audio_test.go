package speech

import (
	"bytes"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func audio(t *testing.T) *Audio {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	a, err := FindAudio()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAudioForms(t *testing.T) {
	a := audio(t)
	in := tone(3000).Bytes()
	for form, magic := range map[Form]string{Wave: "RIFF", MP3x64: "\xff\xfb", MP3x48: "\xff\xf3", Opus: "OggS", ULaw: ""} {
		out, err := a.Do(t.Context(), in, Change{Into: form})
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		if !bytes.HasPrefix(out, []byte(magic)) || form.MIME() == "" {
			t.Errorf("%s starts with %q", form, out[:4])
		}
		if form == ULaw {
			if len(out) < 23_900 || len(out) > 24_100 {
				t.Errorf("three seconds of µ-law are %d bytes", len(out))
			}
			continue
		}
		if d, err := a.Duration(t.Context(), out); err != nil || d < 2900*time.Millisecond || d > 3150*time.Millisecond {
			t.Errorf("%s lasts %s: %v", form, d, err)
		}
	}
}

func TestAudioCut(t *testing.T) {
	a := audio(t)
	for _, c := range []struct {
		change Change
		ms     int
	}{{Change{From: time.Second}, 2000}, {Change{To: 1250 * time.Millisecond}, 1250}, {Change{From: 500 * time.Millisecond, To: 2 * time.Second}, 1500}} {
		out, err := a.Do(t.Context(), tone(3000).Bytes(), c.change)
		if err != nil {
			t.Fatal(err)
		}
		if w, _ := ReadWAV(out); w.Duration().Round(10*time.Millisecond) != time.Duration(c.ms)*time.Millisecond {
			t.Errorf("%+v lasts %s", c.change, w.Duration())
		}
	}
	still := WAV{Code: PCM, Channels: 1, Rate: 22050, Bits: 16, Data: make([]byte, 44100)}
	padded, _ := Join(0, still, tone(1000), still)
	out, err := a.Do(t.Context(), padded.Bytes(), Change{Trim: true})
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := ReadWAV(out); w.Duration() < 900*time.Millisecond || w.Duration() > 1500*time.Millisecond {
		t.Errorf("of one second between silences %s are left", w.Duration())
	}
	if _, err := a.Do(t.Context(), still.Bytes(), Change{Trim: true, Into: MP3x64}); KindOf(err) != Unfit {
		t.Errorf("nothing but silence: %v", err)
	}
}

func TestAudioLevel(t *testing.T) {
	a := audio(t)
	e, err := FindEspeak()
	if err != nil {
		t.Skip("espeak-ng is not installed")
	}
	voice, err := e.Synthesize(t.Context(), strings.Repeat("kính thưa bà con, xin mời bà con ra nhà văn hóa. ", 4), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	faint, err := a.run(t.Context(), voice, []string{"-af", "volume=-20dB", "-f", "wav"})
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]byte{"voice": voice, "faint": faint} {
		out, err := a.Do(t.Context(), in, Change{Level: true})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("ffmpeg", "-nostdin", "-hide_banner", "-i", "pipe:0", "-af", "ebur128", "-f", "null", "-")
		cmd.Stdin = bytes.NewReader(out)
		said, _ := cmd.CombinedOutput()
		all := regexp.MustCompile(`I:\s+-(\d+)\.\d LUFS`).FindAllSubmatch(said, -1)
		if len(all) == 0 {
			t.Fatalf("ffmpeg measures nothing: %s", said)
		}
		if n, _ := strconv.Atoi(string(all[len(all)-1][1])); n < 14 || n > 18 {
			t.Errorf("%s is levelled to −%d LUFS, want −16", name, n)
		}
	}
}

func TestAudioRefuses(t *testing.T) {
	a := audio(t)
	for name, in := range map[string]string{"nothing": "", "text": "Kính thưa bà con", "a list of files": "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a list to join": "ffconcat version 1.0\nfile /etc/passwd\n"} {
		_, err := a.Do(t.Context(), []byte(in), Change{})
		if KindOf(err) != Unfit {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "loa-sound") {
			t.Errorf("%s: the error tells where files lie: %v", name, err)
		}
	}
	for _, c := range []Change{{Into: "flac"}, {From: -1}, {From: 2, To: 1}} {
		if _, err := a.Do(t.Context(), tone(10).Bytes(), c); KindOf(err) != Unfit {
			t.Errorf("%+v: %v", c, err)
		}
	}
	a.p.limit = time.Nanosecond
	if _, err := a.Do(t.Context(), tone(10).Bytes(), Change{}); KindOf(err) == Unfit || err == nil {
		t.Errorf("out of time it is the file's fault: %v", err)
	}
}
