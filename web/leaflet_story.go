package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"loa"
)

// paperStory is a story as it stands on paper: one line of what changed, and on large sheets its words.
type paperStory struct {
	Who, Change, Text string
	Lang              string // tag of the words
	Made              bool   // nobody's life, as on the demo's paper
}

// writtenStories are those that may be told today and are written in a language of the paper. They are asked for each time a sheet is
// drawn, so that a story that was withdrawn stands on no new one.
func (s *Server) writtenStories(r *http.Request, scheme loa.Scheme, language string) ([]toldView, error) {
	list, err := s.toldStories(r.Context(), langOf(r), whoOf(r).Office.ID, loa.StoryFilter{Scheme: scheme, Lang: language, On: s.today()}, clipsHere)
	return slices.DeleteFunc(list, func(x toldView) bool { return !x.Written() }), err
}

// storyOnPaper is the story chosen for the paper; nil when none was chosen or it may not be told any more.
func storyOnPaper(list []toldView, id loa.StoryID) *paperStory {
	for _, x := range list {
		if x.Story == id {
			return &paperStory{Who: x.Who, Change: x.Change, Text: x.Text, Lang: x.HTMLLang, Made: x.Synthetic}
		}
	}
	return nil
}

// storyOptions are the stories a printing may tell, to choose from.
func storyOptions(list []toldView) []option {
	var out []option
	for _, x := range list {
		label := x.Change
		if label == "" {
			label = shortened(x.Text, loa.StoryChange)
		}
		out = append(out, option{string(x.Story), x.Name + ": " + label})
	}
	return out
}

// slipStory puts the story of the address on the slips, notes once a day for each place that it is printed there, and offers the others.
func (s *Server) slipStory(r *http.Request, p *slipPage) error {
	list, err := s.writtenStories(r, p.scheme, langOf(r))
	if err != nil || len(list) == 0 {
		return err
	}
	q, id := r.URL.Query(), loa.StoryID(r.FormValue("story"))
	p.Story = storyOnPaper(list, id)
	at := func(story loa.StoryID) string {
		next := url.Values{}
		for k, v := range q {
			if k != "story" && k != "as" {
				next[k] = v
			}
		}
		if story != "" {
			next.Set("story", string(story))
		}
		return r.URL.Path + "?" + next.Encode()
	}
	p.Stories = append(p.Stories, calcTab{t(r, "calc.slip.no_story"), at(""), p.Story == nil})
	for _, x := range list[:min(len(list), 4)] {
		p.Stories = append(p.Stories, calcTab{x.Name, at(x.Story), p.Story != nil && x.Story == id})
	}
	if p.Story == nil {
		return nil
	}
	by := s.by(r)
	sum := sha256.Sum256([]byte("slip " + string(id) + " " + string(by.Day()) + " " + string(by.Officer) + " " + p.Area + " " + r.FormValue("skip") + " " + strconv.Itoa(len(p.Slips))))
	return s.DB.UseStory(r.Context(), scopeOf(r), by, loa.StoryUse{ID: hex.EncodeToString(sum[:16]), Story: id, Kind: "slip", Ref: p.Area, Copies: len(p.Slips)})
}
