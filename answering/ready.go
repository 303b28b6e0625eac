package answering

import (
	_ "embed" // the answers every office is offered
	"encoding/json"
	"fmt"
	"sync"

	"loa"
)

//go:embed answers.json
var embedded []byte

// Offered is an answer that comes with the program: an office takes it over, changes it as it likes, and approves it. Loa approves nothing.
type Offered struct {
	Key     string           `json:"key"`
	Topic   string           `json:"topic"`
	Cites   string           `json:"cites"`
	From    loa.Day          `json:"from"`
	Until   loa.Day          `json:"until,omitempty"`
	Confirm bool             `json:"confirm,omitempty"` // the law behind it is to be looked up before it is approved
	Texts   []loa.AnswerText `json:"texts"`
}

// All are the answers that come with the program.
var All = sync.OnceValues(func() ([]Offered, error) {
	var out []Offered
	if err := json.Unmarshal(embedded, &out); err != nil {
		return nil, fmt.Errorf("read the answers that come with the program: %w", err)
	}
	return out, nil
})

// Draft is the office's own draft of an offered answer.
func (o Offered) Draft(id loa.ReadyAnswerID, office loa.OfficeID, area loa.AreaID) loa.ReadyAnswer {
	return loa.ReadyAnswer{ID: id, Office: office, Area: area, Key: o.Key, Topic: o.Topic, Cites: o.Cites, From: o.From, Until: o.Until, Texts: append([]loa.AnswerText{}, o.Texts...), State: loa.ScriptDraft}
}
