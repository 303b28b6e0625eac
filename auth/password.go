package auth

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// params are argon2id with 64 MB, as OWASP advises for one lane.
var params = &argon2id.Params{Memory: 64 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Hash turns a password into what is kept of it.
func Hash(password string) (string, error) { return argon2id.CreateHash(password, params) }

// Check says whether a password is the one behind a hash. An unreadable hash matches nothing.
func Check(password, hash string) bool {
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
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

//go:embed common.txt
var commonList string

var common = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, line := range strings.Fields(commonList) {
		out[line] = true
	}
	return out
})

// Rule refuses passwords that are guessed first: too short, common, or made of the officer's own words. It returns the code
// of what is wrong, or empty. There are no rules about which letters to use.
func Rule(password string, own ...string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case n < 10:
		return "password_short"
	case n > 128:
		return "password_long"
	}
	low := strings.ToLower(password)
	if common()[low] || common()[strings.TrimRight(low, "0123456789!@#.")] {
		return "password_common"
	}
	for _, w := range own {
		w = strings.ToLower(w)
		if len(w) >= 4 && strings.Contains(low, w) && len(low)-len(w) < 6 {
			return "password_own_words"
		}
	}
	for i := 1; i < len(low); i++ {
		if low[i] != low[0] {
			return ""
		}
	}
	return "password_common"
}
