package smpp

import (
	"context"
	"errors"
	"maps"
	"net"
	"sync"
	"time"
)

// askedAtMost bounds how many late answers are still waited for.
const askedAtMost = 4096

var errGone = errors.New("the connection is gone")

// link is one connection. Whoever asks waits for the answer with the same number.
type link struct {
	conn  net.Conn
	slots chan struct{} // the window: how many questions may be open
	inbox chan pdu      // what the centre asks of us
	done  chan struct{} // closed when the connection is

	once sync.Once
	err  error // why; to be read after done

	writing sync.Mutex
	mu      sync.Mutex
	seq     uint32
	asked   map[uint32]*question
}

// question is something asked. Its hear is called once by whoever reads, before anything that came later is looked at; late says that nobody
// waits any more.
type question struct {
	reply chan pdu
	hear  func(p pdu, late bool)
	late  bool
}

func newLink(conn net.Conn, window int) *link {
	l := &link{conn: conn, slots: make(chan struct{}, window), inbox: make(chan pdu, 64), done: make(chan struct{}), asked: map[uint32]*question{}}
	go l.read()
	return l
}

// close ends the connection for a reason; the first one counts.
func (l *link) close(err error) {
	l.once.Do(func() {
		l.err = err
		l.conn.Close()
		close(l.done)
	})
}

// write sends a PDU. An error means that it did not leave whole, and an unfinished PDU is never acted on.
func (l *link) write(p pdu) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	select {
	case <-l.done:
		return errGone
	default:
	}
	if _, err := l.conn.Write(p.append(nil)); err != nil {
		l.close(err)
		return err
	}
	return nil
}

// errUnsent and errUnanswered tell whether a question may have been heard.
var (
	errUnsent     = errors.New("never left")
	errUnanswered = errors.New("no answer")
)

// ask sends a command and waits for its answer.
func (l *link) ask(ctx context.Context, c command, body []byte, hear func(p pdu, late bool)) (pdu, error) {
	q := &question{reply: make(chan pdu, 1), hear: hear}
	l.mu.Lock()
	l.seq = l.seq%0x7FFFFFFF + 1
	seq := l.seq
	if len(l.asked) > askedAtMost { // a centre that answers too late or never
		maps.DeleteFunc(l.asked, func(_ uint32, q *question) bool { return q.late })
	}
	l.asked[seq] = q
	l.mu.Unlock()
	if err := l.write(pdu{command: c, seq: seq, body: body}); err != nil {
		l.forget(seq)
		return pdu{}, errors.Join(errUnsent, err)
	}
	select {
	case p := <-q.reply:
		return p, nil
	case <-l.done:
	case <-ctx.Done():
	}
	l.mu.Lock()
	q.late = true
	l.mu.Unlock()
	select {
	case p := <-q.reply: // it came at the same moment
		return p, nil
	default:
	}
	if err := ctx.Err(); err != nil {
		return pdu{}, errors.Join(errUnanswered, err)
	}
	return pdu{}, errors.Join(errUnanswered, l.err)
}

func (l *link) forget(seq uint32) {
	l.mu.Lock()
	delete(l.asked, seq)
	l.mu.Unlock()
}

// answered hands an answer to whoever asked.
func (l *link) answered(p pdu) {
	l.mu.Lock()
	q, ok := l.asked[p.seq]
	delete(l.asked, p.seq)
	late := ok && q.late
	if ok && !late {
		if q.hear != nil {
			q.hear(p, false)
		}
		q.reply <- p // it has room for one, and gets one
	}
	l.mu.Unlock()
	if late && q.hear != nil {
		q.hear(p, true)
	}
}

// open counts the questions somebody still waits for.
func (l *link) open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, q := range l.asked {
		if !q.late {
			n++
		}
	}
	return n
}

func (l *link) read() {
	defer close(l.inbox)
	for {
		p, err := readPDU(l.conn)
		if err != nil {
			l.close(err)
			return
		}
		switch {
		case p.command&answer != 0:
			l.answered(p)
		case p.command == enquireLink:
			err = l.write(pdu{command: enquireLink | answer, seq: p.seq})
		case p.command == unbind:
			err = l.write(pdu{command: unbind | answer, seq: p.seq})
			l.close(errors.New("the centre unbound"))
		case p.command == deliverSM:
			select {
			case l.inbox <- p:
			case <-l.done:
			}
		default:
			err = l.write(pdu{command: genericNack, status: statusBadCommand, seq: p.seq})
		}
		if err != nil {
			return
		}
	}
}

// watch asks now and then whether the other side is still there, and closes the connection when it does not say so in time.
func (l *link) watch(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), every)
		_, err := l.ask(ctx, enquireLink, nil, nil)
		cancel()
		if err != nil {
			l.close(errors.Join(errors.New("the centre is silent"), err))
			return
		}
	}
}
