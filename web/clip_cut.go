package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/speech"
)

// contextFor is the request's context, ended after a time.
func contextFor(r *http.Request, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(r.Context(), d)
}

// clipShowPage is one recording with the picture of its sound, to be cut and made evenly loud.
type clipShowPage struct {
	Row      clipRow
	Listed   clipRow // without its words, which stand beside it
	Back     string
	Wave     string // the outline of the sound as the path of an SVG, 1000 wide and 100 high; empty when it cannot be drawn here
	Length   int64  // in tenths of a second
	From, To int64
	MayEdit  bool
	MayCut   bool
	Tools    bool // ffmpeg is there
	Errors   map[string]string
}

func (s *Server) clipShow(w http.ResponseWriter, r *http.Request) error {
	return s.clipShowPage(w, r, nil)
}

func (s *Server) clipShowPage(w http.ResponseWriter, r *http.Request, f *form) error {
	c, err := s.DB.Clip(r.Context(), scopeOf(r), loa.ClipID(r.PathValue("id")))
	if err != nil {
		return err
	}
	rows, err := s.clipRows(r, []loa.Clip{c})
	if err != nil {
		return err
	}
	b := clipShowPage{Row: rows[0], Back: clipBack(c), MayEdit: whoOf(r).may(loa.EditOutreach), Tools: s.Sound != nil, Errors: map[string]string{}}
	b.Listed = b.Row
	b.Listed.Says = ""
	drawn, err := s.wave(r.Context(), c)
	if err != nil {
		return err
	}
	b.Wave, b.Length = drawn.path, drawn.tenths
	if b.Length == 0 {
		b.Length = int64(c.Seconds) * 10
	}
	b.To = b.Length
	b.MayCut = b.MayEdit && b.Length > 0 && (b.Tools || c.MIME == "audio/wav")
	status := 0
	if f != nil {
		b.Errors, status = f.Errors, http.StatusUnprocessableEntity
		if n, ok := tenths(f.text("from")); ok {
			b.From = min(n, b.Length)
		}
		if n, ok := tenths(f.text("to")); ok && n <= b.Length {
			b.To = n
		}
	}
	return s.render(w, r, "clip_show", page{Title: t(r, "clip.show.title", b.Row.Tongue), Context: b.Row.Length, Active: "scripts", Body: b, Status: status})
}

type waveDrawn struct {
	path   string
	tenths int64
}

// waveBars is how many bars the picture of a sound has.
const waveBars = 250

// wave draws a sound once; what cannot be read without ffmpeg is drawn by the browser.
func (s *Server) wave(ctx context.Context, c loa.Clip) (waveDrawn, error) {
	return once(s.memo, memoKey{what: "wave " + c.SHA256}, func() (waveDrawn, error) {
		w, err := speech.ReadWAV(c.Bytes)
		if err != nil && s.Sound != nil {
			raw, tried := s.Sound.Do(context.WithoutCancel(ctx), c.Bytes, speech.Change{Into: speech.Wave})
			if tried == nil {
				w, err = speech.ReadWAV(raw)
			}
		}
		if err != nil { // no sound that can be read here: the page says so
			return waveDrawn{}, nil
		}
		return waveDrawn{wavePath(w.Peaks(waveBars)), w.Duration().Milliseconds() / 100}, nil
	})
}

// wavePath are bars around a middle line, 1000 wide and 100 high.
func wavePath(peaks []int) string {
	var b strings.Builder
	for i, p := range peaks {
		high := max(1, p*48/100)
		fmt.Fprintf(&b, "M%d %dv%d", (2*i+1)*500/len(peaks), 50-high, 2*high)
	}
	return b.String()
}

// tenths reads seconds with at most one decimal, with a point or a comma.
func tenths(s string) (int64, bool) {
	whole, part, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), ".")
	n, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || n < 0 {
		return 0, false
	}
	n *= 10
	if part != "" {
		if part[0] < '0' || part[0] > '9' {
			return 0, false
		}
		n += int64(part[0] - '0')
	}
	return n, true
}

// clipCut makes a new draft of a part of a recording; the one it was cut out of stays in the history.
func (s *Server) clipCut(w http.ResponseWriter, r *http.Request) error {
	c, err := s.DB.Clip(r.Context(), scopeOf(r), loa.ClipID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	from, ok := tenths(f.text("from"))
	to, ok2 := tenths(f.text("to"))
	if !ok || !ok2 || to <= from {
		f.bad("from", "error.bad_cut")
	}
	was := c
	if f.ok() {
		s.cut(r, f, &c, speech.Change{From: time.Duration(from) * 100 * time.Millisecond, To: time.Duration(to) * 100 * time.Millisecond, Trim: f.on("quiet"), Level: f.on("level"), Into: speech.MP3x64})
	}
	if f.ok() {
		c.ID, c.CutFrom = "", was.ID
		c, err = s.DB.AddClip(r.Context(), scopeOf(r), s.by(r), c)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.clipShowPage(w, r, f)
	}
	if was.State == loa.ClipDraft { // the part takes its place; it can be brought back from the history
		if err := s.DB.WithdrawClip(r.Context(), scopeOf(r), s.by(r), was.ID); err != nil {
			return err
		}
	}
	return s.done(w, r, "/clips/"+string(c.ID), t(r, "clip.cut.done"), "")
}

// cut handles the sound by ffmpeg; without it a WAV file can be cut, and nothing more.
func (s *Server) cut(r *http.Request, f *form, c *loa.Clip, change speech.Change) {
	if s.Sound == nil {
		wav, err := speech.ReadWAV(c.Bytes)
		if err != nil || change.Level || change.Trim {
			f.bad("from", "error.no_sound_tool")
			return
		}
		c.Levelled = false
		keepSound(c, wav.Cut(change.From, change.To).Bytes())
		return
	}
	ctx, cancel := contextFor(r, machineTime)
	defer cancel()
	sound, err := s.Sound.Do(ctx, c.Bytes, change)
	if err != nil {
		s.Log.Warn("a recording was not cut", "clip", c.ID, "error", err)
		f.bad("from", soundRefused[speech.KindOf(err)])
		return
	}
	c.MIME, c.Levelled, c.Seconds = change.Into.MIME(), c.Levelled || change.Level, 0
	keepSound(c, sound)
	if d, err := s.Sound.Duration(ctx, sound); err == nil {
		c.Seconds = int((d + 999*time.Millisecond) / time.Second)
	}
}

// soundRefused are the sentences for why a sound could not be handled.
var soundRefused = map[speech.Kind]string{speech.Missing: "error.sound_missing", speech.Misconfigured: "error.sound_misconfigured", speech.Private: "error.sound_private", speech.Unfit: "error.sound_unfit", speech.Later: "error.sound_later", speech.Broken: "error.sound_broken"}

// clipUntil sets the last day a recording may be heard.
func (s *Server) clipUntil(w http.ResponseWriter, r *http.Request) error {
	id, f := loa.ClipID(r.PathValue("id")), readForm(r)
	until := f.day("until")
	if f.ok() {
		if err := f.take(s.DB.SetClipUntil(r.Context(), scopeOf(r), s.by(r), id, until)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.clipShowPage(w, r, f)
	}
	return s.done(w, r, "/clips/"+string(id), t(r, "clip.until_set"), "")
}
