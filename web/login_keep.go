package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"loa"
	"loa/auth"
	"loa/store"
)

// logins keeps signed-in browsers: the token is in a cookie, its hash and what it remembers in the store.
type logins struct {
	*scs.SessionManager
	busy chan struct{} // two passwords are checked at a time, since each takes 64 MB
}

// Words a login remembers.
const (
	loginOfficer = "officer"
	loginAgent   = "agent"
	loginOffice  = "office" // chosen by a viewer of a whole province
	loginPlace   = "place"  // the commune chosen in the top bar
)

// newLogins names the cookie: the __Host- prefix binds it to this very host, and browsers accept it only over TLS.
func newLogins(o Options) *logins {
	m := scs.New()
	m.Store = loginStore{db: o.DB, now: o.Now}
	m.Codec = loginCodec{}
	m.Lifetime = loa.LoginLife
	m.Cookie = scs.SessionCookie{Name: "loa", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: o.Secure}
	if o.Secure {
		m.Cookie.Name = "__Host-loa"
	}
	return &logins{SessionManager: m, busy: make(chan struct{}, 2)}
}

// load finds the login behind the request's cookie.
func (l *logins) load(r *http.Request) (*http.Request, error) {
	token := ""
	if c, err := r.Cookie(l.Cookie.Name); err == nil {
		token = c.Value
	}
	ctx, err := l.Load(r.Context(), token)
	if err != nil {
		return r, fmt.Errorf("read the login: %w", err)
	}
	return r.WithContext(ctx), nil
}

// begin signs an officer in with a fresh token, so that one planted before sign-in is worth nothing.
func (l *logins) begin(w http.ResponseWriter, r *http.Request, officer loa.OfficerID) error {
	ctx := r.Context()
	if err := l.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew the login: %w", err)
	}
	for _, key := range l.Keys(ctx) {
		l.Remove(ctx, key)
	}
	l.Put(ctx, loginOfficer, string(officer))
	l.Put(ctx, loginAgent, cut(r.UserAgent(), 200))
	return l.save(w, r)
}

// renew gives a login that goes on a fresh token: its rights have changed.
func (l *logins) renew(w http.ResponseWriter, r *http.Request) error {
	if err := l.RenewToken(r.Context()); err != nil {
		return fmt.Errorf("renew the login: %w", err)
	}
	return l.save(w, r)
}

// save keeps what the login remembers and sends its cookie.
func (l *logins) save(w http.ResponseWriter, r *http.Request) error {
	token, until, err := l.Commit(r.Context())
	if err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	l.WriteSessionCookie(r.Context(), w, token, until)
	return nil
}

// end signs this browser out.
func (l *logins) end(w http.ResponseWriter, r *http.Request) error {
	if err := l.Destroy(r.Context()); err != nil {
		return fmt.Errorf("end the login: %w", err)
	}
	l.WriteSessionCookie(r.Context(), w, "", time.Time{})
	return nil
}

// hash names this browser's login in the store.
func (l *logins) hash(r *http.Request) string { return auth.TokenHash(l.Token(r.Context())) }

// loginStore keeps logins in the office's own database, under the hash of their token.
type loginStore struct {
	db  *store.DB
	now func() time.Time
}

// seenEvery is how often the use of a login is written down: not with every page.
const seenEvery = 5 * time.Minute

// FindCtx finds what a login remembers, unless it ran out or was left alone too long.
func (s loginStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	l, err := s.db.Login(ctx, auth.TokenHash(token))
	if errors.Is(err, loa.ErrNotFound) {
		return nil, false, nil
	}
	now := s.now()
	if err != nil || !l.Holds(now) {
		return nil, false, err
	}
	if now.Sub(l.SeenAt) >= seenEvery {
		if err := s.db.SeeLogin(ctx, l.Hash, now); err != nil {
			return nil, false, err
		}
	}
	return l.Data, true, nil
}

// CommitCtx keeps a login. How long it lives is counted by Loa's own clock, not by the one handed in.
func (s loginStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	_, values, err := loginCodec{}.Decode(data)
	if err != nil {
		return err
	}
	officer, _ := values[loginOfficer].(string)
	agent, _ := values[loginAgent].(string)
	now := s.now()
	return s.db.SaveLogin(ctx, loa.Login{Hash: auth.TokenHash(token), Officer: loa.OfficerID(officer), Data: data, Agent: agent,
		MadeAt: now, SeenAt: now, ExpiresAt: now.Add(loa.LoginLife)})
}

// DeleteCtx ends a login.
func (s loginStore) DeleteCtx(ctx context.Context, token string) error {
	if token == "" {
		return nil
	}
	return s.db.EndLogin(ctx, auth.TokenHash(token))
}

// Find, Commit and Delete are the same without a context, which nobody here calls.
func (s loginStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s loginStore) Commit(token string, data []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), token, data, until)
}

// Delete is DeleteCtx without a context.
func (s loginStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// loginCodec writes what a login remembers as JSON: words only.
type loginCodec struct{}

// Encode writes the words; the deadline lives in the store's own column.
func (loginCodec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(values)
}

// Decode reads the words.
func (loginCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var words map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		return time.Time{}, nil, fmt.Errorf("read a login: %w", err)
	}
	values := make(map[string]any, len(words))
	for k, v := range words {
		values[k] = v
	}
	return time.Now().Add(loa.LoginLife), values, nil
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n])
}
