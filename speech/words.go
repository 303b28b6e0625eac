package speech

// abbreviations is what offices and villages shorten, written out. A key is read in exactly this spelling; one without a vowel also in
// small letters.
var abbreviations = map[string]string{
	// insurance
	"BHXH": "bảo hiểm xã hội", "BHYT": "bảo hiểm y tế", "BHTN": "bảo hiểm thất nghiệp", "BHXHTN": "bảo hiểm xã hội tự nguyện", "BHXHBB": "bảo hiểm xã hội bắt buộc",
	"BHTNLĐ": "bảo hiểm tai nạn lao động", "BHYTHGĐ": "bảo hiểm y tế hộ gia đình", "BHXHVN": "bảo hiểm xã hội Việt Nam", "VNeID": "vê nờ e i đê", "VssID": "vê ét ét i đê",
	"KCB": "khám chữa bệnh", "KBCB": "khám bệnh chữa bệnh", "TNLĐ": "tai nạn lao động", "BNN": "bệnh nghề nghiệp", "NLĐ": "người lao động", "NSDLĐ": "người sử dụng lao động",
	"HGĐ": "hộ gia đình", "HSSV": "học sinh sinh viên", "TCDV": "tổ chức dịch vụ",
	// the State
	"UBND": "ủy ban nhân dân", "HĐND": "hội đồng nhân dân", "MTTQ": "mặt trận Tổ quốc", "UBMTTQ": "ủy ban mặt trận Tổ quốc", "BCĐ": "ban chỉ đạo", "BCH": "ban chấp hành",
	"BCHQS": "ban chỉ huy quân sự", "TTHC": "thủ tục hành chính", "TTPVHCC": "trung tâm phục vụ hành chính công", "CBCC": "cán bộ công chức", "CBCCVC": "cán bộ công chức viên chức",
	"CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ", "QH": "Quốc hội", "UBTVQH": "ủy ban Thường vụ Quốc hội", "CTN": "Chủ tịch nước", "TW": "trung ương", "TƯ": "trung ương",
	"BLĐTBXH": "bộ Lao động Thương binh và Xã hội", "LĐTBXH": "lao động thương binh và xã hội", "BNV": "bộ Nội vụ", "BYT": "bộ Y tế", "BTC": "bộ Tài chính", "BCA": "bộ Công an",
	"BTP": "bộ Tư pháp", "BGDĐT": "bộ Giáo dục và Đào tạo", "GDĐT": "giáo dục và đào tạo", "KBNN": "kho bạc Nhà nước", "TAND": "tòa án nhân dân", "CSGT": "cảnh sát giao thông",
	"NHCSXH": "ngân hàng Chính sách xã hội", "NHNN": "ngân hàng Nhà nước", "TPHCM": "thành phố Hồ Chí Minh", "HCM": "Hồ Chí Minh", "VN": "Việt Nam", "XHCN": "xã hội chủ nghĩa",
	// papers
	"CCCD": "căn cước công dân", "CMND": "chứng minh nhân dân", "CMT": "chứng minh thư", "GPLX": "giấy phép lái xe", "MST": "mã số thuế", "STT": "số thứ tự", "STK": "số tài khoản",
	"NĐ": "nghị định", "QĐ": "quyết định", "NQ": "nghị quyết", "TTLT": "thông tư liên tịch", "VBHN": "văn bản hợp nhất", "TTr": "tờ trình", "TTHĐ": "thủ tục hợp đồng", "HĐLĐ": "hợp đồng lao động",
	// places and people
	"TP": "thành phố", "TX": "thị xã", "TDP": "tổ dân phố", "TT": "thị trấn", "HTX": "hợp tác xã", "THCS": "trung học cơ sở", "THPT": "trung học phổ thông", "DTTS": "dân tộc thiểu số",
	"NTM": "nông thôn mới", "CLB": "câu lạc bộ", "ĐBKK": "đặc biệt khó khăn", "KHHGĐ": "kế hoạch hóa gia đình", "CSSK": "chăm sóc sức khỏe", "TYT": "trạm y tế", "BV": "bệnh viện",
	"PCCC": "phòng cháy chữa cháy", "ANTT": "an ninh trật tự", "ATGT": "an toàn giao thông", "CTXH": "công tác xã hội", "HND": "hội nông dân", "CCB": "cựu chiến binh", "LHPN": "liên hiệp phụ nữ",
	"HPN": "hội phụ nữ", "TNCS": "thanh niên cộng sản", "NCT": "người cao tuổi", "NKT": "người khuyết tật", "CBYT": "cán bộ y tế", "ThS": "thạc sĩ", "TS": "tiến sĩ", "BS": "bác sĩ", "ĐB": "đại biểu",
	// wires
	"SĐT": "số điện thoại", "ĐT": "điện thoại", "ĐTDĐ": "điện thoại di động", "CNTT": "công nghệ thông tin", "DVC": "dịch vụ công", "QR": "quy rờ", "ID": "ai đi", "OTP": "o tê pê", "SMS": "ét em ét",
	"TV": "ti vi", "ATM": "a tê em", "AIDS": "ết", "PC": "pi xi", "ZALO": "Zalo", "IT": "ai ti",
	// money and measures
	"VND": "đồng", "VNĐ": "đồng", "USD": "đô la Mỹ", "EUR": "ơ rô", "KM": "ki lô mét", "KG": "ki lô gam", "CM": "xăng ti mét", "MM": "mi li mét", "ML": "mi li lít", "kWh": "ki lô oát giờ", "KWH": "ki lô oát giờ",
	"kW": "ki lô oát", "KW": "ki lô oát", "TRĐ": "triệu đồng", "GB": "ghi ga bai", "MB": "mê ga bai",
}

// dotted are the short forms that end in a point which ends no sentence, before the name or number they belong to.
var dotted = map[string]string{
	"TP": "thành phố", "Tp": "thành phố", "tp": "thành phố", "P": "phường", "Q": "quận", "H": "huyện", "X": "xã", "TT": "thị trấn", "Tt": "thị trấn", "TX": "thị xã", "Tx": "thị xã", "KP": "khu phố",
	"Kp": "khu phố", "TDP": "tổ dân phố", "GS": "giáo sư", "PGS": "phó giáo sư", "TS": "tiến sĩ", "ThS": "thạc sĩ", "Ths": "thạc sĩ", "BS": "bác sĩ", "Bs": "bác sĩ", "KT": "ký thay", "TM": "thay mặt", "TL": "thừa lệnh",
	"TUQ": "thừa ủy quyền", "ĐT": "điện thoại", "Đt": "điện thoại", "Đ": "đường", "Tr": "trang", "tr": "trang",
}

// phrases are short forms with signs in them, the longer before the shorter.
var phrases = []struct{ short, long string }{
	{"BLĐ-TB&XH", "bộ Lao động Thương binh và Xã hội"}, {"BLĐTB&XH", "bộ Lao động Thương binh và Xã hội"}, {"LĐ-TB&XH", "lao động thương binh và xã hội"}, {"LĐ-TBXH", "lao động thương binh và xã hội"},
	{"LĐTB&XH", "lao động thương binh và xã hội"}, {"GD&ĐT", "giáo dục và đào tạo"}, {"GD-ĐT", "giáo dục và đào tạo"}, {"NN&PTNT", "nông nghiệp và phát triển nông thôn"}, {"KH&ĐT", "kế hoạch và đầu tư"},
	{"TP. HCM", "thành phố Hồ Chí Minh"}, {"TP.HCM", "thành phố Hồ Chí Minh"}, {"Tp.HCM", "thành phố Hồ Chí Minh"}, {"H'Mông", "Mông"}, {"v.v", "vân vân"}, {"vv", "vân vân"},
}

// kinds are the documents that a number like 159/2025/NĐ-CP names.
var kinds = map[string]string{
	"NĐ": "nghị định", "QĐ": "quyết định", "TT": "thông tư", "TTLT": "thông tư liên tịch", "NQ": "nghị quyết", "CT": "chỉ thị", "KH": "kế hoạch", "TB": "thông báo", "BC": "báo cáo", "CV": "công văn", "HD": "hướng dẫn",
	"TTr": "tờ trình", "GM": "giấy mời", "BB": "biên bản", "VBHN": "văn bản hợp nhất", "PL": "pháp lệnh", "L": "lệnh", "CĐ": "công điện", "ĐA": "đề án", "CTr": "chương trình", "HĐ": "hợp đồng",
}

// units are said only right behind a number; the longer before the shorter.
var units = []struct{ sign, said string }{
	{"km/h", "ki lô mét trên giờ"}, {"m/s", "mét trên giây"}, {"kWh", "ki lô oát giờ"}, {"kwh", "ki lô oát giờ"}, {"KWh", "ki lô oát giờ"}, {"mmHg", "mi li mét thủy ngân"}, {"km2", "ki lô mét vuông"}, {"cm2", "xăng ti mét vuông"},
	{"m2", "mét vuông"}, {"m3", "mét khối"}, {"cm3", "xăng ti mét khối"}, {"VNĐ", "đồng"}, {"VND", "đồng"}, {"vnđ", "đồng"}, {"vnd", "đồng"}, {"USD", "đô la Mỹ"}, {"EUR", "ơ rô"}, {"trđ", "triệu đồng"}, {"tr.đ", "triệu đồng"},
	{"kg", "ki lô gam"}, {"Kg", "ki lô gam"}, {"KG", "ki lô gam"}, {"km", "ki lô mét"}, {"Km", "ki lô mét"}, {"KM", "ki lô mét"}, {"cm", "xăng ti mét"}, {"mm", "mi li mét"}, {"mg", "mi li gam"}, {"ml", "mi li lít"}, {"ha", "héc ta"},
	{"kW", "ki lô oát"}, {"KW", "ki lô oát"}, {"MW", "mê ga oát"}, {"GB", "ghi ga bai"}, {"MB", "mê ga bai"}, {"°C", "độ xê"}, {"oC", "độ xê"}, {"ph", "phút"}, {"tr", "triệu"}, {"Tr", "triệu"}, {"đ", "đồng"}, {"Đ", "đồng"}, {"₫", "đồng"},
	{"%", "phần trăm"}, {"‰", "phần nghìn"}, {"°", "độ"}, {"$", "đô la"}, {"€", "ơ rô"}, {"k", "nghìn"}, {"K", "nghìn"}, {"m", "mét"}, {"g", "gam"}, {"l", "lít"}, {"L", "lít"}, {"h", "giờ"}, {"s", "giây"}, {"W", "oát"}, {"V", "vôn"},
}

// signs are said wherever they stand.
var signs = map[rune]string{
	'&': "và", '+': "cộng", '=': "bằng", '%': "phần trăm", '‰': "phần nghìn", '@': "a còng", '<': "nhỏ hơn", '>': "lớn hơn", '≤': "nhỏ hơn hoặc bằng", '≥': "lớn hơn hoặc bằng", '±': "cộng trừ",
	'×': "nhân", '÷': "chia", '°': "độ", '$': "đô la", '€': "ơ rô", '₫': "đồng", '≈': "khoảng",
}

// numbered are the words before which a Roman number stands.
const numbered = " điều chương quý kỷ khóa khoá phần mục hạng loại cấp hội lần thứ kỳ kì đợt vực khu vùng nhóm tập bậc "

// dayWords are those after which 2/9 is a day and not a part of something.
const dayWords = " ngày sáng trưa chiều tối đêm hôm từ đến tới trước sau lễ dịp nghỉ nhật nhi mùng mồng vào hết qua khánh "

// streets are those before which a day is a name: đường 3/2.
const streets = " đường phố trường chợ "

// codeWords are those after which figures are a name and not a count.
const codeWords = " số mã sổ thẻ phòng nhà biển khoản dân thuế danh "

// perWords are what something is counted for, as in a price or a pace.
const perWords = " tháng năm ngày tuần quý người hộ giờ lần buổi kg m2 m3 kwh lít ha km suất khẩu hộp phút đợt thẻ bữa xã thôn bản nhà con cây cái học trẻ em lượt đêm sào tấn tạ yến "
