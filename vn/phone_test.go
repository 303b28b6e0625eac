package vn

import "testing"

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"0912345678":             "+84912345678",
		"0912 345 678":           "+84912345678",
		"0912.345.678":           "+84912345678",
		"(0912) 345-678":         "+84912345678",
		"'0912345678":            "+84912345678",
		"\u202a0912345678\u202c": "+84912345678",
		"+84912345678":           "+84912345678",
		"+84 (0)912 345 678":     "+84912345678",
		"84912345678":            "+84912345678",
		"0084912345678":          "+84912345678",
		"912345678":              "+84912345678", // a spreadsheet ate the 0
		"912345678.0":            "+84912345678",
		"9.12345678E+08":         "+84912345678",
		"9,12345678E+8":          "+84912345678",
		"8.4912345678E+10":       "+84912345678",
		"841234567":              "+84841234567", // 084…, not the country code
		"0841234567":             "+84841234567",
		"84841234567":            "+84841234567",
		"01991234567":            "+841991234567",
		"1991234567":             "+841991234567",
		"+841991234567":          "+841991234567",
		"841991234567":           "+841991234567",
		"0199 123 4567":          "+841991234567",
		"01691234567":            "+84391234567", // ten digits since 2018
		"1201234567":             "+84701234567",
		"02153825678":            "+842153825678",
		"2153825678":             "+842153825678",
		"024 3825 6789":          "+842438256789",
	} {
		got, ok := Phone(in)
		if !ok || got != want {
			t.Errorf("Phone(%q) = %q, %v; want %q", in, got, ok, want)
			continue
		}
		if again, ok := Phone(got); !ok || again != got {
			t.Errorf("Phone(%q) = %q, %v: not stable", got, again, ok)
		}
		if shown, ok := Phone(PhoneDisplay(got)); !ok || shown != got {
			t.Errorf("PhoneDisplay(%q) = %q reads back as %q", got, PhoneDisplay(got), shown)
		}
	}
	for _, in := range []string{
		"", " ", "abc", "0", "091234567", "09123456789", "0912345678 / 0987654321",
		"0912345678x", "19009068", "1900 9068", "113", "+1 202 555 0123", "+66812345678",
		"9.1234E+08", "0112345678", "0012345678", "++84912345678", "84+912345678",
		"01101234567", "091234567890123456789", "٠٩١٢٣٤٥٦٧٨",
	} {
		if got, ok := Phone(in); ok || got != "" {
			t.Errorf("Phone(%q) = %q, %v; want it refused", in, got, ok)
		}
	}
}

func TestPhoneDisplay(t *testing.T) {
	for in, want := range map[string]string{
		"+84912345678":  "0912 345 678",
		"+841991234567": "0199 123 4567",
		"+842438256789": "024 3825 6789",
		"+842153825678": "0215 382 5678",
		"+8412":         "+8412",
		"nói sau":       "nói sau",
	} {
		if got := PhoneDisplay(in); got != want {
			t.Errorf("PhoneDisplay(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPhone(f *testing.F) {
	f.Add("0912 345 678")
	f.Add("8.4912345678E+10")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Phone(s)
		if !ok {
			return
		}
		if again, ok := Phone(got); !ok || again != got {
			t.Errorf("Phone(%q) = %q, again %q", s, got, again)
		}
	})
}
