package loa

import (
	"regexp"

	"loa/vn"
)

// Group is a group on Zalo as an officer enters it: Zalo tells of one only when somebody writes there, so that those who must be told first
// are entered by hand.
type Group struct {
	Channel ChannelID
	To      string // its number at Zalo
	Name    string
	Area    AreaID // whose people are in it
	Source  string // who gave the number, or where it was read
}

var groupNumber = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// Check refuses a group nobody could find again.
func (g Group) Check() error {
	switch {
	case !groupNumber.MatchString(g.To):
		return Refuse(Invalid, "group_to", "bad_group")
	case vn.Fold(g.Name) == "":
		return Refuse(Invalid, "group_name", "required")
	case vn.Characters(g.Name) > 200:
		return Refuse(Invalid, "group_name", "too_long", 200)
	case vn.Fold(g.Source) == "":
		return Refuse(Invalid, "group_source", "required")
	case vn.Characters(g.Source) > 300:
		return Refuse(Invalid, "group_source", "too_long", 300)
	case g.Area == "":
		return Refuse(Invalid, "area", "required")
	}
	return nil
}
