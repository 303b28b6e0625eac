package loudspeaker

import (
	"crypto/md5" // the devices' own way of proving a password
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
)

// challenge is what a device wants to see before it believes a password (RFC 7616).
type challenge struct {
	realm, nonce, opaque, algorithm string
	qop                             bool
	used                            int
}

// readChallenge reads a WWW-Authenticate header; false when it asks for something else.
func readChallenge(header string) (c challenge, ok bool) {
	rest, ok := strings.CutPrefix(header, "Digest ")
	if !ok {
		return c, false
	}
	for _, part := range splitQuoted(rest) {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		value = strings.Trim(value, `"`)
		switch strings.ToLower(key) {
		case "realm":
			c.realm = value
		case "nonce":
			c.nonce = value
		case "opaque":
			c.opaque = value
		case "algorithm":
			c.algorithm = value
		case "qop":
			for _, q := range strings.Split(value, ",") {
				c.qop = c.qop || strings.TrimSpace(q) == "auth"
			}
		}
	}
	return c, c.nonce != "" && (c.algorithm == "" || strings.EqualFold(c.algorithm, "MD5") || strings.EqualFold(c.algorithm, "SHA-256"))
}

// splitQuoted splits at commas that stand outside of quotation marks.
func splitQuoted(s string) (out []string) {
	quoted, from := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			out, from = append(out, s[from:i]), i+1
		}
	}
	return append(out, s[from:])
}

func (c challenge) hash(s string) string {
	var h hash.Hash = md5.New()
	if strings.EqualFold(c.algorithm, "SHA-256") {
		h = sha256.New()
	}
	io.WriteString(h, s)
	return hex.EncodeToString(h.Sum(nil))
}

// authorization answers a challenge for one call; nonces of ours are drawn from random.
func (c *challenge) authorization(user, password, method, uri string, random io.Reader) (string, error) {
	ha1, ha2 := c.hash(user+":"+c.realm+":"+password), c.hash(method+":"+uri)
	parts := []string{`username="` + user + `"`, `realm="` + c.realm + `"`, `nonce="` + c.nonce + `"`, `uri="` + uri + `"`}
	if c.algorithm != "" {
		parts = append(parts, "algorithm="+c.algorithm)
	}
	if c.opaque != "" {
		parts = append(parts, `opaque="`+c.opaque+`"`)
	}
	if !c.qop {
		return "Digest " + strings.Join(append(parts, `response="`+c.hash(ha1+":"+c.nonce+":"+ha2)+`"`), ", "), nil
	}
	raw := make([]byte, 16)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("make a nonce: %w", err)
	}
	c.used++
	own, n := hex.EncodeToString(raw), fmt.Sprintf("%08x", c.used)
	return "Digest " + strings.Join(append(parts, "qop=auth", "nc="+n, `cnonce="`+own+`"`, `response="`+c.hash(ha1+":"+c.nonce+":"+n+":"+own+":auth:"+ha2)+`"`), ", "), nil
}

// chance is where nonces come from.
var chance io.Reader = rand.Reader
