package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loa"
	"loa/i18n"
	"loa/speech"
	"loa/vn"
	"loa/voice"
	"loa/wording"
)

// voiceView is how a script sounds in one language: its words for everybody today, and the recordings of them.
type voiceView struct {
	Lang, Tongue, HTMLLang, URL string
	Words                       string // as the officer reads them out; empty when they cannot be said
	Wrong                       string // why not
	Cannot                      bool   // nothing can be recorded
	Aloud                       string // with figures written out, for a Vietnamese voice
	Clock                       string
	State                       string // good, outdated, missing
	Rows                        []clipRow
	On                          bool
	Machines                    []option
	NoMachine                   bool
	Vietnamese                  string // the Vietnamese words, for whoever does not know the language
	Form                        recorderView
	Until                       loa.Day
}

// scriptVoices are the voices of a script by language, today. The one that lies open has the form to record in.
func (s *Server) scriptVoices(r *http.Request, x loa.Script, f *form) ([]voiceView, error) {
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return nil, err
	}
	office, err := s.officeFacts(r)
	if err != nil {
		return nil, err
	}
	clips, err := s.DB.Clips(r.Context(), scopeOf(r), loa.ScriptKey(x.ID))
	if err != nil {
		return nil, err
	}
	rows, err := s.clipRows(r, clips)
	if err != nil {
		return nil, err
	}
	source, _ := wording.Spoken(x, loa.Tongues[0], book, office)
	open := r.FormValue("lang")
	var out []voiceView
	for _, lang := range loa.Tongues {
		if _, ok := x.Words([]string{lang}, "loudspeaker"); !ok {
			if v := s.wordlessVoice(r, x, lang, rows, lang == open); v.Rows != nil {
				v.Vietnamese = source
				out = append(out, v)
			}
			continue
		}
		v := voiceView{Lang: lang, Tongue: t(r, "tongue."+lang), HTMLLang: htmlLang(lang), URL: "/scripts/" + string(x.ID) + "?lang=" + lang + "#s-voices", On: lang == open, Until: wording.Until(x, book)}
		v.Form = recorderView{Action: "/scripts/" + string(x.ID) + "/clips", Lang: lang, Errors: map[string]string{}}
		if v.Words, err = wording.Spoken(x, lang, book, office); err != nil {
			v.Wrong, v.Words, v.Cannot = s.refusal(r, err), "", true
		} else {
			v.Aloud = wording.Aloud(s.reader(), lang, v.Words)
			v.Clock = clockOf(s.reader().Seconds(v.Words, 0))
		}
		if lang != loa.Tongues[0] {
			v.Vietnamese = source
		}
		v.State = "missing"
		for _, row := range rows {
			if row.Lang != lang {
				continue
			}
			row.Outdated = !wording.SameWords(row.Says, v.Words)
			if row.Clip.Heard(s.today()) {
				if v.State != "good" {
					v.State = "outdated"
				}
				if !row.Outdated {
					v.State = "good"
				}
			}
			v.Rows = append(v.Rows, row)
		}
		v.Machines = s.machines(r, lang)
		v.NoMachine = lang == loa.Tongues[0] && len(v.Machines) == 0
		out = append(out, v)
	}
	if len(out) > 0 {
		at := 0
		for i := range out {
			if out[i].On {
				at = i
			}
		}
		out[at].On = true
		if f != nil {
			out[at].Form.Errors, out[at].Form.Dialect, out[at].Form.Speaker = f.Errors, f.text("dialect"), f.text("speaker")
		}
	}
	return out, nil
}

// wordlessVoice is how a script sounds in a language it has no words in: nothing but somebody's ear says whether a recording is right for
// the version in use.
func (s *Server) wordlessVoice(r *http.Request, x loa.Script, lang string, rows []clipRow, on bool) voiceView {
	v := voiceView{Lang: lang, Tongue: t(r, "tongue."+lang), HTMLLang: htmlLang(lang), URL: "/scripts/" + string(x.ID) + "?lang=" + lang + "#s-voices", On: on, State: "missing", Wrong: t(r, "script.voice.wordless")}
	for _, row := range rows {
		if row.Lang != lang {
			continue
		}
		row.Outdated = !row.Clip.FitsVersion(x.Version)
		if row.Clip.Heard(s.today()) {
			if v.State = "outdated"; !row.Outdated {
				v.State = "good"
			} else if x.State == loa.ScriptApproved && whoOf(r).may(loa.EditOutreach) && !row.Own {
				row.MayFit = x.Version
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// machineName is a voice of an engine in words, where the catalogues have some.
func machineName(r *http.Request, engine, voice string) string {
	if key := "voice.machine." + engine + "." + voice; i18n.Has(langOf(r), key) {
		return t(r, key)
	}
	return strings.TrimSpace(engine + " " + voice)
}

// machines are the voices that can say a language: Vietnamese only, one line for each voice of each engine.
func (s *Server) machines(r *http.Request, lang string) []option {
	if lang != loa.Tongues[0] {
		return nil
	}
	var out []option
	for _, e := range s.Voices {
		names := map[string][]string{"espeak": speech.EspeakVoices, "fpt": speech.FPTVoices, "zalo": speech.ZaloVoices, "google": {speech.GoogleVoice}}[e.Name()]
		if len(names) == 0 {
			names = []string{""}
		}
		for _, n := range names {
			out = append(out, option{e.Name() + " " + n, machineName(r, e.Name(), n)})
		}
	}
	return out
}

// spokenNow is a script with its words for everybody in a language today, which a recording must say.
func (s *Server) spokenNow(r *http.Request, lang string) (loa.Script, string, error) {
	x, err := s.DB.Script(r.Context(), scopeOf(r), loa.ScriptID(r.PathValue("id")), 0)
	if err != nil {
		return x, "", err
	}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return x, "", err
	}
	office, err := s.officeFacts(r)
	if err != nil {
		return x, "", err
	}
	words, err := wording.Spoken(x, lang, book, office)
	return x, words, err
}

// scriptClip keeps a recording of the words of a script: they stand beside it, so that it is known later what it says.
func (s *Server) scriptClip(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	x, words, err := s.spokenNow(r, f.text("lang"))
	if f.take(err) != nil {
		return err
	}
	c, err := s.readClip(r, f, loa.ScriptKey(loa.ScriptID(r.PathValue("id"))))
	if err != nil {
		return err
	}
	c.Says, c.Until = words, f.day("until")
	return s.scriptClipKeep(w, r, f, x, c, "clip.saved")
}

func (s *Server) scriptClipKeep(w http.ResponseWriter, r *http.Request, f *form, x loa.Script, c loa.Clip, said string) error {
	var kept loa.Clip
	if f.ok() {
		var err error
		kept, err = s.DB.AddClip(r.Context(), scopeOf(r), s.by(r), c)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.scriptPage(w, r, f)
	}
	to := "/scripts/" + string(x.ID) + "?" + url.Values{"lang": {c.Lang}}.Encode() + "#s-voices"
	if f.on("trim") {
		to = "/clips/" + string(kept.ID)
	}
	return s.done(w, r, to, t(r, said), "")
}

// voiceRefused are the sentences for why no voice came of a text.
var voiceRefused = map[speech.Kind]string{speech.Missing: "error.voice_missing", speech.Misconfigured: "error.voice_misconfigured", speech.Private: "error.voice_private", speech.Unfit: "error.voice_unfit", speech.Later: "error.voice_later", speech.Broken: "error.voice_broken"}

// machineTime is how long a voice may take to be made while somebody waits.
const machineTime = 90 * time.Second

// scriptVoice has a machine say the words: a draft, which somebody else listens to before anybody hears it.
func (s *Server) scriptVoice(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	lang := loa.Tongues[0]
	r.Form.Set("lang", lang)
	x, words, err := s.spokenNow(r, lang)
	if f.take(err) != nil {
		return err
	}
	c := loa.Clip{Key: loa.ScriptKey(x.ID), Lang: lang, Says: words, Until: f.day("until")}
	if f.ok() {
		if err := s.sayByMachine(r, f, &c); err != nil {
			return err
		}
	}
	return s.scriptClipKeep(w, r, f, x, c, "script.voice.made")
}

// sayByMachine fills a recording with the voice chosen, made evenly loud where ffmpeg is there.
func (s *Server) sayByMachine(r *http.Request, f *form, c *loa.Clip) error {
	name, voiceName, _ := strings.Cut(f.text("machine"), " ")
	var engine speech.Engine
	for _, e := range s.Voices {
		if e.Name() == name {
			engine = e
		}
	}
	if engine == nil {
		f.bad("machine", "error.no_voice")
		return nil
	}
	ctx, cancel := contextFor(r, machineTime)
	defer cancel()
	sound, err := engine.Synthesize(speech.Public(ctx), wording.Aloud(s.reader(), c.Lang, c.Says), voiceName, speech.OutdoorRate) // for everybody: nothing of one person is in it
	if err != nil {
		s.Log.Warn("a machine voice failed", "engine", name, "error", err)
		f.bad("machine", voiceRefused[speech.KindOf(err)])
		return nil
	}
	c.MIME, c.Machine = "audio/wav", strings.TrimSpace(name+" "+voiceName)
	if wav, err := speech.ReadWAV(sound); err == nil {
		c.Seconds = int((wav.Duration() + 999*time.Millisecond) / time.Second)
	}
	if s.Sound != nil {
		if even, err := s.Sound.Do(ctx, sound, speech.Change{Level: true, Into: speech.MP3x64}); err == nil {
			sound, c.MIME, c.Levelled = even, speech.MP3x64.MIME(), true
		} else {
			s.Log.Warn("a voice was not made evenly loud", "error", err)
		}
	}
	keepSound(c, sound)
	return f.take(c.Check())
}

// keepSound puts a sound into a recording.
func keepSound(c *loa.Clip, sound []byte) {
	sum := sha256.Sum256(sound)
	c.Bytes, c.Size, c.SHA256 = sound, len(sound), hex.EncodeToString(sum[:])
	if n := voice.Seconds(sound); n > 0 {
		c.Seconds = n
	}
	c.Dialect, c.Speaker = vn.Tidy(c.Dialect), vn.Tidy(c.Speaker)
}
