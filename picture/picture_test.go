package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// corner draws a picture that is red in its upper left quarter and blue elsewhere.
func corner(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// withEXIF puts an APP1 segment with an orientation and a place name behind the first two bytes of a JPEG.
func withEXIF(raw []byte, order binary.AppendByteOrder, head string, o uint16) []byte {
	tiff := []byte(head)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, o)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	body = append(body, "SECRETPLACE"...)
	out := append([]byte{}, raw[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), raw[2:]...)
}

func redAt(t *testing.T, p Picture) (left, top bool) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	red := func(x, y int) bool { r, _, b, _ := img.At(x, y).RGBA(); return r > b }
	w, h := p.Width, p.Height
	for _, c := range []struct {
		x, y      int
		left, top bool
	}{{w / 4, h / 4, true, true}, {3 * w / 4, h / 4, false, true}, {w / 4, 3 * h / 4, true, false}, {3 * w / 4, 3 * h / 4, false, false}} {
		if red(c.x, c.y) {
			return c.left, c.top
		}
	}
	t.Fatal("the red corner is gone")
	return
}

func TestOrientationIsAppliedAndEverythingElseDropped(t *testing.T) {
	plain := asJPEG(t, corner(80, 40))
	for _, c := range []struct {
		o         uint16
		w, h      int
		left, top bool
	}{{1, 80, 40, true, true}, {2, 80, 40, false, true}, {3, 80, 40, false, false}, {4, 80, 40, true, false},
		{5, 40, 80, true, true}, {6, 40, 80, false, true}, {7, 40, 80, false, false}, {8, 40, 80, true, false}, {9, 80, 40, true, true}, {0, 80, 40, true, true}} {
		for _, order := range []struct {
			binary.AppendByteOrder
			head string
		}{{binary.LittleEndian, "II"}, {binary.BigEndian, "MM"}} {
			p, err := Remake(withEXIF(plain, order.AppendByteOrder, order.head, c.o))
			if err != nil {
				t.Fatalf("orientation %d %s: %v", c.o, order.head, err)
			}
			left, top := redAt(t, p)
			if p.Width != c.w || p.Height != c.h || left != c.left || top != c.top {
				t.Errorf("orientation %d %s: %d×%d, red left %v top %v; want %d×%d %v %v", c.o, order.head, p.Width, p.Height, left, top, c.w, c.h, c.left, c.top)
			}
			if bytes.Contains(p.JPEG, []byte("Exif")) || bytes.Contains(p.JPEG, []byte("SECRETPLACE")) {
				t.Errorf("orientation %d: metadata is left", c.o)
			}
		}
	}
}

func TestLargePicturesAreScaledAndBounded(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 2400, 1800))
	x := uint32(1)
	for i := range noise.Pix {
		x = x*1664525 + 1013904223
		noise.Pix[i] = byte(x >> 24)
	}
	p, err := Remake(asJPEG(t, noise))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.JPEG) > MaxOut || p.Width > MaxSide || p.Height > MaxSide {
		t.Errorf("%d bytes, %d×%d", len(p.JPEG), p.Width, p.Height)
	}
	flat, err := Remake(asPNG(t, corner(3000, 1500)))
	if err != nil {
		t.Fatal(err)
	}
	if flat.Width != 1600 || flat.Height != 800 {
		t.Errorf("3000×1500 became %d×%d", flat.Width, flat.Height)
	}
	thin, err := Remake(asPNG(t, corner(4000, 2)))
	if err != nil || thin.Height != 1 {
		t.Errorf("4000×2 became %d×%d: %v", thin.Width, thin.Height, err)
	}
}

func TestTransparentBecomesWhite(t *testing.T) {
	p, err := Remake(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 20, 20))))
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(10, 10).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
		t.Errorf("the transparent middle is %x %x %x", r, g, b)
	}
}

// hugePNG claims a size without carrying the pixels.
func hugePNG(w, h uint32) []byte {
	chunk := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(chunk[4:], w)
	binary.BigEndian.PutUint32(chunk[8:], h)
	chunk[12], chunk[13] = 8, 2
	out := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

func TestRefusals(t *testing.T) {
	good := asJPEG(t, corner(64, 64))
	for _, c := range []struct {
		name string
		raw  []byte
		want error
	}{
		{"nothing", nil, ErrKind},
		{"a text", []byte("<svg onload=alert(1)>"), ErrKind},
		{"a GIF", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), ErrKind},
		{"half a JPEG", good[:len(good)/2], ErrBroken},
		{"the head of a WebP", []byte("RIFF\x04\x00\x00\x00WEBP"), ErrBroken},
		{"a bomb", hugePNG(50000, 50000), ErrPixels},
		{"just too many pixels", hugePNG(4001, 3000), ErrPixels},
		{"pixels that are not there", hugePNG(2000, 2000), ErrBroken},
		{"too many bytes", make([]byte, MaxIn+1), ErrLarge},
	} {
		if _, err := Remake(c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func FuzzRemake(f *testing.F) {
	small := asJPEG(f, corner(16, 8))
	f.Add(small)
	f.Add(withEXIF(small, binary.LittleEndian, "II", 6))
	f.Add(withEXIF(small, binary.BigEndian, "MM", 65535))
	f.Add(asPNG(f, corner(9, 5)))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Add(hugePNG(3000, 3000))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Remake(raw)
		if err != nil {
			return
		}
		if len(p.JPEG) > MaxOut || p.Width > MaxSide || p.Height > MaxSide || p.Width < 1 || p.Height < 1 {
			t.Fatalf("%d bytes, %d×%d", len(p.JPEG), p.Width, p.Height)
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG)); err != nil || c.Width != p.Width || c.Height != p.Height {
			t.Fatalf("what came out cannot be read: %v", err)
		}
	})
}
