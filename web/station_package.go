package web

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/speech"
	"loa/wording"
)

// packedSet is the schedule of a package as a program reads it.
type packedSet struct {
	Profile  string        `json:"profile"`
	Office   string        `json:"office"`
	Station  string        `json:"station"`
	Title    string        `json:"title"`
	Priority loa.Priority  `json:"priority"`
	Language string        `json:"language"`
	Text     string        `json:"text_file"`
	Seconds  int           `json:"seconds"`
	Until    loa.Day       `json:"valid_until,omitempty"`
	Audio    []packedAudio `json:"audio"`
	Plays    []packedPlay  `json:"plays"`
}

type packedAudio struct {
	File     string `json:"file"`
	Language string `json:"language"`
	MIME     string `json:"mime"`
	SHA256   string `json:"sha256"`
	Bytes    int    `json:"bytes"`
	Seconds  int    `json:"seconds"`
}

type packedPlay struct {
	At     string `json:"at"`
	Repeat int    `json:"repeat"`
}

// endings are the ends of the names of recordings, by what they are.
var endings = map[string]string{"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/ogg": ".ogg", "audio/wav": ".wav", "audio/x-wav": ".wav", "audio/webm": ".webm"}

// stationPackage is what a commune's own station gets: recordings, the words, and when to play them, for people and for programs.
func (s *Server) stationPackage(w http.ResponseWriter, r *http.Request) error {
	a, err := s.announcedAt(r)
	if err != nil {
		return err
	}
	clips, err := s.DB.ClipsFor(r.Context(), whoOf(r).Office.ID, "script."+string(a.script.ID), s.today())
	if err != nil {
		return err
	}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return err
	}
	office, err := s.officeFacts(r)
	if err != nil {
		return err
	}
	use, _ := wording.Voices(a.script, clips, book, office)
	reader, err := speech.NewReader(speech.Style{}, nil)
	if err != nil {
		return err
	}
	aloud := wording.Aloud(reader, a.lang, a.plain)
	p := packedSet{Profile: "loa-package-1", Office: whoOf(r).Office.Name, Station: a.station.Name, Title: a.title, Priority: a.plays[0].Priority, Language: a.lang, Text: "bai-doc.txt", Seconds: reader.Seconds(a.plain, 0), Audio: []packedAudio{}}
	if a.until != loa.OpenEnd {
		p.Until = a.until
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	put := func(name string, raw []byte) {
		f, e := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: s.Now()})
		if e == nil {
			_, e = f.Write(raw)
		}
		if err == nil {
			err = e
		}
	}
	for _, lang := range a.station.Languages {
		for _, c := range clips {
			if c.Lang != lang || use[lang].ID != c.ID {
				continue
			}
			c, e := s.DB.Clip(r.Context(), whoOf(r).Whole, c.ID)
			if e != nil {
				return e
			}
			name := "am-thanh/" + strconv.Itoa(len(p.Audio)+1) + "-" + lang + endings[strings.TrimSpace(strings.Split(c.MIME, ";")[0])]
			put(name, c.Bytes)
			p.Audio = append(p.Audio, packedAudio{name, lang, c.MIME, c.SHA256, c.Size, c.Seconds})
			break
		}
	}
	put(p.Text, []byte(a.title+"\r\n\r\n"+strings.ReplaceAll(aloud, "\n", "\r\n")+"\r\n"))
	put("lich-phat.csv", a.scheduleCSV(r, &p))
	raw, e := json.MarshalIndent(p, "", "  ")
	if e != nil {
		return e
	}
	put("metadata.json", raw)
	put("doc-truoc.txt", []byte(t(r, "package.readme", a.station.Name, a.title, len(p.Plays), len(p.Audio))))
	if e := z.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "play", string(a.plays[0].Delivery), "package"); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", attachmentName("goi-phat-loa-"+loa.DeviceName(a.station.Name, a.station.ID)+".zip"))
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(buf.Bytes())
	return err
}

// scheduleCSV is when to play, for spreadsheets: with the mark at its beginning that makes them read Vietnamese.
func (a announced) scheduleCSV(r *http.Request, p *packedSet) []byte {
	var buf bytes.Buffer
	buf.WriteString("\ufeff")
	c := csv.NewWriter(&buf)
	_ = c.Write([]string{t(r, "package.day"), t(r, "package.time"), t(r, "package.repeat"), t(r, "package.priority"), t(r, "package.title"), t(r, "package.file")})
	for _, y := range a.plays {
		if y.State == loa.PlayCancelled {
			continue
		}
		p.Plays = append(p.Plays, packedPlay{y.At.In(loa.Zone).Format("2006-01-02T15:04:05-07:00"), max(1, y.Repeat)})
		files := []string{}
		for _, x := range p.Audio {
			files = append(files, x.File)
		}
		_ = c.Write([]string{loa.DayOf(y.At).Vietnamese(), clock(y.At), strconv.Itoa(max(1, y.Repeat)), t(r, "station.priority."+string(y.Priority)), unformula(a.title), strings.Join(files, " ")})
	}
	c.Flush() // into memory: it cannot fail
	return buf.Bytes()
}

// unformula keeps a spreadsheet from taking a text for a formula.
func unformula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
