package facebook_test

import (
	"testing"

	"loa/channel/channeltest"
	"loa/channel/facebook"
)

func TestFacebook(t *testing.T) { channeltest.Run(t, facebook.Driver) }
