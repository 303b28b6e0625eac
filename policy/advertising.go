package policy

import "loa"

// Advertising is what one advertiser may send to one number or address in 24 hours, and from when to when it may, unless the reader has
// agreed to something else (Decree 91/2020/NĐ-CP, Article 13): sms_most, email_most and call_most; sms_from and sms_to, call_from and
// call_to as minutes after midnight. A day on which one of them is not known is refused: advertising then has no limits to keep to.
func (p Parameters) Advertising(day loa.Day) (Quote, error) {
	w := p.work("advertising", day)
	w.give("sms_most", w.of("advertising.sms_most"))
	w.give("email_most", w.of("advertising.email_most"))
	w.give("call_most", w.of("advertising.call_most"))
	w.give("sms_from", w.of("advertising.sms_from"))
	w.give("sms_to", w.of("advertising.sms_to"))
	w.give("call_from", w.of("advertising.call_from"))
	w.give("call_to", w.of("advertising.call_to"))
	return w.done()
}
