package smpp

import "sync"

// keptAtMost bounds how many parts are remembered. What is forgotten is matched by the engine, by the spellings of the reference.
const keptAtMost = 20_000

// outstanding remembers the parts that were taken, so that a report finds its message whatever way the centre writes its number, and a long
// text counts as delivered when its last missing part is.
type outstanding struct {
	mu    sync.Mutex
	parts map[string]*part // by canonical ID
	order []string
}

type part struct {
	whole *whole
	done  bool
}

// whole is a message with its parts on the way.
type whole struct {
	message string // our ID
	ref     string // the centre's ID of the last part, once that was taken
	open    int    // parts not reported as delivered
}

// took remembers that a part of a message was taken.
func (o *outstanding) took(id string, w *whole, last bool) {
	if id == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if last {
		w.ref = id
	}
	if o.parts == nil {
		o.parts = map[string]*part{}
	}
	key := canonical(id)
	if _, again := o.parts[key]; !again {
		o.order = append(o.order, key)
	}
	o.parts[key] = &part{whole: w}
	if len(o.order) > keptAtMost {
		delete(o.parts, o.order[0])
		o.order = o.order[1:]
	}
}

// find is the message a report is about: its ID, its reference, and whether all its parts are delivered once this one is.
func (o *outstanding) find(id string, delivered bool) (message, ref string, all, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range spellings(id) {
		p, ok := o.parts[canonical(s)]
		if !ok {
			continue
		}
		if delivered && !p.done {
			p.done = true
			p.whole.open--
		}
		return p.whole.message, p.whole.ref, p.whole.open <= 0, true
	}
	return "", "", false, false
}
