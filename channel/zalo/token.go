package zalo

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// The settings the program writes itself.
const (
	keyAccess     = "access_token"
	keyRefresh    = "refresh_token"
	keyExpires    = "expires"     // of the access token
	keyRenewAfter = "renew_after" // when it is time for a new one
	keyMark       = "renewing"    // what happened to the refresh token, see mark
)

// pair is what rotates.
type pair struct {
	access, refresh     string
	expires, renewAfter time.Time
	mark                mark
}

func pairOf(s channel.Settings) pair {
	p := pair{access: s[keyAccess], refresh: s[keyRefresh], mark: markOf(s[keyMark])}
	p.expires, _ = time.Parse(time.RFC3339, s[keyExpires])
	p.renewAfter, _ = time.Parse(time.RFC3339, s[keyRenewAfter])
	if p.mark.of != fingerprint(p.refresh) {
		p.mark = mark{} // it speaks of a token that has gone
	}
	return p
}

// mark is written before a refresh token is handed in, because it can be handed in once only: whoever finds a mark knows that the token
// is being used, or may have been used by somebody who never told the outcome.
type mark struct {
	state string    // handed: being used; again: for the second time; lost: no answer came; dead: Zalo wants none of it
	of    string    // fingerprint of the refresh token
	at    time.Time // when it was handed in
	by    string    // a random word of whoever did
	code  string    // dead: why
}

func (m mark) String() string {
	return strings.Join([]string{m.state, m.of, strconv.FormatInt(m.at.Unix(), 10), m.by, m.code}, " ")
}

func markOf(s string) mark {
	f := strings.SplitN(s, " ", 5)
	if len(f) < 5 {
		return mark{}
	}
	at, _ := strconv.ParseInt(f[2], 10, 64)
	return mark{state: f[0], of: f[1], at: time.Unix(at, 0), by: f[3], code: f[4]}
}

func fingerprint(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}

const (
	answerWithin = 2 * time.Minute  // after that nobody is waiting for the answer to a refresh any more
	againAfter   = 10 * time.Minute // before a refresh token whose answer was lost is handed in a second time, where that is allowed
	quietFor     = 5 * time.Minute  // after a failed renewal of a token that still works
)

// token is an access token other than the one Zalo has just refused. It is renewed ahead of time, and while that fails the old one serves
// as long as it lives.
func (o *OA) token(ctx context.Context, refused string) (string, error) {
	p, quiet := o.held()
	now := o.tools.Now()
	if p.access != "" && p.access != refused && now.Before(p.renewAfter) {
		return p.access, nil
	}
	alive := p.access != "" && p.access != refused && now.Before(p.expires)
	if alive && (now.Before(quiet) || !o.renewing.TryLock()) {
		return p.access, nil
	}
	if !alive {
		o.renewing.Lock()
	}
	defer o.renewing.Unlock()
	if q, _ := o.held(); q.access != p.access && q.access != refused {
		return q.access, nil // somebody in this process was faster
	}
	err := o.renew(context.WithoutCancel(ctx), refused) // a refresh that has begun must be seen through
	q, _ := o.held()
	switch {
	case err == nil:
		return q.access, nil
	case alive:
		o.mu.Lock()
		o.quiet = now.Add(quietFor)
		o.mu.Unlock()
		return p.access, nil
	}
	return "", err
}

func (o *OA) held() (pair, time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now, o.quiet
}

func (o *OA) hold(s channel.Settings) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = pairOf(s)
}

// renew hands in the refresh token in two steps, so that a power cut between them leaves its mark: first the mark is saved, then the
// token is spent and the new pair saved before anyone uses it.
func (o *OA) renew(ctx context.Context, refused string) error {
	by := make([]byte, 8)
	rand.Read(by)
	mine := mark{by: hex.EncodeToString(by)}
	var before string
	var failed error
	s, err := o.tools.Renew(ctx, func(s channel.Settings) (channel.Settings, error) {
		s = maps.Clone(s)
		p, now := pairOf(s), o.tools.Now()
		mine.state, failed, before = "", nil, s[keyMark]
		if p.access != "" && p.access != refused && now.Before(p.renewAfter) {
			return s, nil // another process was faster
		}
		if mine.state, failed = o.mayHandIn(p, now); failed != nil {
			return nil, failed
		}
		mine.of, mine.at = fingerprint(p.refresh), now
		s[keyMark] = mine.String()
		return s, nil
	})
	if failed != nil {
		return failed
	}
	if err != nil {
		return notSaved(err)
	}
	if o.hold(s); mine.state == "" {
		return nil
	}
	return o.handIn(ctx, mine, before)
}

// mayHandIn says whether a refresh token may be used, by its mark.
func (o *OA) mayHandIn(p pair, now time.Time) (state string, err error) {
	waited := now.Sub(p.mark.at)
	switch {
	case p.refresh == "":
		return "", misconfigured("no_token", "")
	case p.mark.state == "":
		return "handed", nil
	case p.mark.state == "dead":
		return "", misconfigured(p.mark.code, "")
	case p.mark.state != "lost" && waited < answerWithin:
		return "", &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: "token_renewing", After: 5 * time.Second}
	case p.mark.state != "again" && o.set["refresh_again"] == "once" && waited >= againAfter:
		return "again", nil
	case p.mark.state != "again" && o.set["refresh_again"] == "once":
		return "", &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: "token_lost", After: againAfter - waited}
	}
	return "", misconfigured("token_lost", "")
}

// handIn spends the refresh token that was marked.
func (o *OA) handIn(ctx context.Context, mine mark, before string) error {
	var next granted
	var what spent
	var failed error
	asked := false
	save := func(s channel.Settings) (channel.Settings, error) {
		if s = maps.Clone(s); pairOf(s).mark.by != mine.by {
			failed = &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: "token_renewing", After: 5 * time.Second}
			return s, nil // given up for lost, or consented anew, meanwhile
		}
		if !asked { // saving may have to be tried more than once, asking never
			asked = true
			next, what, failed = grant(ctx, o.tools, s, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s[keyRefresh]}})
			if what == lost && mine.state == "handed" && o.set["refresh_again"] == "once" {
				failed = &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: "token_lost", After: againAfter, Err: failed}
			}
		}
		o.settle(s, mine, before, next, what, failed)
		return s, nil
	}
	s, err := o.tools.Renew(ctx, save)
	for wait := 50 * time.Millisecond; err != nil && asked && wait < time.Second; wait *= 2 {
		time.Sleep(wait) // the new pair exists nowhere else
		s, err = o.tools.Renew(ctx, save)
	}
	if err != nil {
		return notSaved(err)
	}
	o.hold(s)
	return failed
}

// settle writes the outcome into the settings.
func (o *OA) settle(s channel.Settings, mine mark, before string, next granted, what spent, failed error) {
	var e *channel.Error
	errors.As(failed, &e)
	switch {
	case failed == nil:
		next.into(s, o.tools.Now())
		if next.refresh == "" { // the old one is spent and there is no new one
			s[keyMark] = mark{state: "dead", of: mine.of, at: mine.at, by: mine.by, code: "no_refresh_token"}.String()
		}
	case what == unspent:
		s[keyMark] = before
	case what == lost && mine.state == "handed":
		mine.state = "lost"
		s[keyMark] = mine.String()
	default:
		mine.state, mine.code = "dead", "token_lost"
		if what == used && e != nil {
			mine.code = e.Code
		}
		s[keyMark] = mine.String()
	}
}

func notSaved(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && e.Kind != channel.Unsure {
		return err
	}
	return &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "token_unsaved", Err: err}
}
