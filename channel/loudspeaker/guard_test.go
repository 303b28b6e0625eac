package loudspeaker

import (
	"errors"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"loa/channel"
	"loa/speaker"
)

func TestWhoGetsIn(t *testing.T) {
	s := begin(t, nil)
	will := func(topic string) func(*paho.ClientOptions) {
		return func(o *paho.ClientOptions) { o.SetBinaryWill(topic, speaker.LastWill, 1, true) }
	}
	for name, c := range map[string]struct {
		user, id, password string
		change             func(*paho.ClientOptions)
		in                 bool
	}{
		"a device":                         {"dev1", "dev1", "password of dev1", nil, true},
		"with its own will":                {"dev1", "dev1", "password of dev1", will("loa/v1/dev1/evt/state"), true},
		"with another's will":              {"dev1", "dev1", "password of dev1", will("loa/v1/dev2/evt/state"), false},
		"with a will that commands":        {"dev1", "dev1", "password of dev1", will("loa/v1/dev2/cmd/play"), false},
		"a wrong password":                 {"dev1", "dev1", "password of dev2", nil, false},
		"no password":                      {"dev1", "dev1", "", nil, false},
		"nobody":                           {"", "x", "", nil, false},
		"one nobody knows":                 {"dev3", "dev3", "password of dev3", nil, false},
		"one without a password yet":       {"new", "new", "", nil, false},
		"one in the place of another":      {"dev1", "dev2", "password of dev1", nil, false},
		"the broker's own name":            {"loa", "loa", "loa", nil, false},
		"the broker's inline client":       {"inline", "inline", "", nil, false},
		"a name that is a filter":          {"+", "+", "x", nil, false},
		"what the store knows the word by": {"dev1", "dev1", s.fleet.devices["dev1"].Secret, nil, false},
	} {
		cl, _, err := s.client(t, c.user, c.id, c.password, c.change)
		if (err == nil) != c.in {
			t.Errorf("%s: %v", name, err)
		}
		cl.Disconnect(10)
	}
	s.fleet.mu.Lock()
	s.fleet.broken = errors.New("no database")
	s.fleet.mu.Unlock()
	if _, _, err := s.client(t, "dev1", "dev1", "password of dev1", nil); err == nil {
		t.Error("somebody gets in while nobody can be asked")
	}
}

// TestDefaultDeny: a device hears its own commands and its commune's, and speaks for itself alone.
func TestDefaultDeny(t *testing.T) {
	s := begin(t, nil)
	for filter, may := range map[string]bool{
		"loa/v1/dev1/cmd/#": true, "loa/v1/dev1/cmd/play": true, "loa/v1/dev1/cmd/+": true, "loa/v1/group/xa-1/cmd/#": true,
		"#": false, "+/#": false, "loa/#": false, "loa/v1/+/cmd/#": false, "loa/v1/dev2/cmd/#": false, "loa/v1/dev2/evt/ack": false, "loa/v1/dev1/evt/#": false, "loa/v1/+/evt/ack": false,
		"loa/v1/dev1/cmd/": false, "loa/v1/dev1/#": false, "loa/v1/group/xa-2/cmd/#": false, "loa/v1/group/+/cmd/#": false, "loa/v1/group/#": false, "$SYS/#": false, "$share/x/loa/v1/dev1/cmd/#": false, "$share/x/#": false,
	} {
		c, _ := s.signedIn(t, "dev1")
		token := c.Subscribe(filter, 1, nil)
		token.Wait()
		if errors.Is(token.Error(), paho.ErrNotConnected) || token.Error() != nil && !c.IsConnected() { // the broker was still taking leave of the last one
			c, _ = s.signedIn(t, "dev1")
			token = c.Subscribe(filter, 1, nil)
			token.Wait()
		}
		granted := token.Error() == nil
		for _, code := range token.(*paho.SubscribeToken).Result() { // paho forgets the group of a shared one
			granted = granted && code < 0x80
		}
		if granted != may {
			t.Errorf("listening to %s: granted %v, %v", filter, granted, token.Error())
		}
		c.Disconnect(10)
	}
	// What dev1 says in another's name reaches neither the other nor the engine.
	_, got := s.signedIn(t, "dev2")
	c2, _ := s.signedIn(t, "dev2")
	c2.Subscribe("loa/v1/dev2/cmd/#", 1, func(_ paho.Client, m paho.Message) { got <- m }).Wait()
	for _, topic := range []string{"loa/v1/dev2/evt/ack", "loa/v1/dev2/evt/state", "loa/v1/dev2/cmd/play", "loa/v1/dev2/cmd/stop", "loa/v1/dev1/cmd/play", "loa/v1/group/xa-1/cmd/stop", "loa/v1/dev1/evt/other", "$SYS/x"} {
		c, _ := s.signedIn(t, "dev1")
		c.Publish(topic, 1, true, `{"id":"forged","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`).WaitTimeout(200 * time.Millisecond)
		c.Disconnect(10)
	}
	c, _ := s.signedIn(t, "dev1")
	if token := c.Publish("loa/v1/dev1/evt/ack", 1, false, `{"id":"mine","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
		t.Errorf("its own word is not taken: %v", token.Error())
	}
	s.ears.until(t, "the device's own word", func(e channel.Event) bool { return e.Ref == "mine" })
	s.ears.mu.Lock()
	for _, e := range s.ears.events {
		if e.Ref == "forged" || e.Kind == channel.EventDevice && e.From == "dev2" {
			t.Errorf("forged: %+v", e)
		}
	}
	s.ears.mu.Unlock()
	for len(got) > 0 {
		if m := <-got; !strings.HasSuffix(m.Topic(), "/sync") && !strings.HasSuffix(m.Topic(), "/volume") {
			t.Errorf("dev2 heard %s: %s", m.Topic(), m.Payload())
		}
	}
}

// TestWithoutTheGuard shows what the guard is for: mochi's own ledger lets everything through that it does not forbid by name.
func TestWithoutTheGuard(t *testing.T) {
	s := begin(t, nil)
	g := &guard{b: s.broker}
	if g.OnACLCheck(s.broker.server.NewClient(nil, "x", "dev1", false), "loa/v1/dev1/cmd/play", false) {
		t.Error("a client without a name hears something")
	}
}
