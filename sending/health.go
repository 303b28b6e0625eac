package sending

import (
	"errors"
	"time"

	"loa"
	"loa/channel"
)

// saidAtMost is how much of a provider's own words is kept with an account.
const saidAtMost = 300

// HealthOf is how an account stands by what its provider answered, or why it did not answer.
func HealthOf(id loa.ChannelID, h channel.Health, err error, at time.Time) loa.ChannelHealth {
	out := loa.ChannelHealth{Channel: id, At: at}
	if err == nil {
		out.Name, out.Balance, out.Remain, out.Quota, out.Quality, out.Until, out.Warning = h.Name, h.Balance, h.Remain, h.Quota, h.Quality, h.Until, h.Warning
		return out
	}
	var e *channel.Error
	if !errors.As(err, &e) {
		e = &channel.Error{Kind: channel.Unreachable, Err: err}
	}
	out.Failure, out.Code, out.Said = string(e.Kind), e.Code, e.Text
	if r := []rune(out.Said); len(r) > saidAtMost {
		out.Said = string(r[:saidAtMost])
	}
	return out
}
