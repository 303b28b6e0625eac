package speech

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// fakes puts programs of that name alone on the PATH, each a script that writes down how it was called.
func fakes(t *testing.T, name, script string) (dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake programs are shell scripts")
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tone.wav"), tone(700).Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	body := "#!/bin/sh\nd=" + dir + "\nfor a in \"$@\"; do printf '%s\\n' \"$a\"; done > $d/args\nenv > $d/env\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	t.Setenv("LOA_SECRET", "not for others")
	return dir
}

func lines(t *testing.T, dir, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(raw), "\n")
}

func TestEspeakCalled(t *testing.T) {
	dir := fakes(t, "espeak-ng", "cat > $d/in; cat $d/tone.wav")
	e, err := FindEspeak()
	if err != nil {
		t.Fatal(err)
	}
	wav, err := e.Synthesize(t.Context(), "-v; $(touch x) `id` bà con", "vi-vn-x-south", 140)
	if err != nil {
		t.Fatal(err)
	}
	if w, err := ReadWAV(wav); err != nil || w.Duration() != 700*time.Millisecond {
		t.Errorf("it lasts %s: %v", w.Duration(), err)
	}
	if got, want := lines(t, dir, "args"), "-v\nvi-vn-x-south\n-s\n140\n-g\n4\n-p\n45\n-b\n1\n--stdin\n--stdout"; got != want {
		t.Errorf("it is called with %q, want %q", got, want)
	}
	if got := lines(t, dir, "in"); got != "-v; $(touch x) `id` bà con" {
		t.Errorf("it is given %q", got)
	}
	if strings.Contains(lines(t, dir, "env"), "LOA_SECRET") {
		t.Error("it sees our settings")
	}
}

func TestEspeakFails(t *testing.T) {
	for _, c := range []struct {
		name, script, text, voice string
		kind                      Kind
		code                      string
	}{
		{"says why", "echo first >&2; echo no such voice >&2; exit 1", "a", "", Broken, ""},
		{"no sound", "echo hello", "a", "", Broken, ""},
		{"silent", "head -c 44 $d/tone.wav", "a", "", Broken, "silent"},
		{"never ends", "sleep 20", "a", "", Broken, "too_slow"},
		{"never stops", "cat $d/tone.wav; cat /dev/zero", "a", "", Unfit, "too_much"},
		{"nothing to say", "cat $d/tone.wav", " \n", "", Unfit, "empty"},
		{"too long", "cat $d/tone.wav", strings.Repeat("a", Longest+1), "", Unfit, "too_long"},
		{"no text", "cat $d/tone.wav", "a\x00b", "", Unfit, "not_text"},
		{"an option for a voice", "cat $d/tone.wav", "a", "--path=/etc", Misconfigured, "voice"},
		{"a path for a voice", "cat $d/tone.wav", "a", "../../x", Misconfigured, "voice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fakes(t, "espeak-ng", c.script)
			e, err := FindEspeak()
			if err != nil {
				t.Fatal(err)
			}
			e.p.limit, e.p.output = 2*time.Second, 1<<20
			_, err = e.Synthesize(t.Context(), c.text, c.voice, 0)
			f, ok := err.(*Error)
			if !ok || f.Kind != c.kind || f.Code != c.code {
				t.Errorf("it fails with %v, want %s %s", err, c.kind, c.code)
			}
			if c.name == "says why" && f.Text != "no such voice" {
				t.Errorf("it says %q", f.Text)
			}
		})
	}
}

func TestMemoryLimit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is limited on Linux alone")
	}
	fakes(t, "espeak-ng", "sleep 0.3; ulimit -v; ulimit -t")
	e, err := FindEspeak()
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.p.run(t.Context(), nil)
	if got, want := strings.TrimSpace(string(out)), "524288\n61"; err != nil || got != want {
		t.Errorf("it may use %q (KB, seconds), want %q: %v", got, want, err)
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, espeak := FindEspeak()
	_, piper := FindPiper("model.onnx")
	_, ffmpeg := FindAudio()
	for name, err := range map[string]error{"espeak-ng": espeak, "piper": piper, "ffmpeg": ffmpeg} {
		if f, ok := err.(*Error); !ok || f.Kind != Missing || f.By != name {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestPiperCalled(t *testing.T) {
	dir := fakes(t, "piper", "cat > $d/in; cat $d/tone.wav")
	model := filepath.Join(dir, "vi_VN.onnx")
	if _, err := FindPiper(model); KindOf(err) != Misconfigured {
		t.Errorf("a model that is not there: %v", err)
	}
	if err := os.WriteFile(model, []byte("net"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := FindPiper(model)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = e.Synthesize(t.Context(), "bà con.\nXin mời\n", "3", 140); err != nil {
		t.Fatal(err)
	}
	if got, want := lines(t, dir, "args"), "--model\n"+model+"\n--output_file\n-\n--length_scale\n1.25\n--sentence_silence\n0.4\n--quiet\n--speaker\n3"; got != want {
		t.Errorf("it is called with %q, want %q", got, want)
	}
	if got := lines(t, dir, "in"); got != "bà con. Xin mời" {
		t.Errorf("it is given %q", got)
	}
	if _, err = e.Synthesize(t.Context(), "a", "vi", 0); KindOf(err) != Misconfigured {
		t.Errorf("a voice that is no number: %v", err)
	}
	before := e.Version(t.Context())
	if err := os.WriteFile(model, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if after := e.Version(t.Context()); before == "" || after == before {
		t.Errorf("another model has the version %q as well", after)
	}
}

func TestCancelled(t *testing.T) {
	fakes(t, "espeak-ng", "sleep 20")
	e, err := FindEspeak()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, nil)
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := e.Synthesize(ctx, "a", "", 0); KindOf(err) != Later {
		t.Errorf("stopped by the caller: %v", err)
	}
}

// TestEspeak listens to the real one for as long as it speaks.
func TestEspeak(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed")
	}
	e, err := FindEspeak()
	if err != nil {
		t.Fatal(err)
	}
	if v := e.Version(t.Context()); v == "" || !isDigit(v[0]) {
		t.Errorf("its version is %q", v)
	}
	r := northern(t)
	text := "Kính thưa bà con, UBND xã mời bà con tới nhà văn hóa lúc 7h30 ngày 30/11/2026 để nghe cán bộ BHXH nói về BHYT hộ gia đình. Người thứ hai đóng 70% của người thứ nhất. Hỏi thêm xin gọi 1900 9068. Xin cảm ơn bà con đã lắng nghe."
	for _, voice := range EspeakVoices {
		wav, err := e.Synthesize(t.Context(), r.Aloud(text), voice, 0)
		if err != nil {
			t.Fatal(err)
		}
		w, _ := ReadWAV(wav)
		took, told := int(w.Duration().Seconds()), r.Seconds(text, 0)
		if took < told*8/10 || took > told*12/10 {
			t.Errorf("%s takes %d s, told %d", voice, took, told)
		}
	}
}

func TestCacheKey(t *testing.T) {
	one := CacheKey("espeak", "1.51", "text", "vi", 120)
	if one != CacheKey("espeak", "1.51", "text", "vi", 0) {
		t.Error("the usual rate is another one")
	}
	for _, other := range []string{CacheKey("piper", "1.51", "text", "vi", 120), CacheKey("espeak", "1.52", "text", "vi", 120), CacheKey("espeak", "1.51", "texts", "vi", 120), CacheKey("espeak", "1.51", "text", "", 120), CacheKey("espeak", "1.51", "text", "vi", 121), CacheKey("espeak1", ".51", "text", "vi", 120)} {
		if other == one {
			t.Error("two sounds have one key")
		}
	}
}
