package email

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"loa/channel"
)

// patience is how long one letter may take, the server's thoughts about it included.
const patience = 2 * time.Minute

// parcel is a letter, where it goes, and who waits to hear of it.
type parcel struct {
	ctx      context.Context
	from, to string
	letter   []byte
	again    bool // its connection had been closed by the server before it was announced
	done     chan struct{}
	said     string
	err      error
}

func (p *parcel) answer(said string, err error) {
	p.said, p.err = said, err
	close(p.done)
}

// deliver hands over a letter and tells what the server said when it took it. Whoever holds a connection carries it, or a new carrier does
// when there may be one more.
func (a *account) deliver(ctx context.Context, p *parcel) (string, error) {
	var cancel context.CancelFunc
	p.ctx, cancel = context.WithTimeout(ctx, patience)
	defer cancel()
	p.done = make(chan struct{})
	select {
	case a.pool.slots <- struct{}{}:
		go a.carry(p)
	default:
		select {
		case a.pool.slots <- struct{}{}:
			go a.carry(p)
		case a.waiting <- p:
		case <-p.ctx.Done():
			return "", &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "busy", Err: p.ctx.Err()}
		}
	}
	<-p.done
	return p.said, p.err
}

// next is a letter somebody waits with, if any.
func (a *account) next() *parcel {
	select {
	case p := <-a.waiting:
		return p
	default:
		return nil
	}
}

// carry holds one connection for as long as there are letters.
func (a *account) carry(p *parcel) {
	defer func() { <-a.pool.slots }()
	l := a.pool.take()
	for p != nil {
		if l == nil {
			var err error
			if l, err = a.connect(p.ctx); err != nil {
				p.answer("", err)
				p = a.next()
				continue
			}
		}
		stop := context.AfterFunc(p.ctx, l.interrupt)
		said, next, err := a.transact(l, p)
		if !stop() { // the interruption may still be under way, even when it came too late for this letter
			l.broken = true
		}
		if stale := l.broken && l.stale && !p.again && p.ctx.Err() == nil; stale {
			p.again, next = true, p // nothing was said of it yet
		} else {
			l.carried++
			p.answer(said, err)
		}
		if l.broken {
			l.close()
			l = nil
		} else if l.carried >= a.perLink {
			l.quit()
			l = nil
		}
		if p = next; p == nil {
			p = a.next()
		}
	}
	if l != nil {
		a.pool.put(l, a.idle)
	}
}

// reply is what a server said to one command.
type reply struct {
	code int
	text string
}

func (r reply) ok() bool { return r.code >= 200 && r.code < 300 }

// transact hands over one letter. The letter itself is sent only when its address was taken; from its first byte on, silence means that it
// may have arrived, and until then that it has not. Where the server takes several commands at once, the next letter is announced together
// with this one.
func (a *account) transact(l *link, p *parcel) (said string, next *parcel, err error) {
	l.conn.left, l.stale = answerAtMost, false
	if l.tooLong(p) {
		return "", nil, wrong(channel.Content, "size")
	}
	refused, at, err := l.announce(p)
	switch {
	case err != nil:
		l.broken, l.stale = true, l.carried > 0 && at == atMail
		return "", nil, &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "connection", Err: err}
	case refused.code == 421:
		l.broken, l.stale = true, l.carried > 0 && at == atMail
		return "", nil, a.failure(at, refused)
	case refused.code != 0:
		l.reset()
		return "", nil, a.failure(at, refused)
	}
	l.write(p.letter)
	if l.pipes && l.carried+1 < a.perLink {
		if next = a.next(); next != nil && !l.tooLong(next) && next.ctx.Err() == nil {
			l.announced = next
			l.say(l.commands(next))
		}
	}
	r, err := l.read()
	if err != nil {
		l.broken = true
		return "", next, &channel.Error{Kind: channel.Unsure, Code: "connection", Err: err}
	}
	said, err = a.taken(l, r)
	return said, next, err
}

// taken is what the server's last word about a letter means.
func (a *account) taken(l *link, r reply) (string, error) {
	switch {
	case r.ok():
		return r.text, nil
	case r.code < 400 || r.code > 599: // no answer to what was asked
		l.broken = true
		return "", &channel.Error{Kind: channel.Unsure, Code: strconv.Itoa(r.code), Text: clip(r.text, 300)}
	case r.code == 421:
		l.broken = true
	}
	return "", a.failure(atLetter, r) // what was announced is over with it
}

func (l *link) tooLong(p *parcel) bool { return l.most > 0 && int64(len(p.letter)) > l.most }

var stages3 = [...]stage{atMail, atAddress, atData}

func (l *link) commands(p *parcel) [3]string {
	mail := "MAIL FROM:<" + p.from + ">"
	if l.sized {
		mail += " SIZE=" + strconv.Itoa(len(p.letter))
	}
	return [3]string{mail, "RCPT TO:<" + p.to + ">", "DATA"}
}

// say puts all commands on the line at once.
func (l *link) say(commands [3]string) {
	w := l.client.Text.W
	for _, c := range commands {
		w.WriteString(c)
		w.WriteString("\r\n")
	}
}

// announce tells from whom and to whom, and asks for leave to hand over. It answers with what was refused first, if anything. Of an error
// nothing is known but that the letter was not sent.
func (l *link) announce(p *parcel) (refused reply, at stage, err error) {
	commands, early := l.commands(p), l.announced == p
	if l.announced = nil; l.pipes && !early {
		l.say(commands)
	}
	for i, c := range commands {
		if !l.pipes {
			l.client.Text.W.WriteString(c)
			l.client.Text.W.WriteString("\r\n")
		}
		r, err := l.read()
		if err != nil && refused.code != 0 { // what was refused is known, whatever follows
			l.broken = true
			return refused, at, nil
		}
		if err != nil {
			return reply{}, stages3[i], err
		}
		good := r.ok()
		if stages3[i] == atData {
			if good = r.code == 354; good && refused.code != 0 { // it wants a letter for nobody: leave without giving it one
				l.broken = true
			}
		}
		if !good && refused.code == 0 {
			if refused, at = r, stages3[i]; !l.pipes || r.code == 421 {
				return refused, at, nil
			}
		}
	}
	return refused, at, nil
}

// write puts a letter on the line, its end included. A line that begins with a dot gets one more.
func (l *link) write(letter []byte) {
	w := l.client.Text.W
	for rest := letter; len(rest) > 0; {
		if rest[0] == '.' {
			w.WriteByte('.')
		}
		end := bytes.Index(rest, []byte("\n."))
		if end < 0 {
			w.Write(rest)
			break
		}
		w.Write(rest[:end+1])
		rest = rest[end+1:]
	}
	if !bytes.HasSuffix(letter, []byte("\r\n")) {
		w.WriteString("\r\n")
	}
	w.WriteString(".\r\n")
}

// read sends what is on the line and hears one answer.
func (l *link) read() (reply, error) {
	if w := l.client.Text.W; w.Buffered() > 0 {
		if err := w.Flush(); err != nil {
			return reply{}, err
		}
	}
	code, text, err := l.client.Text.ReadResponse(0)
	return reply{code, text}, err
}

// reset takes back what was announced, so that the connection serves the next letter.
func (l *link) reset() {
	if l.broken {
		return
	}
	l.client.Text.W.WriteString("RSET\r\n")
	if r, err := l.read(); err != nil || !r.ok() {
		l.broken = true
	}
}
