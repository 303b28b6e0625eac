package email

import (
	"sync"
	"time"
)

// pool holds the connections that nobody uses just now. As many letters are on their way at once as there are slots.
type pool struct {
	slots chan struct{}
	mu    sync.Mutex
	idle  []*link
}

func (p *pool) take() *link {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		l := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if l.rest.Stop() { // otherwise it is being closed at this moment
			return l
		}
	}
	return nil
}

// put keeps a connection for the next letter, and closes it when none comes.
func (p *pool) put(l *link, idle time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.rest == nil {
		l.rest = time.AfterFunc(idle, func() {
			p.drop(l)
			l.quit()
		})
	} else {
		l.rest.Reset(idle)
	}
	p.idle = append(p.idle, l)
}

func (p *pool) drop(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, x := range p.idle {
		if x == l {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return
		}
	}
}
