package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/i18n"
)

// banner is the line above every page that says what is unusual: invented people, and a connection anyone could read.
func (s *Server) banner(r *http.Request) string {
	lang := langOf(r)
	var lines []string
	if o, ok := s.bannerOffice(r); ok && o.Synthetic {
		day := o.AsOf
		if day == "" {
			day = s.today()
		}
		lines = append(lines, i18n.Text(lang, "banner.demo", day.Vietnamese()))
	}
	if !s.Secure {
		lines = append(lines, i18n.Text(lang, "banner.plain"))
	}
	return strings.Join(lines, " ")
}

// bannerOffice is the officer's office, or before sign-in the demo's.
func (s *Server) bannerOffice(r *http.Request) (loa.Office, bool) {
	if me := whoOf(r); me != nil {
		return me.Office, true
	}
	all, err := s.DB.Offices(r.Context())
	if err != nil {
		s.Log.Error("banner failed", "error", err)
		return loa.Office{}, false
	}
	for _, o := range all {
		if o.Synthetic {
			return o, true
		}
	}
	return loa.Office{}, false
}
