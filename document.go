package loa

// Document is an official document that took a number of the office's series. It is known by its kind and what it is about, so
// that printing it again gives the same number and day.
type Document struct {
	Office OfficeID
	Area   AreaID // of the place it is about; the office's own node for the whole office
	Kind   string
	About  string // "2025-10..2025-10" for a report, a session or a version of the matrix by its ID
	No     int64
	On     Day
	By     OfficerID
}

// DocumentKinds are the documents that take a number here; invitation letters take theirs with the session.
var DocumentKinds = []string{"report", "outreach_report", "plan", "matrix", "minutes"}

// Check refuses a document of no known kind or about nothing.
func (d Document) Check() error {
	switch {
	case !OneOf(d.Kind, DocumentKinds):
		return Refuse(Invalid, "kind", "not_in_list")
	case d.About == "" || len(d.About) > 120:
		return Refuse(Invalid, "about", "required")
	case d.Area == "":
		return Refuse(Invalid, "area", "required")
	}
	return nil
}
