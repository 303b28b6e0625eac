package fake

import (
	"net/http"
	"strconv"
)

// refuse answers with an error as Zalo does: HTTP 200 and a code below zero.
func (z *Zalo) refuse(c *call, code int, text string) reply {
	c.refuse(strconv.Itoa(code))
	status := http.StatusOK
	if z.HTTP401 && (code == -216 || code == -220 || code == -124) {
		status = http.StatusUnauthorized
	}
	return answer(status, map[string]any{"error": code, "message": text})
}

// check is what every call to the OA's two hosts passes first.
func (z *Zalo) check(c *call) (reply, http.Header, bool) {
	business := c.entry.Provider == zaloBusinessName
	either := func(oa, zns int) int {
		if business {
			return zns
		}
		return oa
	}
	over := z.appCalls.over(c.at, z.AppLimit)
	overOA := z.oaCalls.over(c.at, z.OALimit)
	limit, remain := z.AppLimit, z.appCalls.remain(z.AppLimit)
	if z.OALimit > 0 && z.oaCalls.remain(z.OALimit) < remain {
		limit, remain = z.OALimit, z.oaCalls.remain(z.OALimit)
	}
	h := http.Header{"X-Ratelimit-Limit": {strconv.Itoa(limit)}, "X-Ratelimit-Remain": {strconv.Itoa(remain)}}
	token := c.r.Header.Get("access_token")
	dies, known := z.access[token]
	switch {
	case !known:
		return z.refuse(c, either(-216, -124), "Access token is invalid"), h, false
	case !c.at.Before(dies):
		return z.refuse(c, either(-220, -124), "Access token has expired"), h, false
	case z.RequireProof && c.r.Header.Get("appsecret_proof") != proof(z.AppSecret, token):
		return z.refuse(c, either(-242, -1241), "appsecret_proof is invalid"), h, false
	case over:
		return z.refuse(c, -32, "Your application reached limit call api"), h, false
	case overOA:
		return z.refuse(c, -32, "Your OA reached limit call api"), h, false
	case z.Package == "basic":
		return z.refuse(c, either(-224, -138), "OA must buy a higher package to use this api"), h, false
	}
	return reply{}, h, true
}

// fault answers as the OA's two hosts do when a fault of the script strikes.
func (z *Zalo) fault(c *call, f Fault) reply {
	business, article := c.entry.Provider == zaloBusinessName, len(c.entry.Path) > 20 && c.entry.Path[:21] == "/zalo-oa/v2.0/article"
	pick := func(oa, zns int) int {
		if business {
			return zns
		}
		return oa
	}
	switch f.Do {
	case Throttle:
		return z.refuse(c, -32, "Your application reached limit call api")
	case QuietHours:
		return z.refuse(c, pick(-234, -133), "This message is not allowed at this time")
	case QuotaUsed:
		if article {
			return z.refuse(c, -223, "Your OA has reach the limit quota create article")
		}
		return z.refuse(c, pick(-211, -144), "Out of quota")
	case BalanceUsed:
		return z.refuse(c, pick(-321, -115), "Zalo Cloud Account is out of money")
	case AnswerCode:
		code, _ := strconv.Atoi(f.Code)
		return z.refuse(c, code, f.Text)
	}
	return z.refuse(c, -99999, "Unknown")
}
