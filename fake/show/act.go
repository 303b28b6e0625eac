package show

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"loa/fake"
	"loa/vn"
)

// refusal is why a form did nothing, as a key of the catalogues.
type refusal string

func (r refusal) Error() string { return string(r) }

// form does what a form asks for, lets the world catch up, and goes back to where it stood.
func (s *server) form(do func(rw http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(rw, r.Body, 64<<10)
		if err := do(rw, r); err != nil {
			var why refusal
			if !errors.As(err, &why) {
				why = "refused"
			}
			http.SetCookie(rw, &http.Cookie{Name: "loa_fake_error", Value: string(why), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		}
		s.World.Deliver(r.Context())
		back := r.PostFormValue("back")
		if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.HasPrefix(back, "/\\") {
			back = "/"
		}
		http.Redirect(rw, r, back, http.StatusSeeOther)
	}
}

// say lets a person write, or do something else than write.
func (s *server) say(_ http.ResponseWriter, r *http.Request) error {
	who, way, do, text := r.PostFormValue("who"), r.PostFormValue("way"), r.PostFormValue("do"), strings.TrimSpace(r.PostFormValue("text"))
	if do == "" {
		do = "say"
	}
	if text == "" && (do == "say" || do == "comment") {
		return refusal("empty")
	}
	if do == "comment" {
		text = r.PostFormValue("post") + " " + text
	}
	s.World.Meet(who)
	c, _ := s.World.Chat(who)
	name := map[string]string{"zalo": c.Villager.ID, "facebook": c.Villager.PSID, "smpp": c.Villager.Phone, "mail": c.Villager.Mail}[way]
	if name == "" {
		return refusal("no_way")
	}
	return s.World.Act(way, strings.ToLower(name), do, text)
}

// person changes what a person is like.
func (s *server) person(_ http.ResponseWriter, r *http.Request) error {
	s.World.Meet(r.PostFormValue("who"))
	c, _ := s.World.Chat(r.PostFormValue("who"))
	if !c.Known {
		return refusal("nobody")
	}
	v := c.Villager
	on := func(key string) bool { return r.PostFormValue(key) != "" }
	v.Unreachable, v.NoZalo, v.BlocksOA, v.Inactive, v.Unread = on("unreachable"), on("no_zalo"), on("blocks_oa"), on("inactive"), on("unread")
	s.World.AddVillagers(v)
	return nil
}

// add lets somebody new into the world.
func (s *server) add(_ http.ResponseWriter, r *http.Request) error {
	v := fake.Villager{Name: strings.TrimSpace(r.PostFormValue("name")), Mail: strings.TrimSpace(r.PostFormValue("mail"))}
	if raw := strings.TrimSpace(r.PostFormValue("phone")); raw != "" {
		phone, ok := vn.Phone(raw)
		if !ok {
			return refusal("phone")
		}
		v.Phone = strings.TrimPrefix(phone, "+")
	}
	if v.Name == "" || v.Phone == "" && v.Mail == "" {
		return refusal("person")
	}
	if r.PostFormValue("zalo") != "" {
		v.ID = fmt.Sprintf("55101857%011d", s.World.Clock.Now().UnixMilli()%100_000_000_000)
	}
	s.World.AddVillagers(v)
	return nil
}

// clock moves the world's clock.
func (s *server) clock(_ http.ResponseWriter, r *http.Request) error {
	w := s.World
	switch r.PostFormValue("do") {
	case "now":
		w.Clock.Set(s.Now())
		w.Clock.Run(1)
	case "hour":
		w.Advance(r.Context(), time.Hour)
	case "day":
		w.Advance(r.Context(), 24*time.Hour)
	case "run":
		if !w.Clock.Run(1) {
			return refusal("clock")
		}
	case "stand":
		w.Clock.Run(0)
	case "set":
		t, err := time.ParseInLocation("2006-01-02T15:04", r.PostFormValue("time"), zone)
		if err != nil {
			return refusal("clock")
		}
		w.Clock.Set(t)
	default:
		return refusal("clock")
	}
	return nil
}

func (s *server) script(_ http.ResponseWriter, r *http.Request) error {
	return s.World.Play(r.PostFormValue("name"), r.PostFormValue("on") != "")
}

func (s *server) language(rw http.ResponseWriter, r *http.Request) error {
	lang := r.PostFormValue("lang")
	if lang != "vi" && lang != "en" {
		return refusal("refused")
	}
	http.SetCookie(rw, &http.Cookie{Name: "loa_fake_lang", Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return nil
}
