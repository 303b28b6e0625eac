// Package pdftest reads a PDF that a Chromium made, so that tests can say what stands on paper without any other program.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	object   = regexp.MustCompile(`(?s)(\d+) 0 obj\s(.*?)endobj`)
	pageKind = regexp.MustCompile(`/Type /Page\b[^s]`)
	mediaBox = regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`)
	contents = regexp.MustCompile(`/Contents (\d+) 0 R`)
	fontDict = regexp.MustCompile(`(?s)/Font <<(.*?)>>`)
	fontRef  = regexp.MustCompile(`/(\w+) (\d+) 0 R`)
	unicodes = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	mapBlock = regexp.MustCompile(`(?s)begin(bfchar|bfrange)(.*?)end`)
	hexWord  = regexp.MustCompile(`<([0-9A-Fa-f]+)>|[\[\]]`)
	drawing  = regexp.MustCompile(`(?s)/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>\s*Tj|\[(.*?)\]\s*TJ|(-?[\d.]+) (-?[\d.]+) Td|(-?[\d.]+) (-?[\d.]+) Tm`)
	kerned   = regexp.MustCompile(`<([0-9A-Fa-f]+)>|(-?[\d.]+)`)
)

// Page is one sheet: its size in millimetres, rounded, and the text that can be taken from it.
type Page struct {
	Width, Height int
	Text          string
}

// Pages are the sheets of a PDF in order; a fault in the file ends the test.
func Pages(t testing.TB, raw []byte) []Page {
	t.Helper()
	if !bytes.HasPrefix(raw, []byte("%PDF-")) {
		t.Fatalf("not a PDF: %.40q", raw)
	}
	f := file{t: t, objects: map[string][]byte{}, maps: map[string]map[string]string{}}
	var order []string
	for _, m := range object.FindAllSubmatch(raw, -1) {
		f.objects[string(m[1])] = m[2]
		if pageKind.Match(m[2]) {
			order = append(order, string(m[1]))
		}
	}
	var out []Page
	for _, id := range order {
		dict := f.objects[id]
		p := Page{}
		if box := mediaBox.FindSubmatch(dict); box != nil {
			p.Width, p.Height = millimetres(box[1]), millimetres(box[2])
		}
		if at := contents.FindSubmatch(dict); at != nil {
			p.Text = f.text(string(at[1]), f.fonts(dict))
		}
		out = append(out, p)
	}
	return out
}

// Text is all that can be taken from a PDF, page after page.
func Text(t testing.TB, raw []byte) string {
	t.Helper()
	var b strings.Builder
	for _, p := range Pages(t, raw) {
		b.WriteString(p.Text + "\n\f\n")
	}
	return b.String()
}

func millimetres(points []byte) int {
	n, _ := strconv.ParseFloat(string(points), 64)
	return int(n*25.4/72 + .5)
}

type file struct {
	t       testing.TB
	objects map[string][]byte
	maps    map[string]map[string]string // by font object: glyph in hex → text
}

// stream is the content of an object, unpacked.
func (f *file) stream(id string) []byte {
	f.t.Helper()
	dict, rest, ok := bytes.Cut(f.objects[id], []byte("stream"))
	if !ok {
		return nil
	}
	rest = bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("\r")), []byte("\n"))
	if !bytes.Contains(dict, []byte("/FlateDecode")) {
		return rest
	}
	z, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		f.t.Fatalf("unpack object %s: %v", id, err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		f.t.Fatalf("unpack object %s: %v", id, err)
	}
	return out
}

// fonts are the glyph maps of a page or form by the names it calls its fonts.
func (f *file) fonts(dict []byte) map[string]map[string]string {
	out := map[string]map[string]string{}
	block := fontDict.FindSubmatch(dict)
	if block == nil {
		return out
	}
	for _, ref := range fontRef.FindAllSubmatch(block[1], -1) {
		id := string(ref[2])
		if f.maps[id] == nil {
			f.maps[id] = map[string]string{}
			if at := unicodes.FindSubmatch(f.objects[id]); at != nil {
				f.maps[id] = glyphs(f.stream(string(at[1])))
			}
		}
		out[string(ref[1])] = f.maps[id]
	}
	return out
}

// glyphs reads a ToUnicode map.
func glyphs(cmap []byte) map[string]string {
	out := map[string]string{}
	for _, block := range mapBlock.FindAllSubmatch(cmap, -1) {
		words := hexWord.FindAllSubmatch(block[2], -1)
		if string(block[1]) == "bfchar" {
			for i := 0; i+1 < len(words); i += 2 {
				out[strings.ToUpper(string(words[i][1]))] = plain(string(words[i+1][1]))
			}
			continue
		}
		for i := 0; i+2 < len(words); {
			from, _ := strconv.ParseInt(string(words[i][1]), 16, 32)
			to, _ := strconv.ParseInt(string(words[i+1][1]), 16, 32)
			digits := len(words[i][1])
			if string(words[i+2][0]) == "[" {
				i += 3
				for g := from; g <= to && i < len(words) && string(words[i][0]) != "]"; g, i = g+1, i+1 {
					out[glyph(g, digits)] = plain(string(words[i][1]))
				}
				i++
				continue
			}
			first := []rune(plain(string(words[i+2][1])))
			for g := from; g <= to && len(first) > 0; g++ {
				last := first[len(first)-1] + rune(g-from)
				out[glyph(g, digits)] = string(first[:len(first)-1]) + string(last)
			}
			i += 3
		}
	}
	return out
}

func glyph(n int64, digits int) string {
	s := strings.ToUpper(strconv.FormatInt(n, 16))
	return strings.Repeat("0", max(0, digits-len(s))) + s
}

func plain(utf16hex string) string {
	raw, _ := hex.DecodeString(utf16hex)
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// text follows the drawing of a page: a new line of text where the pen is set down elsewhere.
func (f *file) text(id string, fonts map[string]map[string]string) string {
	var b strings.Builder
	var now map[string]string
	at := ""
	say := func(word string) {
		step := 4
		for i := 0; i+step <= len(word); i += step {
			b.WriteString(now[strings.ToUpper(word[i:i+step])])
		}
	}
	for _, m := range drawing.FindAllStringSubmatch(string(f.stream(id)), -1) {
		switch {
		case m[1] != "":
			now = fonts[m[1]]
		case m[2] != "":
			say(m[2])
		case m[3] != "":
			for _, k := range kerned.FindAllStringSubmatch(m[3], -1) {
				if k[1] != "" {
					say(k[1])
				}
			}
		case m[4] != "" && m[5] != "0":
			b.WriteString("\n")
		case m[6] != "":
			if m[0] != at { // a word whose letters come from two fonts is set down twice at the same place
				b.WriteString("\n")
			}
			at = m[0]
		}
	}
	return b.String()
}
