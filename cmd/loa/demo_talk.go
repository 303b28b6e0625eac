package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"loa"
	"loa/fake"
	"loa/store"
)

// demoPost is what the page of the demo's office has told everybody, for people to write under.
const demoPost = "Chợ phiên 06/12/2025, cán bộ bảo hiểm xã hội có bàn tư vấn từ 6 giờ 30 đến 11 giờ. Bà con ghé hỏi, không mất tiền."

// demoTalkers are people of the demo who write first, each over a way of their own; nobody of them is in the register.
var demoTalkers = []struct {
	who     fake.Villager
	way, do string
	name    string // what the provider calls them
	text    string
}{
	{who: fake.Villager{PSID: "7119900000001", Name: "Lò Thị Mây (mô phỏng)"}, way: "facebook", do: "comment", name: "7119900000001", text: "Bán rau ở chợ thì đóng bảo hiểm xã hội tự nguyện được không cán bộ?"},
	{who: fake.Villager{PSID: "7119900000002", Name: "Vừ A Dế (mô phỏng)"}, way: "facebook", do: "say", name: "7119900000002", text: "Vợ tôi nghỉ làm công ty rồi, thẻ bảo hiểm y tế còn dùng được đến bao giờ ạ?"},
	{who: fake.Villager{Mail: "thao.thi.sua@dan.example", Name: "Thào Thị Sua (mô phỏng)"}, way: "mail", do: "write", name: "thao.thi.sua@dan.example", text: "bhxh@coquan.example Hỏi về sổ bảo hiểm xã hội\nTôi mất sổ, muốn xin cấp lại thì cần giấy tờ gì và nộp ở đâu?"},
	{who: fake.Villager{Phone: "841990000001", Name: "Quàng Văn Pâng (mô phỏng)"}, way: "smpp", do: "say", name: "841990000001", text: "Cho toi hoi the BHYT cua con toi bao gio het han"},
}

// talk lets some people write to the demo's office, once, over the ways that other messages of the demo do not come by.
func (p *providers) talk(s *site) error {
	ctx := s.env.ctx
	offices, err := s.db.Offices(ctx)
	if err != nil || len(offices) == 0 {
		return err
	}
	scope, err := wholeOffice(ctx, s.db, offices[0].ID, s.now())
	if err != nil {
		return err
	}
	if n, err := s.db.CountConversations(ctx, scope, store.ConversationFilter{Now: s.now(), Via: loa.ViaMail}); err != nil || n > 0 {
		return err
	}
	post, err := p.post(ctx, demoPost)
	if err != nil {
		return err
	}
	for _, x := range demoTalkers {
		x.who.Last, x.who.LastPage = p.world.Clock.Now(), p.world.Clock.Now()
		p.world.AddVillagers(x.who)
		text := x.text
		if x.do == "comment" {
			text = post + " " + text
		}
		if err := p.world.Act(x.way, x.name, x.do, text); err != nil {
			return fmt.Errorf("let %s write: %w", x.who.Name, err)
		}
	}
	return nil
}

// post puts a post on the office's page at the provider, as its driver does.
func (p *providers) post(ctx context.Context, text string) (string, error) {
	page, token := "", ""
	p.world.Change(func() { page, token = p.world.Facebook.PageID, p.world.Facebook.Token })
	body := url.Values{"message": {text}, "access_token": {token}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address()+"/facebook/v25.0/"+page+"/feed?"+body.Encode(), nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("post to the page: %w", err)
	}
	defer res.Body.Close()
	var out struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.ID == "" {
		return "", fmt.Errorf("post to the page: %s, %w", res.Status, err)
	}
	return out.ID, nil
}
