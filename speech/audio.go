package speech

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Audio handles sound by ffmpeg.
type Audio struct{ p program }

// FindAudio finds ffmpeg on the PATH; the error is Missing when there is none, and a file is then used as it is.
func FindAudio() (*Audio, error) {
	path, err := find("ffmpeg")
	if err != nil {
		return nil, err
	}
	return &Audio{program{name: "ffmpeg", path: path, limit: 2 * time.Minute, memory: 2 << 30, output: 64 << 20}}, nil
}

// Form is a kind of sound file.
type Form string

// The forms. MP3 of 48 kbit/s is for telephones on a weak network, µ-law without a header for network loudspeakers.
const (
	Wave   Form = "wav" // 22.05 kHz, 16 bits, one channel
	MP3x64 Form = "mp3_64"
	MP3x48 Form = "mp3_48"
	Opus   Form = "opus" // 24 kbit/s in Ogg
	ULaw   Form = "mulaw"
)

// MIME is the form's type on the wire.
func (f Form) MIME() string {
	switch f {
	case Wave:
		return "audio/wav"
	case MP3x64, MP3x48:
		return "audio/mpeg"
	case Opus:
		return "audio/ogg"
	}
	return "audio/basic"
}

var encodings = map[Form][]string{
	Wave:   {"-ar", "22050", "-c:a", "pcm_s16le", "-f", "wav"},
	MP3x64: {"-ar", "44100", "-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"},
	MP3x48: {"-ar", "24000", "-c:a", "libmp3lame", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"},
	Opus:   {"-ar", "48000", "-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-f", "ogg"},
	ULaw:   {"-ar", "8000", "-c:a", "pcm_mulaw", "-f", "mulaw"},
}

// demuxers are the files ffmpeg may open: sounds, and nothing that names other files or addresses.
const demuxers = "wav,mp3,ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,aac,flac,amr"

// LongestSound is the longest sound that is handled.
const LongestSound = 15 * time.Minute

// outdoor makes a voice carry over a square: without what loudspeakers cannot give, with what makes words clear, evenly loud.
const outdoor = "volume=-6dB,highpass=f=200,lowpass=f=6500,equalizer=f=2500:t=q:w=1.2:g=4,acompressor=threshold=-24dB:ratio=3:attack=10:release=200:makeup=2,loudnorm=I=-16:TP=-1.5:LRA=7"

// quiet cuts silence off both ends and leaves a breath of it.
const quiet = "silenceremove=start_periods=1:start_threshold=-45dB:start_silence=0.15,areverse,silenceremove=start_periods=1:start_threshold=-45dB:start_silence=0.15,areverse"

// Change is what is to be done to a sound.
type Change struct {
	From, To time.Duration // the part to keep; To 0 is the end
	Trim     bool          // cut silence off both ends
	Level    bool          // make it as loud as every other, −16 LUFS, for outdoors
	Into     Form          // "" is Wave
}

// Do handles one sound, whatever kind of file it is.
func (a *Audio) Do(ctx context.Context, sound []byte, c Change) ([]byte, error) {
	if c.Into == "" {
		c.Into = Wave
	}
	coding, ok := encodings[c.Into]
	if !ok || c.From < 0 || c.To < 0 || c.To > 0 && c.To <= c.From {
		return nil, &Error{Kind: Unfit, By: a.p.name, Code: "change"}
	}
	var filters []string
	if c.Trim {
		filters = append(filters, quiet)
	}
	if c.Level {
		filters = append(filters, outdoor)
	}
	out := []string{"-ac", "1"}
	if c.From > 0 {
		out = append(out, "-ss", seconds(c.From))
	}
	if c.To > 0 {
		out = append(out, "-t", seconds(c.To-c.From))
	}
	if len(filters) > 0 {
		out = append(out, "-af", strings.Join(filters, ","))
	}
	made, err := a.run(ctx, sound, append(out, coding...))
	if err != nil {
		return nil, err
	}
	if c.Into == Wave {
		return settled(a.p.name, made)
	}
	if len(made) == 0 {
		return nil, &Error{Kind: Unfit, By: a.p.name, Code: "silent"}
	}
	return made, nil
}

// Duration is how long a sound is. It is counted out, because what browsers record does not say.
func (a *Audio) Duration(ctx context.Context, sound []byte) (time.Duration, error) {
	if w, err := ReadWAV(sound); err == nil {
		return w.Duration(), nil
	}
	raw, err := a.run(ctx, sound, []string{"-ac", "1", "-ar", "8000", "-c:a", "pcm_u8", "-f", "u8"})
	if err != nil {
		return 0, err
	}
	return time.Duration(len(raw)) * time.Second / 8_000, nil
}

// run lays the sound in a file, since some kinds cannot be read from a pipe, and takes what comes out of ffmpeg.
func (a *Audio) run(ctx context.Context, sound []byte, out []string) ([]byte, error) {
	if len(sound) == 0 {
		return nil, &Error{Kind: Unfit, By: a.p.name, Code: "empty"}
	}
	dir, err := os.MkdirTemp("", "loa-sound-")
	if err != nil {
		return nil, fmt.Errorf("lay the sound down: %w", err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "in")
	if err := os.WriteFile(name, sound, 0o600); err != nil {
		return nil, fmt.Errorf("lay the sound down: %w", err)
	}
	args := []string{"-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", demuxers, "-i", "file:" + name,
		"-map", "0:a:0", "-vn", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-threads", "1"}
	args = append(args, out...)
	limit := []string{"-fs", fmt.Sprint(a.p.output)}
	if !slices.Contains(out, "-t") {
		limit = append(limit, "-t", seconds(LongestSound))
	}
	made, err := a.p.run(ctx, nil, append(append(args, limit...), "pipe:1")...)
	if KindOf(err) == Broken && ctx.Err() == nil && err != nil {
		if e := err.(*Error); e.Code == "" { // it could not make sense of the file
			e.Kind, e.Code = Unfit, "not_sound"
			e.Text = strings.ReplaceAll(e.Text, name, "in")
		}
	}
	return made, err
}

// seconds writes a time for ffmpeg.
func seconds(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

// Announcement puts the chime before a voice.
func Announcement(voice []byte) ([]byte, error) {
	w, err := ReadWAV(voice)
	if err != nil {
		return nil, &Error{Kind: Unfit, By: "wav", Err: err}
	}
	all, err := Join(600*time.Millisecond, Chime(w.Rate), w)
	if err != nil {
		return nil, &Error{Kind: Unfit, By: "wav", Err: err}
	}
	return all.Bytes(), nil
}
