// Package pdf is the door to paper: it hands a page to a headless Chromium and takes a PDF back. It must never know what stands on
// the page, and it lets the page reach nothing but the files it was given: no network, no disk, no script.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"loa"
)

// Paper is the size of a sheet in millimetres; a page that names its own size in CSS keeps it.
type Paper struct{ Width, Height int }

// The sheets an office has.
var (
	A4 = Paper{210, 297}
	A5 = Paper{148, 210}
	A6 = Paper{105, 148}
)

// Landscape is the sheet turned on its side.
func (p Paper) Landscape() Paper { return Paper{p.Height, p.Width} }

// Options are what cmd/loa hands to the printer.
type Options struct {
	Path   string        // of Chromium; empty looks for it
	Files  fs.FS         // what a page may load by an address of its own site, such as static/leaflet.css; nil is nothing
	Log    *slog.Logger  // told when Chromium had to be started anew
	Limit  time.Duration // how long one print may take; zero is two minutes
	Idle   time.Duration // how long Chromium stays without work; zero is ten minutes
	AtOnce int           // how many prints run side by side, the others wait; zero is two
}

// maxHTML is the largest page that is taken: a thousand slips are a tenth of it.
const maxHTML = 64 << 20

// Printer turns pages into PDF with one Chromium that is started when first needed, let go when idle and started anew when it died.
type Printer struct {
	options Options
	places  chan struct{} // one for each print that may run

	mu      sync.Mutex // guards what follows
	chrome  *chrome
	working int
	idle    *time.Timer
	closed  bool
}

// New makes a printer; nothing is started yet.
func New(o Options) *Printer {
	if o.Limit == 0 {
		o.Limit = 2 * time.Minute
	}
	if o.Idle == 0 {
		o.Idle = 10 * time.Minute
	}
	if o.AtOnce == 0 {
		o.AtOnce = 2
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Printer{options: o, places: make(chan struct{}, o.AtOnce)}
}

// Ready says whether there is a Chromium, so that a page offers a PDF only where one can be made.
func (p *Printer) Ready() bool { return p.path() != "" }

// path is where Chromium is; empty when there is none. It is looked for each time, so that one installed later is found.
func (p *Printer) path() string {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"}
	if p.options.Path != "" {
		names = []string{p.options.Path}
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// Print makes a PDF of a whole HTML page. Without Chromium it refuses with no_chromium, which a page answers with the browser's
// own print; when Chromium dies meanwhile the page is printed once more by a new one.
func (p *Printer) Print(ctx context.Context, html []byte, paper Paper) ([]byte, error) {
	if len(html) > maxHTML {
		return nil, loa.Refuse(loa.TooMuch, "", "pdf_too_large", maxHTML>>20)
	}
	if !p.Ready() {
		return nil, loa.Refuse(loa.Conflict, "", "no_chromium")
	}
	ctx, cancel := context.WithTimeout(ctx, p.options.Limit)
	defer cancel()
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	case <-ctx.Done():
		return nil, p.late(ctx, ctx.Err())
	}
	var failed error
	for range 2 {
		c, err := p.take(ctx)
		if err == nil {
			var out []byte
			out, err = c.print(ctx, html, paper)
			p.give(c, err)
			if err == nil {
				return out, nil
			}
		}
		if ctx.Err() != nil {
			return nil, p.late(ctx, err)
		}
		if errors.Is(err, errClosed) {
			return nil, err
		}
		failed = err
		p.options.Log.Warn("Chromium failed", "error", err)
	}
	return nil, fmt.Errorf("print: %w", failed)
}

// late tells a print that took too long from one whose visitor has gone.
func (p *Printer) late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return loa.Refuse(loa.TooMuch, "", "pdf_too_slow", int(p.options.Limit/time.Second))
	}
	return fmt.Errorf("print: %w", errors.Join(ctx.Err(), err))
}

var errClosed = errors.New("the printer is closed")

// take is the Chromium that runs, or a new one.
func (p *Printer) take(ctx context.Context) (*chrome, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	if p.idle != nil {
		p.idle.Stop()
	}
	if p.chrome == nil {
		c, err := start(ctx, p.path(), p.options.Files)
		if err != nil {
			return nil, err
		}
		p.chrome = c
	}
	p.working++
	return p.chrome, nil
}

// give hands Chromium back; after a failure it is ended, as nobody knows what state it is in.
func (p *Printer) give(c *chrome, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.working--
	if err != nil && p.chrome == c {
		p.chrome = nil
		go c.stop()
	}
	if p.working == 0 && p.chrome != nil && !p.closed {
		p.idle = time.AfterFunc(p.options.Idle, p.rest)
	}
}

// rest ends a Chromium that has had no work for long.
func (p *Printer) rest() {
	p.mu.Lock()
	c := p.chrome
	if p.working > 0 {
		c = nil
	}
	if c != nil {
		p.chrome = nil
	}
	p.mu.Unlock()
	if c != nil {
		c.stop()
	}
}

// Close ends Chromium and waits until it is gone; prints that still run fail.
func (p *Printer) Close() {
	p.mu.Lock()
	p.closed = true
	c := p.chrome
	p.chrome = nil
	if p.idle != nil {
		p.idle.Stop()
	}
	p.mu.Unlock()
	if c != nil {
		c.stop()
	}
}
