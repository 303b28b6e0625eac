package smpp

import (
	"fmt"

	"loa/channel"
)

// The statuses that are looked at one by one.
const (
	statusOK          uint32 = 0x00
	statusBadCommand  uint32 = 0x03
	statusSystemError uint32 = 0x08
	statusTryAgain    uint32 = 0x64 // ours to the centre: we could not keep it just now
)

// statusCodes are the command statuses of SMPP 3.4. A centre adds its own from 0x400 on: these are a setting.
var statusCodes = channel.Codes{
	"0x01": channel.BadContent, "0x02": channel.BadContent, "0x03": channel.NeedsHelp, "0x04": channel.NeedsHelp,
	"0x05": channel.Later, // bound already: another process holds the one place the contract gives
	"0x06": channel.BadContent, "0x07": channel.BadContent, "0x08": channel.Later,
	"0x0A": channel.BadContent, // the sender: no recipient of this message will get it
	"0x0B": channel.BadAddress, "0x0C": channel.BadContent, "0x0D": channel.NeedsHelp, "0x0E": channel.NeedsHelp, "0x0F": channel.NeedsHelp, "0x14": channel.Later, "0x15": channel.NeedsHelp,
	"0x33": channel.BadAddress, "0x34": channel.BadAddress, "0x40": channel.BadAddress, "0x42": channel.BadContent, "0x43": channel.BadContent, "0x44": channel.BadAddress, "0x45": channel.BadAddress,
	"0x48": channel.NeedsHelp, "0x49": channel.NeedsHelp, "0x50": channel.NeedsHelp, "0x51": channel.NeedsHelp, "0x53": channel.NeedsHelp, "0x54": channel.BadContent, "0x55": channel.BadContent,
	"0x58": channel.Later, "0x61": channel.BadContent, "0x62": channel.BadContent, "0x63": channel.BadContent, "0x64": channel.Later, "0x65": channel.BadAddress, "0x66": channel.BadAddress,
	"0xC0": channel.BadContent, "0xC1": channel.BadContent, "0xC2": channel.BadContent, "0xC3": channel.BadContent, "0xC4": channel.BadContent, "0xFE": channel.BadAddress,
	"0xFF": channel.MayBeThere, // "unknown error": it says nothing of the message
}

// codeOf writes a status as the settings and the health line do.
func codeOf(status uint32) string { return fmt.Sprintf("0x%02X", status) }
