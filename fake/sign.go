package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// zaloMAC signs a webhook as Zalo does: a plain hash of what is put one behind the other, not an HMAC.
func zaloMAC(id string, body []byte, timestamp, secret string) string {
	h := sha256.New()
	h.Write([]byte(id))
	h.Write(body)
	h.Write([]byte(timestamp + secret))
	return "mac=" + hex.EncodeToString(h.Sum(nil))
}

// metaMAC signs a webhook as Meta does.
func metaMAC(secret string, body []byte) string { return "sha256=" + hmacHex(secret, body) }

// proof is the appsecret_proof of Zalo and of Meta alike.
func proof(secret, token string) string { return hmacHex(secret, []byte(token)) }

func hmacHex(secret string, b []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(b)
	return hex.EncodeToString(m.Sum(nil))
}

// challenge is the PKCE challenge of a verifier.
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// phoneHash is how ZNS writes a telephone number it is not shown.
func phoneHash(phone string) string {
	sum := sha256.Sum256([]byte(phone))
	return hex.EncodeToString(sum[:])
}
