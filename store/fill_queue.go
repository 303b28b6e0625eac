package store

import (
	"loa"
)

// queue puts the questions of a filling into the queue as the program does when they come in, and lets them be found by their words.
func (f *filler) queue(b *loa.Bulk) error {
	state := map[loa.FactID]string{} // "open" while somebody has to be answered or told
	for _, a := range b.Answers {
		if state[a.Question] = "answered"; a.ToldOn != "" {
			state[a.Question] = "told"
		}
	}
	public, replaced := map[loa.FactID]bool{}, map[loa.FactID]bool{}
	for _, a := range b.Askers {
		public[a.Question] = true
	}
	for _, q := range b.Questions {
		if q.Corrects != "" {
			replaced[q.Corrects] = true
		}
	}
	type word struct {
		number int64
		record string
	}
	var words []word
	var queued []loa.Question
	for _, q := range b.Questions {
		if q.Void || replaced[q.ID] {
			continue
		}
		for _, n := range wordNumbers(q.Office, wordsOfQuestion, loa.Terms(q.Text)) {
			words = append(words, word{n, string(q.ID)})
		}
		if s := state[q.ID]; s == "" || s == "answered" && q.Promised {
			q.HappenedAt = askedAtHour(q)
			queued = append(queued, q)
			for _, n := range wordNumbers(q.Office, wordsOfTurn, loa.Terms(q.Text)) {
				words = append(words, word{n, string(q.ID)})
			}
		}
	}
	officeOf := make(map[loa.FactID]loa.OfficeID, len(b.Questions))
	for _, q := range b.Questions {
		if !q.Void && !replaced[q.ID] {
			officeOf[q.ID] = q.Office
		}
	}
	for _, a := range b.Answers {
		if officeOf[a.Question] != "" {
			for _, n := range wordNumbers(officeOf[a.Question], wordsOfQuestion, loa.Terms(a.Text+" "+a.Cites)) {
				words = append(words, word{n, string(a.Question)})
			}
		}
	}
	err := insertAll(f, "conversation", "id, office_id, area_id, via, person_id, question_id, state, owner_id, due_at, waits_since, heard_at, last_at, last_text, last_kind, first_at, change_no", "", queued,
		func(to []any, q *loa.Question) []any {
			via := viaOfQuestion(*q)
			if public[q.ID] {
				via = loa.ViaPublic
			}
			at, due, waits := millis(q.HappenedAt), int64(0), int64(0)
			if state[q.ID] == "" {
				due, waits = millis(loa.DueAfter(q.HappenedAt, "")), at
			}
			return append(to, string(q.ID), string(q.Office), string(q.Area), via, string(q.Person), string(q.ID), string(loa.ConversationOpen), string(q.Owner), due, waits, at, at, clipped(q.Text, 500), string(loa.TurnIn), at, f.change(q.Office))
		})
	if err != nil {
		return err
	}
	err = insertAll(f, "turn", "id, office_id, conversation_id, kind, text, said_at, question_id", "", queued, func(to []any, q *loa.Question) []any {
		return append(to, string(q.ID), string(q.Office), string(q.ID), string(loa.TurnIn), q.Text, millis(q.HappenedAt), string(q.ID))
	})
	if err != nil {
		return err
	}
	return insertAll(f, "word", "term, record_id", "ON CONFLICT (term, record_id) DO NOTHING", words, func(to []any, w *word) []any { return append(to, w.number, w.record) })
}
