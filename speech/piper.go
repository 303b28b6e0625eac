package speech

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"time"
)

// Piper says texts with a model the operator brought.
type Piper struct {
	p     program
	model string
}

// FindPiper finds the program piper on the PATH and the operator's model where it is said to be.
func FindPiper(model string) (*Piper, error) {
	path, err := find("piper")
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(model); err != nil || info.IsDir() {
		return nil, &Error{Kind: Misconfigured, By: "piper", Code: "model", Err: err}
	}
	return &Piper{program{name: "piper", path: path, limit: 3 * time.Minute, memory: 8 << 30, output: 64 << 20}, model}, nil
}

// Name is the engine's name in settings.
func (e *Piper) Name() string { return "piper" }

// Version is the mark of the model, by its contents: it is the model that sounds.
func (e *Piper) Version(ctx context.Context) string {
	f, err := os.Open(e.model)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	for ctx.Err() == nil {
		if _, err := io.CopyN(h, f, 1<<20); err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)[:8])
		} else if err != nil {
			return ""
		}
	}
	return ""
}

// Synthesize says a text; a voice is the number of a speaker of the model. The text is one line, because piper makes a file of each.
func (e *Piper) Synthesize(ctx context.Context, text, voice string, rate int) ([]byte, error) {
	if err := checkText(e.p.name, text); err != nil {
		return nil, err
	}
	args := []string{"--model", e.model, "--output_file", "-", "--length_scale", hundredths(17_500 / Rate(rate)), "--sentence_silence", "0.4", "--quiet"}
	if voice != "" {
		if strings.Trim(voice, "0123456789") != "" || len(voice) > 4 {
			return nil, &Error{Kind: Misconfigured, By: e.p.name, Code: "voice"}
		}
		args = append(args, "--speaker", voice)
	}
	out, err := e.p.run(ctx, strings.NewReader(strings.Join(strings.Fields(text), " ")+"\n"), args...)
	if err != nil {
		return nil, err
	}
	return settled(e.p.name, out)
}
