package poster

import (
	"bytes"
	"compress/zlib"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The letters are Be Vietnam Pro (OFL, fonts/LICENSE), as @fontsource/be-vietnam-pro 5.3.0 packs them: Latin and Vietnamese apart.
//
//go:embed fonts/*.woff
var packed embed.FS

// weight is one thickness of the letters; the first font that has a letter draws it.
type weight []*sfnt.Font

// weights are the two thicknesses, unpacked when the first picture is drawn.
var weights = sync.OnceValues(func() (map[int]weight, error) {
	out := map[int]weight{}
	for _, w := range []int{500, 700} {
		for _, part := range []string{"latin", "vietnamese"} {
			raw, err := packed.ReadFile(fmt.Sprintf("fonts/be-vietnam-pro-%s-%d-normal.woff", part, w))
			if err != nil {
				return nil, fmt.Errorf("find the letters: %w", err)
			}
			plain, err := unpack(raw)
			if err != nil {
				return nil, err
			}
			f, err := opentype.Parse(plain)
			if err != nil {
				return nil, fmt.Errorf("read the letters: %w", err)
			}
			out[w] = append(out[w], f)
		}
	}
	return out, nil
})

var errFont = errors.New("not a WOFF font")

// unpack makes an OpenType font of a WOFF file: the same tables, each of them packed for itself.
func unpack(raw []byte) ([]byte, error) {
	be := binary.BigEndian
	if len(raw) < 44 || string(raw[:4]) != "wOFF" {
		return nil, errFont
	}
	tables := int(be.Uint16(raw[12:]))
	if len(raw) < 44+20*tables {
		return nil, errFont
	}
	head := append([]byte(nil), raw[4:8]...)
	head = be.AppendUint16(head, uint16(tables))
	head = append(head, make([]byte, 6)...) // hints for a search nobody makes
	var body []byte
	start := 12 + 16*tables
	for i := range tables {
		e := raw[44+20*i:]
		at, size, full := int(be.Uint32(e[4:])), int(be.Uint32(e[8:])), int(be.Uint32(e[12:]))
		if at+size > len(raw) || full > 1<<20 {
			return nil, errFont
		}
		table := raw[at : at+size]
		if size < full {
			r, err := zlib.NewReader(bytes.NewReader(table))
			if err != nil {
				return nil, fmt.Errorf("unpack a font: %w", err)
			}
			if table, err = io.ReadAll(io.LimitReader(r, int64(full))); err != nil {
				return nil, fmt.Errorf("unpack a font: %w", err)
			}
		}
		head = append(head, e[:4]...)
		head = append(head, e[16:20]...)
		head = be.AppendUint32(head, uint32(start+len(body)))
		head = be.AppendUint32(head, uint32(len(table)))
		body = append(body, table...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(head, body...), nil
}

// pen writes in one thickness and size.
type pen struct {
	faces []font.Face
	size  int
}

func (w weight) pen(size int) (pen, error) {
	p := pen{size: size}
	for _, f := range w {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return p, fmt.Errorf("make a pen: %w", err)
		}
		p.faces = append(p.faces, face)
	}
	return p, nil
}

// face is the font that has a letter; nil when none has.
func (p pen) face(r rune) font.Face {
	for _, f := range p.faces {
		if _, ok := f.GlyphAdvance(r); ok {
			return f
		}
	}
	return nil
}

func (p pen) width(s string) int {
	var w fixed.Int26_6
	for _, r := range s {
		if f := p.face(r); f != nil {
			a, _ := f.GlyphAdvance(r)
			w += a
		}
	}
	return w.Ceil()
}

// write puts a line on the picture with its base line at y; letters no font has are left out.
func (p pen) write(on draw.Image, ink image.Image, x, y int, s string) {
	dot := fixed.P(x, y)
	for _, r := range s {
		f := p.face(r)
		if f == nil {
			continue
		}
		box, mask, at, advance, ok := f.Glyph(dot, r)
		if ok {
			draw.DrawMask(on, box, ink, image.Point{}, mask, at, draw.Over)
		}
		dot.X += advance
	}
}
