package speaker

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kept is what a device still knows after a power cut.
type kept struct {
	Volume int                `json:"volume"`
	Group  string             `json:"group"`
	Items  []*item            `json:"items"`
	Done   map[string]doneAck `json:"done"`   // by play: what became of it, so that a command that comes twice is done once
	Outbox []Ack              `json:"outbox"` // not yet taken by the broker
}

// item is a play in the schedule.
type item struct {
	Play    Play      `json:"play"`
	State   string    `json:"state"`
	Since   time.Time `json:"since"` // received
	Tries   int       `json:"tries,omitempty"`
	Next    time.Time `json:"next,omitzero"` // of the next try to fetch
	Running bool      `json:"-"`
}

// doneAck is the last word about a play that is over.
type doneAck struct {
	Ack  Ack       `json:"ack"`
	Till time.Time `json:"till"`
}

// shelf is the device's disk: what it keeps, and the recordings by their checksums.
type shelf struct {
	dir  string
	room int64 // how many bytes of recordings may lie there
	http *http.Client
}

func openShelf(dir string, room int64, client *http.Client) (*shelf, kept, error) {
	s := &shelf{dir: dir, room: room, http: client}
	k := kept{Volume: 70, Done: map[string]doneAck{}}
	if err := os.MkdirAll(filepath.Join(dir, "media"), 0o700); err != nil {
		return nil, k, fmt.Errorf("make room for the schedule: %w", err)
	}
	raw, err := os.ReadFile(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return s, k, nil
	}
	if err != nil {
		return nil, k, fmt.Errorf("read the schedule: %w", err)
	}
	if err := json.Unmarshal(raw, &k); err != nil { // broken by hand or by the disk: the next sync brings it back
		_ = os.Rename(s.file(), s.file()+".broken")
		k = kept{Volume: 70}
	}
	if k.Done == nil {
		k.Done = map[string]doneAck{}
	}
	return s, k, nil
}

func (s *shelf) file() string { return filepath.Join(s.dir, "schedule.json") }

// save writes all that is kept; after a power cut either the old or the new is there, whole.
func (s *shelf) save(k kept) error {
	raw, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("write the schedule: %w", err)
	}
	f, err := os.CreateTemp(s.dir, "schedule-*")
	if err != nil {
		return fmt.Errorf("write the schedule: %w", err)
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(raw); err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the schedule: %w", err)
	}
	if err := os.Rename(f.Name(), s.file()); err != nil {
		return fmt.Errorf("write the schedule: %w", err)
	}
	return nil
}

// path is where a recording lies. Players go by the end of the name.
func (s *shelf) path(m Media) string {
	return filepath.Join(s.dir, "media", m.SHA256+ending(m.MIME))
}

func ending(mime string) string {
	base, _, _ := strings.Cut(mime, ";")
	switch strings.TrimSpace(base) {
	case "audio/mpeg", "audio/mp3":
		return ".mp3"
	case "audio/wav", "audio/x-wav", "audio/wave":
		return ".wav"
	case "audio/ogg", "application/ogg", "audio/opus":
		return ".ogg"
	case "audio/webm":
		return ".webm"
	case "audio/mp4", "audio/aac":
		return ".m4a"
	}
	return ".bin"
}

// errMedia is a recording that will never be right, with the code the device tells.
type errMedia string

func (e errMedia) Error() string { return string(e) }

// fetch brings a recording, going on where an earlier try broke off, and looks at its length and checksum before anybody hears it.
func (s *shelf) fetch(ctx context.Context, m Media, now time.Time) error {
	if s.whole(m) {
		_ = os.Chtimes(s.path(m), now, now) // used last: thrown out last
		return nil
	}
	part := s.path(m) + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the recording: %w", err)
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("go on with the recording: %w", err)
	}
	if have > m.Bytes {
		have = 0
	}
	if have < m.Bytes {
		if err := s.download(ctx, f, m, have); err != nil {
			return err
		}
	}
	sum, n, err := sumOf(f)
	if err != nil {
		return err
	}
	if n != m.Bytes || sum != m.SHA256 {
		os.Remove(part)
		if n != m.Bytes {
			return errMedia(ErrSize)
		}
		return errMedia(ErrChecksum)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("keep the recording: %w", err)
	}
	if err := os.Rename(part, s.path(m)); err != nil {
		return fmt.Errorf("keep the recording: %w", err)
	}
	return nil
}

func (s *shelf) download(ctx context.Context, f *os.File, m Media, have int64) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL, nil)
	if err != nil {
		return fmt.Errorf("ask for the recording: %w", err)
	}
	if have > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(have, 10)+"-")
	}
	res, err := s.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask for the recording: %w", err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusPartialContent:
		if !strings.HasPrefix(res.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(have, 10)+"-") {
			have = 0
			return fmt.Errorf("the rest of the recording begins elsewhere")
		}
	case http.StatusOK:
		have = 0
	default:
		return fmt.Errorf("the recording is answered with %d", res.StatusCode)
	}
	if err := f.Truncate(have); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	n, err := io.Copy(f, io.LimitReader(res.Body, m.Bytes-have+1))
	if err != nil {
		return fmt.Errorf("read the recording: %w", err)
	}
	if have+n < m.Bytes {
		return fmt.Errorf("the recording broke off after %d bytes", have+n)
	}
	return nil
}

func sumOf(f *os.File) (string, int64, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, fmt.Errorf("look at the recording: %w", err)
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return "", 0, fmt.Errorf("look at the recording: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// whole says whether a recording is there; its checksum was looked at when it came.
func (s *shelf) whole(m Media) bool {
	info, err := os.Stat(s.path(m))
	return err == nil && info.Size() == m.Bytes
}

// clear throws out what was used longest ago until the rest fits, but nothing the schedule needs.
func (s *shelf) clear(needed map[string]bool) {
	entries, err := os.ReadDir(filepath.Join(s.dir, "media"))
	if err != nil {
		return
	}
	type file struct {
		name string
		size int64
		used time.Time
	}
	var files []file
	var total int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		total += info.Size()
		sum, _, _ := strings.Cut(e.Name(), ".")
		if !needed[sum] {
			files = append(files, file{e.Name(), info.Size(), info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.name, b.name)) })
	for _, f := range files {
		if total <= s.room {
			return
		}
		if os.Remove(filepath.Join(s.dir, "media", f.name)) == nil {
			total -= f.size
		}
	}
}
