package main

import (
	"bytes"
	"strings"

	"github.com/alecthomas/kong"

	"loa/i18n"
)

// languageOf is the language of the command line before it is understood: help and complaints about it come first.
func languageOf(args []string, getenv func(string) string) string {
	lang := getenv("LOA_LANG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			lang = v
		} else if a == "--lang" && i+1 < len(args) {
			lang = args[i+1]
		}
	}
	if lang != "en" {
		return "vi"
	}
	return lang
}

// explain gives every command, argument and flag its sentence of the catalogues.
func explain(n *kong.Node, path, lang string) {
	say := func(name string) string { return i18n.Text(lang, "help."+name) }
	for _, f := range n.Flags {
		f.Help = say(path + f.Name)
	}
	for _, p := range n.Positional {
		p.Help = say(path + p.Name)
	}
	for _, c := range n.Children {
		if c.Help = say(path + c.Name); c.Name == "key" {
			c.Help = say("key_") // the flag bears the same word
		}
		explain(c, path+c.Name+".", lang)
	}
}

// helpIn prints help with kong's own few words in the reader's language.
func helpIn(lang string) kong.HelpPrinter {
	return func(o kong.HelpOptions, ctx *kong.Context) error {
		var page bytes.Buffer
		to := ctx.Stdout
		ctx.Stdout = &page
		err := kong.DefaultHelpPrinter(o, ctx)
		ctx.Stdout = to
		if err != nil {
			return err
		}
		word := func(name string, args ...any) string { return i18n.Text(lang, "help.word."+name, args...) }
		text := page.String()
		for from, name := range map[string]string{"Usage:": "usage", "Flags:": "flags", "Arguments:": "arguments", "Commands:": "commands"} {
			text = strings.Replace("\n"+text, "\n"+from, "\n"+word(name)+":", 1)[1:]
		}
		for _, name := range []string{"loa", "loa key"} {
			text = strings.Replace(text, `Run "`+name+` <command> --help" for more information on a command.`, word("more", name), 1)
		}
		if n := ctx.Selected(); n != nil && n.Name == "quote" { // its fields depend on the question, which comes first
			text += "\n" + word("kinds") + ":\n" + kindList(lang)
		}
		_, err = to.Write([]byte(text))
		return err
	}
}
