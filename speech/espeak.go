package speech

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// EspeakVoices are the Vietnamese voices of espeak-ng: north, centre, south.
var EspeakVoices = []string{"vi", "vi-vn-x-central", "vi-vn-x-south"}

// Espeak says texts with the espeak-ng of the machine.
type Espeak struct{ p program }

// FindEspeak finds espeak-ng on the PATH; the error is Missing when there is none.
func FindEspeak() (*Espeak, error) {
	path, err := find("espeak-ng")
	if err != nil {
		return nil, err
	}
	return &Espeak{program{name: "espeak-ng", path: path, limit: 30 * time.Second, memory: 512 << 20, output: 64 << 20}}, nil
}

// Name is the engine's name in settings.
func (e *Espeak) Name() string { return "espeak" }

// Version is what espeak-ng says of itself.
func (e *Espeak) Version(ctx context.Context) string {
	out, err := e.p.run(ctx, nil, "--version")
	if err != nil {
		return ""
	}
	for _, word := range strings.Fields(string(out)) {
		if isDigit(word[0]) {
			return word
		}
	}
	return ""
}

// Synthesize says a text with gaps between the words and a little lower than usual, as is understood best outdoors.
func (e *Espeak) Synthesize(ctx context.Context, text, voice string, rate int) ([]byte, error) {
	if err := checkText(e.p.name, text); err != nil {
		return nil, err
	}
	if voice == "" {
		voice = EspeakVoices[0]
	}
	if err := checkVoice(e.p.name, voice); err != nil {
		return nil, err
	}
	out, err := e.p.run(ctx, strings.NewReader(text), "-v", voice, "-s", strconv.Itoa(Rate(rate)), "-g", "4", "-p", "45", "-b", "1", "--stdin", "--stdout")
	if err != nil {
		return nil, err
	}
	return settled(e.p.name, out)
}

// settled is a WAV file with a header that tells its length, which a program that writes into a pipe could not know.
func settled(by string, raw []byte) ([]byte, error) {
	w, err := ReadWAV(raw)
	if err != nil {
		return nil, &Error{Kind: Broken, By: by, Err: err}
	}
	if len(w.Data) == 0 {
		return nil, &Error{Kind: Broken, By: by, Code: "silent"}
	}
	return w.Bytes(), nil
}
