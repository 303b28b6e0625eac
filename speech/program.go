package speech

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// program is a tool of the operator's, run without a shell and within limits.
type program struct {
	name   string // in errors
	path   string
	limit  time.Duration
	memory uint64 // bytes of address space; 0 is no limit
	output int    // bytes of sound at most
}

// find looks a tool up on the PATH.
func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return "", &Error{Kind: Missing, By: name, Err: err}
	}
	return path, nil
}

// run gives the tool its input and takes what it says. Its arguments are never read by a shell; its own settings do not count.
func (p program) run(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, args...)
	cmd.Dir = os.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "HOME=" + os.TempDir()}
	cmd.Stdin = stdin
	cmd.WaitDelay = time.Second
	out, said := &atMost{left: p.output, full: cancel}, &atMost{left: 4 << 10}
	cmd.Stdout, cmd.Stderr = out, said
	err := cmd.Start()
	if err != nil {
		return nil, &Error{Kind: Missing, By: p.name, Err: err}
	}
	limitProcess(cmd.Process.Pid, p.memory, p.limit)
	err = cmd.Wait()
	switch {
	case out.over:
		return nil, &Error{Kind: Unfit, By: p.name, Code: "too_much"}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, &Error{Kind: Broken, By: p.name, Code: "too_slow", Err: ctx.Err()}
	case ctx.Err() != nil:
		return nil, &Error{Kind: Later, By: p.name, Err: ctx.Err()}
	case err != nil:
		return nil, &Error{Kind: Broken, By: p.name, Text: lastLine(said.kept.Bytes()), Err: err}
	}
	return out.kept.Bytes(), nil
}

// atMost keeps so many bytes. What more comes is passed over, and where somebody minds, they are told.
type atMost struct {
	kept bytes.Buffer // not embedded: its ReadFrom would go around the limit
	left int
	over bool
	full func()
}

func (w *atMost) Write(b []byte) (int, error) {
	keep := min(len(b), w.left)
	w.left -= keep
	_, _ = w.kept.Write(b[:keep])
	if keep < len(b) && !w.over {
		w.over = true
		if w.full != nil {
			w.full()
		}
	}
	return len(b), nil
}

func lastLine(b []byte) string {
	s := strings.TrimSpace(string(b))
	s = s[strings.LastIndexByte(s, '\n')+1:]
	return strings.ToValidUTF8(s[:min(len(s), 300)], "")
}

// hundredths writes a number of hundredths as a decimal.
func hundredths(n int) string {
	s := strconv.Itoa(n % 100)
	if n%100 < 10 {
		s = "0" + s
	}
	return strconv.Itoa(n/100) + "." + s
}
