package loudspeaker

import (
	"bytes"
	"context"
	"crypto/subtle"
	"crypto/tls"
	"net"
	"strings"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"loa/speaker"
)

// guard lets devices in and keeps each to its own topics. What is not allowed by name is denied.
type guard struct {
	mqtt.HookBase
	b *broker
}

// ID names the hook.
func (g *guard) ID() string { return "guard" }

// Provides says what the hook wants to know of.
func (g *guard) Provides(what byte) bool {
	return bytes.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish, mqtt.OnSessionEstablished, mqtt.OnSubscribed, mqtt.OnWill, mqtt.OnWillSent}, []byte{what})
}

// OnConnectAuthenticate lets a device in by its own name and password; its last will may be its own state and nothing else.
func (g *guard) OnConnectAuthenticate(cl *mqtt.Client, pk packets.Packet) bool {
	name := string(pk.Connect.Username)
	if name == "" || name != cl.ID || !pk.Connect.PasswordFlag || strings.ContainsAny(name, "/+#$") {
		return false
	}
	if pk.Connect.WillFlag && (pk.Connect.WillTopic != speaker.Event(name, speaker.EvtState) || len(pk.Connect.WillPayload) > 1024) {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	d, ok, err := g.b.a.devices.Device(ctx, g.b.a.tools.Account, name)
	if err != nil || !ok || d.Secret == "" {
		return false
	}
	if subtle.ConstantTimeCompare([]byte(d.Secret), []byte(speaker.Secret(name, string(pk.Connect.Password)))) != 1 {
		return false
	}
	if g.b.a.certNames && certName(cl.Net.Conn) != name {
		return false
	}
	g.b.mu.Lock()
	g.b.calls[name] = allowance{group: d.Group}
	g.b.mu.Unlock()
	return true
}

// certName is the name in the certificate a device showed.
func certName(c net.Conn) string {
	t, ok := c.(*tls.Conn)
	if !ok {
		return ""
	}
	if chain := t.ConnectionState().PeerCertificates; len(chain) > 0 {
		return chain[0].Subject.CommonName
	}
	return ""
}

// OnACLCheck allows a device to hear its own commands and its commune's, and to tell its own events.
func (g *guard) OnACLCheck(cl *mqtt.Client, topic string, write bool) bool {
	if cl.Net.Inline {
		return true
	}
	name := string(cl.Properties.Username)
	if write {
		device, event, ok := speaker.EventOf(topic)
		return ok && device == name && (event == speaker.EvtState || event == speaker.EvtAck || event == speaker.EvtHeartbeat || event == speaker.EvtLog)
	}
	if rest, ok := strings.CutPrefix(topic, speaker.Command(name, "")); ok {
		return rest != ""
	}
	g.b.mu.Lock()
	group := g.b.calls[name].group
	g.b.mu.Unlock()
	rest, ok := strings.CutPrefix(topic, speaker.GroupCommand(group, ""))
	return ok && group != "" && rest != ""
}

// allowance is what a device may still say: one that runs wild must not keep the others from speaking.
type allowance struct {
	group string
	since time.Time
	n     int
}

// sayMost is how many messages a device may send in a minute.
const sayMost = 600

func (b *broker) may(name string) bool {
	now := b.a.tools.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.calls[name]
	if now.Sub(a.since) >= time.Minute {
		a.since, a.n = now, 0
	}
	a.n++
	b.calls[name] = a
	return a.n <= sayMost
}

// OnPublish takes in what a device tells before the broker answers it: an answer means that it was kept.
func (g *guard) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if cl.Net.Inline {
		return pk, nil
	}
	name := string(cl.Properties.Username)
	device, event, ok := speaker.EventOf(pk.TopicName)
	if !ok || device != name || len(pk.Payload) > 16<<10 || !g.b.may(name) {
		return pk, packets.ErrRejectPacket
	}
	pk.FixedHeader.Retain = pk.FixedHeader.Retain && event == speaker.EvtState
	if err := g.b.hear(device, event, pk.Payload); err != nil {
		return pk, packets.ErrRejectPacket // unanswered, it comes again
	}
	return pk, nil
}

// OnSubscribed brings a device up to date that begins to listen. The schedule is told anew instead of being kept
// as a retained message: what the store says now is newer, and the broker's library reads and writes its retained
// messages without one lock over both.
func (g *guard) OnSubscribed(cl *mqtt.Client, _ packets.Packet, _ []byte) {
	if !cl.Net.Inline {
		g.b.refresh(string(cl.Properties.Username))
	}
}

// OnSessionEstablished brings a device up to date that comes back to what it had subscribed to.
func (g *guard) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	if !cl.Net.Inline && cl.State.Subscriptions.Len() > 0 {
		g.b.refresh(string(cl.Properties.Username))
	}
}

// OnWill keeps back the will of a connection that another of the same device has taken over.
func (g *guard) OnWill(cl *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	if now, ok := g.b.server.Clients.Get(cl.ID); ok && now != cl && !now.Closed() {
		will.TopicName, will.Retain = "", false
	}
	return will, nil
}

// OnWillSent hears that a device is gone.
func (g *guard) OnWillSent(cl *mqtt.Client, pk packets.Packet) {
	if pk.TopicName == "" {
		return
	}
	_ = g.b.hear(string(cl.Properties.Username), speaker.EvtState, speaker.LastWill) // whoever is not seen for minutes counts as gone anyway
}
