package channel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// errPrivate is the refusal to reach into a private network.
var errPrivate = errors.New("the address is not a public one")

// errInside marks failures before a byte was written.
var errInside = errors.New("never left")

// Client is an HTTP client for calls to providers. It follows no redirect and, unless private addresses are allowed, reaches nothing in
// the office's own network, however a name resolves: the check is made on the very address that is dialled.
func Client(private bool) *http.Client {
	dialer := Dialer(private)
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := dialer.DialContext(ctx, network, address)
				if err != nil {
					return nil, fmt.Errorf("%w: %w", errInside, err)
				}
				return c, nil
			},
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 20 * time.Second, IdleConnTimeout: 60 * time.Second,
			MaxIdleConns: 256, MaxIdleConnsPerHost: 64, ForceAttemptHTTP2: true,
		},
	}
}

// Dialer reaches what Client reaches, for protocols that are not HTTP.
func Dialer(private bool) *net.Dialer {
	d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	if !private {
		d.Control = func(_, address string, _ syscall.RawConn) error { return publicOnly(address) }
	}
	return d
}

func publicOnly(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	if !Public(at.Addr()) {
		return fmt.Errorf("%w: %s", errPrivate, at.Addr())
	}
	return nil
}

// sealedOff are the networks that are nobody's on the open internet and are not told apart by net/netip itself.
var sealedOff = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
}

// Public says whether an address is one of the open internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range sealedOff {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// neverLeft says whether a failed call certainly carried nothing: the connection was never made.
func neverLeft(err error) bool {
	if errors.Is(err, errInside) || errors.Is(err, errPrivate) || errors.Is(err, syscall.ECONNREFUSED) {
		return true
	}
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

// bodyAtMost is how much of a provider's answer is read.
const bodyAtMost = 1 << 20

// Do sends a request and reads the answer whole. Without an answer the error is Unreachable or Unsure. An answer that breaks off is
// Unsure as well.
func Do(client *http.Client, req *http.Request) (*http.Response, []byte, error) {
	res, err := client.Do(req)
	if err != nil {
		return nil, nil, Lost(bare(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyAtMost))
	if err != nil {
		return nil, nil, &Error{Kind: Unsure, Err: fmt.Errorf("read the answer: %w", err)}
	}
	return res, body, nil
}

// bare is a failure without the address that was called: addresses hold keys and telephone numbers.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// JSON makes a request with a JSON body that can be sent again on a fresh connection.
func JSON(ctx context.Context, method, address string, body any) (*http.Request, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(string(raw)))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", bare(err))
	}
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

// Form makes a request with a form as its body.
func Form(ctx context.Context, method, address string, body url.Values) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body.Encode()))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", bare(err))
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}
