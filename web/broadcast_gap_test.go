package web_test

import "testing"

// TestTheForecastCountsWhatIsMissing: words that tell the last day of a card reach nobody whose card is not known; the forecast says so before
// anything is sent, and the number leads to those people.
func TestTheForecastCountsWhatIsMissing(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	at := beginBroadcast(t, director)
	director.Post(at+"/edit", typed(site, ids, "w_sms", "Thẻ của bà con hết hạn ngày {han_the}.")...)
	if a := director.Get(at + "/edit"); !a.Has("2 người thiếu số liệu mà bài nhắc tới", "Thiếu số liệu để điền cho người này", "why=no.place_empty") {
		t.Errorf("the forecast does not say what is missing: %d", a.Status)
	}
	if a := director.Get(at + "/audience?why=no.place_empty"); !a.Has("Sùng A Mẫu mau", "Thào Thị Nhì mau") {
		t.Errorf("the number leads nowhere: %d", a.Status)
	}
}
