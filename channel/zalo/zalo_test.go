package zalo_test

import (
	"testing"

	"loa/channel/channeltest"
	"loa/channel/zalo"
)

func TestZalo(t *testing.T) { channeltest.Run(t, zalo.Driver) }
