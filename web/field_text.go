package web

import (
	"net/http"

	"loa"
)

// fieldText is a kept value of a record in words: history and clashes are read by people.
func fieldText(r *http.Request, field, value string, villages map[loa.AreaID]string) string {
	switch {
	case value == "" && (field == "phone_shared" || field == "phone_bad"):
		return t(r, "people.no")
	case value == "":
		return t(r, "rule.unknown")
	}
	switch field {
	case "area_id":
		if name := villages[loa.AreaID(value)]; name != "" {
			return name
		}
		return t(r, "people.elsewhere")
	case "household_id", "head_id", "merged_into":
		return t(r, "people.another")
	case "sex", "ethnic", "language", "literacy", "poverty", "occupation", "relation", "phone_owner":
		return t(r, field+"."+value)
	case "ended":
		return t(r, "household.ended."+value)
	case "born_on", "poverty_from", "poverty_to":
		return loa.Day(value).Vietnamese()
	case "phone":
		return displayPhone(value)
	case "phone_shared", "phone_bad":
		return t(r, "people.yes")
	}
	return value
}

// clashLine is a field that somebody else changed while a form was open, with both values.
type clashLine struct{ Label, Now, Yours string }

// clashLines are clashes in words.
func clashLines(r *http.Request, clashes []loa.FieldChange, villages map[loa.AreaID]string) []clashLine {
	out := make([]clashLine, len(clashes))
	for i, c := range clashes {
		out[i] = clashLine{t(r, "field."+c.Field), fieldText(r, c.Field, c.Old, villages), fieldText(r, c.Field, c.New, villages)}
	}
	return out
}
