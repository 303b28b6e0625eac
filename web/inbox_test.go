package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/i18n"
	"loa/web/webtest"
)

// wrote lets a villager write to the home office over Zalo and answers with the page of the conversation.
func wrote(t *testing.T, site *webtest.Site, key, text string, at time.Time) string {
	t.Helper()
	got, err := site.DB.Receive(context.Background(), at, loa.Incoming{Office: site.Home.ID, Area: site.Home.Anchor, Channel: site.Home.Channel, Key: key, Kind: loa.TurnIn, Network: "zalo", Address: "8012345678901234567", Ref: "ref-" + key, Name: "Vàng Thị Dợ", Text: text, At: at})
	if err != nil || got.Conversation == "" {
		t.Fatalf("nothing comes in: %+v, %v", got, err)
	}
	return "/inbox/" + string(got.Conversation)
}

// TestAConversationIsAnsweredAtItsDesk: what a villager writes is seen, given, put off, noted, answered once, made a question and a lead,
// and refused, each by one form of one page.
func TestAConversationIsAnsweredAtItsDesk(t *testing.T) {
	site := webtest.New(t)
	now := site.Now()
	at := wrote(t, site, "m1", "Bảo hiểm hộ nhà tôi hết hạn chưa?", now.Add(-time.Hour))
	c := site.As(t, "officer")
	do := func(what string, pairs ...string) webtest.Answer {
		t.Helper()
		a := c.Post(at+"/"+what, pairs...)
		if a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", what, a.Status, a.Body)
		}
		return c.Get(at) // with what it says of it
	}
	if a := c.Get("/inbox"); a.Has(at) {
		t.Fatal("an officer of one commune sees what came for the whole office")
	}
	if a := site.As(t, "director").Post(at+"/place", "area", string(site.Home.Village1)); a.Status != http.StatusSeeOther {
		t.Fatalf("placing it: %d", a.Status)
	}
	if a := c.Get("/inbox"); !a.Has("Vàng Thị Dợ", "Bảo hiểm hộ nhà tôi hết hạn chưa?", at) {
		t.Fatalf("the queue: %s", a.Body)
	}
	if a := c.Get("/inbox?q=bao+hiem+ho"); !a.Has(at) {
		t.Error("not found without accents")
	}
	do("give", "owner", "me")
	if a := c.Get("/inbox?owner=me"); !a.Has(at) {
		t.Error("not among the officer's own")
	}
	do("later", "until", now.Add(26*time.Hour).Format(time.RFC3339))
	if a := c.Get("/inbox"); a.Has(at) {
		t.Error("put off and still in the way")
	}
	if a := c.Get("/inbox?state=put_off"); !a.Has(at) {
		t.Error("put off and lost")
	}
	if a := do("later", "until", now.Add(-time.Hour).Format(time.RFC3339)); !a.Has(`role="alert"`) {
		t.Error("an hour that is gone is taken")
	}
	do("later", "undo", "1")
	do("note", "note", "Đã gọi, chưa nghe máy")
	if a := c.Post(at+"/draft", "text", "Nhà mình còn"); a.Status != http.StatusOK {
		t.Errorf("a draft: %d", a.Status)
	}
	if a := c.Get(at); !a.Has("Đã gọi, chưa nghe máy", "Nhà mình còn</textarea>") {
		t.Error("the page forgets the note or the draft")
	}
	if a := site.As(t, "director").Get(at); a.Has("Nhà mình còn</textarea>") {
		t.Error("a draft is shown to somebody else")
	}

	do("question", "text", "Bảo hiểm hộ nhà tôi hết hạn chưa?", "promised", "1")
	if a := c.Get("/questions?q=bao+hiem+ho"); !a.Has("Bảo hiểm hộ nhà tôi hết hạn chưa?") {
		t.Error("it is no question of the ledger")
	}
	if a := do("lead", "scheme", "hi"); !a.Has(`role="alert"`) {
		t.Error("a lead of somebody nobody knows")
	}
	do("link", "person", string(site.Home.Person), "how", "spoken", "proof", "Nói qua điện thoại ngày 30/11")
	do("lead", "scheme", "vsi")
	if a := c.Get("/people/" + string(site.Home.Person)); !a.Has("Zalo") {
		t.Error("the person's page knows nothing of it")
	}

	turn := loa.NewID()
	woken := site.Accounts.Woken()
	for range 2 { // pressed twice
		do("reply", "turn", turn, "text", "Thẻ nhà mình còn đến 31/12.")
	}
	if site.Accounts.Woken() == woken {
		t.Error("nobody wakes the loop that sends")
	}
	if a := c.Get(at); strings.Count(a.Body, "Thẻ nhà mình còn đến 31/12.") != 1 {
		t.Errorf("pressed twice it is said %d times", strings.Count(a.Body, "Thẻ nhà mình còn đến 31/12."))
	}
	if a := c.Get("/inbox"); a.Has(at) {
		t.Error("answered and still open")
	}
	if a := c.Post(at+"/reply", "text", "  "); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an empty answer: %d", a.Status)
	}
	do("reopen")
	do("done")
	do("refuse")
	if a := do("norefusal"); a.Has(`role="alert"`) {
		t.Error("a refusal is not taken back")
	}
	if a := do("norefusal"); !a.Has(`role="alert"`) {
		t.Error("what is no refusal is taken back")
	}
	do("refuse")
	if a := c.Post(at+"/reply", "text", "Xin chào"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("whoever refused is written to: %d", a.Status)
	}
}

// TestALetterIsAnsweredUnderItsSubject: the answer is called like the letter, one without a subject is not sent, and why an answer did not go
// out is said in words.
func TestALetterIsAnsweredUnderItsSubject(t *testing.T) {
	site := webtest.New(t)
	ctx, now := context.Background(), site.Now()
	got, err := site.DB.Receive(ctx, now, loa.Incoming{Office: site.Home.ID, Area: site.Home.Anchor, Channel: site.Home.Channel, Key: "l1", Kind: loa.TurnIn, Network: "mail", Address: "sua@dan.example", Name: "Thào Thị Sua", Text: "Hỏi về sổ\nTôi mất sổ thì làm sao?", At: now.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	at, c := "/inbox/"+string(got.Conversation), site.As(t, "director")
	if a := c.Get("/inbox"); !a.Has("Hỏi về sổ – Tôi mất sổ thì làm sao?") {
		t.Error("subject and words run together in the list")
	}
	if a := c.Get(at); !a.Has(`value="Re: Hỏi về sổ"`, "Hỏi về sổ – Tôi mất sổ thì làm sao?</textarea>") {
		t.Errorf("the answer has no subject: %s", a.Body)
	}
	turn := loa.NewID()
	for _, title := range []string{"", strings.Repeat("á", loa.ReplyTitle+1)} {
		if a := c.Post(at+"/reply", "turn", turn, "title", title, "text", "Mời bác đến cơ quan."); a.Status != http.StatusUnprocessableEntity || !a.Has(`id="f-title" name="title" value="`+title+`" required aria-invalid="true"`) {
			t.Errorf("the subject %q: %d", title, a.Status)
		}
	}
	if a := c.Post(at+"/reply", "turn", turn, "title", "Re: Hỏi về sổ", "text", "Mời bác đến cơ quan."); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := c.Post(at+"/draft", "turn", turn, "text", "Mời bác đến cơ quan."); a.Status != http.StatusOK {
		t.Fatalf("a draft: %d", a.Status)
	}
	if a := c.Get(at); a.Has("Mời bác đến cơ quan.</textarea>") {
		t.Error("what was sent stands as a draft again")
	}
	if _, err := site.DB.Writer().ExecContext(ctx, `UPDATE delivery SET state = 'failed', code = '-227' WHERE id = $1`, turn); err != nil {
		t.Fatal(err)
	}
	if a := c.Get(at); a.Has(">-227<") || !a.Has(i18n.Text("vi", "channel.error.zalo.-227")) {
		t.Error("why it did not go out is a code")
	}
}

// TestTheWindowIsTheAccounts: how long an answer may go out is what the settings of the account say, on the page and in what is taken.
func TestTheWindowIsTheAccounts(t *testing.T) {
	site := webtest.New(t)
	at := wrote(t, site, "m1", "Tôi hỏi sổ hưu", site.Now().Add(-50*time.Hour))
	c, admin := site.As(t, "director"), site.As(t, "administrator")
	account := "/admin/channels/" + string(site.Home.Channel)
	save := func(window string) {
		t.Helper()
		if a := admin.Post(account, "name", "Zalo OA", "set_app_id", "1234567890123456789", "set_text_window", window); a.Status != http.StatusSeeOther {
			t.Fatalf("saving the account: %d %s", a.Status, a.Body)
		}
	}
	if a := c.Get(at); a.Has(`action="`+at+`/reply?`) || !a.Has("Tài khoản này chỉ trả lời trong 2 ngày", "Mạng còn nhận đến") {
		t.Error("an account that is to answer for two days offers to answer after them, or does not say why not")
	}
	if a := c.Post(at+"/reply", "text", "Xin chào bà con"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("answered after two days: %d", a.Status)
	}
	save("7d")
	if a := c.Get(at); !a.Has(`action="`+at+`/reply?`, "có thể tính phí") {
		t.Error("the office pays for a week, and the page offers no answer")
	}
	save("48h")
	if a := c.Get("/inbox?state=unreached"); !a.Has(at) {
		t.Error("whom the account does not answer any more is in no list")
	}
	save("7d")
	if a := c.Get("/inbox?state=unreached"); a.Has(at) {
		t.Error("who can be answered is listed as out of reach")
	}
	if a := c.Post(at+"/reply", "text", "Xin chào bà con"); a.Status != http.StatusSeeOther {
		t.Errorf("answered within the week: %d", a.Status)
	}
}

// TestWhoeverCannotBeAnsweredIsToldInPerson: after the network's window the desk sends nothing, says so, and the village's list of promises
// holds them until somebody told them.
func TestWhoeverCannotBeAnsweredIsToldInPerson(t *testing.T) {
	site := webtest.New(t)
	at := wrote(t, site, "m1", "Tôi hỏi sổ hưu", site.Now().Add(-8*24*time.Hour))
	c := site.As(t, "director")
	if a := c.Post(at+"/reply", "text", "Xin chào bà con"); a.Status != http.StatusUnprocessableEntity || !a.Has("Xin chào bà con") {
		t.Errorf("answered after the window: %d", a.Status)
	}
	if a := c.Get("/inbox?state=unreached"); !a.Has(at) {
		t.Error("the queue does not say whom no channel reaches")
	}
	for _, path := range []string{"/questions/promises", "/questions/promises?print=1"} {
		if a := c.Get(path); !a.Has("Tôi hỏi sổ hưu", "Vàng Thị Dợ", "Đã nhắn mà chưa trả lời được") {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
	if a := c.Post("/questions/promises", "wrote", strings.TrimPrefix(at, "/inbox/")); a.Status != http.StatusSeeOther {
		t.Fatalf("told in person: %d", a.Status)
	}
	if a := c.Get("/questions/promises"); a.Has("Tôi hỏi sổ hưu") {
		t.Error("told in person and still listed")
	}
}

// TestAnUnsureAnswerHasThreeAnswers: beside the answer nobody is sure of stand the three answers, the queue has a tab for them, and that it
// did not arrive makes whoever asked wait again.
func TestAnUnsureAnswerHasThreeAnswers(t *testing.T) {
	site := webtest.New(t)
	at := wrote(t, site, "m1", "Tôi hỏi sổ hưu", site.Now().Add(-time.Hour))
	c, turn := site.As(t, "director"), loa.NewID()
	if a := c.Post(at+"/reply", "turn", turn, "text", "Mời bác đến cơ quan."); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	if a := c.Get("/inbox"); a.Has("state=unsure") {
		t.Error("a tab for what nobody is sure of, and nothing is unsure")
	}
	if _, err := site.DB.Writer().ExecContext(context.Background(), `UPDATE delivery SET state = 'unsure', first_at = 1 WHERE id = $1`, turn); err != nil {
		t.Fatal(err)
	}
	if a := c.Get("/inbox"); !a.Has("state=unsure") {
		t.Error("the queue has no tab for what nobody is sure of")
	}
	if a := c.Get("/inbox?state=unsure"); !a.Has(at) {
		t.Error("the answer nobody is sure of is not listed")
	}
	if a := c.Get(at); !a.Has(`action="`+at+`/settle?"`, "Đã tới", "Không tới", "Hỏi lại nhà mạng", "chưa rõ đã tới chưa") {
		t.Error("the three answers do not stand beside it")
	}
	if a := c.Post(at+"/settle", "turn", turn, "arrived", "perhaps"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("another answer: %d", a.Status)
	}
	c.Post(at+"/settle", "turn", turn, "arrived", "ask")
	if a := c.Get(at); !a.Has("Đang hỏi lại nhà mạng") {
		t.Error("nobody says that it is asked")
	}
	if a := site.As(t, "ben.director").Post(at+"/settle", "turn", turn, "arrived", "yes"); a.Status != http.StatusNotFound {
		t.Errorf("another office settles: %d", a.Status)
	}
	c.Post(at+"/settle", "turn", turn, "arrived", "no")
	if a := c.Get(at); !a.Has("người hỏi lại chờ được trả lời", "cán bộ đã hỏi và ghi") || a.Has("/settle?") {
		t.Error("what was settled still asks, or nothing is said of it")
	}
	if a := c.Get("/inbox?state=unreached"); !a.Has(at) {
		t.Error("whoever was not reached is in no list")
	}
	c.Post(at+"/settle", "turn", turn, "arrived", "yes")
	if a := c.Get(at); !a.Has("Kết quả của tin này đã rõ") {
		t.Error("settled twice")
	}
}
