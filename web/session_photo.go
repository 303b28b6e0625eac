package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"loa"
	"loa/picture"
)

// photosAtOnce is how many pictures one form may bring.
const photosAtOnce = 10

// photoAdd keeps photos and scanned sheets. Every picture is made anew before it is kept, so that nothing a camera wrote beside
// the pixels, and nothing that was hidden in the file, is left.
func (s *Server) photoAdd(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	f.text("kind") // reads the form
	kind := f.text("kind")
	if kind != "sheet" {
		kind = "photo"
	}
	var files []*multipart.FileHeader
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
		files = r.MultipartForm.File["file"]
	}
	if len(files) == 0 {
		f.bad("file", "error.choose_file")
	}
	if len(files) > photosAtOnce {
		f.bad("file", "error.too_many_photos", photosAtOnce)
	}
	kept := 0
	for _, head := range files {
		if !f.ok() {
			break
		}
		if err := f.take(s.keepPhoto(r, x, kind, head)); err != nil && loa.KindOf(err) == "" {
			return err
		} else if err != nil {
			f.bad("file", "error.attachments_full")
		}
		if f.ok() {
			kept++
		}
	}
	if !f.ok() {
		if kept > 0 {
			f.Errors["file"] += " " + t(r, "session.photos_kept", kept)
		}
		return s.sessionAgain(w, r, "after", f)
	}
	return s.done(w, r, sessionURL(x.ID, "after")+"#photos", t(r, "session.photos_saved", kept), "")
}

func (s *Server) keepPhoto(r *http.Request, x loa.Session, kind string, head *multipart.FileHeader) error {
	if head.Size > picture.MaxIn {
		return loa.Refuse(loa.Invalid, "file", "picture_large")
	}
	file, err := head.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, picture.MaxIn+1))
	if err != nil {
		return err
	}
	s.pictures.Lock() // one at a time: a picture takes fifty megabytes while it is made anew
	made, err := picture.Remake(raw)
	s.pictures.Unlock()
	for refused, code := range map[error]string{picture.ErrLarge: "picture_large", picture.ErrKind: "picture_kind", picture.ErrPixels: "picture_pixels", picture.ErrBroken: "picture_broken"} {
		if errors.Is(err, refused) {
			return loa.Refuse(loa.Invalid, "file", code)
		}
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(made.JPEG)
	return s.DB.AddAttachment(r.Context(), scopeOf(r), s.by(r), loa.Attachment{ID: loa.AttachmentID(loa.NewID()), Area: x.Area, Noun: "session", NounID: string(x.ID), Kind: kind, MIME: "image/jpeg",
		SHA256: hex.EncodeToString(sum[:]), Size: len(made.JPEG), Width: made.Width, Height: made.Height, Bytes: made.JPEG})
}

// photoShow answers the picture itself; a scanned sheet holds names, so whoever may not read people does not find it.
func (s *Server) photoShow(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Attachment(r.Context(), scopeOf(r), loa.AttachmentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Bytes)))
	w.Header().Set("Content-Disposition", "inline")
	if _, err := w.Write(a.Bytes); err != nil {
		return nil // the visitor has gone
	}
	return nil
}

func (s *Server) photoRemove(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.RemoveAttachment(r.Context(), scopeOf(r), s.by(r), loa.AttachmentID(r.PathValue("id")), true)
	if err != nil {
		return err
	}
	return s.done(w, r, sessionURL(loa.SessionID(a.NounID), "after")+"#photos", t(r, "session.photo_removed"), "/photos/"+string(a.ID)+"/restore")
}

func (s *Server) photoRestore(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.RemoveAttachment(r.Context(), scopeOf(r), s.by(r), loa.AttachmentID(r.PathValue("id")), false)
	if err != nil {
		return err
	}
	return s.done(w, r, sessionURL(loa.SessionID(a.NounID), "after")+"#photos", t(r, "session.photo_restored"), "")
}
