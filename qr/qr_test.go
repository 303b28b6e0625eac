package qr

import (
	"fmt"
	"strings"
	"testing"

	"rsc.io/qr"
)

// TestPathIsTheCode reads the strokes back into modules and compares them with the code, one by one.
func TestPathIsTheCode(t *testing.T) {
	for _, text := range []string{"https://bhxh.example/s/7k3mqa", "a", strings.Repeat("tua-chua/", 40)} {
		got, err := Draw(text)
		if err != nil {
			t.Fatal(err)
		}
		want, err := qr.Encode(text, qr.M)
		if err != nil {
			t.Fatal(err)
		}
		if got.Size != want.Size+8 {
			t.Errorf("%d modules on a side", got.Size)
		}
		dark := map[[2]int]bool{}
		for _, stroke := range strings.Split(strings.TrimSuffix(got.Path, "z"), "z") {
			var x, y, w, back int
			if _, err := fmt.Sscanf(stroke, "M%d %dh%dv1h-%d", &x, &y, &w, &back); err != nil || w != back {
				t.Fatalf("stroke %q: %v", stroke, err)
			}
			for i := range w {
				dark[[2]int{x + i, y}] = true
			}
		}
		for y := range got.Size {
			for x := range got.Size {
				if dark[[2]int{x, y}] != want.Black(x-4, y-4) {
					t.Fatalf("%q differs at %d, %d", text, x, y)
				}
			}
		}
	}
	if _, err := Draw(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text too long was drawn")
	}
}
