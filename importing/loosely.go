package importing

import (
	"strings"

	"loa"
)

// piece is a part of what lists write that gives the whole away.
type piece struct{ has, word string }

// pieces are asked in their order, after the list of whole words: whoever writes "buôn bán nhỏ" or "thợ xây" means one of our groups.
var pieces = map[Field][]piece{
	Poverty: {{"khongngheo", "other"}, {"khongthuoc", "other"}, {"thoat", "other"}, {"binhthuong", "other"}, {"canngheo", "near_poor"}, {"ngheo", "poor"}},
	Occupation: {{"hokinhdoanh", "business_owner"}, {"chucuahang", "business_owner"}, {"chuquan", "business_owner"},
		{"hocsinh", "pupil"}, {"sinhvien", "pupil"}, {"hocnghe", "pupil"}, {"dihoc", "pupil"},
		{"huutri", "other"}, {"nghihuu", "other"}, {"matsuc", "other"}, {"noitro", "other"}, {"thatnghiep", "other"}, {"khongnghe", "other"}, {"khongconghe", "other"}, {"khonglam", "other"},
		{"treem", "other"}, {"connho", "other"}, {"giayeu", "other"}, {"nguoigia", "other"}, {"onha", "other"},
		{"giaovien", "employee"}, {"congnhan", "employee"}, {"vienchuc", "employee"}, {"congchuc", "employee"}, {"canbo", "employee"}, {"nhanvien", "employee"}, {"ketoan", "employee"},
		{"bacsi", "employee"}, {"yta", "employee"}, {"ysi", "employee"}, {"dieuduong", "employee"}, {"bodoi", "employee"}, {"congan", "employee"}, {"quannhan", "employee"},
		{"nuongray", "farmer"}, {"lamnuong", "farmer"}, {"lamray", "farmer"}, {"lamruong", "farmer"}, {"lamvuon", "farmer"}, {"nongdan", "farmer"}, {"lamnong", "farmer"}, {"nongnghiep", "farmer"},
		{"nonglam", "farmer"}, {"channuoi", "farmer"}, {"trongtrot", "farmer"}, {"trongcay", "farmer"}, {"trongrung", "farmer"},
		{"buonban", "small_trader"}, {"banhang", "small_trader"}, {"tieuthuong", "small_trader"}, {"kinhdoanh", "small_trader"},
		{"laixe", "freelancer"}, {"xeom", "freelancer"}, {"lamthue", "freelancer"}, {"phuho", "freelancer"}, {"bocvac", "freelancer"}, {"tudo", "freelancer"}, {"thoxay", "freelancer"}, {"thomoc", "freelancer"},
		{"thomay", "freelancer"}, {"thosua", "freelancer"}, {"thohan", "freelancer"}, {"thodien", "freelancer"}, {"cattoc", "freelancer"}},
	Relation: {{"chongchuho", "spouse"}, {"vochuho", "spouse"}, {"mevo", "in_law"}, {"bovo", "in_law"}, {"mechong", "in_law"}, {"bochong", "in_law"}, {"condau", "in_law"}, {"conre", "in_law"},
		{"anhre", "in_law"}, {"chidau", "in_law"}, {"emdau", "in_law"}, {"emre", "in_law"}},
	Literacy: {{"khongbiet", "none"}, {"muchu", "none"}, {"biet", "reads"}},
	Sex:      {{"namgioi", "male"}, {"nugioi", "female"}},
}

// beginnings are what a word of a list may go on from: "Mông hoa" and "Thái đen" are Mông and Thái, "con ruột" is a child.
var beginnings = map[Field][]piece{
	Ethnic: {{"hmong", "mong"}, {"hmoong", "mong"}, {"mong", "mong"}, {"thai", "thai"}, {"kinh", "kinh"}, {"dao", "dao"}, {"khomu", "kho_mu"}, {"hoa", "hoa"}, {"cham", "cham"}, {"khmer", "khmer"},
		{"nung", "nung"}, {"muong", "muong"}, {"hanhi", "ha_nhi"}, {"bru", "bru_van_kieu"}, {"bahnar", "ba_na"}, {"sanchi", "san_chay"}},
	Relation: {{"chuho", "head"}, {"con", "child"}, {"chau", "grandchild"}, {"vo", "spouse"}, {"chong", "spouse"}, {"anh", "sibling"}, {"chi", "sibling"}, {"em", "sibling"}, {"bo", "parent"}, {"me", "parent"}, {"cha", "parent"},
		{"ong", "other"}, {"ba", "other"}, {"co", "other"}, {"chu", "other"}, {"bac", "other"}, {"di", "other"}, {"cau", "other"}},
}

// loosely understands what is not one of the known words but plainly one of our groups; empty when it is not plain.
func loosely(f Field, key string) string {
	for _, p := range pieces[f] {
		if strings.Contains(key, p.has) {
			return p.word
		}
	}
	for _, p := range beginnings[f] {
		if strings.HasPrefix(key, p.has) {
			return p.word
		}
	}
	return ""
}

func init() {
	for _, w := range loa.EthnicGroups { // each by its own name, over what the list above says by other names
		words[Ethnic][strings.ReplaceAll(w, "_", "")] = w
	}
	for alias, w := range map[string]string{"khome": "khmer", "vankieu": "bru_van_kieu", "caolan": "san_chay", "sanchi": "san_chay", "giarai": "gia_rai", "jrai": "gia_rai", "rade": "e_de", "bana": "ba_na",
		"xedang": "xo_dang", "stieng": "xtieng", "raglai": "ra_glai", "khongro": "other", "nuocngoai": "other"} {
		words[Ethnic][alias] = w
	}
}
