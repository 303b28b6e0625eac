package demo

import "loa"

// names are the parts a group's names are made of. Clans and given names of the Mông, Thái and Dao come from published lists of
// components; the Kinh ones are common ones. Put together at random they name nobody.
type names struct {
	clans, men, women   []string
	manMiddle, elderMen []string
	womanMiddle         string
}

var (
	mongNames = names{
		clans: []string{"Giàng", "Mùa", "Thào", "Sùng", "Vàng", "Hạng", "Vừ", "Hồ", "Lầu", "Ly", "Chang", "Cứ", "Tráng", "Phàng", "Cháng", "Sình"},
		men: []string{"Chù", "Páo", "Tú", "Khứ", "Vàng", "Giang", "Lử", "Kỷ", "Dế", "Chứ", "Sình", "Tủa", "Dơ", "Sở", "Phử", "Dình", "Nhè", "Chinh", "Sáng", "Lềnh", "Súa", "Chớ",
			"Tồng", "Của", "Dũng", "Hồng", "Nếnh", "Thái", "Minh", "Ký", "Vảng", "Sử", "Pó", "Làng", "Cáng"},
		women: []string{"Dợ", "Dua", "Ly", "Tra", "Hoa", "Mỷ", "Pàng", "Xua", "Súa", "Sông", "Dở", "Máy", "Ca", "Mo", "Cở", "Dí", "Chư", "Nhìa", "Pà", "Sua", "Mai", "Chía", "Say", "Dề", "Vá",
			"Lan", "Mào", "Cáng", "Dinh", "Sái"},
		manMiddle: []string{"A"}, elderMen: []string{"Seo", "Vản", "Chá", "Nỏ", "Sái", "A", "A"}, womanMiddle: "Thị"}
	thaiNames = names{
		clans:     []string{"Lò", "Lường", "Quàng", "Tòng", "Cà", "Lèo", "Mè", "Lù", "Lềm", "Ngần", "Nông", "Cầm", "Bạc", "Đèo", "Hà", "Vì", "Khoàng", "Hoàng"},
		men:       []string{"Khơi", "Ón", "Chựa", "Chính", "Phương", "Cương", "Muôn", "Pâng", "Ính", "Pản", "Hặc", "Thương", "Xuân", "Hải", "Thành", "Dũng", "Inh", "Tiến", "Hùng", "Ơn", "Bun", "Pọm"},
		women:     []string{"Dung", "Tâm", "Mai", "Quyết", "Ánh", "Pành", "Biên", "Hương", "Lả", "Inh", "Xôm", "Thoa", "Phượng", "Lan", "Hiền", "Ngoan", "Yêu", "Hặc", "Bóng", "Phóng"},
		manMiddle: []string{"Văn"}, womanMiddle: "Thị"}
	daoNames = names{
		clans: []string{"Bàn", "Phàn", "Triệu", "Lý", "Đặng", "Phùng", "Chẻo", "Tẩn", "Chìn"},
		men:   []string{"Sáng", "Sểnh", "Tả", "Kinh", "San", "Phin", "Phú", "Chòi", "Quyên", "Vần"}, women: []string{"Muội", "Mẩy", "San", "Nhậy", "Ú", "Lở", "Pham", "Ghển"},
		manMiddle: []string{"Lòi", "A", "Láo", "Vần", "Chòi", "Văn"}, womanMiddle: "Mẩy"}
	khoMuNames = names{clans: []string{"Quàng", "Lò", "Lường", "Mòng", "Cụt"}, men: thaiNames.men, women: thaiNames.women, manMiddle: []string{"Văn"}, womanMiddle: "Thị"}
	hoaNames   = names{clans: []string{"Lý", "Sèn", "Vàng", "Tẩn", "Chang", "Lù"}, men: []string{"Sáng", "Phà", "Chín", "Phủ", "Thìn", "Quang", "Pin", "Sì"},
		women: []string{"Sến", "Mẩy", "Chín", "Lìn", "Phà", "Dín"}, manMiddle: []string{"Seo", "Văn", "Vần", "A"}, womanMiddle: "Thị"}
	kinhNames = names{
		clans:     []string{"Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Đinh", "Phan", "Trịnh", "Mai"},
		men:       []string{"Hùng", "Dũng", "Tuấn", "Hải", "Nam", "Sơn", "Thắng", "Long", "Đức", "Minh", "Quân", "Thành", "Cường", "Khánh", "Phúc", "Việt", "Toàn", "Bình", "Kiên", "Tùng"},
		women:     []string{"Hà", "Hạnh", "Thu", "Hương", "Lan", "Mai", "Ngọc", "Linh", "Trang", "Thảo", "Yến", "Nga", "Vân", "Hằng", "Dung", "Phương", "Thuỷ", "Oanh", "Chi", "Nhung"},
		manMiddle: []string{"Văn", "Đức", "Quang", "Minh", "Xuân", "Hữu", "Mạnh"}, womanMiddle: "Thị"}
	namesOf = map[string]*names{"mong": &mongNames, "thai": &thaiNames, "kinh": &kinhNames, "dao": &daoNames, "kho_mu": &khoMuNames, "hoa": &hoaNames, "phu_la": &hoaNames, "other": &thaiNames}
	tongues = map[string]string{"mong": "mong", "thai": "thai", "kinh": "vietnamese", "dao": "dao", "kho_mu": "kho_mu", "hoa": "hoa", "phu_la": "other", "other": "other"}
)

// clan is a clan of a group, other than the one given: a married couple never shares it.
func (m *maker) clan(group, not string) string {
	list := namesOf[group].clans
	for {
		if c := pick(m.dice, list); c != not {
			return c
		}
	}
}

// name puts a name together; a Mông man takes a mature middle name after his first child.
func (m *maker) name(group, clan string, sex loa.Sex, age int) string {
	n := namesOf[group]
	if sex == loa.Female {
		middle := n.womanMiddle
		if group == "kinh" && m.dice.percent(40) {
			middle = pick(m.dice, []string{"Thu", "Ngọc", "Thanh", "Kim", "Bích", "Minh"})
		}
		return clan + " " + middle + " " + pick(m.dice, n.women)
	}
	middle := pick(m.dice, n.manMiddle)
	if len(n.elderMen) > 0 && age >= 28 {
		middle = pick(m.dice, n.elderMen)
	}
	return clan + " " + middle + " " + pick(m.dice, n.men)
}
