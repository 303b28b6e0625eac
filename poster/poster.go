// Package poster draws the picture that goes along when somebody shares a message: the words, the office, a way to come closer. It is a
// leaf: it must never know whose words these are, nor where the picture goes.
package poster

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"golang.org/x/image/vector"
)

// Width and Height are what social networks show whole.
const (
	Width  = 1200
	Height = 630
)

// Poster is what stands on a picture.
type Poster struct {
	Office   string
	Headline string // in large letters, as large as they fit
	Note     string // small, under it: the law and the day
	Link     string
	Call     string   // what to do: "Ask us", a telephone number
	Code     [][]bool // the modules of a QR code, dark ones true; none: no code
}

var (
	paper   = color.RGBA{0xEF, 0xF6, 0xF5, 0xFF}
	white   = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
	ink     = color.RGBA{0x15, 0x21, 0x1F, 0xFF}
	quiet   = color.RGBA{0x37, 0x45, 0x43, 0xFF}
	deep    = color.RGBA{0x0B, 0x5D, 0x5E, 0xFF}
	far     = color.RGBA{0xBF, 0xDC, 0xD9, 0xFF}
	near    = color.RGBA{0x8F, 0xC1, 0xBD, 0xFF}
	ground  = color.RGBA{0x14, 0x71, 0x6F, 0xFF}
	houses  = color.RGBA{0x0A, 0x4A, 0x4C, 0xFF}
	margin  = 64
	headTop = 150
	headEnd = 376
)

// Draw makes a PNG.
func Draw(p Poster) ([]byte, error) {
	w, err := weights()
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	landscape(img)
	small, err := w[500].pen(30)
	if err != nil {
		return nil, err
	}
	bold, err := w[700].pen(34)
	if err != nil {
		return nil, err
	}
	mark(img, margin, 56)
	bold.write(img, image.NewUniform(deep), margin+72, 92, clip(bold, p.Office, Width-2*margin-72))
	if err := headline(img, w[700], p.Headline); err != nil {
		return nil, err
	}
	tiny, err := w[500].pen(22)
	if err != nil {
		return nil, err
	}
	tiny.write(img, image.NewUniform(quiet), margin, headEnd+34, clip(tiny, p.Note, Width-2*margin))
	left := margin
	if len(p.Code) > 0 {
		left = code(img, p.Code)
	}
	bold.write(img, image.NewUniform(white), left, 560, clip(bold, p.Call, Width-left-margin))
	small.write(img, image.NewUniform(white), left, 602, clip(small, p.Link, Width-left-margin))
	var out bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	return out.Bytes(), nil
}

// headline writes the words as large as they fit into their place.
func headline(img *image.RGBA, w weight, words string) error {
	for size := 72; ; size -= 4 {
		p, err := w.pen(size)
		if err != nil {
			return err
		}
		lines := wrap(p, words, Width-2*margin)
		step := size * 13 / 10
		if len(lines)*step > headEnd-headTop && size > 32 {
			continue
		}
		if most := (headEnd - headTop) / step; len(lines) > most {
			lines = lines[:most]
			lines[most-1] = clip(p, lines[most-1]+"…", Width-2*margin)
		}
		for i, line := range lines {
			p.write(img, image.NewUniform(ink), margin, headTop+size+i*step, line)
		}
		return nil
	}
}

// wrap breaks words into lines that are no wider than width.
func wrap(p pen, text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && p.width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// clip shortens a line that is too wide.
func clip(p pen, line string, width int) string {
	if p.width(line) <= width {
		return line
	}
	runes := []rune(strings.TrimSuffix(line, "…"))
	for len(runes) > 0 && p.width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}

// code draws a QR code on white in the lower left and answers where the words beside it begin.
func code(img *image.RGBA, modules [][]bool) (left int) {
	const side, border = 168, 12
	each := max(1, (side-2*border)/len(modules))
	at := image.Pt(margin, Height-side-24)
	draw.Draw(img, image.Rectangle{at, at.Add(image.Pt(side, side))}, image.NewUniform(white), image.Point{}, draw.Src)
	shift := (side - each*len(modules)) / 2
	for y, row := range modules {
		for x, dark := range row {
			if dark {
				r := image.Rect(0, 0, each, each).Add(at).Add(image.Pt(shift+x*each, shift+y*each))
				draw.Draw(img, r, image.NewUniform(color.Black), image.Point{}, draw.Src)
			}
		}
	}
	return at.X + side + 32
}

// shape fills a polygon.
func shape(img *image.RGBA, c color.Color, points ...[2]float32) {
	r := vector.NewRasterizer(Width, Height)
	for i, p := range points {
		if i == 0 {
			r.MoveTo(p[0], p[1])
		} else {
			r.LineTo(p[0], p[1])
		}
	}
	r.ClosePath()
	r.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{})
}

// landscape are hills, a slope and two houses on stilts: a place people know.
func landscape(img *image.RGBA) {
	shape(img, far, [2]float32{560, 520}, [2]float32{760, 330}, [2]float32{900, 430}, [2]float32{1040, 300}, [2]float32{1200, 400}, [2]float32{1200, 520})
	shape(img, near, [2]float32{420, 520}, [2]float32{640, 430}, [2]float32{820, 490}, [2]float32{1010, 400}, [2]float32{1200, 470}, [2]float32{1200, 520})
	shape(img, ground, [2]float32{0, 500}, [2]float32{1200, 500}, [2]float32{1200, 630}, [2]float32{0, 630})
	for _, x := range []float32{950, 1070} {
		shape(img, houses, [2]float32{x - 58, 462}, [2]float32{x, 420}, [2]float32{x + 58, 462})
		shape(img, houses, [2]float32{x - 44, 462}, [2]float32{x + 44, 462}, [2]float32{x + 44, 486}, [2]float32{x - 44, 486})
		for _, leg := range []float32{-38, 0, 38} {
			shape(img, houses, [2]float32{x + leg - 3, 486}, [2]float32{x + leg + 3, 486}, [2]float32{x + leg + 3, 504}, [2]float32{x + leg - 3, 504})
		}
	}
}

// mark is the loudspeaker in its square.
func mark(img *image.RGBA, left, top int) {
	x, y := float32(left), float32(top)
	shape(img, deep, [2]float32{x, y}, [2]float32{x + 52, y}, [2]float32{x + 52, y + 52}, [2]float32{x, y + 52})
	shape(img, white, [2]float32{x + 12, y + 22}, [2]float32{x + 38, y + 12}, [2]float32{x + 38, y + 40}, [2]float32{x + 12, y + 30})
	shape(img, white, [2]float32{x + 16, y + 32}, [2]float32{x + 23, y + 35}, [2]float32{x + 23, y + 43}, [2]float32{x + 17, y + 43})
}
