package fake

import (
	"fmt"
	"time"
)

// Sample lets a dozen people and what the providers have registered into the world, so that there is somebody to write to.
func (w *World) Sample() {
	now := w.Clock.Now()
	names := []string{"Lò Văn Pản", "Sùng Thị Mỷ", "Quàng Thị Inh", "Giàng A Tủa", "Vàng Thị Dợ", "Tòng Văn Hặc", "Nguyễn Thị Bình", "Cà Văn Thoan", "Hạng A Chu", "Lường Thị Piếng", "Khoàng Văn Sơn", "Phạm Thị Hợi"}
	var list []Villager
	for i, name := range names {
		v := Villager{Name: name, Phone: fmt.Sprintf("8490000%04d", 1000+i)}
		if i%4 != 3 {
			v.ID = fmt.Sprintf("55101857582619%05d", 20000+i)
			v.Follows, v.Last = i%3 != 2, now.Add(-time.Duration(i)*20*time.Hour)
		}
		if i%3 == 0 {
			v.PSID, v.LastPage = fmt.Sprintf("71200000000%04d", i), now.Add(-time.Duration(i)*3*time.Hour)
		}
		if i%2 == 0 {
			v.Mail = fmt.Sprintf("nguoi%d@dan.example", i+1)
		}
		list = append(list, v)
	}
	minute := Duration(time.Minute)
	list[0].Habits = []Habit{{When: "bảo hiểm", Do: "say", Text: "Cho tôi hỏi đóng mỗi tháng bao nhiêu?", After: minute, Times: 1}}
	list[1].Habits = []Habit{{Do: "say", Text: "HUY", After: minute, Times: 1}}
	list[4].Inactive, list[5].NoZalo, list[6].BlocksOA, list[7].Unreachable, list[8].Unread = true, true, true, true, true
	list[5].ID, list[5].Follows = "", false
	w.AddVillagers(list...)
	w.Zalo.AddTemplates(Template{ID: "347878", Name: "Nhắc hạn thẻ bảo hiểm y tế", Tag: 2, Text: "Thẻ BHYT của ông/bà <ho_ten> (mã <ma_so>) hết hạn ngày <han_the>. Mời ông/bà gia hạn.", Price: 800, PriceUID: 560, UID: true, Day: true,
		Params: []Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30}, {Name: "ma_so", Require: true, Type: "STRING", MaxLength: 30}, {Name: "han_the", Require: true, Type: "STRING", MaxLength: 20}}})
	w.Zalo.AddTemplates(MoreTemplates()...)
	w.Zalo.AddGroups(Group{ID: "g_thon_3", Name: "Tổ dân phố 3", Members: []string{list[0].ID, list[1].ID}})
}

// MoreTemplates are registered forms of words in the states a provider knows: approved, waiting for it, rejected.
func MoreTemplates() []Template {
	return []Template{
		{ID: "347901", Name: "Nhắc hạn đóng BHXH tự nguyện", Tag: 2, Text: "Mời ông/bà <ho_ten> đóng BHXH tự nguyện trước ngày <han_dong>, mức <so_tien> một tháng.", Price: 300, PriceUID: 200, UID: true,
			Params: []Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30}, {Name: "han_dong", Require: true, Type: "DATE", MaxLength: 20}, {Name: "so_tien", Require: true, Type: "STRING", MaxLength: 20}}},
		{ID: "347902", Name: "Mời họp bản", Status: "PENDING_REVIEW", Tag: 2, Text: "Mời ông/bà <ho_ten> tới <buoi> ngày <ngay_buoi>.", Price: 300, PriceUID: 200,
			Params: []Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30}, {Name: "buoi", Require: true, Type: "STRING", MaxLength: 90}, {Name: "ngay_buoi", Require: true, Type: "DATE", MaxLength: 20}}},
		{ID: "347903", Name: "Ưu đãi tham gia BHXH", Status: "REJECT", Tag: 3, Text: "<ho_ten>, tham gia BHXH tự nguyện hôm nay!", Price: 400, PriceUID: 300,
			Params: []Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30}}},
	}
}
