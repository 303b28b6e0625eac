package channel

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
)

// Upload makes a request that hands a file over in a form, beside the form's other fields.
func Upload(ctx context.Context, address, field, name string, file []byte, form url.Values) (*http.Request, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key := range form {
		if err := w.WriteField(key, form.Get(key)); err != nil {
			return nil, fmt.Errorf("write the upload: %w", err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		return nil, fmt.Errorf("write the upload: %w", err)
	}
	if _, err := part.Write(file); err != nil {
		return nil, fmt.Errorf("write the upload: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write the upload: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body.Bytes()))
	if err != nil {
		return nil, fmt.Errorf("make the upload: %w", bare(err))
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req, nil
}

// Proof is the sign that a caller knows the secret of the app its access token was given to; Zalo and Facebook make it alike.
func Proof(secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}
