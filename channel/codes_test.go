package channel_test

import (
	"errors"
	"testing"

	"loa/channel"
)

func TestCodes(t *testing.T) {
	told, err := channel.ReadCodes("31=content, 15=account;\n0x401=later 7=refused 8=unsure")
	if err != nil {
		t.Fatal(err)
	}
	codes := channel.Codes{"31": channel.BadAddress, "40": channel.Later}.With(told)
	for code, want := range map[string]channel.Verdict{"31": channel.BadContent, "40": channel.Later, "15": channel.NeedsHelp, "0x401": channel.Later, "7": channel.Unwanted, "8": channel.MayBeThere, "999": channel.BadAddress} {
		var e *channel.Error
		if err := codes.Fail(code, "words"); !errors.As(err, &e) || e.Kind != want.Kind || e.About != want.About || e.Code != code || e.Text != "words" {
			t.Errorf("%s is %v, want %v", code, err, want)
		}
	}
	for _, bad := range []string{"31", "31=", "=content", "31=contents", "31:content"} {
		if _, err := channel.ReadCodes(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if c, err := channel.ReadCodes(" \n"); err != nil || len(c) != 0 {
		t.Errorf("nothing is %v, %v", c, err)
	}
}
