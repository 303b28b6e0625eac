// Package push tells an officer's own browser something by Web Push: a message that only this browser can read, carried by its maker's
// service and signed by the office (RFC 8030, 8291, 8292). It must never know who the officer is or why they are told.
package push

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"loa/channel"
)

// Subscription is one browser that wants to be told.
type Subscription struct {
	Endpoint string // where its maker's service takes messages for it
	Key      string // its public key, base64url
	Auth     string // its secret, base64url
}

// Check refuses a subscription no message could be sent to. Endpoints are what a browser says: only secure ones are called, and the client
// that calls them reaches nothing in the office's own network. Where private is set, as it is for simulated services, this machine may be
// called in the open.
func (s Subscription) Check(private bool) error {
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Host == "" || u.User != nil || len(s.Endpoint) > 2000 || u.Scheme != "https" && !(private && u.Scheme == "http" && loopback(u.Hostname())) {
		return errors.New("the endpoint is no secure address")
	}
	_, _, err = s.keys()
	return err
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func (s Subscription) keys() (*ecdh.PublicKey, []byte, error) {
	raw, err := decode(s.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("read the key: %w", err)
	}
	key, err := ecdh.P256().NewPublicKey(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("read the key: %w", err)
	}
	secret, err := decode(s.Auth)
	if err != nil || len(secret) != 16 {
		return nil, nil, errors.New("read the secret: it has not 16 bytes")
	}
	return key, secret, nil
}

// decode reads base64url with or without its padding, as browsers write either.
func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(string(bytes.TrimRight([]byte(s), "=")))
}

// Sender signs and sends for one office.
type Sender struct {
	HTTP    *http.Client // reaches public addresses only; see channel.Client
	Now     func() time.Time
	Key     *ecdsa.PrivateKey
	Contact string // mailto: or https: of whoever answers for the messages
	Private bool   // services on this machine may be called in the open
}

// NewKey makes the key an office signs with; browsers subscribe to it, so it is made once.
func NewKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// Public is the key as browsers want it: an uncompressed point, base64url.
func Public(key *ecdsa.PrivateKey) (string, error) {
	p, err := key.PublicKey.ECDH()
	if err != nil {
		return "", fmt.Errorf("write the public key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(p.Bytes()), nil
}

// Notice is what a browser is told.
type Notice struct {
	Kind  string `json:"kind,omitempty"`
	Lang  string `json:"lang,omitempty"` // of the words
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	URL   string `json:"url"`           // within the office's pages
	Tag   string `json:"tag,omitempty"` // a later notice with the same takes the place of one that still shows
	High  bool   `json:"-"`             // wakes a telephone that sleeps
	Topic string `json:"-"`             // a later notice of the same topic takes its place while it waits; at most 32 letters of base64url
}

// ErrGone says that the browser wants nothing more: its subscription is to be forgotten.
var ErrGone = errors.New("the browser wants nothing more")

// keepFor is how long a service keeps a notice for a browser that is off.
const keepFor = 24 * time.Hour

// Send hands one notice over. Its error is, or wraps, ErrGone or a channel.Error.
func (s Sender) Send(ctx context.Context, to Subscription, n Notice) error {
	if err := to.Check(s.Private); err != nil {
		return fmt.Errorf("%w: %w", ErrGone, err)
	}
	plain, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("write the notice: %w", err)
	}
	body, err := seal(to, plain, nil, nil)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: the endpoint is no address", ErrGone)
	}
	if err := s.sign(req); err != nil {
		return err
	}
	req.Header.Set("Content-Encoding", "aes128gcm")
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("TTL", strconv.Itoa(int(keepFor.Seconds())))
	req.Header.Set("Urgency", "normal")
	if n.High {
		req.Header.Set("Urgency", "high")
	}
	if n.Topic != "" {
		req.Header.Set("Topic", n.Topic)
	}
	res, _, err := channel.Do(s.HTTP, req)
	if err != nil {
		return err
	}
	switch res.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return ErrGone
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden: // they do not take our signature: a person must look
		return &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: strconv.Itoa(res.StatusCode)}
	}
	return channel.StatusError(res, s.Now())
}

// sign says who sends: a token of RFC 8292, good for half a day at one service.
func (s Sender) sign(req *http.Request) error {
	encode := base64.RawURLEncoding.EncodeToString
	claims, err := json.Marshal(map[string]any{"aud": req.URL.Scheme + "://" + req.URL.Host, "exp": s.Now().Add(12 * time.Hour).Unix(), "sub": s.Contact})
	if err != nil {
		return fmt.Errorf("write the token: %w", err)
	}
	text := encode([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + encode(claims)
	sum := sha256.Sum256([]byte(text))
	r, t, err := ecdsa.Sign(rand.Reader, s.Key, sum[:])
	if err != nil {
		return fmt.Errorf("sign the token: %w", err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	t.FillBytes(signature[32:])
	public, err := Public(s.Key)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "vapid t="+text+"."+encode(signature)+", k="+public)
	return nil
}

// Verify says whether a token of an Authorization header was signed by its key, and reads what it claims: what services do.
func Verify(token string, key *ecdsa.PublicKey) (claims map[string]any, ok bool) {
	parts := bytes.Split([]byte(token), []byte("."))
	if len(parts) != 3 {
		return nil, false
	}
	signature, err := decode(string(parts[2]))
	if err != nil || len(signature) != 64 {
		return nil, false
	}
	sum := sha256.Sum256(bytes.Join(parts[:2], []byte(".")))
	if !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return nil, false
	}
	raw, err := decode(string(parts[1]))
	return claims, err == nil && json.Unmarshal(raw, &claims) == nil
}

// recordSize is the length of a record; a notice is one record.
const recordSize = 4096

// seal encrypts for one browser (RFC 8291). own and salt are drawn by lot unless a test gives them.
func seal(to Subscription, plain []byte, own *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	theirs, secret, err := to.keys()
	if err != nil {
		return nil, err
	}
	if own == nil {
		if own, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
			return nil, fmt.Errorf("make a key: %w", err)
		}
	}
	if salt == nil {
		salt = make([]byte, 16)
		if _, err := io.ReadFull(rand.Reader, salt); err != nil {
			return nil, fmt.Errorf("make a salt: %w", err)
		}
	}
	if len(plain) > recordSize-17-86 {
		return nil, errors.New("the notice is too long")
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, fmt.Errorf("agree on a key: %w", err)
	}
	material, err := hkdf.Key(sha256.New, shared, secret, "WebPush: info\x00"+string(theirs.Bytes())+string(own.PublicKey().Bytes()), 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key: %w", err)
	}
	key, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, fmt.Errorf("derive the key: %w", err)
	}
	nonce, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, fmt.Errorf("derive the nonce: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	public := own.PublicKey().Bytes()
	out := append([]byte{}, salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(append(out, byte(len(public))), public...)
	return aead.Seal(out, nonce, append(append([]byte{}, plain...), 2), nil), nil
}
