package web

import (
	"context"
	"net"
	"net/http"

	"loa"
	"loa/channel"
)

// Channels is what the pages need of the accounts with networks. The program's only list of drivers is behind it.
type Channels interface {
	// Drivers are the kinds of accounts, in the order in which they are offered.
	Drivers() []channel.Driver
	// Settings are an account's saved answers, unsealed.
	Settings(c loa.Channel) (channel.Settings, error)
	// Seal makes answers fit to be kept with an account.
	Seal(office loa.OfficeID, id loa.ChannelID, s channel.Settings) ([]byte, error)
	// Open is the account as it is saved now.
	Open(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error)
	// OpenHeld is the account where this process can ask how it stands; no adapter where another one keeps its connection.
	OpenHeld(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error)
	// Try opens answers that are not saved yet, to check them.
	Try(ctx context.Context, c loa.Channel, s channel.Settings) (channel.Adapter, error)
	// Receive takes in one call of a provider and answers it.
	Receive(w http.ResponseWriter, r *http.Request, id loa.ChannelID)
	// Hook is the public address of an account's callbacks; empty where the program does not know its own.
	Hook(id loa.ChannelID) string
	// Wake tells the sending loop that there is something to do now.
	Wake()
}

// driverOf is the driver of a kind of account.
func (s *Server) driverOf(kind string) (channel.Driver, bool) {
	if s.Channels == nil {
		return channel.Driver{}, false
	}
	for _, d := range s.Channels.Drivers() {
		if d.Kind == kind {
			return d, true
		}
	}
	return channel.Driver{}, false
}

func (s *Server) channelRoutes() []route {
	return []route{
		{"GET /hook/{account}", "", s.hook},
		{"POST /hook/{account}", "", s.hook},
		{"GET /hook/{account}/{page}", "", s.hook},
		{"GET /refuse/{message}", "", s.refuseShow},
		{"POST /refuse/{message}", "", s.refuseTake},
	}
}

// hook is where providers call; who calls is decided by the signature alone.
func (s *Server) hook(w http.ResponseWriter, r *http.Request) error {
	if s.Channels == nil {
		return loa.ErrNotFound
	}
	r.RemoteAddr = net.JoinHostPort(s.caller(r), "0") // some providers are told by where they call from
	s.Channels.Receive(w, r, loa.ChannelID(r.PathValue("account")))
	return nil
}
