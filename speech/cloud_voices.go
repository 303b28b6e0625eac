package speech

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// FPT is the voice of FPT.AI. It answers with the address of a file that is made meanwhile.
type FPT struct {
	Cloud
	Format string // wav, or mp3 when the account gives no wav
}

// FPTVoices are FPT.AI's.
var FPTVoices = []string{"banmai", "leminh", "thuminh", "minhquang", "myan", "linhsan", "giahuy", "lannhi", "ngoclam"}

// Name is the engine's name in settings.
func (e *FPT) Name() string { return "fpt" }

// Version is that of the interface.
func (e *FPT) Version(context.Context) string { return "v5" }

// Synthesize says a text.
func (e *FPT) Synthesize(ctx context.Context, text, voice string, rate int) ([]byte, error) {
	if voice == "" {
		voice = FPTVoices[0]
	}
	if err := checkVoice("fpt", voice); err != nil {
		return nil, err
	}
	format := e.Format
	if format == "" {
		format = "wav"
	}
	return e.inPieces(ctx, "fpt", text, 5000, characters, func(piece string) ([]byte, error) {
		if characters(piece) < 3 { // less is refused
			piece += "..."
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.base("https://api.fpt.ai")+"/hmi/tts/v5", strings.NewReader(piece))
		if err != nil {
			return nil, &Error{Kind: Misconfigured, By: "fpt", Code: "address"}
		}
		req.Header = http.Header{"Api-Key": {e.Key}, "Voice": {voice}, "Speed": {strconv.Itoa(min(max(between(rate, -2, 0), -3), 3))}, "Format": {format}, "Content-Type": {"text/plain; charset=utf-8"}}
		body, err := e.call("fpt", req)
		var answer struct {
			Async   string `json:"async"`
			Error   int    `json:"error"`
			Message string `json:"message"`
		}
		if err := said("fpt", body, err, &answer); err != nil {
			return nil, err
		}
		if answer.Error != 0 {
			return nil, &Error{Kind: Unfit, By: "fpt", Code: strconv.Itoa(answer.Error), Text: answer.Message}
		}
		return e.fetch(ctx, "fpt", answer.Async, []string{"fpt.ai"}, 120)
	})
}

// said reads an answer; the provider's status counts before its words.
func said(by string, body []byte, err error, into any) error {
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return &Error{Kind: Broken, By: by, Code: "garbled"}
	}
	return nil
}

// Zalo is the voice of Zalo AI.
type Zalo struct{ Cloud }

// ZaloVoices are Zalo AI's speakers: women of the south and north, men of the south and north, and a second woman of each.
var ZaloVoices = []string{"2", "1", "3", "4", "5", "6"}

// Name is the engine's name in settings.
func (e *Zalo) Name() string { return "zalo" }

// Version is that of the interface.
func (e *Zalo) Version(context.Context) string { return "v1" }

// Synthesize says a text; a voice is the number of a speaker.
func (e *Zalo) Synthesize(ctx context.Context, text, voice string, rate int) ([]byte, error) {
	if voice == "" {
		voice = ZaloVoices[0]
	}
	if err := checkVoice("zalo", voice); err != nil {
		return nil, err
	}
	return e.inPieces(ctx, "zalo", text, 2000, characters, func(piece string) ([]byte, error) {
		form := url.Values{"input": {piece}, "speaker_id": {voice}, "speed": {hundredths(min(max(between(rate, 80, 100), 80), 120))}, "encode_type": {"0"}}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.base("https://api.zalo.ai")+"/v1/tts/synthesize", strings.NewReader(form.Encode()))
		if err != nil {
			return nil, &Error{Kind: Misconfigured, By: "zalo", Code: "address"}
		}
		req.Header = http.Header{"Apikey": {e.Key}, "Content-Type": {"application/x-www-form-urlencoded"}}
		body, err := e.call("zalo", req)
		var answer struct {
			Code int    `json:"error_code"`
			Text string `json:"error_message"`
			Data struct {
				URL string `json:"url"`
			} `json:"data"`
		}
		if err := said("zalo", body, err, &answer); err != nil {
			return nil, err
		}
		if answer.Code != 0 {
			return nil, &Error{Kind: zaloKind(answer.Code), By: "zalo", Code: strconv.Itoa(answer.Code), Text: answer.Text}
		}
		return e.fetch(ctx, "zalo", answer.Data.URL, []string{"zalo.ai"}, 30)
	})
}

// zaloKind sorts Zalo AI's codes; 150 and 155 are known by number only and count as about the text.
func zaloKind(code int) Kind {
	switch code {
	case 401:
		return Misconfigured
	case 500:
		return Later
	}
	return Unfit
}

// Google is the voice of Google Cloud.
type Google struct {
	Cloud
	Profile string // the loudspeaker a voice is made for; "" leaves it to Google
}

// GoogleVoice is the voice that is taken when none is named.
const GoogleVoice = "vi-VN-Neural2-A"

// Name is the engine's name in settings.
func (e *Google) Name() string { return "google" }

// Version is that of the interface.
func (e *Google) Version(context.Context) string { return "v1" }

// Synthesize says a text.
func (e *Google) Synthesize(ctx context.Context, text, voice string, rate int) ([]byte, error) {
	if voice == "" {
		voice = GoogleVoice
	}
	if err := checkVoice("google", voice); err != nil {
		return nil, err
	}
	return e.inPieces(ctx, "google", text, 5000, octets, func(piece string) ([]byte, error) {
		audio := map[string]any{"audioEncoding": "LINEAR16", "speakingRate": json.RawMessage(hundredths(min(max(between(rate, 80, 100), 25), 400)))}
		if e.Profile != "" {
			audio["effectsProfileId"] = []string{e.Profile}
		}
		raw, err := json.Marshal(map[string]any{"input": map[string]string{"text": piece}, "voice": map[string]string{"languageCode": language(voice), "name": voice}, "audioConfig": audio})
		if err != nil {
			return nil, &Error{Kind: Broken, By: "google", Err: err}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.base("https://texttospeech.googleapis.com")+"/v1/text:synthesize?key="+url.QueryEscape(e.Key), bytes.NewReader(raw))
		if err != nil {
			return nil, &Error{Kind: Misconfigured, By: "google", Code: "address"}
		}
		req.Header.Set("Content-Type", "application/json")
		body, err := e.call("google", req)
		var answer struct {
			Audio string `json:"audioContent"`
		}
		if err := said("google", body, err, &answer); err != nil {
			return nil, googleError(body, err)
		}
		sound, err := base64.StdEncoding.DecodeString(answer.Audio)
		if err != nil {
			return nil, &Error{Kind: Broken, By: "google", Code: "garbled"}
		}
		return sound, nil
	})
}

// googleError adds Google's own code and words to a refusal. A wrong key comes as a plain bad request.
func googleError(body []byte, err error) error {
	e, ok := err.(*Error)
	var answer struct {
		Error struct {
			Status  string `json:"status"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if !ok || json.Unmarshal(body, &answer) != nil || answer.Error.Status == "" {
		return err
	}
	e.Code, e.Text = answer.Error.Status, answer.Error.Message
	if strings.Contains(e.Text, "API key") {
		e.Kind = Misconfigured
	}
	return e
}

// language is the part of a voice's name that says its language.
func language(voice string) string {
	parts := strings.SplitN(voice, "-", 3)
	if len(parts) < 3 {
		return "vi-VN"
	}
	return parts[0] + "-" + parts[1]
}
