package pdf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"loa"
	"loa/pdf"
	"loa/pdf/pdftest"
)

var leftOut sync.Once

// printer is a printer with a real Chromium; the test is left out without LOA_TEST_ALL, as are all that need a browser.
func printer(t testing.TB, o pdf.Options) *pdf.Printer {
	t.Helper()
	p := pdf.New(o)
	t.Cleanup(p.Close)
	if os.Getenv("LOA_TEST_ALL") == "" {
		leftOut.Do(func() { fmt.Fprintln(os.Stderr, "pdf: Chromium left out; make test brings it") })
		t.Skip("needs Chromium; make test brings it")
	}
	if !p.Ready() {
		t.Fatal("no Chromium is installed")
	}
	return p
}

func pageOf(body string) []byte {
	return []byte(`<!doctype html><html lang="vi"><head><meta charset="utf-8"></head><body>` + body + `</body></html>`)
}

func TestPrintKeepsDiacriticsAndPaper(t *testing.T) {
	p := printer(t, pdf.Options{})
	out, err := p.Print(context.Background(), pageOf(`<p>Làm nương cũng có lương hưu; Hộ cận nghèo, Tủa Chùa</p>`), pdf.A5)
	if err != nil {
		t.Fatal(err)
	}
	pages := pdftest.Pages(t, out)
	if len(pages) != 1 || pages[0].Width != 148 || pages[0].Height != 210 {
		t.Fatalf("pages %+v, want one A5", pages)
	}
	if !strings.Contains(pages[0].Text, "Làm nương cũng có lương hưu; Hộ cận nghèo, Tủa Chùa") {
		t.Errorf("the text is %q", pages[0].Text)
	}
	out, err = p.Print(context.Background(), pageOf(`<style>@page{size:A4 landscape}h1+h1{break-before:page}</style><h1>một</h1><h1>hai</h1>`), pdf.A5)
	if err != nil {
		t.Fatal(err)
	}
	if pages = pdftest.Pages(t, out); len(pages) != 2 || pages[1].Width != 297 || !strings.Contains(pages[1].Text, "hai") {
		t.Errorf("pages %+v, want two of A4 on its side, as the page says", pages)
	}
}

func TestPrintTakesFilesOfItsSite(t *testing.T) {
	p := printer(t, pdf.Options{Files: fstest.MapFS{"static/a.css": {Data: []byte(`p::before{content:"từ tệp "}`)}, "secret.txt": {Data: []byte("bí mật")}}})
	out, err := p.Print(context.Background(), pageOf(`<link rel="stylesheet" href="/static/a.css"><p>xin chào</p><img src="/secret.txt">`), pdf.A5)
	if err != nil {
		t.Fatal(err)
	}
	if text := pdftest.Text(t, out); !strings.Contains(text, "từ tệp") {
		t.Errorf("the style sheet was not taken: %q", text)
	}
}

// TestHostilePageReachesNothing prints a page that tries every way out: a server of this machine, the disk, scripts, frames.
func TestHostilePageReachesNothing(t *testing.T) {
	p := printer(t, pdf.Options{})
	var hits atomic.Int64
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		t.Logf("reached by %s", r.URL)
	}))
	defer outside.Close()
	secret := filepath.Join(t.TempDir(), "secret.html")
	if err := os.WriteFile(secret, []byte("<h1>MATKHAU</h1>"), 0o600); err != nil {
		t.Fatal(err)
	}
	body := strings.NewReplacer("OUT", outside.URL, "FILE", "file://"+secret).Replace(`
		<link rel="stylesheet" href="OUT/css"><link rel="preconnect" href="OUT"><link rel="prefetch" href="OUT/prefetch"><link rel="dns-prefetch" href="OUT">
		<style>@import url("OUT/import"); @font-face{font-family:x;src:url(OUT/font)} body{font-family:x;background:url(OUT/bg)}</style>
		<img src="OUT/img"><img src="FILE"><iframe src="OUT/frame"></iframe><iframe src="FILE" width=400 height=200></iframe>
		<object data="FILE" width=400 height=200></object><embed src="FILE"><video src="OUT/video" autoplay></video>
		<script>document.title="ran"; document.body.insertAdjacentHTML("beforeend","<p>SCRIPTRAN</p>"); fetch("OUT/fetch"); location="FILE"</script>
		<img src="x" onerror="document.body.insertAdjacentHTML('beforeend','<p>SCRIPTRAN</p>')">
		<form action="OUT/form" id=f><input autofocus onfocus="this.form.submit()"></form><svg><use href="FILE#x"></use><image href="OUT/svg"/></svg>
		<p>vẫn in được</p>`)
	for _, away := range []string{"", `<meta http-equiv="refresh" content="0;url=` + outside.URL + `/refresh">`, `<meta http-equiv="refresh" content="0;url=file://` + secret + `">`,
		`<base href="` + outside.URL + `"><img src="base">`} {
		out, err := p.Print(context.Background(), pageOf(away+body), pdf.A4)
		if err != nil {
			t.Errorf("%s: %v", away, err)
			continue
		}
		text := pdftest.Text(t, out)
		if !strings.Contains(text, "vẫn in được") || strings.Contains(text, "MATKHAU") || strings.Contains(text, "SCRIPTRAN") {
			t.Errorf("%s: the paper says %q", away, text)
		}
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("the page reached the network %d times", n)
	}
}

// TestKilledInTheMiddle ends Chromium while it draws: the page comes out of a new one.
func TestKilledInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	pid := filepath.Join(dir, "pid")
	real, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("LOA_TEST_ALL") != "" {
			t.Fatal("no Chromium is installed")
		}
		t.Skip("needs Chromium; make test brings it")
	}
	wrapper := filepath.Join(dir, "chromium")
	if err := os.WriteFile(wrapper, []byte("#!/bin/sh\necho $$ >>"+pid+"\nexec "+real+" \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := printer(t, pdf.Options{Path: wrapper})
	if _, err := p.Print(context.Background(), pageOf("đầu"), pdf.A6); err != nil {
		t.Fatal(err)
	}
	long := pageOf(strings.Repeat(`<p style="break-after:page">một trang dài</p>`, 1500))
	done := make(chan error, 1)
	var out []byte
	go func() {
		var err error
		out, err = p.Print(context.Background(), long, pdf.A6)
		done <- err
	}()
	time.Sleep(300 * time.Millisecond)
	raw, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	if err := exec.Command("kill", "-9", first).Run(); err != nil {
		t.Fatalf("kill %s: %v", first, err)
	}
	if err := <-done; err != nil {
		t.Fatalf("after the kill: %v", err)
	}
	if n := len(pdftest.Pages(t, out)); n != 1500 && n != 1501 {
		t.Errorf("%d pages after the kill", n)
	}
	if raw, _ = os.ReadFile(pid); strings.Count(string(raw), "\n") != 2 {
		t.Errorf("started %d times, want 2: the kill came too late to be in the middle", strings.Count(string(raw), "\n"))
	}
}

func TestIdleChromiumGoesAndComesBack(t *testing.T) {
	p := printer(t, pdf.Options{Idle: 50 * time.Millisecond})
	for range 2 {
		if _, err := p.Print(context.Background(), pageOf("một"), pdf.A6); err != nil {
			t.Fatal(err)
		}
		time.Sleep(400 * time.Millisecond)
	}
}

func TestTooSlowIsRefused(t *testing.T) {
	p := printer(t, pdf.Options{Limit: 50 * time.Millisecond})
	_, err := p.Print(context.Background(), pageOf("chậm"), pdf.A6)
	var refusal *loa.Error
	if !errors.As(err, &refusal) || refusal.Code != "pdf_too_slow" {
		t.Errorf("said %v", err)
	}
}

func TestSeveralAtOnce(t *testing.T) {
	p := printer(t, pdf.Options{})
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			out, err := p.Print(context.Background(), pageOf(fmt.Sprintf("tờ số %d", i)), pdf.A6)
			if err != nil {
				t.Errorf("sheet %d: %v", i, err)
				return
			}
			if text := pdftest.Text(t, out); !strings.Contains(text, fmt.Sprintf("tờ số %d", i)) {
				t.Errorf("sheet %d says %q", i, text)
			}
		})
	}
	all.Wait()
}

func TestWithoutChromium(t *testing.T) {
	p := pdf.New(pdf.Options{Path: filepath.Join(t.TempDir(), "none")})
	defer p.Close()
	if p.Ready() {
		t.Error("ready without a Chromium")
	}
	_, err := p.Print(context.Background(), pageOf("một"), pdf.A4)
	var refusal *loa.Error
	if !errors.As(err, &refusal) || refusal.Code != "no_chromium" {
		t.Errorf("said %v, want no_chromium", err)
	}
	if _, err = p.Print(context.Background(), bytes.Repeat([]byte("x"), 65<<20), pdf.A4); loa.KindOf(err) != loa.TooMuch {
		t.Errorf("65 MB: %v", err)
	}
}

func TestBrokenChromium(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := pdf.New(pdf.Options{Path: broken})
	defer p.Close()
	if _, err := p.Print(context.Background(), pageOf("một"), pdf.A4); err == nil {
		t.Error("printed by a program that ends at once")
	}
}
