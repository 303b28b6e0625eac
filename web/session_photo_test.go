package web_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"loa/web/webtest"
)

func sendPhotos(t *testing.T, c *webtest.Client, path string, files ...[]byte) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("kind", "photo"); err != nil {
		t.Fatal(err)
	}
	for i, raw := range files {
		part, err := w.CreateFormFile("file", "anh"+strconv.Itoa(i)+".jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return c.SendBody(http.MethodPost, path, w.FormDataContentType(), &body)
}

// photo is a JPEG with a place of exposure written beside its pixels.
func photo(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, nil); err != nil {
		t.Fatal(err)
	}
	secret := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"), []byte("GPS 21.96 N 103.36 E")...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(secret)+2))
	return append(append(head, secret...), buf.Bytes()[2:]...)
}

// bomb is a PNG of a few bytes that says it is a hundred thousand pixels wide and high.
func bomb() []byte {
	var buf bytes.Buffer
	buf.WriteString("\x89PNG\r\n\x1a\n")
	head := []byte("IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00")
	binary.Write(&buf, binary.BigEndian, uint32(13))
	buf.Write(head)
	binary.Write(&buf, binary.BigEndian, crc32.ChecksumIEEE(head))
	return buf.Bytes()
}

func TestPhotosAreMadeAnewAndHostileOnesRefused(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/sessions/" + string(site.Home.Held)
	if a := sendPhotos(t, c, at+"/photos", photo(t)); a.Status != http.StatusSeeOther {
		t.Fatalf("a photo answers %d: %s", a.Status, a.Body)
	}
	m := regexp.MustCompile(`<img src="(/photos/[^"]+)"`).FindStringSubmatch(c.Get(at + "?tab=after").Body)
	if m == nil {
		t.Fatal("the photo is not on the page")
	}
	got := c.Get(m[1])
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(got.Body, "GPS") || strings.Contains(got.Body, "Exif") {
		t.Errorf("the photo answers %d with what the camera wrote", got.Status)
	}
	for name, want := range map[string]int{"director": 200, "sibling": 404, "viewer": 403, "administrator": 403, "collector": 403, "ben.director": 404, "ben.officer": 404, "xa.director": 404} {
		if a := site.As(t, name).Get(m[1]); a.Status != want {
			t.Errorf("the photo as %s answers %d, want %d", name, a.Status, want)
		}
	}
	for name, raw := range map[string][]byte{"text": []byte("#!/bin/sh\necho hello\n"), "empty": {}, "svg": []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "bomb": bomb(), "cut": photo(t)[:80], "big": make([]byte, 16<<20)} {
		if a := sendPhotos(t, c, at+"/photos", raw); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", name, a.Status)
		}
	}
	if n := strings.Count(c.Get(at+"?tab=after").Body, "<img "); n != 1 {
		t.Errorf("%d photos after hostile ones", n)
	}
	if a := site.As(t, "sibling").Post(m[1] + "/remove"); a.Status != http.StatusNotFound {
		t.Errorf("somebody else removes it: %d", a.Status)
	}
	if a := c.Post(m[1] + "/remove"); a.Status != http.StatusSeeOther || c.Get(m[1]).Status != http.StatusNotFound {
		t.Errorf("removing answers %d", a.Status)
	}
	if a := c.Post(m[1] + "/restore"); a.Status != http.StatusSeeOther || c.Get(m[1]).Status != http.StatusOK {
		t.Errorf("taking that back answers %d", a.Status)
	}
	if a := sendPhotos(t, c, at+"/photos"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no file answers %d", a.Status)
	}
}
