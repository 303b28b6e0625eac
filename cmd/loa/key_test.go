package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
	"loa/store/storetest"
)

// said is what a command answered.
type said struct {
	code      int
	out, errs string
}

// loaRun runs the whole program.
func program(args ...string) said {
	var out, errs bytes.Buffer
	code := run(env{ctx: context.Background(), out: &out, err: &errs, start: time.Now(), getenv: os.Getenv}, args)
	return said{code, out.String(), errs.String()}
}

// house is a small office in a folder of its own, with sealed numbers under a key beside it.
type house struct {
	t       *testing.T
	data    string
	key     string
	f       *storetest.Fixture
	sealer  *auth.Sealer
	numbers map[loa.PersonID]string
	args    []string // where the database is, for a command
}

func newHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := &house{t: t, data: t.TempDir() + "/data", f: storetest.Office(t, db), numbers: map[loa.PersonID]string{}}
	h.key = h.data + ".key"
	h.args = []string{"--data", h.data, "--key", h.key, "--lang", "en"}
	address := storetest.Address(t, db)
	if db.Postgres() {
		h.args = append(h.args, "--database", address)
	} else { // commands look for the file under its usual name
		if err := os.MkdirAll(h.data, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"", "-wal", "-shm"} {
			if err := os.Symlink(address+part, h.data+"/loa.db"+part); err != nil {
				t.Fatal(err)
			}
		}
	}
	var err error
	if h.sealer, err = auth.NewKey(h.key); err != nil {
		t.Fatal(err)
	}
	card := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-02"}, Person: h.f.People[0].ID, Scheme: loa.HI, Payer: loa.PaysState, Method: loa.Card,
		From: "2025-01-01", Until: "2025-12-31"}
	if err := db.AddContribution(context.Background(), h.f.Whole, h.f.By, card); err != nil {
		t.Fatal(err)
	}
	for i, p := range h.f.People[:6] {
		number := []string{"000190000001", "000190000002", "000190000003", "000190000004", "000190000005", "000190000006"}[i]
		h.seal(db, p.ID, number)
	}
	return h
}

func (h *house) seal(db *store.DB, id loa.PersonID, number string) {
	h.t.Helper()
	ctx := context.Background()
	p, err := db.Person(ctx, h.f.Whole, id)
	if err != nil {
		h.t.Fatal(err)
	}
	cipher, err := h.sealer.Seal(auth.Place{Office: string(p.Office), Column: "person.national_id", Record: string(p.ID)}, number)
	if err != nil {
		h.t.Fatal(err)
	}
	p.NationalID = loa.Sealed{Cipher: cipher, Index: h.sealer.Index("person.national_id", number), Tail: number[9:]}
	if _, _, err := db.SavePerson(ctx, h.f.Whole, h.f.By, p, p.ChangeNo); err != nil {
		h.t.Fatal(err)
	}
	h.numbers[id] = number
}

func (h *house) run(args ...string) said {
	h.t.Helper()
	return program(append(args, h.args...)...)
}

// findings are what the doctor says of each thing it looks at.
func (h *house) findings(args ...string) map[string]finding {
	h.t.Helper()
	s := h.run(append([]string{"doctor", "--format", "json"}, args...)...)
	var all struct{ Findings []finding }
	if err := json.NewDecoder(strings.NewReader(s.out)).Decode(&all); err != nil {
		h.t.Fatalf("doctor: %v\n%s%s", err, s.out, s.errs)
	}
	out := map[string]finding{}
	for _, f := range all.Findings {
		if before, seen := out[f.What]; !seen || before.OK {
			out[f.What] = f
		}
	}
	return out
}

func TestKeyIsRotated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, err := newHouse(t, db), error(nil)
		ctx := context.Background()
		before := h.sealer.KeyID()
		account := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: h.f.Anchor, Kind: "sms_esms", Name: "SMS", State: loa.ChannelOn}
		settings := auth.Place{Office: string(h.f.Office.ID), Column: settingsColumn, Record: string(account.ID)}
		if account.Settings, err = h.sealer.Seal(settings, `{"api_key":"k"}`); err != nil {
			t.Fatal(err)
		}
		if err := db.AddChannel(ctx, h.f.Whole, h.f.By, account); err != nil {
			t.Fatal(err)
		}
		told := newPusher(db, h.sealer, func() time.Time { return h.f.By.At }, slog.New(slog.DiscardHandler), "")
		public, err := told.Key(ctx, h.f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		device := loa.Device{ID: loa.DeviceID(loa.NewID()), Name: "Chrome"}
		if device.Mark, device.Sealed, err = told.Seal(h.f.Office.ID, device.ID, loa.Subscription{Endpoint: "https://push.example/x", Key: public, Auth: "BTBZMqHH6r4Tts7J_aSIgg"}); err != nil {
			t.Fatal(err)
		}
		if err := db.AddDevice(ctx, h.f.Whole, h.f.By, device); err != nil {
			t.Fatal(err)
		}
		s := h.run("key", "rotate", "--format", "json")
		var done resealed
		if err := json.Unmarshal([]byte(s.out), &done); err != nil || s.code != exitOK || done.People != 6 || done.Accounts != 1 || done.Devices != 2 || done.KeyID == before || done.Older != 1 {
			t.Fatalf("exit %d, %+v, %v\n%s%s", s.code, done, err, s.out, s.errs)
		}
		now, err := auth.LoadKey(h.key)
		if err != nil {
			t.Fatal(err)
		}
		anew := newPusher(db, now, told.now, told.log, "")
		if key, err := anew.Key(ctx, h.f.Office.ID); err != nil || key != public {
			t.Errorf("the key browsers subscribed to is %s, before it was %s (%v)", key, public, err)
		}
		if list, err := db.SealedPushes(ctx); err != nil || len(list) != 2 || !now.Fresh(list[0].Cipher) || !now.Fresh(list[1].Cipher) {
			t.Errorf("sealed anew are %+v (%v)", list, err)
		}
		for id, number := range h.numbers {
			p, err := db.Person(ctx, h.f.Whole, id)
			if err != nil {
				t.Fatal(err)
			}
			at := auth.Place{Office: string(p.Office), Column: "person.national_id", Record: string(id)}
			if got, err := now.Open(at, p.NationalID.Cipher); err != nil || got != number || !now.Fresh(p.NationalID.Cipher) {
				t.Errorf("%s opens to %q: %v", id, got, err)
			}
			at.Office = string(h.f.Other.ID)
			if _, err := now.Open(at, p.NationalID.Cipher); err == nil {
				t.Error("a number opens in another office")
			}
			lines, err := db.PeopleByNumber(ctx, h.f.Whole, "", now.Index("person.national_id", number), "")
			if err != nil || len(lines) != 1 || lines[0].ID != id {
				t.Errorf("%s is found as %+v: %v", number, lines, err)
			}
		}
		kept, err := db.OpenChannel(ctx, account.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := now.Open(settings, kept.Settings); err != nil || got != `{"api_key":"k"}` || !now.Fresh(kept.Settings) {
			t.Errorf("the account's settings open to %q: %v", got, err)
		}
		if f := h.findings(); !f["key"].OK || !f["audit"].OK || !f["database"].OK || !f["standing"].OK {
			t.Errorf("the doctor after a rotation: %+v", f)
		}
		if s := h.run("key", "reseal", "--format", "json"); s.code != exitOK || !strings.Contains(s.out, `"people": 0`) {
			t.Errorf("sealing anew what is new: %+v", s)
		}
	})
}

// TestMissingAndOtherKeys: nothing crashes, everything is said, and no second key is made over data that has one.
func TestMissingAndOtherKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		key, err := os.ReadFile(h.key)
		if err != nil {
			t.Fatal(err)
		}
		if f := h.findings(); !f["key"].OK {
			t.Errorf("the right key: %+v", f["key"])
		}
		file := filepath.Join(t.TempDir(), "all.backup")
		if s := h.run("backup", file); s.code != exitOK {
			t.Fatalf("backup: %+v", s)
		}
		c := &cli{Data: h.data, Key: h.key, Lang: "en"}
		for what, lay := range map[string]func(){
			keyAbsent: func() { os.Remove(h.key) },
			keyOther: func() {
				os.Remove(h.key)
				if _, err := auth.NewKey(h.key); err != nil {
					t.Fatal(err)
				}
			},
		} {
			lay()
			words := map[string]string{keyAbsent: "no sealing key", keyOther: "not the one"}[what]
			s := h.run("doctor")
			if s.code != exitOK || !strings.Contains(s.out, words) {
				t.Errorf("%s: the doctor says %+v", what, s)
			}
			var errs bytes.Buffer
			sealer, err := c.sealerFor(env{ctx: context.Background(), err: &errs}, db)
			if err != nil || sealer != nil || !strings.Contains(errs.String(), words) {
				t.Errorf("%s: serving goes on with %v, %v, saying %q", what, sealer, err, errs.String())
			}
			if s := h.run("key", "rotate"); s.code != exitUsage || !strings.Contains(s.errs, words) {
				t.Errorf("%s: rotating says %+v", what, s)
			}
			there := t.TempDir() + "/there"
			if s := program("restore", file, "--data", there, "--key", h.key, "--lang", "en"); s.code != exitOK || !strings.Contains(s.out, words) {
				t.Errorf("%s: restoring says %+v", what, s)
			}
			if s := h.run("backup", filepath.Join(t.TempDir(), "b")); s.code != exitOK {
				t.Errorf("%s: a backup says %+v", what, s)
			}
		}
		if err := os.WriteFile(h.key, key, 0o600); err != nil {
			t.Fatal(err)
		}
		if f := h.findings(); !f["key"].OK {
			t.Errorf("the key copied back: %+v", f["key"])
		}
	})
}

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		file := filepath.Join(t.TempDir(), "all.backup")
		if s := h.run("backup", file); s.code != exitOK {
			t.Fatalf("backup: %+v", s)
		}
		if f := h.findings("--backup", file); !f["backup"].OK || !f["audit"].OK || !f["standing"].OK {
			t.Fatalf("a sound house: %+v", f)
		}
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		whole[len(whole)/2] ^= 4
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if f := h.findings("--backup", file); f["backup"].OK {
			t.Error("a damaged backup goes unnoticed")
		}
		if s := h.run("doctor", "--backup", file); s.code != exitFailed {
			t.Errorf("a damaged backup ends with exit %d", s.code)
		}
		for what, q := range map[string]string{
			"audit":    `UPDATE audit SET detail = 'other' WHERE no = (SELECT min(no) + 1 FROM audit WHERE office_id = '` + string(h.f.Office.ID) + `')`,
			"standing": `UPDATE spell SET covered_until = '2031-01-01', ends_on = '2031-02-01'`,
		} {
			res, err := db.Writer().Exec(q)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := res.RowsAffected(); n == 0 {
				t.Fatalf("%s: nothing was changed", what)
			}
			if f := h.findings(); f[what].OK {
				t.Errorf("a wrong %s goes unnoticed: %+v", what, f)
			}
		}
		if s := h.run("doctor"); s.code != exitFailed {
			t.Errorf("the doctor ends with exit %d", s.code)
		}
	})
}

func TestRestoreIntoAPlaceThatIsNotEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		file := filepath.Join(t.TempDir(), "all.backup")
		if s := h.run("backup", file); s.code != exitOK {
			t.Fatalf("backup: %+v", s)
		}
		s := h.run("restore", file)
		if s.code == exitOK || !strings.Contains(s.errs, "empty") {
			t.Errorf("restoring over data: %+v", s)
		}
		if n, _, err := db.VerifyAudit(context.Background(), h.f.Office.ID); err != nil || n == 0 {
			t.Errorf("the data that was there: %d entries, %v", n, err)
		}
		if s := h.run("restore", h.key); s.code == exitOK {
			t.Error("a file that is no backup is restored")
		}
	})
}
