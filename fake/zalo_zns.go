package fake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// znsMessage is a message by phone whose status can be asked for.
type znsMessage struct {
	delivered time.Time // zero while it waits
}

var (
	zaloPhone  = regexp.MustCompile(`^84[0-9]{9}$`)
	trackingID = regexp.MustCompile(`^[a-z0-9_]{1,48}$`)
	hashed     = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

type znsBody struct {
	Phone        string                     `json:"phone"`
	HashPhone    string                     `json:"hash_phone"`
	TemplateID   string                     `json:"template_id"`
	TemplateData map[string]json.RawMessage `json:"template_data"`
	TrackingID   string                     `json:"tracking_id"`
	SendingMode  string                     `json:"sending_mode"`
	Mode         string                     `json:"mode"`
}

// address is whom a message is for: the telephone, or its hash.
func (m znsBody) address() string {
	if m.HashPhone != "" {
		return m.HashPhone
	}
	return m.Phone
}

// sendZNS sends a template to a telephone number.
func (z *Zalo) sendZNS(c *call) reply {
	var m znsBody
	if !c.read(&m) {
		return z.refuse(c, -122, "Body is invalid")
	}
	c.entry.To, c.entry.Ref = m.address(), m.TrackingID
	if no := z.checkZNS(c, m); no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	if id, ok := z.tracked[m.TrackingID]; ok && z.Dedupes {
		return z.znsAnswer(c, id, m)
	}
	t := z.template(m.TemplateID)
	price := t.Price
	if m.Mode == "development" {
		price = 0
	}
	if z.Balance < price {
		return z.refuse(c, -115, "Zalo Cloud Account is out of money")
	}
	z.Balance -= price
	z.znsDay.n++
	t.day.n++
	id, text := z.w.hex(), t.write(m.TemplateData)
	c.take("zns", id, m.address(), text)
	c.entry.Cost = price
	if m.TrackingID != "" {
		z.tracked[m.TrackingID] = id
	}
	sent := &znsMessage{}
	z.znsSent[id] = sent
	z.deliverZNS(sent, id, m, text, c.at)
	return z.znsAnswer(c, id, m)
}

func (z *Zalo) znsAnswer(c *call, id string, m znsBody) reply {
	mode := m.SendingMode
	if mode == "" {
		mode = "1"
	}
	return good(map[string]any{"msg_id": id, "sent_time": millis(c.at), "sending_mode": mode,
		"quota": map[string]string{"dailyQuota": strconv.Itoa(z.DailyQuota), "remainingQuota": strconv.Itoa(max(z.DailyQuota-z.znsDay.n, 0))}})
}

// checkZNS says why a message by phone is refused.
func (z *Zalo) checkZNS(c *call, m znsBody) refusal {
	t, byHash := z.template(m.TemplateID), c.r.URL.Path == "/zalo-business/message/template/hashphone"
	switch {
	case byHash && !hashed.MatchString(m.HashPhone) || !byHash && !zaloPhone.MatchString(m.Phone):
		return refusal{-108, "Phone number is invalid"}
	case m.TrackingID != "" && !trackingID.MatchString(m.TrackingID):
		return refusal{-132, "tracking_id is invalid"}
	case t == nil:
		return refusal{-109, "Template does not exist"}
	case t.Status != "ENABLE":
		return refusal{-131, "Template is not approved"}
	case t.Text == "":
		return refusal{-121, "Template has no content"}
	case m.Mode == "development" && !slices.Contains(z.Admins, m.Phone):
		return refusal{-127, "Test messages can be sent to admins only"}
	case t.Day && !openAt(c.at, 6, 22):
		return refusal{-133, "This template cannot be sent between 22:00 and 06:00"}
	}
	if no := t.checkData(m.TemplateData); no.code != 0 {
		return no
	}
	switch {
	case z.znsDay.used(dayOf(c.at)) >= z.DailyQuota:
		return refusal{-144, "OA has reached its daily quota"}
	case t.Quota > 0 && t.day.used(dayOf(c.at)) >= t.Quota:
		return refusal{-147, "Template has reached its daily quota"}
	}
	return z.znsRecipient(m.address(), byHash)
}

// znsRecipient says why a telephone cannot have a message.
func (z *Zalo) znsRecipient(address string, byHash bool) refusal {
	v := z.w.villagers[address]
	switch {
	case v == nil && byHash, v != nil && v.NoZalo, v == nil && int(mix(digest(address))%100) < z.NoZaloShare:
		return refusal{-118, "Zalo account not existed"}
	case v == nil:
		return refusal{}
	case v.Inactive:
		return refusal{-114, "User is inactive"}
	case v.RefusesZNS != "":
		code, _ := strconv.Atoi(v.RefusesZNS)
		return refusal{code, "User refuses to receive this message"}
	}
	return refusal{}
}

// digest makes a number of an address, the same every time.
func digest(s string) uint64 {
	var n uint64
	for _, b := range []byte(s) {
		n = mix(n ^ uint64(b))
	}
	return n
}

// znsStatus tells whether a message reached the telephone.
func (z *Zalo) znsStatus(c *call) reply {
	m := z.znsSent[c.r.URL.Query().Get("message_id")]
	switch {
	case m == nil:
		return good(map[string]any{"message": "The message is unknown", "status": -1})
	case m.delivered.IsZero() || c.at.Before(m.delivered):
		return good(map[string]any{"message": "The message is pending", "status": 0})
	}
	return good(map[string]any{"delivery_time": millis(m.delivered), "message": "The message was delivered to the user's phone", "status": 1})
}

func (z *Zalo) znsQuota(c *call) reply {
	return good(map[string]any{"dailyQuota": z.DailyQuota, "remainingQuota": max(z.DailyQuota-z.znsDay.used(dayOf(c.at)), 0), "monthlyPromotionQuota": 125, "remainingMonthlyPromotionQuota": 125})
}

func (z *Zalo) znsTags(*call) reply { return good(templateTags) }

func (z *Zalo) znsQuality(*call) reply {
	return good(map[string]string{"oaCurrentQuality": z.Quality, "oa7dayQuality": z.Quality})
}

// uploadZNS takes a picture for a template, of at most 500 KB.
func (z *Zalo) uploadZNS(c *call) reply {
	raw, no := c.file()
	switch kind := http.DetectContentType(raw); {
	case no.code != 0:
		return z.refuse(c, -132, no.text)
	case len(raw) > 500<<10 || kind != "image/png" && kind != "image/jpeg":
		return z.refuse(c, -132, "File is too large or of a wrong type")
	}
	id := z.w.hex()
	c.take("upload", id, "", "")
	return good(map[string]string{"media_id": id})
}
