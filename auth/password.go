package auth

import (
	"sync"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// params are argon2id with 64 MB, as OWASP advises for one lane.
var params = &argon2id.Params{Memory: 64 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Hash turns a password into what is kept of it. The same Vietnamese letters come composed from one keyboard and taken
// apart from another; they are one password.
func Hash(password string) (string, error) {
	return argon2id.CreateHash(norm.NFC.String(password), params)
}

// Check says whether a password is the one behind a hash. An unreadable hash matches nothing.
func Check(password, hash string) bool {
	ok, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	return err == nil && ok
}

var nobody = sync.OnceValue(func() string {
	h, err := Hash("nobody has this password")
	if err != nil {
		panic("auth: no randomness: " + err.Error()) // the machine is broken
	}
	return h
})

// CheckNobody takes as long as Check, so that an unknown account cannot be told from a wrong password.
func CheckNobody(password string) { Check(password, nobody()) }
