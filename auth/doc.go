// Package auth keeps the secrets of the program: passwords, tokens, the brake on guessing, and the seal on ID numbers.
// It knows no store and no page.
package auth
