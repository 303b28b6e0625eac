package sending_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"loa/channel"
	"loa/sending"
)

func TestHealthOf(t *testing.T) {
	at, money := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC), int64(500)
	good := sending.HealthOf("c", channel.Health{Name: "OA", Balance: &money, Warning: "quota_used"}, nil, at)
	if good.Channel != "c" || !good.At.Equal(at) || good.Name != "OA" || *good.Balance != 500 || good.Warning != "quota_used" || good.Failure != "" {
		t.Errorf("a good answer is %+v", good)
	}
	bad := sending.HealthOf("c", channel.Health{Name: "OA"}, fmt.Errorf("ask: %w", channel.Fail(channel.Misconfigured, channel.Account, "101", strings.Repeat("ả", 400))), at)
	if bad.Failure != "misconfigured" || bad.Code != "101" || len([]rune(bad.Said)) != 300 || bad.Name != "" {
		t.Errorf("a refusal is %+v", bad)
	}
	if odd := sending.HealthOf("c", channel.Health{}, errors.New("boom"), at); odd.Failure != "unreachable" || odd.Said != "" {
		t.Errorf("an error of our own is %+v", odd)
	}
}
