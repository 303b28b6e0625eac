package sending

import (
	"testing"
	"time"

	"loa"
	"loa/channel"
)

func TestHeard(t *testing.T) {
	id := loa.DeliveryID("018b8868-3e1f-744a-9af5-7f7b000347aa")
	if back := DeliveryOf(MessageID(id)); back != id {
		t.Errorf("%s comes back as %s", id, back)
	}
	for _, other := range []string{"", "loa_01jd9x2k7q_1", "018b88683e1f744a9af57f7b000347a", "zz8b88683e1f744a9af57f7b000347aa"} {
		if got := DeliveryOf(other); got != "" {
			t.Errorf("%q is taken for %s", other, got)
		}
	}
	for kind, want := range map[channel.EventKind]loa.DeliveryState{channel.EventTaken: loa.DeliverySent, channel.EventDelivered: loa.DeliveryDelivered, channel.EventPlayed: loa.DeliveryDelivered, channel.EventSeen: loa.DeliverySeen,
		channel.EventFailed: loa.DeliveryFailed, channel.EventReply: "", channel.EventFollow: "", channel.EventDevice: ""} {
		e := channel.Event{Kind: kind, Key: "k", Ref: "12345678901234567890", Message: MessageID(id), Text: "Xin chào", At: time.UnixMilli(1717061839659).UTC()}
		h, err := Heard("c", e)
		if err != nil || h.State != want || h.Delivery != id || h.Ref != e.Ref {
			t.Errorf("%s is heard as %+v, %v", kind, h, err)
		}
		if back, err := Event(h); err != nil || back.Text != e.Text || back.Ref != e.Ref || !back.At.Equal(e.At) {
			t.Errorf("%s comes back as %+v, %v", kind, back, err)
		}
	}
	if h, _ := Heard("c", channel.Event{Kind: channel.EventFailed, Cause: channel.OptedOut}); h.State != loa.DeliveryRefused {
		t.Errorf("a refusal at the provider is %s", h.State)
	}
}

func TestOptOut(t *testing.T) {
	for _, text := range []string{"HUY", "Huỷ", "hủy", "huy!", "TU CHOI", "Từ chối", "từ chối nhận tin", "DUNG", "Dừng", "đừng gửi nữa", "dừng gửi tin nhé", "STOP", "TC", "tc bhxh", "HUY QC", "Không nhận tin", "không muốn nhận nữa", "Huy dang ky", "  DỪNG  ", "đừng gọi nữa",
		"Tôi từ chối", "Em từ chối ạ", "xin từ chối", "Tôi không muốn nhận tin nữa", "Thôi đừng nhắn nữa", "Đừng nhắn tin cho tôi nữa", "từ chối nhận tin nhắn từ BHXH", "TUCHOI", "TCQC", "TC BHXHDB", "HUY BHXHDB", "Tôi từ chối, đừng gửi nữa", "toi khong muon nhan tin nua", "Hủy.\n\nVào 30/11/2025, BHXH đã viết:\n> Kính gửi bà con, hủy thẻ cũ ở đâu?"} {
		if !OptOut(text, "BHXHDB").Refuses {
			t.Errorf("%q is not heard as a refusal", text)
		}
	}
	for _, text := range []string{"", "có", "dừng xe ở đâu", "hủy thẻ cũ thì làm thế nào", "Dừng đóng hai năm có sao không?", "huy?", "tôi muốn tham gia", "Dung có nhà không", "Huy đây", "tc là gì", "chị Dung nhắn: mai tôi đến", "dừng đóng", "hủy hợp đồng",
		"Đúng", "Đúng ạ", "Dùng", "Dũng ạ", "Không nhận được thẻ", "khong nhan duoc the", "Từ chối thanh toán", "Từ chối khám", "dừng nhận lương", "Không từ chối", "đừng hủy", "Huy ạ", "cho tôi hỏi", "TC KHAC"} {
		if OptOut(text, "BHXHDB").Refuses {
			t.Errorf("%q is heard as a refusal", text)
		}
	}
	for text, all := range map[string]bool{"HUY": false, "HUY TAT CA": true, "Từ chối tất cả": true, "TC ALL": true, "Từ chối nhận tin": false} {
		if got := OptOut(text); !got.Refuses || got.Everywhere != all {
			t.Errorf("%q is heard as %+v", text, got)
		}
	}
}
