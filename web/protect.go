package web

import (
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"loa"
)

// contentPolicy lets a page run and show only what Loa itself serves.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; font-src 'self'; media-src 'self' blob:; " +
	"img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// How much a request may carry: typed forms and pasted grids, and files.
const (
	formBody = 4 << 20
	fileBody = 64 << 20
)

// protect puts around every page what keeps other sites, other machines and broken handlers out.
func (s *Server) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.errorPage(w, r, http.StatusForbidden, &loa.Error{Kind: loa.Denied, Code: "cross_site"})
	}))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recovered(w, r)
		s.setHeaders(w.Header())
		if !s.Secure && !loopback(r.Host) {
			s.errorPage(w, r, http.StatusMisdirectedRequest, &loa.Error{Kind: loa.Denied, Code: "not_this_machine"})
			return
		}
		limit := int64(formBody)
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			limit = fileBody
		}
		if r.ContentLength > limit {
			s.errorPage(w, r, http.StatusRequestEntityTooLarge, &loa.Error{Kind: loa.TooMuch, Code: "body_too_large", Args: []any{limit >> 20}})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		inner.ServeHTTP(w, r)
	})
}

func (s *Server) setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// recovered turns a fault of ours into the plain apology; it is logged once, here.
func (s *Server) recovered(w http.ResponseWriter, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if fault == http.ErrAbortHandler {
		panic(fault) // the server's own way to break a connection off
	}
	s.Log.Error("page broke", "method", r.Method, "path", r.URL.Path, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
	s.errorPage(w, r, http.StatusInternalServerError, &loa.Error{Code: "internal"})
}

// loopback says whether a request asks for this very machine. Without TLS nothing else is answered, so that a foreign name
// pointed at this address reaches nothing.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// caller is whose address a request comes from: the last one a trusted proxy added, else the connection's own.
func (s *Server) caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if s.Proxy {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			host = last
		}
	}
	return host
}

// clientPlace is where a request comes from, for the brake on guessing. IPv6 counts by network, since one house has billions of addresses.
func (s *Server) clientPlace(r *http.Request) string {
	host := s.caller(r)
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
