package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/store"
)

// afterPage is what stands on the third tab.
type afterPage struct {
	Cells     []correctCell
	Hours     string
	PerHead   int64
	PerLead   int64
	Joined    int // of the people interested, those who have paid since
	PerJoined int64
	Leads     []leadRow
	Promises  []askedLine
	Questions []askedLine
	Visits    []visitRow
	Follow    []followLine
	Photos    []photoLine
	Sheets    []sheetLine
	Seen      int64
	Full      bool
}

type correctCell struct {
	Key, Label string
	N          int
}

// followLine is somebody to go back to: interested, or promised a day.
type followLine struct {
	Name, What, URL string
	On              loa.Day
	Late            bool
}

type photoLine struct {
	ID            loa.AttachmentID
	Kind, By, At  string
	Width, Height int
}

func (s *Server) afterTab(r *http.Request, body *sessionPage, n sessionNames, all []loa.Attendance) error {
	x, a := body.Session, &afterPage{Seen: body.Session.ChangeNo}
	body.After = a
	cells := loa.HeadCells(all)
	for _, band := range loa.AgeBands {
		for _, sex := range doorSexes {
			c := loa.HeadCell{Sex: sex, AgeBand: band}
			a.Cells = append(a.Cells, correctCell{string(sex) + "-" + band, cellText(r, c), cells[c]})
			delete(cells, c)
		}
	}
	for _, c := range sortedCells(cells) {
		a.Cells = append(a.Cells, correctCell{string(c.Sex) + "-" + c.AgeBand, cellText(r, c), cells[c]})
	}
	if _, plain := cells[loa.HeadCell{}]; !plain {
		a.Cells = append(a.Cells, correctCell{"-", cellText(r, loa.HeadCell{}), 0})
	}
	a.Hours = hoursText(langOf(r), x.OfficerMin)
	if body.Heads > 0 {
		a.PerHead = x.Cost() / int64(body.Heads)
	}
	var err error
	if a.Questions, err = s.askedLines(r, x.ID, n, body.MayNames); err != nil {
		return err
	}
	for _, q := range a.Questions {
		if q.Promised {
			a.Promises = append(a.Promises, q)
		}
	}
	if err := s.sessionHistory(r, body, n); err != nil {
		return err
	}
	if !body.MayNames {
		return nil
	}
	if a.Leads, err = s.leadRows(r, x.ID); err != nil {
		return err
	}
	if len(a.Leads) > 0 {
		a.PerLead = x.Cost() / int64(len(a.Leads))
	}
	for _, l := range a.Leads {
		if l.Kind == "paid" {
			a.Joined++
		}
	}
	if a.Joined > 0 {
		a.PerJoined = x.Cost() / int64(a.Joined)
	}
	if a.Visits, err = s.visitRows(r, x.ID, n); err != nil {
		return err
	}
	if err := s.followLines(r, a); err != nil {
		return err
	}
	sheets, err := s.DB.Sheets(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	for _, sh := range sheets {
		a.Sheets = append(a.Sheets, sheetLine{sh, len(sh.People), n.officers.by[sh.MadeBy].Name})
	}
	photos, err := s.DB.Attachments(r.Context(), scopeToo(r, loa.ReadPeople), string(x.ID))
	if err != nil {
		return err
	}
	a.Full = len(photos) >= store.MaxAttachments
	for _, p := range photos {
		a.Photos = append(a.Photos, photoLine{ID: p.ID, Kind: p.Kind, By: n.officers.by[p.RecordedBy].Name, At: p.RecordedAt.In(loa.Zone).Format("02/01/2006 15:04"), Width: p.Width, Height: p.Height})
	}
	return nil
}

func sortedCells(cells map[loa.HeadCell]int) []loa.HeadCell {
	var out []loa.HeadCell
	for c := range cells {
		at := 0
		for at < len(out) && out[at].Before(c) {
			at++
		}
		out = append(out[:at], append([]loa.HeadCell{c}, out[at:]...)...)
	}
	return out
}

// followLines are the people to go back to, those with a day first. Who refused to be visited since is not gone back to.
func (s *Server) followLines(r *http.Request, a *afterPage) error {
	var ids []loa.PersonID
	for _, v := range a.Visits {
		ids = append(ids, v.Person)
	}
	for _, l := range a.Leads {
		ids = append(ids, l.Person)
	}
	refused, err := s.notWelcome(r, ids, "visit")
	if err != nil {
		return err
	}
	for _, v := range a.Visits {
		if v.NextOn != "" && !refused[v.Person] {
			a.Follow = append(a.Follow, followLine{Name: v.Name, What: v.Outcome, URL: v.URL, On: v.NextOn, Late: v.NextOn < s.today()})
		}
	}
	for _, l := range a.Leads {
		if l.Open && !refused[l.Person] {
			a.Follow = append(a.Follow, followLine{Name: l.Name, What: t(r, "session.follow.lead", l.Sub), URL: l.URL})
		}
	}
	return nil
}

// hoursText writes officer minutes as hours with one decimal; hoursOf reads them back.
func hoursText(lang string, minutes int) string {
	if minutes == 0 {
		return ""
	}
	sep := ","
	if lang == "en" {
		sep = "."
	}
	tenths := (minutes*10 + 30) / 60
	if tenths%10 == 0 {
		return strconv.Itoa(tenths / 10)
	}
	return strconv.Itoa(tenths/10) + sep + strconv.Itoa(tenths%10)
}

// hours reads 2, 2,5 or 2.5 as minutes.
func (f *form) hours(name string) int {
	v := f.text(name)
	if v == "" {
		return 0
	}
	hour, part, _ := strings.Cut(strings.ReplaceAll(v, ",", "."), ".")
	h, err1 := strconv.Atoi(hour)
	d, err2 := strconv.Atoi((part + "0")[:1])
	if err1 != nil || err2 != nil || h < 0 || h > 2000 || len(part) > 2 {
		f.bad(name, "error.not_a_number")
		return 0
	}
	return h*60 + d*6
}

// sessionAfterSave keeps minutes and cost. Minutes that two officers wrote at once are shown side by side, and nothing is lost.
func (s *Server) sessionAfterSave(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	minutes := limited(strings.ReplaceAll(f.text("minutes"), "\r\n", "\n"), 20000)
	work, km := f.hours("hours"), int(f.number("travel_km"))
	if f.text("hours") == hoursText(langOf(r), x.OfficerMin) {
		work = x.OfficerMin // the page rounds to tenths of an hour; what was not changed keeps its minutes
	}
	travel, material, other := f.number("travel_cost"), f.number("material_cost"), f.number("other_cost")
	if km > 5000 || km < 0 {
		f.bad("travel_km", "error.out_of_range")
	}
	edit := func(x *loa.Session) error {
		x.Minutes, x.OfficerMin, x.TravelKM, x.TravelCost, x.MaterialCost, x.OtherCost = minutes, work, km, travel, material, other
		return x.Check()
	}
	seen := f.number("seen")
	if f.ok() {
		_, err := s.DB.EditSession(r.Context(), scopeOf(r), s.by(r), x.ID, seen, edit)
		if loa.KindOf(err) == loa.Conflict {
			return s.afterClash(w, r, x.ID, seen, edit)
		}
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "after", f)
	}
	return s.done(w, r, sessionURL(x.ID, "after"), t(r, "session.saved"), "")
}

func (s *Server) afterClash(w http.ResponseWriter, r *http.Request, id loa.SessionID, seen int64, edit func(*loa.Session) error) error {
	merged, now, clashes, err := s.DB.MergedSession(r.Context(), scopeOf(r), id, seen, edit)
	if err != nil {
		return err
	}
	body, err := s.sessionBody(r, "after")
	if err != nil {
		return err
	}
	n, err := s.sessionNames(r, merged.Partners)
	if err != nil {
		return err
	}
	body.Session, body.Clashes, body.After.Seen, body.After.Hours = merged, sessionClashLines(r, n, clashes), now, hoursText(langOf(r), merged.OfficerMin)
	return s.sessionPage(w, r, body, http.StatusConflict)
}

// headCorrect puts the unnamed count right, cell by cell, with a reason. The form says what it had shown, so that heads
// counted meanwhile by somebody else stay.
func (s *Server) headCorrect(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	var changes []store.HeadChange
	f.text("head_why") // reads the form
	for name := range r.Form {
		key, ok := strings.CutPrefix(name, "now_")
		if !ok {
			continue
		}
		sex, band, _ := strings.Cut(key, "-")
		cell := loa.HeadCell{Sex: loa.Sex(sex), AgeBand: band}
		if cell.Sex != "" && cell.Sex != loa.Female && cell.Sex != loa.Male || band != "" && !loa.OneOf(band, loa.AgeBands) {
			return loa.Refuse(loa.Invalid, "cell", "not_in_list")
		}
		now, was := f.number(name), f.number("was_"+key)
		if now < 0 || now > 10000 {
			f.bad("heads", "error.out_of_range")
		}
		if now != was {
			changes = append(changes, store.HeadChange{Cell: cell, By: int(now - was)})
		}
	}
	if len(changes) > 0 && f.text("head_why") == "" {
		f.bad("head_why", "error.required")
	}
	if f.ok() && len(changes) > 0 {
		if err := f.take(s.DB.CorrectHeads(r.Context(), scopeOf(r), s.by(r), x.ID, changes, limited(f.text("head_why"), 300))); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "after", f)
	}
	return s.done(w, r, sessionURL(x.ID, "after")+"#heads", t(r, "session.corrected"), "")
}
