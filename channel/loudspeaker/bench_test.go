package loudspeaker

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"loa/channel"
	"loa/speaker"
)

// benchSpeakers is how many loudspeakers are connected at once.
const benchSpeakers = 1000

// BenchmarkPlay sends a play to each of 1,000 connected speakers and waits until the engine has kept the last answer.
func BenchmarkPlay(b *testing.B) {
	s := begin(b, nil)
	s.fleet.mu.Lock()
	for i := range benchSpeakers {
		name := fmt.Sprintf("loa-%04d", i)
		s.fleet.devices[name] = Device{Secret: speaker.Secret(name, "password of "+name), Group: "xa-1"}
	}
	s.fleet.mu.Unlock()
	var all sync.WaitGroup
	door := make(chan struct{}, 32)
	for i := range benchSpeakers {
		all.Go(func() {
			door <- struct{}{}
			defer func() { <-door }()
			name := fmt.Sprintf("loa-%04d", i)
			c, _, err := s.client(b, name, name, "password of "+name, func(o *paho.ClientOptions) {
				o.SetDefaultPublishHandler(func(c paho.Client, m paho.Message) {
					if !strings.HasSuffix(m.Topic(), "/play") {
						return
					}
					p, err := speaker.ReadPlay(m.Payload())
					if err != nil {
						b.Error(err)
						return
					}
					c.Publish(speaker.Event(name, speaker.EvtAck), 1, false, `{"id":"`+p.ID+`","state":"accepted","at":"`+time.Now().Format(time.RFC3339)+`","err":null,"played_ms":0}`)
				})
			})
			if err != nil {
				b.Error(err)
				return
			}
			c.Subscribe(speaker.Command(name, "#"), 1, nil).Wait()
		})
	}
	all.Wait()
	var slowest time.Duration
	round := 0
	for b.Loop() {
		round++
		var kept atomic.Int64
		done := make(chan struct{})
		s.broker.events = func(_ context.Context, list []channel.Event) error {
			for _, e := range list {
				if e.Kind == channel.EventTaken && kept.Add(1) == benchSpeakers {
					close(done)
				}
			}
			return nil
		}
		start := time.Now()
		for i := range benchSpeakers {
			if _, err := s.Send(context.Background(), s.message(fmt.Sprintf("%016x%016x", round, i), fmt.Sprintf("loa-%04d", i))); err != nil {
				b.Fatal(err)
			}
		}
		select {
		case <-done:
		case <-time.After(time.Minute):
			b.Fatalf("%d answers of %d", kept.Load(), benchSpeakers)
		}
		slowest = max(slowest, time.Since(start))
	}
	b.ReportMetric(float64(slowest.Milliseconds()), "last-ack-ms")
}
