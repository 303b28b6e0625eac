package auth

import (
	"strings"
	"testing"
)

func TestRule(t *testing.T) {
	for _, c := range []struct{ password, want string }{
		{"matkhau 2025", "password_common"},
		{"Mật Khẩu 2025!", "password_common"},
		{"P@ssw0rd2025", "password_common"},
		{"2025Tủa Chùa", "password_common"},
		{"!!vietnam1990", "password_common"},
		{"abcabcabcabc", "password_common"},
		{"1212121212", "password_common"},
		{"klmnopqrstuv", "password_common"},
		{"8901234567", "password_common"},
		{"9876543210", "password_common"},
		{"ééééééééééé", "password_common"},
		{"VuADinh1987", "password_own_words"},
		{"dinh.vu.87!", "password_own_words"},
		{"vừ dính 1987", "password_own_words"},
		{"dinh dinh 12", "password_own_words"},
		{"chín chữ 1", ""},
		{"vừng ơi mở cửa ra", ""},
		{"tuachua-mua-nguon", ""},
		{"thuyền ra khơi xa", ""},
		{strings.Repeat("ă", 9), "password_short"},
		{strings.Repeat("a\u0306", 9), "password_short"},
		{"cây đa bến nước " + strings.Repeat("xy z", 28), ""},
		{"cây đa bến nước " + strings.Repeat("xy z", 29), "password_long"},
		{"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5", "password_common"},
	} {
		if got := Rule(c.password, "Vừ", "A", "Dính", "dinh.vu"); got != c.want {
			t.Errorf("%q: %q, want %q", c.password, got, c.want)
		}
	}
}

func TestPasswordOfTwoKeyboards(t *testing.T) {
	h, err := Hash("suối nguồn Tủa Thàng")
	if err != nil {
		t.Fatal(err)
	}
	if apart := "suo\u0302\u0301i nguo\u0302\u0300n Tu\u0309a Tha\u0300ng"; !Check(apart, h) {
		t.Error("letters taken apart are another password")
	}
	if !strings.HasPrefix(h, "$argon2id$v=19$m=65536,t=2,p=1$") {
		t.Errorf("hashed with %s", h)
	}
	CheckNobody("suối nguồn") // must not fail on its first call
}

func TestTokens(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token, err := Token()
		if err != nil {
			t.Fatal(err)
		}
		once, err := OneTimePassword()
		if err != nil {
			t.Fatal(err)
		}
		if len(token) != 43 || seen[token] || seen[once] || len(once) != 19 || Rule(once) != "" {
			t.Fatalf("token %q, password %q", token, once)
		}
		seen[token], seen[once] = true, true
	}
	if got := TokenHash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("hash %s", got)
	}
}
