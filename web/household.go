package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/store"
)

type householdPage struct {
	Household  loa.Household
	HasHome    bool
	Members    []memberLine
	Person     *loa.Person // the one chosen
	Born       string
	Phone      string
	NationalID string
	SINumber   string
	Standings  []standingRow
	Consents   []consentLine
	Next       *nextAction
	Months     []timelineMonth
	Pills      []pillLink
	Older      string
	History    []versionLine
	Key        bool
	Today      loa.Day
	Opt        map[string][]option
	Errors     map[string]string
	MayEdit    bool
	MayEnrol   bool
	MayReveal  bool
	MayVisit   bool
	Village    string
}

type memberLine struct {
	ID       loa.PersonID
	Name     string
	Initials string
	Sub      string
	URL      string
	On       bool
}

type standingRow struct {
	Name  string
	Cells []standingCell
}

type standingCell struct {
	Scheme, Kind, Tag, Text, Sub string
}

type consentLine struct {
	Channel, Purpose, ChannelKey, PurposeKey, State, Text string
}

type nextAction struct {
	When, What, Text, URL, Button string
	Late                          bool
}

type pillLink struct {
	Label, URL string
	On         bool
}

type timelineMonth struct {
	Label string
	Rows  []timelineLine
}

type timelineLine struct {
	On                           loa.Day
	Icon, Kind, What, Sub, Names string
	URL                          string
	Officer                      officerView
	Tag, TagKind                 string
}

type versionLine struct {
	At, Field, Old, New, Officer string
}

func (s *Server) householdShow(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	members, err := s.DB.Members(r.Context(), scopeOf(r), h.ID)
	if err != nil {
		return err
	}
	chosen := loa.PersonID(r.FormValue("person"))
	if chosen == "" && len(members) > 0 {
		chosen = members[0].ID
	}
	return s.household(w, r, h, members, chosen)
}

// personShow is the same page with a person chosen; somebody without a household stands alone on it.
func (s *Server) personShow(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if p.Household == "" {
		return s.household(w, r, loa.Household{Area: p.Area}, []loa.Person{p}, p.ID)
	}
	h, err := s.DB.Household(r.Context(), scopeOf(r), p.Household)
	if loa.KindOf(err) == loa.NotFound {
		return s.household(w, r, loa.Household{Area: p.Area}, []loa.Person{p}, p.ID)
	}
	if err != nil {
		return err
	}
	members, err := s.DB.Members(r.Context(), scopeOf(r), h.ID)
	if err != nil {
		return err
	}
	return s.household(w, r, h, members, p.ID)
}

func (s *Server) household(w http.ResponseWriter, r *http.Request, h loa.Household, members []loa.Person, chosen loa.PersonID) error {
	me, today := whoOf(r), s.today()
	body := &householdPage{Household: h, HasHome: h.ID != "", Key: s.Sealer != nil, Today: today, Errors: map[string]string{}, MayEdit: me.may(loa.EditPeople), MayEnrol: me.may(loa.EditEnrolment),
		MayReveal: me.may(loa.RevealID), MayVisit: me.may(loa.EditOutreach)}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	body.Village = names[h.Area]
	head := ""
	for i := range members {
		m := &members[i]
		if head == "" {
			head = m.Name
		}
		if m.ID == chosen {
			body.Person = m
		}
		body.Members = append(body.Members, memberLine{ID: m.ID, Name: m.Name, Initials: loa.Officer{Name: m.Name}.Initials(), Sub: memberSub(r, *m), URL: "/people/" + string(m.ID), On: m.ID == chosen})
	}
	title := t(r, "household.title", head)
	if len(members) == 0 {
		title = t(r, "household.empty")
	}
	context := body.Village + " · " + t(r, "household.people", len(members))
	if body.Person != nil {
		if err := s.DB.Opened(r.Context(), me.Office.ID, s.by(r), "person", string(body.Person.ID)); err != nil {
			return err
		}
		if err := s.householdPerson(r, body, members); err != nil {
			return err
		}
		if body.Person.Ethnic != "" {
			context += " · " + t(r, "household.ethnic", t(r, "ethnic."+body.Person.Ethnic))
		}
	}
	body.Opt = map[string][]option{"outcome": options(r, "outcome.", loa.VisitOutcomes), "scheme": optionsOf(r, "scheme.", loa.Schemes), "method": optionsOf(r, "method.", loa.Methods),
		"payer": optionsOf(r, "payer.", []loa.Payer{loa.PaysSelf, loa.PaysState, loa.PaysEmployer}), "leaving": options(r, "leaving.", loa.LeavingReasons), "purpose": options(r, "purpose.", loa.Purposes), "channel": options(r, "channel.", loa.Channels)}
	return s.render(w, r, "household_show", page{Title: title, Context: context, Active: "people", Body: body})
}

func memberSub(r *http.Request, p loa.Person) string {
	var parts []string
	for _, w := range []struct{ prefix, word string }{{"relation.", p.Relation}, {"sex.", string(p.Sex)}} {
		if w.word != "" {
			parts = append(parts, t(r, w.prefix+w.word))
		}
	}
	if p.BornYear != 0 {
		parts = append(parts, strconv.Itoa(p.BornYear))
	}
	if p.Occupation != "" {
		parts = append(parts, t(r, "occupation."+p.Occupation))
	}
	return strings.Join(parts, " · ")
}

// householdPerson fills what the page says about the chosen person and the standing of everybody.
func (s *Server) householdPerson(r *http.Request, body *householdPage, members []loa.Person) error {
	p := body.Person
	body.Born, body.Phone = bornText(*p), displayPhone(p.Phone)
	body.NationalID, body.SINumber = p.NationalID.Masked(12), p.SINumber.Masked(10)
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		_, _, spells, err := s.DB.Facts(r.Context(), scopeOf(r), m.ID)
		if err != nil {
			return err
		}
		row := standingRow{Name: m.Name}
		for _, scheme := range []loa.Scheme{loa.VoluntarySI, loa.HI} {
			st := loa.StandingOn(spells, scheme, s.today(), settings.DueDays)
			row.Cells = append(row.Cells, standingText(r, st))
			if m.ID == p.ID && body.Next == nil && st.Status == loa.DueStatus {
				body.Next = dueAction(r, m.Name, st, s.today(), string(m.ID))
			}
		}
		body.Standings = append(body.Standings, row)
	}
	consents, err := s.DB.Consents(r.Context(), scopeOf(r), p.ID)
	if err != nil {
		return err
	}
	body.Consents = consentLines(r, consents)
	if err := s.timeline(r, body, members); err != nil {
		return err
	}
	return s.history(r, body)
}

// standingText is a standing in the words of the table.
func standingText(r *http.Request, st loa.Standing) standingCell {
	c := standingCell{Scheme: t(r, "scheme."+string(st.Scheme)), Tag: t(r, "status."+string(st.Status))}
	switch st.Status {
	case loa.Never:
		c.Kind = "none"
	case loa.DueStatus:
		c.Kind, c.Text, c.Sub = "late", t(r, "standing.until", st.CoveredUntil.Vietnamese()), t(r, "standing.last_day", st.LastDay.Vietnamese())
	case loa.Participates:
		c.Kind = "paid"
		if st.CoveredUntil != loa.OpenEnd {
			c.Text = t(r, "standing.until", st.CoveredUntil.Vietnamese())
		}
		c.Sub = t(r, "payer."+string(st.Payer))
	case loa.LapsedStatus:
		c.Kind, c.Text = "lost", t(r, "standing.since", st.Since.Vietnamese())
	case loa.LeftStatus:
		c.Kind, c.Text, c.Sub = "lost", t(r, "standing.since", st.Since.Vietnamese()), t(r, "leaving."+st.Reason)
	}
	return c
}

func dueAction(r *http.Request, name string, st loa.Standing, today loa.Day, id string) *nextAction {
	left := st.CoveredUntil.Sub(today)
	text := t(r, "next.due_text", st.CoveredUntil.Vietnamese(), left, st.LastDay.Vietnamese())
	if left < 0 {
		text = t(r, "next.grace_text", st.CoveredUntil.Vietnamese(), st.LastDay.Vietnamese())
	}
	return &nextAction{When: t(r, "next.label"), What: t(r, "next.due", name, t(r, "scheme."+string(st.Scheme))), Text: text, Late: left < 8}
}

// consentLines shows what holds for each channel under the purpose of care, and every refusal.
func consentLines(r *http.Request, all []loa.Consent) []consentLine {
	var out []consentLine
	for _, purpose := range loa.Purposes {
		for _, channel := range loa.Channels {
			state := loa.ConsentFor(all, purpose, channel)
			if state == "" {
				continue
			}
			line := consentLine{Channel: t(r, "channel."+channel), Purpose: t(r, "purpose."+purpose), ChannelKey: channel, PurposeKey: purpose, State: string(state)}
			for _, c := range all {
				if c.Purpose == purpose && (c.Channel == channel || c.Channel == "all") {
					line.Text = c.HappenedOn.Vietnamese()
					if c.Proof != "" {
						line.Text = c.Proof + ", " + line.Text
					}
					break
				}
			}
			out = append(out, line)
		}
	}
	return out
}

const timelinePage = 30

func (s *Server) timeline(r *http.Request, body *householdPage, members []loa.Person) error {
	kind, n := r.FormValue("kind"), pageNumber(r)
	ids := make([]loa.PersonID, len(members))
	names := map[loa.PersonID]string{}
	for i, m := range members {
		ids[i] = m.ID
		words := strings.Fields(m.Name)
		names[m.ID] = words[len(words)-1]
	}
	rows, err := s.DB.Timeline(r.Context(), scopeOf(r), body.Household.ID, ids, kind, loa.OpenEnd, 0, n*timelinePage+1)
	if err != nil {
		return err
	}
	base := "/people/" + string(body.Person.ID)
	if len(rows) > n*timelinePage {
		rows = rows[:n*timelinePage]
		body.Older = base + "?kind=" + kind + "&page=" + strconv.Itoa(n+1) + "#timeline"
	}
	for _, k := range []string{"", "attendance", "question", "lead", "consent"} {
		body.Pills = append(body.Pills, pillLink{t(r, "timeline.kind."+k), base + "?kind=" + k + "#timeline", k == kind})
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	for _, row := range rows {
		label := t(r, "timeline.month", row.On.Month().Number(), row.On.Month().Year())
		if len(body.Months) == 0 || body.Months[len(body.Months)-1].Label != label {
			body.Months = append(body.Months, timelineMonth{Label: label})
		}
		m := &body.Months[len(body.Months)-1]
		line := timelineText(r, row)
		line.On, line.Names, line.Officer = row.On, names[row.Person], officers.by[row.Officer]
		m.Rows = append(m.Rows, line)
	}
	return nil
}

// formIcons are the icons of the forms of communication, as parts.html has them.
var formIcons = map[loa.Form]string{loa.Festival: "drum", loa.Conference: "presentation", loa.Launch: "flag", loa.SmallGroup: "users-round", loa.MarketDesk: "store", loa.VisitForm: "house",
	loa.UnionMeeting: "heart-handshake", loa.JointSession: "briefcase"}

// timelineText is one row of the timeline in words.
func timelineText(r *http.Request, row store.TimelineRow) timelineLine {
	switch row.Kind {
	case "attendance":
		return timelineLine{Icon: formIcons[row.Form], Kind: "face", What: row.Text, Sub: t(r, "form."+string(row.Form)), URL: "/sessions/" + row.Link}
	case "visit":
		line := timelineLine{Icon: "house", Kind: "face", What: t(r, "form.visit"), Sub: row.Text, Tag: t(r, "outcome."+row.Detail)}
		if row.Detail == "refused" {
			line.TagKind = "lost"
		}
		if row.Until != "" {
			line.Tag = t(r, "timeline.promised", row.Until.Vietnamese()[:5])
		}
		return line
	case "question":
		line := timelineLine{Icon: "message-circle-question-mark", What: "“" + row.Text + "”", Tag: t(r, "timeline."+row.Detail), TagKind: "grey"}
		if row.Detail == "waiting" {
			line.TagKind = "late"
		}
		return line
	case "lead":
		return timelineLine{Icon: "hand-coins", Kind: "face", What: t(r, "timeline.lead", t(r, "scheme."+row.Detail)), Sub: row.Text, URL: "/enrolment/" + row.Link, Tag: t(r, "step.interested")}
	case "step":
		line := timelineLine{Icon: "handshake", Kind: "face", What: t(r, "step."+row.Detail), Sub: row.Text, URL: "/enrolment/" + row.Link}
		if row.Detail == "refused" {
			line.Icon, line.Kind, line.Tag, line.TagKind = "x", "lost", t(r, "refusal."+row.More), "lost"
		}
		if row.Detail == "paid" {
			line.Icon, line.Kind = "circle-check", "paid"
		}
		return line
	case "contribution":
		line := timelineLine{Icon: "circle-check", Kind: "paid", What: t(r, "timeline.cover", t(r, "scheme."+row.Detail)), Sub: t(r, "payer."+row.More), Tag: t(r, "timeline.paid"), TagKind: "paid"}
		if row.Until != loa.OpenEnd {
			line.Sub += " · " + t(r, "standing.until", row.Until.Vietnamese())
		}
		if row.Amount > 0 {
			line.What = t(r, "timeline.payment", t(r, "scheme."+row.Detail), moneyIn(langOf(r), row.Amount))
		}
		return line
	case "leaving":
		return timelineLine{Icon: "log-out", Kind: "lost", What: t(r, "timeline.left", t(r, "scheme."+row.More)), Sub: t(r, "leaving."+row.Detail)}
	}
	line := timelineLine{Icon: "shield-check", What: t(r, "timeline.consent", t(r, "channel."+row.Detail)), Sub: row.Text, Tag: t(r, "consent.agreed")}
	if !row.Agreed {
		line.Tag, line.TagKind, line.Kind = t(r, "consent.refused"), "lost", "lost"
	}
	return line
}

// history is what was changed on the record: who, when, from what to what.
func (s *Server) history(r *http.Request, body *householdPage) error {
	versions, err := s.DB.Versions(r.Context(), string(body.Person.ID))
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	for i, v := range versions {
		if i == 20 {
			break
		}
		body.History = append(body.History, versionLine{At: v.RecordedAt.In(loa.Zone).Format("02/01/2006 15:04"), Field: t(r, "field."+v.Field), Old: v.Old, New: v.New, Officer: officers.by[v.RecordedBy].Name})
	}
	return nil
}
