package store

import "loa"

// askers writes who asked through public pages, and the words they agreed to.
func (f *filler) askers(b *loa.Bulk) error {
	err := insertAll(f, "asker", bare(askerColumns, "k."), "", b.Askers, func(to []any, a *loa.BulkAsker) []any {
		return append(to, a.Question, a.Office, a.Area, a.Link, a.Page, a.Lang, a.Name, a.Phone, a.When, a.Consent, millis(a.At), a.CalledOn, a.CalledBy, a.Outcome, millis(a.ErasedAt))
	})
	if err != nil {
		return err
	}
	var words []loa.BulkAsker
	known := map[string]bool{}
	for _, a := range b.Askers {
		if a.Consent != "" && !known[a.Consent] {
			known[a.Consent] = true
			words = append(words, a)
		}
	}
	return insertAll(f, "consent_text", "version, lang, text, shown_since", "ON CONFLICT (version) DO NOTHING", words, func(to []any, a *loa.BulkAsker) []any {
		return append(to, a.Consent, a.Lang, a.Agreed, millis(a.At))
	})
}
