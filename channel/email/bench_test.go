package email

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// asServer is how the benchmark asks a copy of itself to be the mail server, so that the server's work is not counted as ours.
const asServer = "LOA_MAIL_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		sink()
		return
	}
	os.Exit(m.Run())
}

type drain struct{}

func (drain) Reset()                                      {}
func (drain) Logout() error                               { return nil }
func (drain) Mail(string, *smtp.MailOptions) error        { return nil }
func (drain) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (drain) Data(r io.Reader) error                      { _, err := io.Copy(io.Discard, r); return err }
func (drain) NewSession(*smtp.Conn) (smtp.Session, error) { return drain{}, nil }

func sink() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr().(*net.TCPAddr).Port)
	go func() { // until whoever asked is gone
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	s := smtp.NewServer(drain{})
	s.Domain = "mx.example"
	s.Serve(l)
}

func startSink(t testing.TB) int {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asServer+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSend writes letters and hands them to a mail server in another process. It reports how many a second of our own work carries.
func BenchmarkSend(b *testing.B) {
	for _, links := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("connections=%d", links), func(b *testing.B) {
			port := startSink(b)
			a := opened(b, settings(port, "connections", strconv.Itoa(links), "per_connection", "100000"))
			send := func(n int) {
				var all sync.WaitGroup
				next := make(chan int)
				for range 4 * links {
					all.Go(func() {
						for range next {
							if _, err := a.Send(context.Background(), message()); err != nil {
								b.Error(err)
							}
						}
					})
				}
				for i := range n {
					next <- i
				}
				close(next)
				all.Wait()
			}
			send(links * 40)
			before := cpu()
			b.ReportAllocs()
			b.ResetTimer()
			send(b.N)
			b.ReportMetric(float64(b.N)/(cpu()-before).Seconds(), "letters/cpu-s")
		})
	}
}

// BenchmarkWrite writes letters without sending them.
func BenchmarkWrite(b *testing.B) {
	a := opened(b, settings(1))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.write(context.Background(), message()); err != nil {
			b.Fatal(err)
		}
	}
}
