package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// The bounds: what is read, and what comes out.
const (
	MaxIn     = 15 << 20   // bytes of an upload
	MaxPixels = 12_000_000 // of the picture as it arrives
	MaxSide   = 1600       // pixels of the longer side as it is kept
	MaxOut    = 400 << 10  // bytes as it is kept
)

// Why a picture is refused.
var (
	ErrLarge  = errors.New("the file is too large")
	ErrKind   = errors.New("not a JPEG, PNG or WebP picture")
	ErrPixels = errors.New("the picture has too many pixels")
	ErrBroken = errors.New("the picture is damaged")
)

// Picture is a photo made anew as JPEG.
type Picture struct {
	JPEG          []byte
	Width, Height int
}

// kind is a format read here: how its size and its pixels are read. Formats are told apart by their first bytes, never by
// a file's name, and no other decoder that happens to be in the program is asked.
type kind struct {
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
}

var (
	kindJPEG = kind{
		func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) },
	}
	kindPNG = kind{
		func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) },
	}
	kindWebP = kind{
		func(b []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) },
	}
)

func kindOf(b []byte) (kind, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return kindJPEG, true
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return kindPNG, true
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return kindWebP, true
	}
	return kind{}, false
}

// Remake reads a picture and makes it anew.
func Remake(raw []byte) (Picture, error) {
	if len(raw) > MaxIn {
		return Picture{}, ErrLarge
	}
	k, ok := kindOf(raw)
	if !ok {
		return Picture{}, ErrKind
	}
	size, err := k.config(raw) // before a single pixel takes memory
	if err != nil || size.Width < 1 || size.Height < 1 {
		return Picture{}, ErrBroken
	}
	if int64(size.Width)*int64(size.Height) > MaxPixels {
		return Picture{}, ErrPixels
	}
	img, err := k.decode(raw)
	if err != nil {
		return Picture{}, ErrBroken
	}
	if b := img.Bounds(); b.Dx() < 1 || b.Dy() < 1 || int64(b.Dx())*int64(b.Dy()) > MaxPixels {
		return Picture{}, ErrBroken
	}
	return encode(upright(scale(img, MaxSide), orientation(raw)))
}

// scale draws a picture on white, no longer than side on either side.
func scale(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	w, h := fit(b.Dx(), b.Dy(), side)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(out, out.Bounds(), img, b.Min, draw.Over)
		return out
	}
	draw.BiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
	return out
}

func fit(w, h, side int) (int, int) {
	if w <= side && h <= side {
		return w, h
	}
	if w >= h {
		return side, max(h*side/w, 1)
	}
	return max(w*side/h, 1), side
}

// encode writes JPEG of falling quality, then of falling size, until it is small enough.
func encode(img *image.RGBA) (Picture, error) {
	for side := MaxSide; ; side = side * 3 / 4 {
		for _, quality := range []int{82, 72, 60, 48} {
			var buf bytes.Buffer
			if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
				return Picture{}, fmt.Errorf("write the picture: %w", err)
			}
			if buf.Len() <= MaxOut {
				return Picture{JPEG: buf.Bytes(), Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}, nil
			}
		}
		img = scale(img, side*3/4)
	}
}

// upright turns a picture as the camera said it was held: the eight orientations of EXIF.
func upright(img *image.RGBA, o int) *image.RGBA {
	if o < 2 || o > 8 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if o >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch o {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}
