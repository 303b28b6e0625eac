package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"loa"
)

// lookingJob looks at a large audience beside the requests, for whoever waits for its end: a broadcast that is submitted, or a list.
// It is in the memory of this process: when it is gone, the draft is as it was, and whoever waits asks again.
type lookingJob struct {
	mu         sync.Mutex
	looked, of int
	done       bool
	to         string // where the page goes on
	said       string // why it does not
}

func (j *lookingJob) at(n, of int) {
	j.mu.Lock()
	j.looked, j.of = n, of
	j.mu.Unlock()
}

func (j *lookingJob) end(to, said string) {
	j.mu.Lock()
	j.done, j.to, j.said = true, to, said
	j.mu.Unlock()
}

// manyMeant says whether a broadcast is for so many people that looking at each of them takes longer than a page may.
func (s *Server) manyMeant(q question) bool {
	return q.index.Count(q.query) > s.reckoner.many
}

// answered says whether everybody of a question was looked at lately.
func (k *reckoner) answered(q question, now time.Time) bool {
	x := k.of(q.key)
	x.mu.Lock()
	defer x.mu.Unlock()
	return k.good(x.whole, q.index.Change(), now, time.Minute)
}

// lookBeside begins to look at everybody of a question beside the requests, unless somebody does for this broadcast; then goes on once all
// are looked at, and answers where the page goes.
func (s *Server) lookBeside(w http.ResponseWriter, r *http.Request, q question, then func(r *http.Request) (to string, err error)) error {
	id := q.b.ID
	s.reckoner.mu.Lock()
	old := s.reckoner.jobs[id]
	job := &lookingJob{of: q.index.Count(q.query)}
	if old != nil {
		old.mu.Lock()
		if !old.done {
			job = nil
		}
		old.mu.Unlock()
	}
	if job != nil {
		s.reckoner.jobs[id] = job
	}
	s.reckoner.mu.Unlock()
	if job != nil {
		r := r.WithContext(context.WithoutCancel(r.Context()))
		go func() {
			_, err := s.reckonWhole(r, q, job.at)
			to := ""
			if err == nil {
				to, err = then(r)
			}
			if err != nil && loa.KindOf(err) == "" {
				s.Log.Error("look at an audience", "broadcast", id, "error", err)
				err = loa.Refuse(loa.Conflict, "", "looking_failed")
			}
			if err != nil {
				job.end("", s.said(r, err))
				return
			}
			job.end(to, "")
		}()
	}
	http.Redirect(w, r, "/broadcasts/"+string(id)+"/looking", http.StatusSeeOther)
	return nil
}

// lookingPage shows how far the looking is.
type lookingPage struct {
	B          loa.Broadcast
	Percent    int
	Looked, Of int
	Said       string
}

// broadcastLooking is how far a large audience has been looked at; when it is done the page goes on by itself.
func (s *Server) broadcastLooking(w http.ResponseWriter, r *http.Request) error {
	b, err := s.DB.Broadcast(r.Context(), scopeOf(r), loa.BroadcastID(r.PathValue("id")))
	if err != nil {
		return err
	}
	s.reckoner.mu.Lock()
	job := s.reckoner.jobs[b.ID]
	s.reckoner.mu.Unlock()
	body, to := lookingPage{B: b}, "/broadcasts/"+string(b.ID)
	if job != nil {
		job.mu.Lock()
		body.Looked, body.Of, body.Said = job.looked, job.of, job.said
		if !job.done || job.said != "" {
			to = ""
		} else if job.to != "" {
			to = job.to
		}
		job.mu.Unlock()
	}
	asked := r.Header.Get("HX-Request") != ""
	switch {
	case to != "" && asked:
		w.Header().Set("HX-Redirect", to)
		return nil
	case to != "":
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	body.Percent = min(99, 100*body.Looked/max(1, body.Of))
	if asked {
		return s.part(w, r, "broadcast_looking", "broadcast_looking_bar", body)
	}
	return s.render(w, r, "broadcast_looking", page{Title: t(r, "broadcast.looking.title"), Context: b.Title, Active: "broadcasts", Body: body})
}
