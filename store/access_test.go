package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// accessOffice is the smallest office that can be administered: two administrators, a director and an officer.
type accessOffice struct {
	db                       *store.DB
	id                       loa.OfficeID
	whole, part              loa.Scope
	commune                  loa.AreaID
	first, second, boss, man loa.OfficerID
	at                       time.Time
}

func foundOffice(t *testing.T, db *store.DB) accessOffice {
	t.Helper()
	at := time.Date(2025, 11, 30, 3, 0, 0, 0, time.UTC)
	o := accessOffice{db: db, id: loa.OfficeID(loa.NewID()), commune: loa.AreaID(loa.NewID()), first: loa.OfficerID(loa.NewID()), second: loa.OfficerID(loa.NewID()),
		boss: loa.OfficerID(loa.NewID()), man: loa.OfficerID(loa.NewID()), at: at}
	anchor := loa.AreaID(loa.NewID())
	err := db.Found(context.Background(), loa.By{Officer: o.first, At: at}, store.Founding{
		Office:        loa.Office{ID: o.id, Name: "BHXH cơ sở Mẫu", ShortName: "Mẫu", Anchor: anchor},
		Province:      store.CodedArea{Area: loa.Area{ID: loa.AreaID(loa.NewID()), Kind: loa.Province, Name: "Mẫu", Prefix: "Tỉnh"}, Code: "00"},
		Communes:      []store.CodedArea{{Area: loa.Area{ID: o.commune, Kind: loa.Commune, Name: "Nhất", Prefix: "Xã"}, Code: "00001"}},
		Since:         "2025-07-01",
		Source:        "test",
		Administrator: loa.Officer{ID: o.first, Name: "Vàng A Quản", LoginName: "quan", Language: "vi"},
		Director:      loa.Officer{ID: o.boss, Name: "Lò Thị Mẫu", LoginName: "mau", Language: "vi"},
		Hashes:        map[loa.OfficerID]string{o.first: "hash-1", o.boss: "hash-2"},
		Until:         "2026-12-31",
	})
	if err != nil {
		t.Fatal(err)
	}
	areas, err := db.OfficeAreas(context.Background(), o.id, "2025-11-30")
	if err != nil {
		t.Fatal(err)
	}
	if len(areas) != 2 || areas[0].ID != o.commune || areas[1].ID != anchor {
		t.Fatalf("the office holds %v, want its commune and its own node last", areas)
	}
	o.whole, o.part = loa.Scope{Office: o.id}, loa.Scope{Office: o.id, Ranges: []loa.Range{loa.Under(areas[0].Path)}}
	for _, a := range areas {
		o.whole.Ranges = append(o.whole.Ranges, loa.Under(a.Path))
	}
	if list, err := db.Segments(context.Background(), o.whole); err != nil || len(list) != len(loa.ReadySegments()) {
		t.Fatalf("a new office starts with %d segments, %v", len(list), err)
	}
	for id, name := range map[loa.OfficerID]string{o.second: "Mùa A Hai", o.man: "Giàng A Ba"} {
		login := "x-" + strings.ToLower(name[len(name)-2:])
		if err := db.SaveOfficer(context.Background(), o.whole, o.by(o.first), loa.Officer{ID: id, Name: name, LoginName: login, Language: "vi"}); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o accessOffice) by(id loa.OfficerID) loa.By { return loa.By{Officer: id, At: o.at} }

func (o accessOffice) grant(to loa.OfficerID, role loa.Role, area loa.AreaID) loa.Grant {
	return loa.Grant{ID: loa.NewID(), Officer: to, Role: role, Area: area, From: "2025-11-30", To: "2026-11-30"}
}

func code(err error) string {
	var e *loa.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestFoundOnlyOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := foundOffice(t, db)
		err := db.Found(context.Background(), o.by(o.first), store.Founding{
			Office:        loa.Office{ID: loa.OfficeID(loa.NewID())},
			Director:      loa.Officer{Name: "A Bờ", LoginName: "abc", Language: "vi"},
			Administrator: loa.Officer{Name: "C Đê", LoginName: "def", Language: "vi"},
		})
		if code(err) != "setup_done" {
			t.Errorf("a second founding: %v", err)
		}
	})
}

func TestRolesAreGivenByRule(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		long := o.grant(o.man, loa.OfficerRole, "")
		long.To = "2035-01-01"
		back := o.grant(o.man, loa.OfficerRole, "")
		back.To = "2025-01-01"
		for _, c := range []struct {
			what string
			in   loa.Scope
			by   loa.OfficerID
			g    loa.Grant
			want string
		}{
			{"an officer's role in a commune", o.whole, o.first, o.grant(o.man, loa.OfficerRole, o.commune), ""},
			{"an administrator's role in a commune", o.whole, o.first, o.grant(o.man, loa.Administrator, o.commune), "role_whole_office"},
			{"to oneself", o.whole, o.first, o.grant(o.first, loa.Director, ""), "own_access"},
			{"by somebody who has only a commune", o.part, o.boss, o.grant(o.man, loa.OfficerRole, o.commune), "not_found"},
			{"in a place that is not the office's", o.whole, o.first, o.grant(o.man, loa.OfficerRole, loa.AreaID(loa.NewID())), "not_in_list"},
			{"to somebody unknown", o.whole, o.first, o.grant(loa.OfficerID(loa.NewID()), loa.OfficerRole, ""), "not_found"},
			{"for ten years", o.whole, o.first, long, "role_too_long"},
			{"backwards", o.whole, o.first, back, "bad_period"},
			{"no role at all", o.whole, o.first, o.grant(o.man, "king", ""), "not_in_list"},
			{"the province, by its only administrator", o.whole, o.first, o.grant(o.man, loa.ProvinceViewer, ""), ""},
			{"the province, by a director", o.whole, o.boss, o.grant(o.man, loa.ProvinceViewer, ""), "province_administrator"},
		} {
			if got := code(db.GiveRole(ctx, c.in, o.by(c.by), c.g)); got != c.want {
				t.Errorf("%s: %q, want %q", c.what, got, c.want)
			}
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		if got := code(db.DisableOfficer(ctx, o.whole, o.by(o.boss), o.first)); got != "last_administrator" {
			t.Errorf("disabling the last administrator: %q", got)
		}
		second := o.grant(o.second, loa.Administrator, "")
		if err := db.GiveRole(ctx, o.whole, o.by(o.first), second); err != nil {
			t.Fatal(err)
		}
		if err := db.DisableOfficer(ctx, o.whole, o.by(o.second), o.first); err != nil {
			t.Errorf("disabling one of two administrators: %v", err)
		}
		if got := code(db.RevokeRole(ctx, o.whole, o.by(o.boss), second.ID)); got != "last_administrator" {
			t.Errorf("taking the last administrator's role: %q", got)
		}
		grants, err := db.GrantsOf(ctx, o.second)
		if err != nil || len(grants) != 1 || grants[0].Revoked {
			t.Errorf("the refused act left something behind: %v %v", grants, err)
		}
	})
}

func TestTakingARoleBackAndUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		g := o.grant(o.man, loa.OfficerRole, o.commune)
		if err := db.GiveRole(ctx, o.whole, o.by(o.first), g); err != nil {
			t.Fatal(err)
		}
		holds := func() bool {
			all, err := db.GrantsOf(ctx, o.man)
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			return all[0].Holds("2025-12-01")
		}
		if err := db.RevokeRole(ctx, o.whole, o.by(o.first), g.ID); err != nil || holds() {
			t.Errorf("taken back: %v, still holds", err)
		}
		if got := code(db.RevokeRole(ctx, o.whole, o.by(o.first), g.ID)); got != "already_revoked" {
			t.Errorf("taken back twice: %q", got)
		}
		if err := db.RestoreRole(ctx, o.whole, o.by(o.first), g.ID); err != nil || !holds() {
			t.Errorf("undone: %v, does not hold", err)
		}
		if err := db.RevokeRole(ctx, o.whole, o.by(o.first), g.ID); err != nil {
			t.Fatal(err)
		}
		o.at = o.at.Add(2 * time.Hour)
		if got := code(db.RestoreRole(ctx, o.whole, o.by(o.first), g.ID)); got != "not_found" {
			t.Errorf("undone two hours later: %q", got)
		}
	})
}

func TestLoginNamesAreUnique(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		twin := loa.Officer{ID: loa.OfficerID(loa.NewID()), Name: "Lò Thị Khác", LoginName: "mau", Language: "vi"}
		if got := code(db.SaveOfficer(ctx, o.whole, o.by(o.first), twin)); got != "login_name_taken" {
			t.Errorf("a second mau: %q", got)
		}
		twin.LoginName = "Mau"
		if got := code(db.SaveOfficer(ctx, o.whole, o.by(o.first), twin)); got != "login_letters" {
			t.Errorf("a capital letter: %q", got)
		}
		other := o.whole
		other.Office = loa.OfficeID(loa.NewID())
		if got := code(db.SaveOfficer(ctx, other, o.by(o.first), loa.Officer{ID: o.boss, Name: "Mất Tên", LoginName: "mat", Language: "vi"})); got != "not_found" {
			t.Errorf("changing an officer through another office: %q", got)
		}
	})
}

func TestPasswordsEndLogins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		for _, hash := range []string{"a", "b"} {
			l := loa.Login{Hash: hash, Officer: o.boss, Data: []byte(`{}`), MadeAt: o.at, SeenAt: o.at, ExpiresAt: o.at.Add(loa.LoginLife)}
			if err := db.SaveLogin(ctx, l); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.ChangeOwnPassword(ctx, o.id, o.by(o.boss), "new-hash", "a"); err != nil {
			t.Fatal(err)
		}
		left, err := db.Logins(ctx, o.boss, o.at)
		if err != nil || len(left) != 1 || left[0].Hash != "a" {
			t.Errorf("after changing the password these logins are left: %v %v", left, err)
		}
		who, hash, err := db.Credentials(ctx, "mau")
		if err != nil || hash != "new-hash" || who.MustChange {
			t.Errorf("credentials after the change: %v %q %v", who, hash, err)
		}
		if err := db.ResetPassword(ctx, o.whole, o.by(o.first), o.boss, "one-time"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Login(ctx, "a"); !errors.Is(err, loa.ErrNotFound) {
			t.Errorf("a reset leaves a login: %v", err)
		}
		if got := code(db.ResetPassword(ctx, o.whole, o.by(o.boss), o.boss, "x")); got != "own_access" {
			t.Errorf("resetting the own password: %q", got)
		}
	})
}

func TestLoginKeepsItsAge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		l := loa.Login{Hash: "h", Officer: o.boss, Data: []byte(`{}`), MadeAt: o.at, SeenAt: o.at, ExpiresAt: o.at.Add(loa.LoginLife)}
		if err := db.SaveLogin(ctx, l); err != nil {
			t.Fatal(err)
		}
		later := o.at.Add(5 * time.Hour)
		l.Data, l.MadeAt, l.SeenAt, l.ExpiresAt = []byte(`{"place":"x"}`), later, later, later.Add(loa.LoginLife)
		if err := db.SaveLogin(ctx, l); err != nil {
			t.Fatal(err)
		}
		got, err := db.Login(ctx, "h")
		if err != nil || string(got.Data) != `{"place":"x"}` || !got.ExpiresAt.Equal(o.at.Add(loa.LoginLife)) {
			t.Errorf("a login renewed its own age: %+v %v", got, err)
		}
		if err := db.SweepLogins(ctx, o.at.Add(13*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Login(ctx, "h"); !errors.Is(err, loa.ErrNotFound) {
			t.Errorf("a login that ran out is still there: %v", err)
		}
	})
}
