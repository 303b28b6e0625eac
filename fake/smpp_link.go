package fake

import (
	"bytes"
	"context"
	"net"
	"sync"
)

// smppLink is one connection of an account.
type smppLink struct {
	centre *SMPP
	conn   net.Conn

	writing sync.Mutex
	once    sync.Once
	gone    chan struct{}

	mu    sync.Mutex
	seq   uint32
	asked map[uint32]chan smppPDU
	mode  uint32 // the command it was bound with; 0: not bound
}

func (k *smppLink) close() {
	k.once.Do(func() {
		close(k.gone)
		k.conn.Close()
	})
}

func (k *smppLink) write(b []byte) {
	k.writing.Lock()
	defer k.writing.Unlock()
	if _, err := k.conn.Write(b); err != nil {
		k.close()
	}
}

func (k *smppLink) answer(to smppPDU, status uint32, body []byte) {
	k.write(smppPDU{command: to.command | smppAnswer, status: status, seq: to.seq, body: body}.bytes())
}

// ask sends a command of ours and waits for its answer.
func (k *smppLink) ask(ctx context.Context, p smppPDU) (smppPDU, error) {
	said := make(chan smppPDU, 1)
	k.mu.Lock()
	k.seq++
	p.seq = k.seq
	k.asked[p.seq] = said
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		delete(k.asked, p.seq)
		k.mu.Unlock()
	}()
	k.write(p.bytes())
	select {
	case a := <-said:
		return a, nil
	case <-k.gone:
		return smppPDU{}, errTornOff
	case <-ctx.Done():
		return smppPDU{}, errSilent
	}
}

// serve reads what the account says until the connection ends.
func (k *smppLink) serve(ctx context.Context) {
	defer k.close()
	defer k.centre.forget(k)
	for {
		p, err := readSMPP(k.conn)
		if err != nil {
			return
		}
		switch {
		case p.command&smppAnswer != 0:
			k.mu.Lock()
			said := k.asked[p.seq]
			k.mu.Unlock()
			if said != nil {
				select {
				case said <- p:
				default: // answered twice
				}
			}
		case p.command == smppBindTransceiver || p.command == smppBindTransmitter || p.command == smppBindReceiver:
			k.bind(p)
		case p.command == smppEnquire:
			k.answer(p, smppOK, nil)
		case p.command == smppUnbind:
			k.centre.forget(k)
			k.answer(p, smppOK, nil)
			return
		case p.command == smppSubmit:
			k.centre.submit(ctx, k, p)
		default:
			k.write(smppPDU{command: smppNack, status: smppBadCommand, seq: p.seq}.bytes())
		}
	}
}

// bind lets an account in, and tells it what waited for it.
func (k *smppLink) bind(p smppPDU) {
	s := k.centre
	f := &smppFields{b: p.body}
	id, password := f.text(), f.text()
	k.mu.Lock()
	again := k.mode != 0
	k.mu.Unlock()
	s.links.Lock()
	bound := len(s.bound)
	s.links.Unlock()
	s.w.mu.Lock()
	wantID, wantPassword, most := s.SystemID, s.Password, s.MaxBinds
	now := s.w.Clock.Now()
	s.w.mu.Unlock()
	status := smppOK
	switch {
	case f.broken || id != wantID:
		status = smppBadSystemID
	case password != wantPassword:
		status = smppBadPassword
	case again || most > 0 && bound >= most:
		status = smppBoundThere
	}
	e := Entry{Provider: smppName, At: now, Method: "SMPP", Path: "/bind", Kind: "bind", To: id, Outcome: Read}
	if status != smppOK {
		e.Outcome, e.Code = Refused, smppCode(status)
		s.w.Ledger.add(e)
		k.answer(p, status, []byte{0})
		return
	}
	s.w.Ledger.add(e)
	k.mu.Lock()
	k.mode = p.command
	k.mu.Unlock()
	k.answer(p, smppOK, []byte(wantID+"_smsc\x00"))
	if p.command == smppBindTransmitter {
		return
	}
	s.links.Lock()
	s.bound = append(s.bound, k)
	s.links.Unlock()
	s.unpark()
}

// half is what a broken answer lets through.
func half(b []byte) []byte { return bytes.Clone(b[:len(b)/2]) }
