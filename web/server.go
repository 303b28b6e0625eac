package web

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"loa"
	"loa/auth"
	"loa/speech"
	"loa/store"
)

//go:embed templates static
var files embed.FS

// Options are what cmd/loa hands to the server.
type Options struct {
	DB        *store.DB
	Now       func() time.Time // the one clock
	Log       *slog.Logger
	Sealer    *auth.Sealer // nil when the sealing key is absent: ID numbers are then explained, not shown
	Secure    bool         // served over TLS or behind a trusted proxy: prefixed cookie and HSTS
	Proxy     bool         // behind a trusted proxy: the client's address is in X-Forwarded-For
	DataDir   string       // where backups are kept; empty with PostgreSQL
	Backup    func(ctx context.Context) (path string, err error)
	SetupCode string          // the one-time code of the first run; empty once there is an office
	PDF       Printer         // nil when nothing can make a PDF: the browser's own print is then offered alone
	Devices   Devices         // nil where officers are told nothing on devices of their own
	Channels  Channels        // nil where nothing is sent: tests of other rooms
	Voices    []speech.Engine // that make a draft of a voice; none: only people's recordings
	Sound     *speech.Audio   // nil without ffmpeg: recordings stay as they are
	Public    string          // the address by which the world reaches Loa; empty: not at all, so that no link can be told
	Simulated string          // where what a demo sends can be looked at; empty where it goes to real providers
}

// Server is the office web.
type Server struct {
	Options
	pages    pages
	mux      *http.ServeMux
	routes   []route
	rooms    map[string]bool // the addresses that have a page
	audience *audience
	memo     *memo
	drawings *memo // of blocks that many pages share
	answers  *memo // of the public calculator
	reckoner *reckoner
	limiter  *auth.Limiter

	askPlaces, askOffices *auth.Brake // on what is sent from public pages: by address, and by office
	openings              *auth.Brake // on how many openings of a link count from one address
	logins                *logins
	pictures              sync.Mutex // held while a picture is made anew
}

// New mounts every page; their templates are put together as they are asked for, and a test does so with all of them.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p, err := parsedPages()
	if err != nil {
		return nil, err
	}
	s := &Server{Options: o, pages: p, mux: http.NewServeMux(), memo: newMemo(), drawings: newMemo(), answers: newMemo(), reckoner: newReckoner(), audience: newAudience(o.DB), limiter: auth.NewLimiter(), logins: newLogins(o)}
	s.askPlaces, s.askOffices, s.openings = auth.NewBrake(10, 30*time.Second), auth.NewBrake(120, 10*time.Second), auth.NewBrake(40, 15*time.Second) // many telephones of one carrier share an address
	s.mount()
	return s, nil
}

// Handler is the whole web with its protections around it.
func (s *Server) Handler() http.Handler { return s.protect(s.mux) }

// today is the day the program runs as of.
func (s *Server) today() loa.Day { return loa.DayOf(s.Now()) }

// by is who acts and when, for the store.
func (s *Server) by(r *http.Request) loa.By { return loa.By{Officer: whoOf(r).Officer.ID, At: s.Now()} }

// handler is a page or act that returns its error; one wrapper answers it.
type handler func(w http.ResponseWriter, r *http.Request) error

// answer turns an error into a page. Refusals are sentences; anything else is logged once, here, and shown as a plain apology.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	var refusal *loa.Error
	switch {
	case errors.As(err, &refusal):
		status = map[loa.Kind]int{loa.Invalid: 422, loa.Denied: 403, loa.NotFound: 404, loa.Conflict: 409, loa.TooMuch: 429}[refusal.Kind]
	case errors.Is(err, context.Canceled):
		return // the visitor has gone
	default:
		s.Log.Error("page failed", "method", r.Method, "path", r.URL.Path, "error", err)
		refusal = &loa.Error{Code: "internal"}
	}
	s.errorPage(w, r, status, refusal)
}
