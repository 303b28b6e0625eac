package web

import (
	"net/http"
	"slices"

	"loa"
)

type publicStoriesPage struct {
	Stories []toldView    // in the language of the page
	Voices  []tongueGroup // those that were recorded in another one
}

// tongueGroup are the stories recorded in one language.
type tongueGroup struct {
	Title   string
	Stories []toldView
}

// publicStories tells anybody the stories that may be told at this moment. It asks each time it is opened: a browser may not keep the
// page either.
func (s *Server) publicStories(w http.ResponseWriter, r *http.Request, g *guest) error {
	f := loa.StoryFilter{Scheme: loa.Scheme(r.FormValue("scheme")), On: s.today(), Lang: langOf(r)}
	if !f.Scheme.Valid() {
		f.Scheme = ""
	}
	var b publicStoriesPage
	var err error
	if b.Stories, err = s.toldStories(r.Context(), langOf(r), g.Office.ID, f, publicClips(g.Office)); err != nil {
		return err
	}
	for _, lang := range loa.Tongues {
		if lang == "vietnamese" || lang == "english" {
			continue
		}
		f.Lang = lang
		list, err := s.toldStories(r.Context(), langOf(r), g.Office.ID, f, publicClips(g.Office))
		if err != nil {
			return err
		}
		if list = slices.DeleteFunc(list, func(x toldView) bool { return x.Sound == "" }); len(list) > 0 {
			b.Voices = append(b.Voices, tongueGroup{t(r, "story.public.voice", list[0].Tongue), list})
		}
	}
	return s.renderPublic(w, r, g, "public_stories", publicPage{page: page{Title: t(r, "story.public.title"), Body: b}, Key: "stories", Unkept: true})
}
