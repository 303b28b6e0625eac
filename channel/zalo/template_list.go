package zalo

import (
	"context"
	"time"

	"loa/channel"
)

// listAtMost is how many templates one account is asked for.
const listAtMost = 1000

// states are what Zalo calls the states of a template.
var states = map[string]string{"ENABLE": channel.TemplateApproved, "PENDING_REVIEW": channel.TemplateWaiting, "REJECT": channel.TemplateRejected, "DISABLE": channel.TemplateOff, "DELETE": channel.TemplateOff}

// TemplateList is the templates of the account, as they stood some minutes ago at most.
func (o *OA) TemplateList(ctx context.Context) ([]channel.Template, error) {
	return o.listed.get("all", o.tools.Now(), 5*time.Minute, func() ([]channel.Template, error) {
		var out []channel.Template
		for len(out) < listAtMost {
			list, err := o.Templates(ctx, len(out))
			if err != nil {
				return nil, err
			}
			for _, t := range list {
				out = append(out, channel.Template{ID: t.ID, Name: t.Name, State: states[t.Status]})
			}
			if len(list) < 100 {
				break
			}
		}
		return out, nil
	})
}

// TemplateInfo is one template with its blanks and what it costs by number or by follower.
func (o *OA) TemplateInfo(ctx context.Context, network, id string) (channel.Template, error) {
	t, err := o.Template(ctx, id)
	if err != nil {
		return channel.Template{}, err
	}
	out := channel.Template{ID: t.ID, Name: t.Name, State: states[t.Status], Preview: t.Preview, Fee: t.PhoneFee}
	if network == Follower {
		out.Fee = t.UserFee
	}
	if out.ID == "" {
		out.ID = id
	}
	for _, p := range t.Params {
		out.Params = append(out.Params, channel.TemplateParam{Name: p.Name, Required: p.Required && !p.Empty, Least: p.Least, Most: p.Most})
	}
	return out, nil
}
