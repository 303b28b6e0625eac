package fake

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// unseal opens a message as a browser does: the header of RFC 8188, the keys of RFC 8291, one record.
func unseal(own *ecdh.PrivateKey, auth, body []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return nil, errors.New("the header is cut off")
	}
	salt, size, idLen := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	sender, err := ecdh.P256().NewPublicKey(body[21 : 21+idLen])
	if err != nil {
		return nil, fmt.Errorf("the sender's key: %w", err)
	}
	record := body[21+idLen:]
	if len(record) > int(size) || len(record) < 17 {
		return nil, errors.New("not one record")
	}
	shared, err := own.ECDH(sender)
	if err != nil {
		return nil, err
	}
	info := append([]byte("WebPush: info\x00"), own.PublicKey().Bytes()...)
	material := expand(mac(auth, shared), append(info, sender.Bytes()...), 32)
	prk := mac(salt, material)
	block, err := aes.NewCipher(expand(prk, []byte("Content-Encoding: aes128gcm\x00"), 16))
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, expand(prk, []byte("Content-Encoding: nonce\x00"), 12), record, nil)
	if err != nil {
		return nil, err
	}
	end := len(plain) - 1
	for end >= 0 && plain[end] == 0 {
		end--
	}
	if end < 0 || plain[end] != 2 {
		return nil, errors.New("the padding does not say that it is the last record")
	}
	return plain[:end], nil
}

func mac(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return h.Sum(nil)
}

// expand is HKDF's second half for no more than one block.
func expand(prk, info []byte, n int) []byte {
	return mac(prk, append(append([]byte{}, info...), 1))[:n]
}

// vapidClaims are what a token says.
type vapidClaims struct {
	Aud string `json:"aud"`
	Exp int64  `json:"exp"`
	Sub string `json:"sub"`
}

// vapid reads a token of RFC 8292 and checks its signature with the public key beside it.
func vapid(token, public string) (c vapidClaims, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, errors.New("the token has not three parts")
	}
	raw := make([][]byte, 4)
	for i, part := range append(parts, strings.TrimRight(public, "=")) {
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return c, errors.New("the token is not base64url")
		}
	}
	var head struct{ Typ, Alg string }
	if json.Unmarshal(raw[0], &head) != nil || head.Alg != "ES256" {
		return c, errors.New("the token is not ES256")
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw[3])
	if err != nil {
		return c, errors.New("the key is no point")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if len(raw[2]) != 64 || !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(raw[2][:32]), new(big.Int).SetBytes(raw[2][32:])) {
		return c, errors.New("the signature is wrong")
	}
	return c, json.Unmarshal(raw[1], &c)
}
