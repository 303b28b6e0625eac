package main

import (
	"context"
	"log/slog"

	"loa/channel"
	"loa/speech"
)

// voiceFlags name the voices the operator brings beside espeak-ng: a model of their own, or an account with a provider. A provider is
// sent public announcements and nothing else.
type voiceFlags struct {
	PiperModel string `env:"LOA_PIPER_MODEL" type:"path"`
	FPTKey     string `env:"LOA_FPT_KEY"`
	ZaloAIKey  string `name:"zalo-ai-key" env:"LOA_ZALO_AI_KEY"`
	GoogleKey  string `name:"google-voice-key" env:"LOA_GOOGLE_VOICE_KEY"`
}

// engines are the voices of this machine, the operator's own model first; sound is nil where there is no ffmpeg.
func (f voiceFlags) engines(log *slog.Logger) (out []speech.Engine, sound *speech.Audio) {
	sound, err := speech.FindAudio()
	if err != nil {
		log.Info("no ffmpeg: recordings stay as they are")
	}
	if f.PiperModel != "" {
		if e, err := speech.FindPiper(f.PiperModel); err == nil {
			out = append(out, e)
		} else {
			log.Warn("the operator's voice cannot be used", "model", f.PiperModel, "error", err)
		}
	}
	if e, err := speech.FindEspeak(); err == nil {
		out = append(out, e)
	}
	cloud := speech.Cloud{HTTP: channel.Client(false), Decode: func(ctx context.Context, raw []byte) ([]byte, error) {
		if sound == nil {
			return nil, &speech.Error{Kind: speech.Missing, By: "ffmpeg"}
		}
		return sound.Do(ctx, raw, speech.Change{Into: speech.Wave})
	}}
	with := func(key string) speech.Cloud { c := cloud; c.Key = key; return c }
	if f.FPTKey != "" {
		out = append(out, &speech.FPT{Cloud: with(f.FPTKey)})
	}
	if f.ZaloAIKey != "" {
		out = append(out, &speech.Zalo{Cloud: with(f.ZaloAIKey)})
	}
	if f.GoogleKey != "" {
		out = append(out, &speech.Google{Cloud: with(f.GoogleKey)})
	}
	return out, sound
}
