package zalo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"loa/channel"
)

// attached uploads a picture or a file, or says what an earlier upload of it is called: uploads are counted by the month and live for
// seven days.
func (o *OA) attached(ctx context.Context, kind string, m channel.Media) (string, error) {
	return o.uploads.get(kind+" "+m.ID+" "+m.SHA256, o.tools.Now(), 6*24*time.Hour, func() (string, error) {
		var up struct {
			Attachment word `json:"attachment_id"`
			Token      word `json:"token"`
		}
		if err := o.upload(ctx, "/v2.0/oa/upload/"+kind, m, &up); err != nil {
			return "", err
		}
		id := string(up.Attachment)
		if kind == "file" {
			id = string(up.Token)
		}
		if id == "" {
			return "", harmless(errUnread)
		}
		return id, nil
	})
}

// upload hands over the bytes of a picture or file. Nobody has seen anything when it fails.
func (o *OA) upload(ctx context.Context, path string, m channel.Media, out any) error {
	most := int64(fileAtMost)
	if strings.HasPrefix(m.MIME, "image/") {
		most = imageAtMost
	}
	in, err := o.tools.Media(ctx, m.ID)
	if err != nil {
		return harmless(fmt.Errorf("open what is to be uploaded: %w", err))
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return harmless(fmt.Errorf("read what is to be uploaded: %w", err))
	}
	if int64(len(raw)) > most || len(raw) == 0 {
		return wrong(channel.Content, "media_size")
	}
	return harmless(o.do(ctx, call{method: http.MethodPost, path: path, file: raw, name: nameOf(m), toNobody: true}, out))
}

// nameOf is a file's name with the ending Zalo goes by.
func nameOf(m channel.Media) string {
	if m.Name != "" {
		return m.Name
	}
	ending := map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf"}[m.MIME]
	return "loa" + ending
}

// picture is where an uploaded cover lies: a bare text, or under one of several names.
type picture string

// UnmarshalJSON takes whichever of the shapes that have been seen.
func (p *picture) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*p = picture(s)
		return nil
	}
	var o struct {
		URL   word `json:"url"`
		Photo word `json:"photo_url"`
		Image word `json:"image_url"`
		Cover word `json:"cover_url"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	for _, w := range []word{o.URL, o.Photo, o.Image, o.Cover} {
		if *p == "" {
			*p = picture(w)
		}
	}
	return nil
}
