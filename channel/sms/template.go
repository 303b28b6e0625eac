package sms

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"loa/channel"
)

// template is a text registered with the gateway. A line of the setting is the text, or the gateway's number of it, a bar and the text;
// {name} stands for any text, {name,20} for one of at most 20 letters.
type template struct {
	id     string
	holes  []string       // the names of what is to be filled in
	strict *regexp.Regexp // with the lengths
	loose  *regexp.Regexp // without
}

var (
	hole       = regexp.MustCompile(`\{([^{},]*)(?:,\s*(\d{1,3}))?\}`)
	templateID = regexp.MustCompile(`^\s*([0-9]{1,20})\|(.*)$`)
)

func readTemplates(s string, spell func(string) string) ([]template, error) {
	var all []template
	for line := range strings.Lines(s) {
		line = strings.Trim(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		t, err := readTemplate(line, spell)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func readTemplate(line string, spell func(string) string) (template, error) {
	var t template
	if m := templateID.FindStringSubmatch(line); m != nil {
		t.id, line = m[1], m[2]
	}
	strict, loose, at := `(?s)^`, `(?s)^`, 0
	for _, m := range hole.FindAllStringSubmatchIndex(line, -1) {
		plain := regexp.QuoteMeta(spell(line[at:m[0]]))
		at = m[1]
		t.holes = append(t.holes, strings.TrimSpace(line[m[2]:m[3]]))
		loose += plain + `(.+?)`
		if m[4] < 0 {
			strict += plain + `(.+?)`
			continue
		}
		n, err := strconv.Atoi(line[m[4]:m[5]])
		if err != nil || n == 0 {
			return t, fmt.Errorf("the template %q has no length %q", line, line[m[4]:m[5]])
		}
		strict += plain + `(.{1,` + strconv.Itoa(n) + `}?)`
	}
	rest := regexp.QuoteMeta(spell(line[at:])) + `$`
	var err error
	if t.strict, err = regexp.Compile(strict + rest); err != nil {
		return t, fmt.Errorf("the template %q is too long: %w", line, err)
	}
	t.loose, err = regexp.Compile(loose + rest)
	return t, err
}

// match finds the template a text is made from and what fills it. Without templates every text passes. A text that only says too much in
// one place is the fault of this recipient's name, not of the text.
func match(all []template, text string) (*template, []string, error) {
	if len(all) == 0 {
		return nil, nil, nil
	}
	for i := range all {
		if m := all[i].strict.FindStringSubmatch(text); m != nil {
			return &all[i], m[1:], nil
		}
	}
	for i := range all {
		if all[i].loose.MatchString(text) {
			return nil, nil, channel.Fail(channel.Rejected, channel.Address, "template_length", "")
		}
	}
	return nil, nil, channel.Fail(channel.Rejected, channel.Content, "template", "")
}
