package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"loa"
	"loa/i18n"
	"loa/vn"
	"loa/voice"
)

func (s *Server) clipRoutes() []route {
	return []route{
		{"GET /clips", loa.ReadOutreach, s.clipList},
		{"POST /clips", loa.EditOutreach, s.clipCreate},
		{"GET /clips/{id}", loa.ReadOutreach, s.clipShow},
		{"POST /clips/{id}/cut", loa.EditOutreach, s.clipCut},
		{"POST /clips/{id}/until", loa.EditOutreach, s.clipUntil},
		{"GET /clips/{id}/sound", loa.ReadOutreach, s.clipSound},
		{"POST /clips/{id}/approve", loa.EditOutreach, s.clipApprove},
		{"POST /clips/{id}/fit", loa.EditOutreach, s.clipFit},
		{"POST /clips/{id}/withdraw", loa.EditOutreach, s.clipWithdraw},
		{"GET /calculator/clip/{id}", loa.SignedIn, s.clipInUse},
		{"GET /public/{office}/clip/{id}", "", s.clipPublic},
	}
}

// clipsHere is where officers hear recordings, those in use and those that wait.
const clipsHere = "/clips/"

// clipsInUse is where everybody of the office hears the recordings in use, a collector at a counter as well.
const clipsInUse = "/calculator/clip/"

// publicClips is where anybody hears the recordings an office uses.
func publicClips(o loa.Office) string { return publicPath(o.Slug, "clip") + "/" }

// soundURL is where a recording is heard.
func soundURL(at string, id loa.ClipID) string {
	if at == clipsHere {
		return at + string(id) + "/sound"
	}
	return at + string(id)
}

// microphone lets a page record; every other page may not.
func microphone(w http.ResponseWriter) {
	w.Header().Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()")
}

// recorderView is the form in which a voice is recorded or a file of it chosen.
type recorderView struct {
	Action  string
	Keys    []option // the purposes to choose from; none for a story
	Key     string
	Langs   []option
	Lang    string
	Dialect string
	Speaker string
	Says    string
	Errors  map[string]string
}

type clipListPage struct {
	Tab      string
	Groups   []clipGroup
	MayEdit  bool
	Recorder recorderView
}

// clipGroup is one purpose with its recordings.
type clipGroup struct {
	Key, Label string
	Rows       []clipRow
	Listen     listenRow
}

type clipRow struct {
	loa.Clip
	Tongue     string
	Length     string
	When       string
	By         officerView
	Approver   officerView
	MayApprove bool
	Own        bool
	Public     string // where anybody hears it, while it is in use
	HTMLLang   string
	Expired    bool
	MayFit     int  // the version of its script an officer may say it is right for; 0: none
	Outdated   bool // it says other words than the script does today
}

func (s *Server) clipList(w http.ResponseWriter, r *http.Request) error { return s.clipPage(w, r, nil) }

// clipPage lists the voices of the office, again with what was wrong in the form below them.
func (s *Server) clipPage(w http.ResponseWriter, r *http.Request, f *form) error {
	list, err := s.DB.Clips(r.Context(), scopeOf(r), "")
	if err != nil {
		return err
	}
	rows, err := s.clipRows(r, list)
	if err != nil {
		return err
	}
	b := clipListPage{Tab: "clips", MayEdit: whoOf(r).may(loa.EditOutreach), Recorder: recorderView{Action: "/clips", Keys: options(r, "clip.key.", loa.ClipKeys), Key: r.FormValue("key"), Langs: options(r, "tongue.", loa.Tongues), Errors: map[string]string{}}}
	used := 0
	for _, key := range loa.ClipKeys {
		g := clipGroup{Key: key, Label: t(r, "clip.key."+key)}
		for _, row := range rows {
			if row.Key == key {
				g.Rows = append(g.Rows, row)
				if row.State == loa.ClipApproved {
					used++
				}
			}
		}
		if len(g.Rows) > 0 {
			if g.Listen, err = s.listen(r.Context(), langOf(r), whoOf(r).Office.ID, key, "", clipsHere); err != nil {
				return err
			}
			b.Groups = append(b.Groups, g)
		}
	}
	status := 0
	if f != nil {
		status = http.StatusUnprocessableEntity
		b.Recorder.Errors, b.Recorder.Key, b.Recorder.Lang, b.Recorder.Dialect, b.Recorder.Speaker, b.Recorder.Says = f.Errors, f.text("key"), f.text("lang"), f.text("dialect"), f.text("speaker"), f.text("says")
	}
	microphone(w)
	return s.render(w, r, "clip_list", page{Title: t(r, "clip.title"), Context: t(r, "clip.context", used), Active: "stories", Body: b, Status: status})
}

func (s *Server) clipRows(r *http.Request, list []loa.Clip) ([]clipRow, error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	me := whoOf(r)
	out := make([]clipRow, len(list))
	for i, c := range list {
		out[i] = clipRow{Clip: c, Tongue: tongueOf(langOf(r), c), Length: lengthOf(langOf(r), c.Seconds), When: moment(c.CreatedAt), By: officers.by[c.CreatedBy], Approver: officers.by[c.ApprovedBy],
			MayApprove: me.may(loa.EditOutreach) && c.MayApprove(me.Officer.ID) == nil, Own: c.CreatedBy == me.Officer.ID}
		out[i].HTMLLang = htmlLang(c.Lang)
		out[i].Expired = c.Until != "" && s.today() > c.Until
		if c.Heard(s.today()) && c.Story() == "" && c.Script() == "" {
			out[i].Public = soundURL(publicClips(me.Office), c.ID)
		}
	}
	return out, nil
}

// tongueOf is the language of a recording, with the dialect where one is named.
func tongueOf(lang string, c loa.Clip) string {
	name := i18n.Text(lang, "tongue."+c.Lang)
	if c.Dialect != "" {
		name += " (" + c.Dialect + ")"
	}
	return name
}

// lengthOf is how long a recording is, in words; empty when nobody knows.
func lengthOf(lang string, seconds int) string {
	switch {
	case seconds <= 0:
		return ""
	case seconds < 90:
		return i18n.Text(lang, "clip.seconds", seconds)
	}
	return i18n.Text(lang, "clip.minutes", seconds/60, seconds%60)
}

func (s *Server) clipCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	c, err := s.readClip(r, f, f.text("key"))
	if err != nil {
		return err
	}
	if f.ok() {
		if _, err := s.DB.AddClip(r.Context(), scopeOf(r), s.by(r), c); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.clipPage(w, r, f)
	}
	return s.done(w, r, "/clips", t(r, "clip.saved"), "")
}

// storyClip keeps a recording of a story.
func (s *Server) storyClip(w http.ResponseWriter, r *http.Request) error {
	l, err := s.DB.Story(r.Context(), scopeOf(r), loa.StoryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	c, err := s.readClip(r, f, loa.StoryKey(l.ID))
	if err != nil {
		return err
	}
	if f.ok() {
		if _, err := s.DB.AddClip(r.Context(), scopeOf(r), s.by(r), c); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.storyPage(w, r, f)
	}
	return s.done(w, r, "/stories/"+string(l.ID)+"#s-voices", t(r, "clip.saved"), "")
}

// readClip takes a recording out of the form: known by its content, laid bare of where and by whom it was made.
func (s *Server) readClip(r *http.Request, f *form, key string) (loa.Clip, error) {
	file, _, err := r.FormFile("file")
	c := loa.Clip{Key: key, Lang: f.text("lang"), Dialect: vn.Tidy(f.text("dialect")), Speaker: vn.Tidy(f.text("speaker")), Says: f.text("says"), Seconds: int(f.count("seconds"))}
	if err != nil {
		f.bad("file", "error.clip_empty")
		return c, nil
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, loa.ClipBytes+1))
	if err != nil {
		return c, err
	}
	switch c.MIME = voice.Kind(raw); {
	case len(raw) == 0:
		f.bad("file", "error.clip_empty")
	case len(raw) > loa.ClipBytes:
		f.bad("file", "error.file_size", loa.ClipBytes>>20)
	case c.MIME == "" || c.MIME == "audio/amr": // no browser plays AMR
		f.bad("file", "error.clip_kind")
	}
	if !f.ok() {
		return c, nil
	}
	bare, ok := voice.Bare(raw)
	if !ok {
		f.bad("file", "error.clip_kind")
		return c, nil
	}
	if n := voice.Seconds(bare); n > 0 {
		c.Seconds = n
	}
	sum := sha256.Sum256(bare)
	c.Bytes, c.Size, c.SHA256 = bare, len(bare), hex.EncodeToString(sum[:])
	return c, f.take(c.Check())
}

// clipBack is the page a recording is shown on.
func clipBack(c loa.Clip) string {
	if id := c.Story(); id != "" {
		return "/stories/" + string(id)
	}
	if id := c.Script(); id != "" {
		return "/scripts/" + string(id) + "?lang=" + c.Lang + "#s-voices"
	}
	return "/clips"
}

func (s *Server) clipApprove(w http.ResponseWriter, r *http.Request) error {
	return s.clipMoved(w, r, s.DB.ApproveClip, "clip.approved")
}

func (s *Server) clipWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.clipMoved(w, r, s.DB.WithdrawClip, "clip.withdrawn")
}

// clipFit is an officer's word that a recording says the version of its script that is in use.
func (s *Server) clipFit(w http.ResponseWriter, r *http.Request) error {
	return s.clipMoved(w, r, s.DB.FitClip, "clip.fitted")
}

func (s *Server) clipMoved(w http.ResponseWriter, r *http.Request, move func(context.Context, loa.Scope, loa.By, loa.ClipID) error, said string) error {
	id := loa.ClipID(r.PathValue("id"))
	c, err := s.DB.Clip(r.Context(), scopeOf(r), id)
	if err != nil {
		return err
	}
	f := readForm(r)
	if err := f.take(move(r.Context(), scopeOf(r), s.by(r), id)); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, clipBack(c), http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, clipBack(c), t(r, said), "")
}

// clipSound plays a recording to an officer, whatever its state.
func (s *Server) clipSound(w http.ResponseWriter, r *http.Request) error {
	c, err := s.DB.Clip(r.Context(), scopeOf(r), loa.ClipID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return serveSound(w, r, c.MIME, c.SHA256, c.Bytes)
}

// clipPublic plays a recording in use to anybody.
func (s *Server) clipPublic(w http.ResponseWriter, r *http.Request) error {
	g, err := s.guestOf(r) // an office that shut its public pages is silent as well
	if err != nil {
		return err
	}
	return s.clipOf(w, r, g.Office.ID)
}

// clipInUse plays a recording in use to whoever has signed in at the office, whose public pages may be shut.
func (s *Server) clipInUse(w http.ResponseWriter, r *http.Request) error {
	return s.clipOf(w, r, whoOf(r).Office.ID)
}

// clipOf plays a recording in use. A browser may keep it for five minutes; one of a story it must ask for each time, since the story
// may have been withdrawn meanwhile.
func (s *Server) clipOf(w http.ResponseWriter, r *http.Request, office loa.OfficeID) error {
	c, err := s.DB.PublicClip(r.Context(), office, loa.ClipID(r.PathValue("id")), s.today())
	if err != nil {
		return err
	}
	keep := "public, max-age=300"
	if c.Story() != "" {
		keep = "no-cache"
	}
	w.Header().Set("Cache-Control", keep)
	return serveSound(w, r, c.MIME, c.SHA256, c.Bytes)
}

// serveSound answers bytes whole or in the parts a player asks for.
func serveSound(w http.ResponseWriter, r *http.Request, mime, sum string, raw []byte) error {
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", "inline")
	h.Set("ETag", `"`+sum+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
	return nil
}
