package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"loa/channel"
)

// greeting is how long connecting, encrypting and signing in may take.
const greeting = 30 * time.Second

// link is one connection to the server, with the sign-in behind it. One letter at a time uses it.
type link struct {
	conn      *bounded
	client    *smtp.Client
	name      string      // what the server calls itself
	pipes     bool        // takes several commands at once
	sized     bool        // wants to be told how long a letter is
	most      int64       // length of a letter; 0: not told
	rest      *time.Timer // closes it when idle for too long
	announced *parcel
	carried   int  // letters so far
	broken    bool // not to be used again
	stale     bool // the server had closed it before anything was said
}

// answerAtMost bounds what a server may say about one letter.
const answerAtMost = 64 << 10

var errTalks = errors.New("the server says too much")

// bounded is a connection that reads no more than is left.
type bounded struct {
	net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTalks
	}
	n, err := b.Conn.Read(p)
	b.left -= n
	return n, err
}

// interrupt makes whatever waits on the connection fail.
func (l *link) interrupt() { l.conn.SetDeadline(time.Unix(1, 0)) }

func (l *link) close() { l.conn.Close() }

// quit takes leave and closes. What the server says to it does not matter.
func (l *link) quit() {
	defer l.close()
	stop := time.AfterFunc(2*time.Second, l.interrupt)
	defer stop.Stop()
	l.conn.left = answerAtMost
	l.client.Quit()
}

// connect makes a connection on which letters may be handed over.
func (a *account) connect(ctx context.Context) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, greeting)
	defer cancel()
	raw, err := a.dial.DialContext(ctx, "tcp", net.JoinHostPort(a.s["host"], strconv.Itoa(a.port)))
	if err != nil {
		return nil, &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "connect", Err: err}
	}
	l := &link{conn: &bounded{Conn: raw, left: 4 * answerAtMost}}
	stop := context.AfterFunc(ctx, l.interrupt)
	err = a.greet(ctx, l)
	if !stop() && err == nil {
		err = &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "connect", Err: ctx.Err()}
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (a *account) greet(ctx context.Context, l *link) error {
	var conn net.Conn = l.conn
	if a.s["security"] == "implicit" {
		secure := tls.Client(conn, a.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			return a.refusal(atGreeting, err)
		}
		conn = secure
	}
	var err error
	if l.client, err = smtp.NewClient(conn, a.s["host"]); err != nil {
		return a.refusal(atGreeting, err)
	}
	if err := l.client.Hello(a.s["helo"]); err != nil {
		return a.refusal(atGreeting, err)
	}
	if a.s["security"] == "starttls" {
		if ok, _ := l.client.Extension("STARTTLS"); !ok {
			return channel.Fail(channel.Misconfigured, channel.Account, "starttls", "")
		}
		if err := l.client.StartTLS(a.tls); err != nil {
			return a.refusal(atGreeting, err)
		}
	}
	if err := a.signIn(l.client); err != nil {
		return err
	}
	l.name, _, _ = strings.Cut(l.client.HelloResponse(), " ")
	l.name = clip(l.name, 253)
	l.pipes, _ = l.client.Extension("PIPELINING")
	var size string
	l.sized, size = l.client.Extension("SIZE")
	l.most, _ = strconv.ParseInt(strings.TrimSpace(size), 10, 64)
	return nil
}

// signIn tells the server who we are, in the way the office chose or the server offers.
func (a *account) signIn(c *smtp.Client) error {
	user, password, host, open := a.s["user"], a.s["password"], a.s["host"], a.s["security"] == "none"
	if user == "" {
		return nil
	}
	_, offered := c.Extension("AUTH")
	offers := strings.Fields(strings.ToUpper(offered))
	way := strings.ToUpper(a.s["auth"])
	if way == "AUTO" {
		if way = "PLAIN"; !oneOf(way, offers) {
			way = "LOGIN"
		}
	}
	if !oneOf(way, offers) {
		return channel.Fail(channel.Misconfigured, channel.Account, "auth", clip(offered, 100))
	}
	auth := smtp.PlainAuth("", user, password, host, open)
	if way == "LOGIN" {
		auth = smtp.LoginAuth(user, password, host, open)
	}
	if err := c.Auth(auth); err != nil {
		return a.refusal(atSignIn, err)
	}
	return nil
}
