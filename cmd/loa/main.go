// Command loa is the whole program: it opens the doors and hands one thing to another. It is the only place that reads the
// environment, starts work that outlives a request and knows every room.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"loa"
	"loa/i18n"
	"loa/policy"
)

// cli is every command and flag; each flag is also a LOA_ variable.
type cli struct {
	Data     string  `env:"LOA_DATA" type:"path"`
	Database string  `env:"LOA_DATABASE"`
	Key      string  `env:"LOA_KEY" type:"path"`
	Today    loa.Day `env:"LOA_TODAY"`
	Format   string  `enum:"text,json,xlsx" default:"text" env:"LOA_FORMAT"`
	Lang     string  `enum:"vi,en" default:"vi" env:"LOA_LANG"`
	Chromium string  `env:"LOA_CHROMIUM" type:"path"`

	Voice voiceFlags `embed:""`

	Demo    demoCmd    `cmd:""`
	Fake    fakeCmd    `cmd:""`
	Serve   serveCmd   `cmd:""`
	Import  importCmd  `cmd:""`
	Report  reportCmd  `cmd:""`
	Quote   quoteCmd   `cmd:""`
	Migrate migrateCmd `cmd:""`
	Backup  backupCmd  `cmd:""`
	Restore restoreCmd `cmd:""`
	Doctor  doctorCmd  `cmd:""`
	Keys    keyCmd     `cmd:"" name:"key"`
	Speaker speakerCmd `cmd:""`
	Version versionCmd `cmd:""`

	labels map[string]string // where the catalogues keep the names of a command's fields, for refusals that say which one is meant
	beside map[string]any    // what a refusal in JSON tells beside the error
}

// env is what a command may touch of the outside, so that tests can run the whole program.
type env struct {
	ctx    context.Context
	out    io.Writer
	err    io.Writer
	start  time.Time // of the process, for what the demo says about itself
	getenv func(string) string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := run(env{ctx: ctx, out: os.Stdout, err: os.Stderr, start: time.Now(), getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(code)
}

// exit codes: 0 done, 1 something failed, 2 what was asked cannot be.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func run(e env, args []string) int {
	var c cli
	exited := -1
	lang := languageOf(args, e.getenv)
	parser, err := kong.New(&c, kong.Name("loa"), kong.Writers(e.out, e.err), kong.Exit(func(code int) { exited = code }),
		kong.Description(i18n.Text(lang, "help.word.about")), kong.Help(helpIn(lang)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
	if err != nil {
		fmt.Fprintln(e.err, "loa:", err)
		return exitFailed
	}
	explain(parser.Model.Node, "", lang)
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help was answered
	}
	if err != nil {
		if code, told := c.misasked(e, args, lang); told {
			return code
		}
		fmt.Fprintln(e.err, "loa:", err)
		fmt.Fprintln(e.err, i18n.Text(lang, "help.word.ask"))
		return exitUsage
	}
	if c.Data == "" && k.Command() != "demo" && k.Command() != "fake" && c.asksData(k.Command()) {
		c.Data = "loa-data"
	}
	if c.Key == "" && c.Data != "" {
		c.Key = c.Data + ".key"
	}
	if c.Format == "xlsx" && k.Command() != "report" {
		return c.fail(e, loa.Refuse(loa.Invalid, "format", "format_xlsx"))
	}
	if day, ok := policy.ReadDay(string(c.Today)); ok {
		c.Today = day
	} else if c.Today != "" {
		return c.fail(e, loa.Refuse(loa.Invalid, "today", "bad_day"))
	}
	if err := k.Run(&c, e); err != nil {
		return c.fail(e, err)
	}
	return exitOK
}

// asksData says whether a command works on the office's data even when none is named: a quote then asks the law alone.
func (c *cli) asksData(command string) bool {
	return command != "quote" && !strings.HasPrefix(command, "quote ")
}

// fail says what went wrong in one sentence, in JSON too when that was asked for, and chooses the exit code.
func (c *cli) fail(e env, err error) int {
	var refusal *loa.Error
	if errors.As(err, &refusal) {
		sentence := i18n.Text(c.Lang, "error."+refusal.Code, refusal.Args...)
		if key, ok := c.labels[refusal.Field]; ok {
			if name := i18n.Text(c.Lang, key); !strings.HasPrefix(strings.ToLower(sentence), strings.ToLower(name)) { // said already
				sentence = name + ": " + sentence
			}
		} else if c.labels != nil && slices.Contains(flags, refusal.Field) {
			sentence = "--" + refusal.Field + ": " + sentence
		}
		fmt.Fprintln(e.err, "loa:", sentence)
		if c.Format == "json" {
			out := map[string]any{"error": map[string]string{"code": refusal.Code, "field": refusal.Field}}
			maps.Copy(out, c.beside)
			c.print(e, out, nil)
		}
		return exitUsage
	}
	fmt.Fprintln(e.err, "loa:", err)
	if c.Format == "json" {
		c.print(e, map[string]any{"error": map[string]string{"code": "failed", "message": err.Error()}}, nil)
	}
	return exitFailed
}
