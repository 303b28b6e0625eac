package loa

import (
	"time"
	"unicode/utf8"
)

// AskPages are the public pages on which somebody leaves something: a question, or a number to be called.
var AskPages = []string{"ask", "call"}

// CallTimes are when somebody likes to be called; empty is at any time.
var CallTimes = []string{"morning", "noon", "evening"}

// CallOutcomes are how calling back ended.
var CallOutcomes = []string{"reached", "no_answer"}

// Asker is who asked through a public page, in their own words. It is no Person until an officer says who it is, and what is personal
// in it can be erased without touching the question.
type Asker struct {
	Question FactID
	Office   OfficeID
	Area     AreaID
	Link     LinkID // the link they came through; empty when none
	Page     string // one of AskPages
	Lang     string
	Name     string
	Phone    string // +84…
	When     string // one of CallTimes
	Consent  string // the version of the text agreed to; empty when nothing personal was left
	At       time.Time
	CalledOn Day
	CalledBy OfficerID
	Outcome  string // one of CallOutcomes
	ErasedAt time.Time
	Refused  bool // somebody of that number has refused to be called: the number is not shown
}

// Check refuses what is personal without the consent to it.
func (a Asker) Check() error {
	switch {
	case !OneOf(a.Page, AskPages):
		return Refuse(Invalid, "page", "not_in_list")
	case utf8.RuneCountInString(a.Name) > 100:
		return Refuse(Invalid, "name", "too_long", 100)
	case a.When != "" && !OneOf(a.When, CallTimes):
		return Refuse(Invalid, "when", "not_in_list")
	case a.Page == "call" && a.Phone == "":
		return Refuse(Invalid, "phone", "required")
	case (a.Name != "" || a.Phone != "") && a.Consent == "":
		return Refuse(Invalid, "agree", "needs_consent")
	}
	return nil
}

// ToCall says whether the number still waits to be called.
func (a Asker) ToCall() bool { return a.Phone != "" && a.Outcome != "reached" }
