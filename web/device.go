package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/auth"
)

// Devices is what the pages need so that officers can be told things on browsers of their own.
type Devices interface {
	// Key is the public key an office's browsers subscribe to.
	Key(ctx context.Context, office loa.OfficeID) (string, error)
	// Seal makes where a device is reached fit to be kept, with the mark by which it is found again.
	Seal(office loa.OfficeID, id loa.DeviceID, s loa.Subscription) (mark string, sealed []byte, err error)
	// Simulate makes a simulated telephone; false where there is none but real ones.
	Simulate(ctx context.Context, office loa.OfficeID) (s loa.Subscription, ok bool, err error)
	// Wake lets what was just queued go out now.
	Wake()
}

func (s *Server) deviceRoutes() []route {
	return []route{
		{"GET /sw.js", "", s.serviceWorker},
		{"POST /account/devices", loa.SignedIn, s.deviceAdd},
		{"POST /account/devices/renew", loa.SignedIn, s.deviceRenew},
		{"POST /account/devices/remove", loa.SignedIn, s.deviceRemove},
		{"POST /account/devices/try", loa.SignedIn, s.deviceTry},
		{"POST /account/notices", loa.SignedIn, s.noticesSave},
	}
}

// serviceWorker is the script that shows what an officer is told; it belongs to the whole site, so it lies at its root, and browsers look
// for a newer one each time.
func (s *Server) serviceWorker(w http.ResponseWriter, r *http.Request) error {
	raw, err := files.ReadFile("static/sw.js")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Service-Worker-Allowed", "/")
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; frame-ancestors 'none'") // it fetches nothing, and speaks to us alone
	_, err = w.Write(raw)
	return err
}

// devicesPart is what the account page shows of the devices an officer is told on.
type devicesPart struct {
	Key       string // empty: none can be connected
	Simulated bool
	List      []deviceLine
	Kinds     []noticeChoice
}

type deviceLine struct {
	ID, Mark, Name, About string
	Gone, Failing         bool
}

type noticeChoice struct {
	Kind        loa.NoticeKind
	Label, Note string
	On          bool
}

// noticeKinds are the kinds that may ever concern an officer with these roles.
func noticeKinds(me *who) []loa.NoticeKind {
	var out []loa.NoticeKind
	for _, k := range loa.NoticeKinds {
		if me.may(map[loa.NoticeKind]loa.Act{loa.NoticeGiven: loa.EditOutreach, loa.NoticeApproval: loa.EditOutreach, loa.NoticeHalted: loa.Administer}[k]) {
			out = append(out, k)
		}
	}
	return out
}

// devices is nil where nothing is told, or nothing concerns the officer.
func (s *Server) devices(r *http.Request) (*devicesPart, error) {
	me := whoOf(r)
	kinds := noticeKinds(me)
	if s.Devices == nil || len(kinds) == 0 {
		return nil, nil
	}
	ctx, p := r.Context(), &devicesPart{Simulated: s.Simulated != ""}
	if s.Sealer != nil {
		var err error
		if p.Key, err = s.Devices.Key(ctx, me.Officer.Office); err != nil {
			return nil, err
		}
	}
	list, err := s.DB.Devices(ctx, ownOffice(me), me.Officer.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		line := deviceLine{ID: string(d.ID), Mark: d.Mark, Name: d.Name, Gone: !d.GoneAt.IsZero()}
		switch since := dayOfMonth(d.MadeAt); {
		case line.Gone:
			line.About = t(r, "notice.device.gone", dayOfMonth(d.GoneAt))
		case d.ToldAt.IsZero():
			line.About = t(r, "notice.device.since_never", since)
		default:
			line.About = t(r, "notice.device.since", since, moment(d.ToldAt))
		}
		if line.Failing = d.Failures > 0 && !line.Gone; line.Failing {
			line.About += "; " + t(r, "notice.device.failing", d.Failures, d.Code)
		}
		p.List = append(p.List, line)
	}
	muted, err := s.DB.Muted(ctx, me.Officer.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		c := noticeChoice{Kind: k, Label: t(r, "notice.kind."+string(k)), On: !slices.Contains(muted, k)}
		if k == loa.NoticeHalted {
			c.Note = t(r, "notice.kind_note.halted")
		} else {
			c.Note = t(r, "notice.kind_note."+string(k), loa.NoticeFrom, loa.NoticeUntil)
		}
		p.Kinds = append(p.Kinds, c)
	}
	return p, nil
}

func dayOfMonth(at time.Time) string { return at.In(loa.Zone).Format("02/01/2006") }

// ownOffice is the office an officer belongs to, whichever they look at just now: their devices are theirs, not an area's.
func ownOffice(me *who) loa.Scope {
	return loa.Scope{Office: me.Officer.Office, Ranges: me.Whole.Ranges}
}

// deviceAdd lets this browser be told; in a demo it may be a simulated telephone.
func (s *Server) deviceAdd(w http.ResponseWriter, r *http.Request) error {
	f, me, ctx := readForm(r), whoOf(r), r.Context()
	if s.Devices == nil || len(noticeKinds(me)) == 0 {
		return loa.ErrNotFound
	}
	d := loa.Device{ID: loa.DeviceID(loa.NewID()), Name: browserName(r.UserAgent())}
	if strings.TrimSpace(d.Name) == "" {
		d.Name = t(r, "account.unknown_browser")
	}
	sub := s.subscription(r, f)
	if f.on("simulated") {
		var ok bool
		var err error
		if sub, ok, err = s.Devices.Simulate(ctx, me.Officer.Office); err != nil || !ok {
			if err == nil {
				err = loa.ErrNotFound
			}
			return err
		}
		d.Name = t(r, "notice.device.phone")
	}
	var err error
	if d.Mark, d.Sealed, err = s.Devices.Seal(me.Officer.Office, d.ID, sub); err == nil {
		err = s.DB.AddDevice(ctx, ownOffice(me), s.by(r), d)
	}
	return s.deviceDid(w, r, f, err, "notice.device.added")
}

// subscription is where a browser says it is reached.
func (s *Server) subscription(r *http.Request, f *form) loa.Subscription {
	sub := loa.Subscription{Endpoint: f.text("endpoint"), Key: f.text("key"), Auth: f.text("auth")}
	if s.Secure {
		sub.Origin = "https://" + r.Host
	}
	return sub
}

// deviceRenew takes the word of a browser, without anybody's hand, that it is reached elsewhere now. It is believed of a device of whoever
// is signed in there, and of no other.
func (s *Server) deviceRenew(w http.ResponseWriter, r *http.Request) error {
	f, me, ctx := readForm(r), whoOf(r), r.Context()
	if s.Devices == nil {
		return loa.ErrNotFound
	}
	d, err := s.DB.DeviceByMark(ctx, ownOffice(me), me.Officer.ID, auth.TokenHash(f.text("old")))
	if err != nil {
		return err
	}
	was := d.Mark
	if d.Mark, d.Sealed, err = s.Devices.Seal(me.Officer.Office, d.ID, s.subscription(r, f)); err != nil {
		return err
	}
	if err := s.DB.RenewDevice(ctx, ownOffice(me), s.by(r), was, d); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// deviceDid goes back to the account page and says what was done, or why it was not.
func (s *Server) deviceDid(w http.ResponseWriter, r *http.Request, f *form, err error, said string) error {
	if err := f.take(err); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, "/account#devices", http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, "/account#devices", t(r, said), "")
}

func (s *Server) deviceRemove(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	return s.deviceDid(w, r, f, s.DB.RemoveDevice(r.Context(), ownOffice(whoOf(r)), s.by(r), loa.DeviceID(f.text("device"))), "notice.device.removed")
}

func (s *Server) deviceTry(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	err := s.DB.TryDevice(r.Context(), ownOffice(whoOf(r)), s.by(r), loa.DeviceID(f.text("device")))
	if s.Devices != nil {
		s.Devices.Wake()
	}
	return s.deviceDid(w, r, f, err, "notice.device.tried")
}

// noticesSave keeps what the officer wants to be told of; kinds the page did not offer stay as they were.
func (s *Server) noticesSave(w http.ResponseWriter, r *http.Request) error {
	f, me := readForm(r), whoOf(r)
	offered := noticeKinds(me)
	muted, err := s.DB.Muted(r.Context(), me.Officer.ID)
	if err != nil {
		return err
	}
	muted = slices.DeleteFunc(muted, func(k loa.NoticeKind) bool { return slices.Contains(offered, k) })
	for _, k := range offered {
		if !slices.Contains(f.all("kind"), string(k)) {
			muted = append(muted, k)
		}
	}
	return s.deviceDid(w, r, f, s.DB.Mute(r.Context(), ownOffice(me), s.by(r), muted), "notice.kinds.saved")
}
