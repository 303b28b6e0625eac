package loudspeaker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"loa/channel"
)

// AxisDriver is one network speaker of Axis, over its own HTTP interface: a recording is uploaded, played at its time, and removed.
var AxisDriver = channel.Driver{Kind: "loudspeaker_axis", Networks: []string{"speaker"}, Rate: channel.Rate{Messages: 2, Per: time.Second}, Open: openAxis, Codes: axisCodes, Fields: []channel.Field{
	{Key: "address", Required: true}, {Key: "user", Required: true}, {Key: "password", Required: true, Secret: true}, {Key: "line", Default: "private", Options: []string{"private", "internet"}}, {Key: "max_clips", Default: "10"},
}}

// axisCodes are what may go wrong, with the speaker's own statuses.
var axisCodes = []string{"bad_setting", "400", "401", "403", "404", "500", "503", "not_ok", "no_recording", "expired", "media_unsupported", "clips_full", "not_playing", "preempted"}

// axis is one speaker.
type axis struct {
	http     *http.Client
	base     string
	user     string
	password string
	clips    int
	now      func() time.Time
	media    func(context.Context, string) (io.ReadCloser, error)

	mu    sync.Mutex
	asked challenge
	on    playing
	cut   map[string]bool // messages that something more pressing cut off
}

// playing is what a speaker plays, as far as this process let it.
type playing struct {
	message string
	until   time.Time
}

func openAxis(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	u, err := url.Parse(s["address"])
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, bad("address")
	}
	a := &axis{http: t.HTTP, base: u.Scheme + "://" + u.Host, user: s["user"], password: s["password"], now: t.Now, media: t.Media}
	if strings.ContainsAny(a.user, "\"\\\r\n") || a.user == "" {
		return nil, bad("user")
	}
	if a.clips, err = strconv.Atoi(s.Or("max_clips", "10")); err != nil || a.clips < 1 {
		return nil, bad("max_clips")
	}
	if s.Or("line", "private") == "private" { // it hangs in the commune's own network
		a.http = channel.Client(true)
	}
	return a, nil
}

// call asks the speaker once, and once more when it wants the password proved anew.
func (a *axis) call(ctx context.Context, make func() (*http.Request, error)) (status int, body string, err error) {
	for try := range 2 {
		req, err := make()
		if err != nil {
			return 0, "", err
		}
		a.mu.Lock()
		if a.asked.nonce != "" {
			sign, err := a.asked.authorization(a.user, a.password, req.Method, req.URL.RequestURI(), chance)
			if err != nil {
				a.mu.Unlock()
				return 0, "", err
			}
			req.Header.Set("Authorization", sign)
		}
		a.mu.Unlock()
		res, raw, err := channel.Do(a.http, req)
		if err != nil {
			return 0, "", err
		}
		if res.StatusCode == http.StatusUnauthorized && try == 0 {
			if c, ok := readChallenge(res.Header.Get("WWW-Authenticate")); ok {
				a.mu.Lock()
				a.asked = c
				a.mu.Unlock()
				continue
			}
		}
		text := strings.TrimSpace(string(raw))
		if res.StatusCode == http.StatusBadRequest {
			return res.StatusCode, text, channel.Fail(channel.Rejected, channel.Content, "400", short(text))
		}
		return res.StatusCode, text, channel.StatusError(res, a.now())
	}
	return 0, "", channel.Fail(channel.Misconfigured, channel.Account, "401", "")
}

func short(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "")
	}
	return s
}

func (a *axis) get(ctx context.Context, path string, q url.Values) (string, error) {
	_, body, err := a.call(ctx, func() (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, a.base+path+"?"+q.Encode(), nil)
	})
	return body, err
}

// clip tells the speaker to do something with its recordings; it answers OK, or why not.
func (a *axis) clip(ctx context.Context, q url.Values) (string, error) {
	body, err := a.get(ctx, "/axis-cgi/mediaclip.cgi", q)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(body, "OK") {
		return "", channel.Fail(channel.Rejected, channel.Content, "not_ok", short(body))
	}
	return body, nil
}

// step is how far a play is: what comes next, with which of the message's recordings, under which number.
type step struct {
	next string // "", "play" or "remove"
	i    int
	clip int
}

func (s step) String() string { return fmt.Sprintf("%s %d %d", s.next, s.i, s.clip) }

func readStep(s string) (out step, err error) {
	if s == "" {
		return step{next: "upload"}, nil
	}
	if n, err := fmt.Sscanf(s, "%s %d %d", &out.next, &out.i, &out.clip); err != nil || n != 3 || out.i < 0 {
		return out, fmt.Errorf("go on at %q", s)
	}
	return out, nil
}

// Send takes one step of a play: upload, wait for its time and play, wait for its end and remove.
func (a *axis) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	s, err := readStep(m.Resume)
	if err != nil || s.i >= len(m.Media) {
		return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Content, "no_recording", "")
	}
	now := a.now()
	if !m.Expires.IsZero() && now.After(m.Expires) && s.next != "remove" {
		if s.next == "play" {
			_, _ = a.clip(ctx, url.Values{"action": {"remove"}, "clip": {strconv.Itoa(s.clip)}}) // the next list finds it otherwise
		}
		return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Address, "expired", "")
	}
	stay := channel.Receipt{Resume: m.Resume} // after a failure it goes on here
	switch s.next {
	case "upload":
		n, err := a.upload(ctx, m, s.i)
		if err != nil {
			return stay, harmless(err)
		}
		return channel.Receipt{Resume: step{"play", s.i, n}.String(), After: max(0, m.NotBefore.Sub(now))}, nil
	case "play":
		return a.start(ctx, m, s)
	case "remove":
		if _, err := a.clip(ctx, url.Values{"action": {"remove"}, "clip": {strconv.Itoa(s.clip)}}); err != nil && !rejected(err) {
			return stay, harmless(err)
		}
		if a.wasCut(m.ID) {
			return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Content, "preempted", "")
		}
		if s.i+1 < len(m.Media) {
			return channel.Receipt{Resume: step{"upload", s.i + 1, 0}.String()}, nil
		}
		return channel.Receipt{Ref: m.ID, Delivered: true}, nil
	}
	return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Content, "no_recording", "")
}

// harmless is the failure of a step that may be taken twice: nobody hears it.
func harmless(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Unsure {
		again := *e
		again.Kind, again.About = channel.Unreachable, channel.Account
		return &again
	}
	return err
}

// clipName is what a recording of a message is called on the speaker.
func clipName(m channel.Message, i int) string { return "loa-" + m.ID + "-" + strconv.Itoa(i) }

// start plays a recording that is there, under the number it has now: one that had to make room is brought again. An emergency cuts off what
// is played. That it plays is the speaker's own word: an OK without the recording's number proves nothing, and whoever stood there is asked.
func (a *axis) start(ctx context.Context, m channel.Message, s step) (channel.Receipt, error) {
	stay := channel.Receipt{Resume: m.Resume}
	list, err := a.get(ctx, "/axis-cgi/param.cgi", url.Values{"action": {"list"}, "group": {"MediaClip"}})
	if err != nil {
		return stay, harmless(err)
	}
	there, _ := readClips(list)
	n, ok := there[clipName(m, s.i)]
	if !ok {
		return channel.Receipt{Resume: step{"upload", s.i, 0}.String()}, nil
	}
	if m.Priority == "emergency" {
		switch _, err := a.clip(ctx, url.Values{"action": {"stop"}}); {
		case err == nil:
			a.cutOff(m.ID)
		case !rejected(err): // rejected: nothing was played
			return stay, harmless(err)
		}
	}
	repeat := max(m.Repeat, 1)
	q := url.Values{"action": {"play"}, "clip": {strconv.Itoa(n)}, "repeat": {strconv.Itoa(repeat - 1)}}
	if m.Volume > 0 {
		q.Set("volume", strconv.Itoa(m.Volume))
	}
	body, err := a.clip(ctx, q)
	if err != nil {
		return stay, err
	}
	if !plays(body, n) {
		return stay, channel.Fail(channel.Unsure, channel.Content, "not_playing", short(body))
	}
	long := time.Duration(m.Media[s.i].Millis) * time.Millisecond * time.Duration(repeat)
	a.mu.Lock()
	a.on = playing{m.ID, a.now().Add(long)}
	a.mu.Unlock()
	return channel.Receipt{Resume: step{"remove", s.i, n}.String(), After: long + 2*time.Second}, nil
}

// plays says whether a speaker's answer names the recording it plays.
func plays(body string, clip int) bool {
	for line := range strings.Lines(body) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "playing="); ok {
			n, err := strconv.Atoi(v)
			return err == nil && n == clip
		}
	}
	return false
}

// cutOff remembers what was in the middle of being played when an emergency stopped it: it was not heard to its end.
func (a *axis) cutOff(by string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.on.message == "" || a.on.message == by || !a.now().Before(a.on.until) {
		return
	}
	if a.cut == nil {
		a.cut = map[string]bool{}
	}
	a.cut[a.on.message] = true
}

// wasCut says once whether a message was cut off.
func (a *axis) wasCut(message string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.cut[message]
	delete(a.cut, message)
	return was
}

// formats are the recordings the speakers take.
var formats = map[string]string{"audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/basic": "au", "audio/ogg": "ogg", "application/ogg": "ogg"}

// upload brings a recording onto the speaker, once however often it is tried, and makes room of what we left there earlier.
func (a *axis) upload(ctx context.Context, m channel.Message, i int) (int, error) {
	x := m.Media[i]
	base, _, _ := strings.Cut(x.MIME, ";")
	ending, ok := formats[strings.TrimSpace(base)]
	if !ok {
		return 0, channel.Fail(channel.Rejected, channel.Content, "media_unsupported", x.MIME)
	}
	name := clipName(m, i)
	list, err := a.get(ctx, "/axis-cgi/param.cgi", url.Values{"action": {"list"}, "group": {"MediaClip"}})
	if err != nil {
		return 0, err
	}
	there, most := readClips(list)
	if n, ok := there[name]; ok {
		return n, nil
	}
	if len(there) >= min(a.clips, most) {
		if err := a.clear(ctx, there); err != nil {
			return 0, err
		}
	}
	f, err := a.media(ctx, x.ID)
	if err != nil {
		return 0, &channel.Error{Kind: channel.Rejected, About: channel.Content, Code: "no_recording", Err: err}
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		return 0, &channel.Error{Kind: channel.Unreachable, About: channel.Account, Err: err}
	}
	_, body, err := a.call(ctx, func() (*http.Request, error) {
		return channel.Upload(ctx, a.base+"/axis-cgi/mediaclip.cgi?"+url.Values{"action": {"upload"}, "media": {"audio"}, "name": {name}}.Encode(), "file", name+"."+ending, raw, nil)
	})
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(body) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "uploaded="); ok {
			if n, err := strconv.Atoi(v); err == nil && n >= 0 {
				return n, nil
			}
		}
	}
	return 0, channel.Fail(channel.Rejected, channel.Content, "not_ok", short(body))
}

// clear removes what we left on the speaker; what others put there stays.
func (a *axis) clear(ctx context.Context, there map[string]int) error {
	var ours []int
	for name, n := range there {
		if strings.HasPrefix(name, "loa-") {
			ours = append(ours, n)
		}
	}
	if len(ours) == 0 {
		return channel.Fail(channel.Misconfigured, channel.Account, "clips_full", "")
	}
	slices.Sort(ours)
	for _, n := range ours {
		if _, err := a.clip(ctx, url.Values{"action": {"remove"}, "clip": {strconv.Itoa(n)}}); err != nil {
			return err
		}
	}
	return nil
}

// readClips reads the recordings on a speaker by name, and how many it takes.
func readClips(list string) (clips map[string]int, most int) {
	clips, most = map[string]int{}, 10
	for line := range strings.Lines(list) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			continue
		}
		if key == "root.MediaClip.MaxGroups" {
			if n, err := strconv.Atoi(value); err == nil && n > 0 {
				most = n
			}
			continue
		}
		rest, ok := strings.CutPrefix(key, "root.MediaClip.M")
		if !ok {
			continue
		}
		if digits, ok := strings.CutSuffix(rest, ".Name"); ok {
			if n, err := strconv.Atoi(digits); err == nil && n >= 0 {
				clips[value] = n
			}
		}
	}
	return clips, most
}

// Check says which speaker answers.
func (a *axis) Check(ctx context.Context) (channel.Health, error) {
	var h channel.Health
	_, body, err := a.call(ctx, func() (*http.Request, error) {
		return channel.JSON(ctx, http.MethodPost, a.base+"/axis-cgi/basicdeviceinfo.cgi", map[string]any{"apiVersion": "1.0", "method": "getProperties", "params": map[string]any{"propertyList": []string{"SerialNumber", "ProdType"}}})
	})
	if err != nil {
		return h, err
	}
	var answer struct {
		Data struct {
			PropertyList struct{ SerialNumber, ProdType string }
		}
	}
	if json.Unmarshal([]byte(body), &answer) != nil {
		return h, channel.Fail(channel.Misconfigured, channel.Account, "not_ok", short(body))
	}
	p := answer.Data.PropertyList
	h.Name = strings.TrimSpace(p.ProdType + " " + p.SerialNumber)
	return h, nil
}

// rejected says that the speaker understood and would not: what was to be removed or stopped is gone already.
func rejected(err error) bool {
	var e *channel.Error
	return errors.As(err, &e) && e.Kind == channel.Rejected
}
