package importing

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

func guessed(headings ...string) map[string]Field {
	out := map[string]Field{}
	for col, f := range Guess(headings) {
		out[headings[col]] = f
	}
	return out
}

func TestGuessKnowsVietnameseAndEnglishHeadings(t *testing.T) {
	for heading, want := range map[string]Field{
		"Họ và tên": Name, "HỌ TÊN": Name, "ho va ten": Name, "Họ và tên (chữ in hoa)": Name, "Full name": Name,
		"Ngày, tháng, năm sinh": Born, "Năm sinh": Born, "nam sinh": Born, "Date of birth": Born, "DOB": Born,
		"Giới tính": Sex, "Nam/Nữ": Sex, "Gender": Sex,
		"Dân tộc": Ethnic, "Ethnic group": Ethnic,
		"Thôn/bản": Village, "Bản": Village, "Tổ dân phố": Village, "Village": Village,
		"Xã/phường": Commune, "Xã, phường, thị trấn": Commune, "Commune": Commune,
		"Mã hộ gia đình": Household, "Số hộ khẩu": Household, "Household code": Household,
		"Quan hệ với chủ hộ": Relation, "Relation to head": Relation,
		"Số CCCD": NationalID, "CCCD/CMND": NationalID, "Số định danh cá nhân": NationalID, "National ID": NationalID,
		"Mã số BHXH": SINumber, "Số sổ BHXH": SINumber,
		"SĐT": Phone, "Điện thoại": Phone, "Phone number": Phone,
		"Thẻ BHYT đến ngày": HIUntil, "Mã đối tượng": HIGroup, "Đồng ý nhắn tin": ConsentSMS, "Ghi chú": Note,
		"SĐT liên hệ": Phone, "CCCD (nếu có)": NationalID, "CCCD của chủ hộ": "", "Họ tên chủ hộ": "", "Quan hệ với chủ hộ (ghi rõ)": Relation, "Nghề hiện nay": Occupation, "Thuộc xã": Commune, "Tên thôn": Village, "Bản, tổ dân phố": Village,
		"STT": "", "Chữ ký": "", "": "", "Hộ khẩu thường trú": "", "Ban quản lý": "", "Thời gian": "",
	} {
		if got := guessed(heading)[heading]; got != want {
			t.Errorf("%q is %q, want %q", heading, got, want)
		}
	}
}

// TestGuessDoesNotDependOnOrder shuffles a list's columns: each keeps its meaning.
func TestGuessDoesNotDependOnOrder(t *testing.T) {
	headings := []string{"STT", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Thôn bản", "Xã", "Mã hộ", "Quan hệ với chủ hộ", "Số CCCD", "Mã số BHXH", "Điện thoại", "Diện hộ", "Nghề nghiệp"}
	want := guessed(headings...)
	if len(want) != len(headings)-1 {
		t.Fatalf("%d columns of %d are known: %v", len(want), len(headings), want)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		r.Shuffle(len(headings), func(i, j int) { headings[i], headings[j] = headings[j], headings[i] })
		if got := guessed(headings...); !maps.Equal(got, want) {
			t.Fatalf("%v: %v, want %v", headings, got, want)
		}
	}
}

func TestGuessGivesEachFieldToOneColumn(t *testing.T) {
	m := Guess([]string{"Họ và tên", "Ngày sinh", "Năm sinh", "Họ tên"})
	if len(m) != 2 || m[0] != Name || m[1] != Born {
		t.Errorf("two columns of one meaning: %v", m)
	}
	m = Guess([]string{"Họ và tên đệm", "Tên"})
	if m[1] != GivenName || m[0] == "" || !m.Names() {
		t.Errorf("a name in two columns: %v", m)
	}
	if m = Guess([]string{"STT", "Tên", "Bản"}); m[1] != Name || !m.Names() {
		t.Errorf("a name called only Tên: %v", m)
	}
	if m = Guess([]string{"Bản", "Xã"}); m.Names() {
		t.Errorf("a list without names can name people: %v", m)
	}
}

func TestFindHeadingsBelowTitles(t *testing.T) {
	rows := [][]string{{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"}, {"Danh sách hộ nghèo bản Háng Là"}, {"", "Họ và tên", "Năm sinh", "Bản"}, {"1", "Vừ A Dế", "1990", "Háng Là"}}
	row, m, ok := FindHeadings(rows)
	if !ok || row != 2 || m[1] != Name || m[2] != Born || m[3] != Village {
		t.Errorf("row %d %v %v", row, m, ok)
	}
	if _, _, ok := FindHeadings(rows[:2]); ok {
		t.Error("titles are taken for headings")
	}
}

// TestEveryHeadingMeansOneThing fails when two fields claim the same words, which would make the guess a matter of luck.
func TestEveryHeadingMeansOneThing(t *testing.T) {
	owner := map[string]Field{}
	for f, words := range headings {
		for _, w := range words {
			key := strings.ReplaceAll(w, " ", "")
			if other, taken := owner[key]; taken && other != f {
				t.Errorf("%q is %s and %s", w, f, other)
			}
			owner[key] = f
		}
	}
	for _, f := range Fields {
		if len(headings[f]) == 0 {
			t.Errorf("nothing is called %s", f)
		}
	}
}
