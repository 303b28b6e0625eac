package fake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Template is a registered form of words, which messages fill in.
type Template struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Status   string  `json:"status"` // ENABLE, PENDING_REVIEW, REJECT, DISABLE
	Tag      int     `json:"tag"`    // 1 transaction, 2 customer care, 3 promotion
	Text     string  `json:"text"`   // with <name> for each parameter
	Params   []Param `json:"params"`
	Price    int64   `json:"price"`     // by phone
	PriceUID int64   `json:"price_uid"` // by UID
	UID      bool    `json:"uid"`       // may be sent by UID: otherwise -249
	Day      bool    `json:"day"`       // refuses the hours from 22:00 until 06:00: -133
	Quota    int     `json:"quota"`     // a day of its own; 0 for no end: -147

	day counted
}

// Param is one parameter of a template.
type Param struct {
	Name       string `json:"name"`
	Require    bool   `json:"require"`
	Type       string `json:"type"`
	MaxLength  int    `json:"maxLength"`
	MinLength  int    `json:"minLength"`
	AcceptNull bool   `json:"acceptNull"`
}

var templateStatus = []string{"ENABLE", "PENDING_REVIEW", "REJECT", "DISABLE", "DELETE"}
var templateTags = []string{"TRANSACTION", "CUSTOMER_CARE", "PROMOTION"}

// AddTemplates registers templates, or changes those that are; a change of status raises its event.
func (z *Zalo) AddTemplates(list ...Template) {
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	for _, t := range list {
		if t.Status == "" {
			t.Status = "ENABLE"
		}
		old := z.template(t.ID)
		if old == nil {
			z.templates = append(z.templates, &t)
			continue
		}
		before := old.Status
		*old = t
		if before != t.Status {
			z.raise("change_template_status", map[string]any{"template_id": t.ID, "status": map[string]string{"prev_status": before, "new_status": t.Status}, "reason": ""})
		}
	}
}

func (z *Zalo) template(id string) *Template {
	for _, t := range z.templates {
		if t.ID == id {
			return t
		}
	}
	return nil
}

var (
	dateParam  = regexp.MustCompile(`^([01]?\d:[0-5]\d:[0-5]\d |2[0-3]:[0-5]\d:[0-5]\d )?\d{2}/\d{2}/\d{4}$`)
	moneyParam = regexp.MustCompile(`^\d{1,3}(\.\d{3})*$|^\d+$`)
	blank      = regexp.MustCompile(`<[a-z0-9_]+>`)
)

// checkData says what is wrong with the values a template is to be filled with.
func (t *Template) checkData(data map[string]json.RawMessage) refusal {
	for _, p := range t.Params {
		raw, given := data[p.Name]
		if !given {
			if p.Require {
				return refusal{-1122, "Template data is missing a parameter: " + p.Name}
			}
			continue
		}
		var value string
		if json.Unmarshal(raw, &value) != nil {
			return refusal{-1121, "Template data must be a string: " + p.Name}
		}
		n := utf8.RuneCountInString(value)
		switch {
		case n == 0 && p.Require && !p.AcceptNull:
			return refusal{-1122, "Template data is empty: " + p.Name}
		case p.MaxLength > 0 && n > p.MaxLength || n < p.MinLength:
			return refusal{-1124, "Template data is too long or too short: " + p.Name}
		case n > 0 && p.Type == "DATE" && !dateParam.MatchString(value) || n > 0 && p.Type == "CURRENCY" && !moneyParam.MatchString(value):
			return refusal{-112, "Template data has a wrong form: " + p.Name}
		}
	}
	return refusal{}
}

// write fills the template in, for the ledger and for who reads it.
func (t *Template) write(data map[string]json.RawMessage) string {
	return blank.ReplaceAllStringFunc(t.Text, func(name string) string {
		var value string
		_ = json.Unmarshal(data[name[1:len(name)-1]], &value)
		return value
	})
}

// sendTemplate sends a template to a user by their ID.
func (z *Zalo) sendTemplate(c *call) reply {
	var m struct {
		UserID       string                     `json:"user_id"`
		TemplateID   string                     `json:"template_id"`
		TemplateData map[string]json.RawMessage `json:"template_data"`
	}
	if !c.read(&m) {
		return z.refuse(c, -201, "params is invalid")
	}
	c.entry.To = m.UserID
	v, no := z.mayHear(m.UserID)
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	t := z.template(m.TemplateID)
	switch {
	case t == nil:
		return z.refuse(c, -248, "template_id is invalid")
	case t.Status != "ENABLE":
		return z.refuse(c, -233, "Template is not approved")
	case !t.UID:
		return z.refuse(c, -249, "Template does not support sending by UID")
	case t.Tag == 3 && !openAt(c.at, 6, 22):
		return z.refuse(c, -234, "This message is not allowed at this time")
	case t.Tag == 3 && !v.Follows:
		return z.refuse(c, -213, "User has not followed the OA")
	case z.MessageQuota > 0 && z.sent.used(dayOf(c.at)) >= z.MessageQuota:
		return z.refuse(c, -211, "Out of quota")
	}
	if no := t.checkData(m.TemplateData); no.code != 0 {
		return z.refuse(c, -210, no.text)
	}
	if z.Balance < t.PriceUID {
		return z.refuse(c, -321, "Zalo Cloud Account is out of money")
	}
	z.Balance -= t.PriceUID
	z.sent.used(dayOf(c.at))
	z.sent.n++
	id, text := z.w.hex(), t.write(m.TemplateData)
	c.take("template", id, v.ID, text)
	c.entry.Cost = t.PriceUID
	z.arrive(v, id, text, c.at)
	return good(map[string]any{"message_id": id, "user_id": v.ID, "sent_time": millis(c.at), "quota": map[string]any{"quota_type": "purchase_quota", "remain": max(z.MessageQuota-z.sent.n, 0)}})
}

// listTemplates lists the register; a status is a number in the question and a word in the answer.
func (z *Zalo) listTemplates(c *call) reply {
	q := c.r.URL.Query()
	offset, err1 := strconv.Atoi(q.Get("offset"))
	limit, err2 := strconv.Atoi(q.Get("limit"))
	want := ""
	if s := q.Get("status"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > len(templateStatus) {
			return z.refuse(c, -132, "status is invalid")
		}
		want = templateStatus[n-1]
	}
	if err1 != nil || err2 != nil || limit < 1 || limit > 100 || offset < 0 {
		return z.refuse(c, -132, "offset or limit is invalid")
	}
	list := []map[string]any{}
	for _, t := range z.templates {
		if want == "" || t.Status == want {
			list = append(list, map[string]any{"templateId": templateNumber(t.ID), "templateName": t.Name, "status": t.Status, "templateQuality": z.Quality, "createdTime": 1795352461000})
		}
	}
	total := len(list)
	list = list[min(offset, total):]
	return answer(http.StatusOK, map[string]any{"error": 0, "message": "Success", "data": list[:min(limit, len(list))], "metadata": map[string]int{"total": total}})
}

// templateNumber writes the ID as the number that it is on the wire, where it is one.
func templateNumber(id string) any {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		return n
	}
	return id
}

func (z *Zalo) templateInfo(c *call) reply {
	t := z.template(c.r.URL.Query().Get("template_id"))
	if t == nil {
		return z.refuse(c, -109, "Template does not exist")
	}
	return good(map[string]any{
		"templateId": templateNumber(t.ID), "templateName": t.Name, "status": t.Status, "listParams": append([]Param{}, t.Params...), "listButtons": []any{}, "timeout": 7200000,
		"previewUrl": "https://account.zalo.cloud/", "templateQuality": z.Quality, "templateTag": templateTags[min(max(t.Tag, 1), 3)-1],
		"price": t.Price, "price_sdt": t.Price, "price_uid": t.PriceUID,
	})
}

func (z *Zalo) templateSample(c *call) reply {
	t := z.template(c.r.URL.Query().Get("template_id"))
	if t == nil {
		return z.refuse(c, -109, "Template does not exist")
	}
	data := map[string]string{}
	for _, p := range t.Params {
		data[p.Name] = p.Name
	}
	return good(data)
}

type draftTemplate struct {
	ID         string `json:"template_id"`
	Name       string `json:"template_name"`
	Type       int    `json:"template_type"`
	Tag        string `json:"tag"`
	TrackingID string `json:"tracking_id"`
	Layout     any    `json:"layout"`
	Params     []struct {
		Type int    `json:"type"`
		Name string `json:"name"`
	} `json:"params"`
}

// paramLimits are the greatest lengths of the parameter types, from 1.
var paramLimits = []int{30, 15, 200, 30, 30, 30, 50, 5, 200, 20, 20, 10, 200, 12, 90}

func (z *Zalo) readDraft(c *call) (draftTemplate, refusal) {
	var d draftTemplate
	if !c.read(&d) {
		return d, refusal{-122, "Body is invalid"}
	}
	tag, _ := strconv.Atoi(d.Tag)
	n := utf8.RuneCountInString(d.Name)
	if n < 10 || n > 60 || d.Type < 1 || d.Type > 5 || tag < 1 || tag > 3 || d.TrackingID == "" || d.Layout == nil {
		return d, refusal{-132, "Parameter is invalid"}
	}
	if slices.ContainsFunc(d.Params, func(p struct {
		Type int    `json:"type"`
		Name string `json:"name"`
	}) bool {
		return p.Type < 1 || p.Type > len(paramLimits) || p.Name == ""
	}) {
		return d, refusal{-132, "Parameter type is invalid"}
	}
	return d, refusal{}
}

func (d draftTemplate) put(t *Template) {
	t.Name, t.Status, t.Params = d.Name, "PENDING_REVIEW", nil
	t.Tag, _ = strconv.Atoi(d.Tag)
	for _, p := range d.Params {
		t.Params = append(t.Params, Param{Name: p.Name, Require: true, Type: "STRING", MaxLength: paramLimits[p.Type-1]})
	}
}

// createTemplate puts a template up for approval, which somebody gives by AddTemplates.
func (z *Zalo) createTemplate(c *call) reply {
	d, no := z.readDraft(c)
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	if z.wrote.used(dayOf(c.at)) >= 100 {
		return z.refuse(c, -100, "Out of quota to create templates today")
	}
	z.wrote.n++
	t := &Template{ID: strconv.Itoa(400000 + len(z.templates))}
	d.put(t)
	z.templates = append(z.templates, t)
	c.take("create_template", t.ID, "", t.Name)
	c.entry.Ref = d.TrackingID
	return good(map[string]any{"template_id": t.ID, "template_name": t.Name, "template_status": t.Status, "app_id": z.AppID, "tracking_id": d.TrackingID})
}

func (z *Zalo) editTemplate(c *call) reply {
	d, no := z.readDraft(c)
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	t := z.template(d.ID)
	if t == nil || t.Status != "REJECT" {
		return z.refuse(c, -109, "Template cannot be edited")
	}
	d.put(t)
	c.take("edit_template", t.ID, "", t.Name)
	return good(map[string]any{"template_id": t.ID, "template_status": t.Status})
}
