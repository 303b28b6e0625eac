package loa

import (
	"time"

	"loa/vn"
)

// AnswerText is a ready answer in one language: the question as people ask it, and the reply in plain words with its figures as
// placeholders.
type AnswerText struct {
	Lang     string `json:"lang"` // one of Tongues
	Question string `json:"question"`
	Text     string `json:"text"`
}

// ReadyAnswer is the office's word on a question that is asked again and again, in versions: approved by a second officer, with the law it
// rests on and the days on which it holds.
type ReadyAnswer struct {
	ID         ReadyAnswerID
	Office     OfficeID
	Area       AreaID
	Version    int
	Key        string // of the answer that came with the program; empty for the office's own
	Topic      string // one of AnswerTopics
	Texts      []AnswerText
	Cites      string
	From       Day
	Until      Day         // the last day it may be used; empty while no end is known
	State      ScriptState // draft, submitted, approved, withdrawn
	Why        string      // it was sent back or withdrawn
	Author     OfficerID
	ChangedBy  OfficerID
	CreatedAt  time.Time
	ApprovedAt time.Time
	ApprovedBy OfficerID
	Uses       int
	ChangeNo   int64
}

// AnswerTopics are what ready answers are about, in the order of the page.
var AnswerTopics = []string{"voluntary_si", "pension", "benefits", "social_pension", "health", "general"}

// Check refuses an answer that says nothing, names no law, or holds for days running backwards.
func (a ReadyAnswer) Check() error {
	switch {
	case !OneOf(a.Topic, AnswerTopics):
		return Refuse(Invalid, "topic", "not_in_list")
	case vn.Fold(a.Cites) == "":
		return Refuse(Invalid, "cites", "required")
	case len([]rune(a.Cites)) > 300:
		return Refuse(Invalid, "cites", "too_long", 300)
	case a.From == "" || !a.From.Valid():
		return Refuse(Invalid, "from", "bad_day")
	case a.Until != "" && (!a.Until.Valid() || a.Until < a.From):
		return Refuse(Invalid, "until", "until_before_from")
	case len(a.Texts) == 0:
		return Refuse(Invalid, "vietnamese_text", "required")
	}
	seen := map[string]bool{}
	for _, t := range a.Texts {
		switch n := vn.Characters(t.Text); {
		case !OneOf(t.Lang, Tongues):
			return Refuse(Invalid, "lang", "not_in_list")
		case seen[t.Lang]:
			return Refuse(Invalid, t.Lang+"_text", "twice")
		case n < 5 || n > ReplyText:
			return Refuse(Invalid, t.Lang+"_text", "length", 5, ReplyText)
		}
		if n := vn.Characters(t.Question); n < 5 || n > 500 {
			return Refuse(Invalid, t.Lang+"_question", "length", 5, 500)
		}
		seen[t.Lang] = true
	}
	return nil
}

// In is the answer in the first of some languages that it has.
func (a ReadyAnswer) In(langs ...string) (AnswerText, bool) {
	for _, lang := range langs {
		for _, t := range a.Texts {
			if t.Lang == lang {
				return t, true
			}
		}
	}
	return AnswerText{}, false
}

// Usable says whether an answer may be used on a day: approved, and the law behind it holds. Nothing else may be said to anybody.
func (a ReadyAnswer) Usable(on Day) bool {
	return a.State == ScriptApproved && a.From <= on && (a.Until == "" || on <= a.Until)
}

// Outdated says that an approved answer's days are over.
func (a ReadyAnswer) Outdated(on Day) bool {
	return a.State == ScriptApproved && a.Until != "" && a.Until < on
}

// Submit hands a draft over to whoever approves.
func (a *ReadyAnswer) Submit() error {
	if a.State != ScriptDraft {
		return Refuse(Conflict, "", "script_state")
	}
	if err := a.Check(); err != nil {
		return err
	}
	a.State, a.Why = ScriptSubmitted, ""
	return nil
}

// Approve makes an answer usable; nobody approves what they wrote or changed.
func (a *ReadyAnswer) Approve(by By) error {
	switch {
	case a.State != ScriptSubmitted:
		return Refuse(Conflict, "", "script_state")
	case by.Officer == a.Author || by.Officer == a.ChangedBy:
		return Refuse(Denied, "", "own_answer")
	}
	a.State, a.ApprovedBy, a.ApprovedAt, a.Why = ScriptApproved, by.Officer, by.At, ""
	return nil
}

// SendBack gives a submitted answer back to its author with a reason.
func (a *ReadyAnswer) SendBack(why string) error { return a.move(ScriptSubmitted, ScriptDraft, why) }

// Withdraw takes an approved answer out of use at once, with a reason.
func (a *ReadyAnswer) Withdraw(why string) error { return a.move(ScriptApproved, ScriptWithdrawn, why) }

// move takes an answer from one state to another with the reason for it.
func (a *ReadyAnswer) move(from, to ScriptState, why string) error {
	switch {
	case a.State != from:
		return Refuse(Conflict, "", "script_state")
	case vn.Fold(why) == "":
		return Refuse(Invalid, "why", "required")
	}
	a.State, a.Why = to, why
	return nil
}

// AnswerUse is one time a ready answer was used, and to whom: what they did next tells which answer convinces.
type AnswerUse struct {
	Answer       ReadyAnswerID
	Version      int
	Lang         string
	Via          string
	Question     FactID
	Conversation ConversationID
	Person       PersonID
}
