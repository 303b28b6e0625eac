package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/store"
	"loa/vn"
)

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

const timelinePage = 30

// timeline is every touch of the household, newest first; what several members had in common is one line.
func (s *Server) timeline(r *http.Request, body *householdPage, members []loa.Person) error {
	kind, n := r.FormValue("kind"), pageNumber(r)
	if !slices.Contains(store.TimelineKinds, kind) {
		kind = ""
	}
	q := store.TimelineQuery{Home: body.Household.ID, Kind: kind, Until: loa.OpenEnd, Take: n*timelinePage + 1}
	names := map[loa.PersonID]string{}
	for _, m := range members {
		q.People = append(q.People, m.ID)
		words := strings.Fields(m.Name)
		names[m.ID] = words[len(words)-1]
	}
	rows, err := s.DB.Timeline(r.Context(), scopeOf(r), q)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	if kind == "" && len(rows) < q.Take { // all of it is here: most households
		for _, row := range rows {
			counts[row.Kind]++
		}
	} else if counts, err = s.DB.TimelineCounts(r.Context(), scopeOf(r), q); err != nil {
		return err
	}
	link := func(kind string, page int) string {
		v := url.Values{}
		if kind != "" {
			v.Set("kind", kind)
		}
		if page > 1 {
			v.Set("page", strconv.Itoa(page))
		}
		if body.Back != "" {
			v.Set("from", body.Back)
		}
		return body.Base + "?" + v.Encode() + "#timeline"
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	body.Touches = all
	counts[""] = all
	if len(rows) > n*timelinePage {
		rows = rows[:n*timelinePage]
		body.Older, body.OlderN = link(kind, n+1), counts[kind]-n*timelinePage
	}
	for _, k := range append([]string{""}, store.TimelineKinds...) {
		if k == "" || counts[k] > 0 || k == kind {
			body.Pills = append(body.Pills, pillLink{t(r, "timeline.kind."+k), link(k, 1), counts[k], k == kind})
		}
	}
	return s.timelineMonths(r, body, rows, names)
}

func (s *Server) timelineMonths(r *http.Request, body *householdPage, rows []store.TimelineRow, names map[loa.PersonID]string) error {
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	villages, err := s.villageNames(r)
	if err != nil {
		return err
	}
	for _, group := range together(rows) {
		row := group[0]
		label := t(r, "timeline.month", row.On.Month().Number(), row.On.Month().Year())
		if len(body.Months) == 0 || body.Months[len(body.Months)-1].Label != label {
			body.Months = append(body.Months, timelineMonth{Label: label})
		}
		m := &body.Months[len(body.Months)-1]
		var line timelineLine
		if row.Kind == "change" {
			line = changeText(r, group, villages)
		} else {
			line = timelineText(r, row)
		}
		var who []string
		for _, g := range group {
			if name := names[g.Person]; name != "" && !slices.Contains(who, name) {
				who = append(who, name)
			}
		}
		line.On, line.Names, line.Officer = row.On, strings.Join(who, ", "), officers.by[row.Officer]
		m.Rows = append(m.Rows, line)
	}
	return nil
}

// together puts rows into one line when several members share them, or when one saving changed several fields.
func together(rows []store.TimelineRow) [][]store.TimelineRow {
	var out [][]store.TimelineRow
	for _, row := range rows {
		if len(out) > 0 && sameTouch(out[len(out)-1][0], row) {
			out[len(out)-1] = append(out[len(out)-1], row)
			continue
		}
		out = append(out, []store.TimelineRow{row})
	}
	return out
}

func sameTouch(a, b store.TimelineRow) bool {
	if a.Kind != b.Kind || a.On != b.On || a.Officer != b.Officer {
		return false
	}
	switch a.Kind {
	case "attendance":
		return a.Link == b.Link
	case "contribution":
		return a.Detail == b.Detail && a.More == b.More && a.Until == b.Until && a.Amount == b.Amount && a.Text == b.Text
	case "change":
		return a.At == b.At && a.Person == b.Person
	}
	return false
}

// changeText is what one saving changed on a record, field by field.
func changeText(r *http.Request, group []store.TimelineRow, villages map[loa.AreaID]string) timelineLine {
	var fields, values []string
	for _, g := range group {
		fields = append(fields, t(r, "field."+g.Detail))
		was, is := fieldText(r, g.Detail, g.Text, villages), fieldText(r, g.Detail, g.More, villages)
		if was != is { // from one household to another reads as "changed" alone
			is = was + " → " + is
		}
		values = append(values, t(r, "field."+g.Detail)+": "+is)
	}
	return timelineLine{Icon: "pencil", What: t(r, "timeline.changed", strings.Join(fields, ", ")), Sub: strings.Join(values, "; ")}
}

// formIcons are the icons of the forms of communication, as parts.html has them.
var formIcons = map[loa.Form]string{loa.Festival: "drum", loa.Conference: "presentation", loa.Launch: "flag", loa.SmallGroup: "users-round", loa.MarketDesk: "store", loa.VisitForm: "house",
	loa.UnionMeeting: "heart-handshake", loa.JointSession: "briefcase"}

// messageIcons are the icons of the forms of messages.
var messageIcons = map[loa.Form]string{loa.SMS: "smartphone", loa.Zalo: "message-circle", loa.Email: "mail", loa.PageForm: "newspaper", "call": "phone"}

// timelineText is one row of the timeline in words.
func timelineText(r *http.Request, row store.TimelineRow) timelineLine {
	switch row.Kind {
	case "attendance":
		return timelineLine{Icon: formIcons[row.Form], Kind: "face", What: row.Text, Sub: t(r, "form."+string(row.Form)), URL: "/sessions/" + row.Link, Tag: t(r, "timeline.came")}
	case "visit":
		line := timelineLine{Icon: "house", Kind: "face", What: t(r, "form.visit"), Sub: row.Text, Tag: t(r, "outcome."+row.Detail)}
		switch {
		case row.Detail == "refused":
			line.TagKind = "lost"
		case row.Detail == "not_home":
			line.TagKind, line.Kind = "grey", ""
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
		switch row.Detail {
		case "refused":
			line.Icon, line.Kind, line.Tag, line.TagKind = "x", "lost", t(r, "refusal."+row.More), "lost"
		case "paid":
			line.Icon, line.Kind = "circle-check", "paid"
		case "registered":
			line.Icon = "file-check"
		}
		return line
	case "contribution":
		line := timelineLine{Icon: "circle-check", Kind: "paid", What: t(r, "timeline.cover", t(r, "scheme."+row.Detail)), Sub: t(r, "payer."+row.More), Tag: t(r, "timeline.paid"), TagKind: "paid"}
		if row.More != string(loa.PaysSelf) {
			line.Icon, line.Kind, line.Tag, line.TagKind = "id-card", "", t(r, "timeline.card"), "grey"
		}
		if row.Until != loa.OpenEnd {
			line.Sub += " · " + t(r, "standing.until", row.Until.Vietnamese())
		}
		if row.Amount > 0 {
			line.What = t(r, "timeline.payment", t(r, "scheme."+row.Detail), moneyIn(langOf(r), row.Amount))
		}
		return line
	case "message":
		line := timelineLine{Icon: messageIcons[row.Form], What: cmpOr(row.Text, t(r, "timeline.message")), Sub: t(r, "timeline.network."+row.More), Tag: t(r, "timeline.delivery."+row.Detail), TagKind: "grey"}
		if row.Link != "" && whoOf(r).may(loa.ReadOutreach) {
			line.URL = "/broadcasts/" + row.Link
		}
		switch row.Detail {
		case "delivered", "seen":
			line.TagKind = "paid"
		case "refused", "failed":
			line.TagKind = "lost"
		}
		return line
	case "said":
		line := timelineLine{Icon: "message-circle", Kind: "face", What: "“" + row.Text + "”", Sub: t(r, "timeline.via."+row.More), URL: "/inbox/" + row.Link, Tag: t(r, "timeline.said"), TagKind: "grey"}
		if row.Detail == "refusal" {
			line.Tag, line.TagKind = t(r, "consent.refused"), "lost"
		}
		return line
	case "calculation":
		return timelineLine{Icon: "calculator", Kind: "face", What: t(r, "timeline.calculation", t(r, "scheme."+row.Detail)), Sub: t(r, "timeline.calculation_pay."+row.Detail, moneyIn(langOf(r), row.Amount)), URL: "/calculator?saved=" + row.Link, Tag: t(r, "timeline.shown")}
	case "leaving":
		return timelineLine{Icon: "log-out", Kind: "lost", What: t(r, "timeline.left", t(r, "scheme."+row.More)), Sub: t(r, "leaving."+row.Detail)}
	}
	line := timelineLine{Icon: "shield-check", What: t(r, "timeline.consent", t(r, "channel."+row.Detail)), Sub: joinDots(t(r, "purpose."+row.More), row.Text), Tag: t(r, "consent.agreed")}
	if !row.Agreed {
		line.Tag, line.TagKind, line.Kind = t(r, "consent.refused"), "lost", "lost"
	}
	return line
}

func displayPhone(s string) string {
	if s == "" {
		return ""
	}
	return vn.PhoneDisplay(s)
}
