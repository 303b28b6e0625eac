package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"loa"
)

type hoursLine struct{ Form, Label, Hint, Start, End, Error string }

type priceLine struct{ Telco, Label, Value, Error string }

type sendingPage struct {
	Tabs                []tabLine
	Set                 loa.SendingSettings
	Hours               []hoursLine
	Prices              []priceLine
	FailLimit, RefLimit string
	Errors              map[string]string
}

// sendingShow is what the office decides about sending beside the law.
func (s *Server) sendingShow(w http.ResponseWriter, r *http.Request) error {
	set, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	return s.sendingDraw(w, r, set, nil, 0)
}

func (s *Server) sendingDraw(w http.ResponseWriter, r *http.Request, set loa.SendingSettings, f *form, status int) error {
	b := sendingPage{Tabs: adminTabs(r, "sending"), Set: set, FailLimit: pointsText(set.FailLimit), RefLimit: pointsText(set.RefuseLimit), Errors: map[string]string{}}
	if f != nil {
		b.Errors = f.Errors
	}
	for _, form := range loa.HourForms {
		h := set.HoursOf(form)
		line := hoursLine{Form: form, Label: t(r, "sending.form."+form), Hint: t(r, "sending.hours_now", minuteOf(h.Start), minuteOf(h.End)), Start: minuteOf(h.Start), End: minuteOf(h.End), Error: b.Errors["hours_"+form]}
		if f != nil {
			line.Start, line.End = f.text("start_"+form), f.text("end_"+form)
		}
		b.Hours = append(b.Hours, line)
	}
	for _, telco := range loa.Telcos {
		line := priceLine{Telco: telco, Label: t(r, "sending.telco."+telco), Error: b.Errors["price_"+telco]}
		if p := set.SMSPrice[telco]; p > 0 {
			line.Value = strconv.FormatInt(p, 10)
		}
		if f != nil {
			line.Value = f.text("price_" + telco)
		}
		b.Prices = append(b.Prices, line)
	}
	return s.render(w, r, "admin_sending", page{Title: t(r, "sending.title"), Context: whoOf(r).Office.Name, Active: "admin", Status: status, Body: b})
}

// sendingSave keeps it.
func (s *Server) sendingSave(w http.ResponseWriter, r *http.Request) error {
	me, f := whoOf(r), readForm(r)
	set, err := s.DB.SendingSettings(r.Context(), me.Office.ID)
	if err != nil {
		return err
	}
	for _, form := range loa.HourForms {
		start, ok1 := readClock(f.text("start_" + form))
		end, ok2 := readClock(f.text("end_" + form))
		if !ok1 || !ok2 {
			f.bad("hours_"+form, "error.bad_clock")
			continue
		}
		if end == 0 { // midnight ends the day
			end = 24 * 60
		}
		set.Hours[form] = loa.Hours{Start: start, End: end}
	}
	for _, telco := range loa.Telcos {
		set.SMSPrice[telco] = f.number("price_" + telco)
	}
	set.CapN, set.CapDays, set.Few, set.Pace, set.LowBalance = int(f.number("cap")), int(f.number("cap_days")), int(f.number("few")), int(f.number("pace")), f.number("low_balance")
	set.FailLimit, set.RefuseLimit = f.percent("fail_limit"), f.percent("refuse_limit")
	if f.ok() {
		if err := f.take(s.DB.SaveSendingSettings(r.Context(), me.Office.ID, s.by(r), set)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sendingDraw(w, r, set, f, http.StatusUnprocessableEntity)
	}
	if s.Channels != nil {
		s.Channels.Wake() // somebody may be told now
	}
	return s.done(w, r, "/admin/sending", t(r, "sending.saved"), "")
}

// minuteOf writes minutes after midnight as 07:00; the end of the day is 24:00.
func minuteOf(min int) string { return fmt.Sprintf("%02d:%02d", min/60, min%60) }

// readClock reads 7:00, 07h00 or 24:00.
func readClock(s string) (int, bool) {
	s = strings.NewReplacer("h", ":", "H", ":", ".", ":").Replace(strings.TrimSpace(s))
	hour, minute, ok := strings.Cut(s, ":")
	if !ok || minute == "" {
		minute = "0"
	}
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if err1 != nil || err2 != nil || h < 0 || m < 0 || m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, false
	}
	return h*60 + m, true
}

// pointsText writes basis points as a percentage with a comma: 250 is 2,5.
func pointsText(points int) string {
	s := strconv.Itoa(points / 100)
	if rest := points % 100; rest > 0 {
		s += "," + strings.TrimRight(fmt.Sprintf("%02d", rest), "0")
	}
	return s
}

// percent reads a percentage with at most two places into basis points.
func (f *form) percent(name string) int {
	s := strings.TrimSuffix(strings.ReplaceAll(f.text(name), " ", ""), "%")
	whole, part, _ := strings.Cut(strings.ReplaceAll(s, ".", ","), ",")
	if whole == "" {
		whole = "0"
	}
	n, err := strconv.Atoi(whole)
	d, err2 := strconv.Atoi((part + "00")[:2])
	if err != nil || err2 != nil || len(part) > 2 || n < 0 || n > 100 || d < 0 {
		f.bad(name, "error.not_a_number")
		return 0
	}
	return n*100 + d
}
