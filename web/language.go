package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/i18n"
)

const langCookie = "loa-lang"

// langOf is the language a request is answered in: the officer's own, else what this browser chose, else what it asks for,
// else Vietnamese.
func langOf(r *http.Request) string {
	if lang, ok := r.Context().Value(langKey{}).(string); ok { // chosen with this very request
		return lang
	}
	if me := whoOf(r); me != nil && slices.Contains(i18n.Languages, me.Lang) {
		return me.Lang
	}
	if c, err := r.Cookie(langCookie); err == nil && slices.Contains(i18n.Languages, c.Value) {
		return c.Value
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if slices.Contains(i18n.Languages, tag) {
			return tag
		}
	}
	return i18n.Languages[0]
}

// languageSet switches the language of the pages, for the officer or, before sign-in, for this browser.
func (s *Server) languageSet(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	lang := f.text("lang")
	if !slices.Contains(i18n.Languages, lang) {
		return loa.Refuse(loa.Invalid, "language", "not_in_list")
	}
	if whoOf(r) != nil {
		if err := s.DB.SetOwnLanguage(r.Context(), s.by(r), lang); err != nil {
			return err
		}
	}
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	http.Redirect(w, r, localPath(f.text("next")), http.StatusSeeOther)
	return nil
}
