package speaker

import (
	"context"
	"errors"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// answerIn is how long the broker may take to answer.
const answerIn = 20 * time.Second

// line is a connection to the broker.
type line struct{ client mqtt.Client }

func (l line) publish(topic string, retained bool, payload []byte) error {
	return settle(l.client.Publish(topic, 1, retained, payload))
}

func (l line) subscribe(topics []string) error {
	filters := map[string]byte{}
	for _, t := range topics {
		filters[t] = 1
	}
	return settle(l.client.SubscribeMultiple(filters, nil))
}

func settle(t mqtt.Token) error {
	if !t.WaitTimeout(answerIn) {
		return errors.New("the broker does not answer")
	}
	return t.Error()
}

// connect keeps a connection to the broker for as long as the device runs. The broker remembers what came while there was none.
func (d *Device) connect(ctx context.Context) {
	o := mqtt.NewClientOptions().AddBroker(d.o.Broker).SetClientID(d.o.Device).SetUsername(d.o.Device).SetPassword(d.o.Password).
		SetCleanSession(false).SetAutoReconnect(false).SetConnectRetry(false).SetKeepAlive(30*time.Second).SetPingTimeout(10*time.Second).SetConnectTimeout(10*time.Second).
		SetOrderMatters(true).SetBinaryWill(Event(d.o.Device, EvtState), LastWill, 1, true).SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) { d.take(m.Topic(), m.Payload()) })
	if d.o.TLS != nil {
		o.SetTLSConfig(d.o.TLS)
	}
	pause := d.o.Pause
	for ctx.Err() == nil {
		lost := make(chan error, 1)
		o.SetConnectionLostHandler(func(_ mqtt.Client, err error) {
			select {
			case lost <- err:
			default:
			}
		})
		held, err := d.hold(ctx, mqtt.NewClient(o), lost)
		if held {
			pause = d.o.Pause
		}
		if err != nil && ctx.Err() == nil {
			d.o.Log.Info("no connection", "broker", d.o.Broker, "error", err)
		}
		if !wait(ctx, nil, pause) {
			return
		}
		pause = min(2*pause, time.Minute)
	}
}

// hold serves one connection to its end; held says whether the broker let the device in.
func (d *Device) hold(ctx context.Context, client mqtt.Client, lost chan error) (held bool, err error) {
	if err := settle(client.Connect()); err != nil {
		client.Disconnect(0)
		return false, fmt.Errorf("connect: %w", err)
	}
	l := line{client}
	d.mu.Lock()
	topics := []string{Command(d.o.Device, "#")}
	if d.k.Group != "" {
		topics = append(topics, GroupCommand(d.k.Group, "#"))
	}
	d.mu.Unlock()
	if err := l.subscribe(topics); err != nil {
		client.Disconnect(0)
		return true, fmt.Errorf("listen to commands: %w", err)
	}
	d.set(l)
	d.o.Log.Info("connected", "broker", d.o.Broker)
	d.send(EvtState, true, d.state())
	select {
	case err = <-lost:
		d.set(nil)
	case <-ctx.Done():
		d.set(nil)
		_ = l.publish(Event(d.o.Device, EvtState), true, LastWill) // it goes by itself: the will would not be told
		client.Disconnect(250)
	}
	return true, err
}

// set notes the connection there is, if any.
func (d *Device) set(w wire) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wire = w
	d.poke()
}
