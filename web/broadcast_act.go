package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/store"
)

// broadcastSubmit freezes who is meant, reckons everybody exactly, makes the words written in place a script, and hands all of it to those
// who approve.
func (s *Server) broadcastSubmit(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	if b.State != loa.BroadcastDraft {
		return loa.Refuse(loa.Conflict, "", "broadcast_state")
	}
	b, errs, err := s.saveDraft(r, b)
	if err != nil {
		return err
	}
	ways, err := s.sendingWays(r)
	if err != nil {
		return err
	}
	live, err := s.liveOf(r, b, ways, reckonAtOnce)
	if err != nil {
		return err
	}
	if live.Blocked || len(errs) > 0 {
		if len(errs) == 0 {
			errs["submit"] = t(r, "broadcast.blocked")
		}
		return s.composeShow(w, r, b, errs, http.StatusUnprocessableEntity)
	}
	q, err := s.reckonQuestion(r, b)
	if err == nil && s.manyMeant(q) {
		return s.lookBeside(w, r, q, func(r *http.Request) (string, error) {
			_, err := s.submit(r, b)
			s.wake()
			return "/broadcasts/" + string(b.ID), err
		})
	}
	done, err := s.submit(r, b)
	f := &form{r: r, Errors: errs}
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		if said, ok := errs[""]; ok {
			errs["submit"] = said
		}
		return s.composeShow(w, r, b, errs, http.StatusUnprocessableEntity)
	}
	said := "broadcast.submitted"
	if done.State == loa.BroadcastApproved {
		said = "broadcast.submitted_free"
	}
	s.wake()
	return s.done(w, r, "/broadcasts/"+string(b.ID), t(r, said), "")
}

// nobodyWaits to hear how far something is.
func nobodyWaits(int, int) {}

func (s *Server) submit(r *http.Request, b loa.Broadcast) (loa.Broadcast, error) {
	ctx, by := r.Context(), s.by(r)
	settings, err := s.DB.SendingSettings(ctx, whoOf(r).Office.ID)
	if err != nil {
		return b, err
	}
	if b, err = s.makeScript(r, b); err != nil {
		return b, err
	}
	linked, err := s.makeLinks(r, b)
	if err != nil {
		return b, err
	}
	on, err := s.sessionDay(r, b)
	if err != nil {
		return b, err
	}
	reckoned, snap := loa.Reckoning{At: s.Now()}, loa.SnapshotID("")
	if len(b.Audience.Segments)+len(b.Audience.Areas) > 0 {
		q, err := s.reckonQuestion(r, b)
		if err != nil {
			return b, err
		}
		run, err := s.reckonWhole(r, q, nobodyWaits)
		if err != nil {
			return b, err
		}
		if run.summary.People == 0 && len(b.Ladder) > 0 {
			return b, loa.Refuse(loa.Conflict, "audience", "nobody_meant")
		}
		rule, err := s.audienceRule(r, b.Audience)
		if err == nil {
			err = rule.Check()
		}
		if err != nil {
			return b, err
		}
		reckoned, snap = run.summary, loa.SnapshotID(loa.NewID())
		segment := loa.SegmentID("")
		if len(b.Audience.Segments) > 0 {
			segment = b.Audience.Segments[0]
		}
		x := loa.Snapshot{ID: snap, Segment: segment, Rule: rule, UsedBy: "broadcast", UsedID: string(b.ID), AsOf: s.today(), Members: run.ids}
		if err := s.DB.SaveSnapshot(ctx, scopeOf(r), by, x); err != nil {
			return b, err
		}
	}
	return s.DB.ChangeBroadcast(ctx, whoOf(r).Whole, by, b.ID, "submitted", func(x *loa.Broadcast) error {
		if x.Edits != b.Edits {
			return loa.Refuse(loa.Conflict, "", "changed_meanwhile")
		}
		x.Ladder, x.Outlets, x.SessionOn = linked.Ladder, linked.Outlets, on
		x.Script, x.ScriptVersion, x.Snapshot, x.Reckoned, x.SubmittedAt, x.SentAt, x.Why = b.Script, b.ScriptVersion, snap, reckoned, by.At, b.SentAt, ""
		return x.Submit(reckoned.People, settings.Few)
	})
}

// makeScript makes the words written in place a script that waits for approval with the broadcast; one that was chosen keeps its version.
func (s *Server) makeScript(r *http.Request, b loa.Broadcast) (loa.Broadcast, error) {
	script, err := s.scriptOf(r, b)
	if err != nil {
		return b, err
	}
	if len(b.Words) == 0 {
		b.ScriptVersion = script.Version
		return b, nil
	}
	script.Until = b.Window.Until
	if script.ID == "" {
		script.ID = loa.ScriptID(loa.NewID())
	}
	if script, err = s.DB.SaveScript(r.Context(), scopeOf(r), s.by(r), script); err != nil {
		return b, err
	}
	script, err = s.DB.ChangeScript(r.Context(), scopeOf(r), s.by(r), script.ID, "submitted", func(x *loa.Script) error {
		if x.State == loa.ScriptDraft {
			x.State = loa.ScriptSubmitted
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	edits := b.Edits
	b.Script, b.ScriptVersion = script.ID, script.Version
	if b, err = s.DB.SaveDraft(r.Context(), scopeOf(r), s.by(r), b); err == nil && b.Edits != edits+1 {
		err = loa.Refuse(loa.Conflict, "", "changed_meanwhile")
	}
	return b, err
}

// wake tells the sending loop to look now.
func (s *Server) wake() {
	if s.Channels != nil {
		s.Channels.Wake()
	}
}

// broadcastApprove is one officer's word for a broadcast, and for the words that were written with it.
func (s *Server) broadcastApprove(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	settings, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	trial := b
	trial.Approvals = slices.Clone(b.Approvals)
	if err := trial.Approve(s.by(r), b.Reckoned.People, settings.Few); err != nil {
		return err
	}
	if len(b.Words) > 0 {
		script, err := s.DB.Script(r.Context(), scopeOf(r), b.Script, b.ScriptVersion)
		if err != nil {
			return err
		}
		if script.State == loa.ScriptSubmitted {
			if _, err := s.DB.ChangeScript(r.Context(), scopeOf(r), s.by(r), b.Script, "approved", func(x *loa.Script) error { return x.Approve(s.by(r)) }); err != nil {
				return err
			}
		}
	}
	b, err = s.DB.ChangeBroadcast(r.Context(), whoOf(r).Whole, s.by(r), b.ID, "approved", func(x *loa.Broadcast) error {
		if x.Edits != b.Edits {
			return loa.Refuse(loa.Conflict, "", "changed_meanwhile")
		}
		return x.Approve(s.by(r), x.Reckoned.People, settings.Few)
	})
	if err != nil {
		return err
	}
	s.wake()
	said := "broadcast.approved"
	if b.State == loa.BroadcastSubmitted {
		said = "broadcast.approved_first"
	}
	return s.done(w, r, "/broadcasts/"+string(b.ID), t(r, said), "")
}

// broadcastMove takes a broadcast to another state and says so.
func (s *Server) broadcastMove(w http.ResponseWriter, r *http.Request, act, said, to string, fn func(b *loa.Broadcast) error) error {
	b, err := s.DB.ChangeBroadcast(r.Context(), whoOf(r).Whole, s.by(r), loa.BroadcastID(r.PathValue("id")), act, fn)
	if err != nil {
		return err
	}
	s.wake()
	return s.done(w, r, "/broadcasts/"+string(b.ID)+to, t(r, said), "")
}

// broadcastBack hands it back to its author with the reason.
func (s *Server) broadcastBack(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	why, me := f.text("why"), whoOf(r).Officer.ID
	b, err := s.DB.ChangeBroadcast(r.Context(), whoOf(r).Whole, s.by(r), loa.BroadcastID(r.PathValue("id")), "sent_back", func(b *loa.Broadcast) error {
		if me == b.Author {
			return loa.Refuse(loa.Denied, "", "own_broadcast")
		}
		return b.SendBack(why)
	})
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		b, err := s.broadcastOf(r)
		if err != nil {
			return err
		}
		return s.showBroadcast(w, r, b, f.Errors, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/broadcasts/"+string(b.ID), t(r, "broadcast.sent_back"), "")
}

// broadcastWithdraw takes it back into work before it goes out.
func (s *Server) broadcastWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.broadcastMove(w, r, "withdrawn", "broadcast.withdrawn", "/edit", (*loa.Broadcast).Withdraw)
}

func (s *Server) broadcastPause(w http.ResponseWriter, r *http.Request) error {
	return s.broadcastMove(w, r, "paused", "broadcast.paused", "", func(b *loa.Broadcast) error {
		if b.State == loa.BroadcastPaused { // pressed twice
			return nil
		}
		return b.Move(loa.BroadcastPaused, "")
	})
}

func (s *Server) broadcastResume(w http.ResponseWriter, r *http.Request) error {
	return s.broadcastMove(w, r, "resumed", "broadcast.resumed", "", func(b *loa.Broadcast) error { return b.Resume(s.Now()) })
}

// broadcastStop ends a broadcast for good: what has not left stays.
func (s *Server) broadcastStop(w http.ResponseWriter, r *http.Request) error {
	return s.broadcastMove(w, r, "stopped", "broadcast.stopped", "", func(b *loa.Broadcast) error {
		if b.State == loa.BroadcastStopped {
			return nil
		}
		return b.Move(loa.BroadcastStopped, "")
	})
}

// broadcastCopy begins a new draft with everything of an old one but its days and what became of it.
func (s *Server) broadcastCopy(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	fresh, err := s.freshBroadcast(r)
	if err != nil {
		return err
	}
	for i := range b.Ladder {
		b.Ladder[i].Link = ""
	}
	for i := range b.Outlets {
		b.Outlets[i].Link = ""
	}
	fresh.Title, fresh.Audience, fresh.Ladder, fresh.Purpose, fresh.Priority = t(r, "broadcast.copy_of", b.Title), b.Audience, b.Ladder, b.Purpose, b.Priority
	fresh.Outlets, fresh.Pace, fresh.FailLimit, fresh.RefuseLimit = b.Outlets, b.Pace, b.FailLimit, b.RefuseLimit
	fresh.Script, fresh.Words, fresh.Area = b.Script, b.Words, b.Area
	if len(b.Words) > 0 {
		fresh.Script = ""
	}
	for i := range fresh.Outlets {
		if !fresh.Outlets[i].At.IsZero() && fresh.Outlets[i].At.Before(s.Now()) {
			fresh.Outlets[i].At = fresh.Window.From.Time().Add(b.Outlets[i].At.Sub(loa.DayOf(b.Outlets[i].At).Time()))
		}
	}
	if runes := []rune(fresh.Title); len(runes) > loa.BroadcastTitle {
		fresh.Title = string(runes[:loa.BroadcastTitle])
	}
	if fresh, err = s.DB.SaveDraft(r.Context(), scopeOf(r), s.by(r), fresh); err != nil {
		return err
	}
	return s.done(w, r, "/broadcasts/"+string(fresh.ID)+"/edit", t(r, "broadcast.copied"), "")
}

// PlacesWidth is how much of the bar the places take that were played at, in tenths of a percent.
func (p progress) PlacesWidth() int64 { return p.PlacesTold * 1000 / max(p.Places, 1) }

// PlacesRest is the rest of that bar.
func (p progress) PlacesRest() int64 { return 1000 - p.PlacesWidth() }

// ToSettle is how many messages somebody has to find out about.
func (p progress) ToSettle() int64 { return p.Unsure + p.PlacesUnsure }

// progressOf adds a tally up: each person once, where they stand now.
func progressOf(tally store.BroadcastTally) (p progress) {
	for _, l := range tally.By {
		p.Cost, p.Parts = p.Cost+l.Cost, p.Parts+l.Parts
		if l.Place {
			if p.Places += l.N; l.State == loa.DeliveryDelivered || l.State == loa.DeliverySeen {
				p.PlacesTold += l.N
			}
			if l.State == loa.DeliveryUnsure {
				p.PlacesUnsure += l.N
			}
			continue
		}
		if l.Fallen {
			p.Moved += l.N
			continue
		}
		p.People += l.N
		switch l.State {
		case loa.DeliveryQueued:
			p.Queued += l.N
		case loa.DeliverySent:
			p.Told += l.N
		case loa.DeliveryDelivered, loa.DeliverySeen:
			p.Told, p.Delivered = p.Told+l.N, p.Delivered+l.N
			if l.Network == loa.CallList || l.Network == loa.VisitList {
				p.HandDone += l.N
			}
		case loa.DeliveryFailed:
			p.Failed += l.N
		case loa.DeliveryRefused:
			p.Refused += l.N
		case loa.DeliveryUnsure:
			p.Unsure += l.N
		case loa.DeliveryHeld:
			p.Held += l.N
		case loa.DeliveryStopped:
			p.Stopped += l.N
		case loa.DeliveryByHand:
			if l.Network == loa.CallList {
				p.CallLeft += l.N
			} else {
				p.VisitLeft += l.N
			}
		}
	}
	if of := p.People - p.Held; of > 0 {
		p.Percent = 100 * (p.Told + p.Failed + p.Refused + p.Unsure) / of
	} else if p.People == 0 && p.Places > 0 {
		p.Percent = 100 * p.PlacesTold / p.Places
	}
	return p
}
