package zeek

import (
	"testing"

	"github.com/tallystick/tallystick/internal/field"
)

func TestSeconds(t *testing.T) {
	for _, tc := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0.000000", 0, true},
		{"1517336042.999999", 1517336042, true},
		{"1517336042", 1517336042, true},
		{"0123456789.000000", 123456789, true},
		{"9876543210.999999", 9876543210, true},
		{"1517336042090", 1517336042, true},
		{"1517336042090.5", 1517336042, true},
		{"1.517336042999e9", 1517336042, true},
		{"1.517336042090e+12", 1517336042, true},
		{"2018-01-30T18:14:02.999999Z", 1517336042, true},
		{"2018-01-30T19:14:02.5+01:00", 1517336042, true},
		{"253402300799999", field.EndOfTime - 1, true},
		{"253402300800000", 0, false},
		{"99999999999999999999", 0, false},
		{"2018-01-30T18:14:02", 0, false},
		{"2018-01-30", 0, false},
		{"-1.0", 0, false}, {"", 0, false}, {"-", 0, false}, {"nan", 0, false}, {"1.5x", 0, false}, {"1e300", 0, false},
	} {
		if got, ok := seconds([]byte(tc.text)); ok != tc.ok || ok && got != tc.want {
			t.Errorf("seconds(%q) = %d, %v; want %d, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

// FuzzEpoch compares the fast form to the one that reads any.
func FuzzEpoch(f *testing.F) {
	f.Add([]byte("1517336042.090842"))
	f.Add([]byte("151733604:.090842"))
	f.Add([]byte("1517336042.09084/"))
	f.Add([]byte("15173360\xf02.090842"))
	f.Fuzz(func(t *testing.T, text []byte) {
		unix, ok := epoch(text)
		if want, reason := field.UnixTime(text); ok && (reason != "" || unix != want) {
			t.Fatalf("epoch(%q) = %d, want %d %s", text, unix, want, reason)
		} else if !ok && reason == "" && len(text) == 17 && text[10] == '.' {
			t.Fatalf("epoch(%q) refused", text)
		}
	})
}

// TestEpoch puts every byte at every place.
func TestEpoch(t *testing.T) {
	for at := range 17 {
		for c := range 256 {
			text := []byte("1517336042.090842")
			text[at] = byte(c)
			unix, ok := epoch(text)
			want, reason := field.UnixTime(text)
			if ok != (reason == "" && text[10] == '.') || ok && unix != want {
				t.Fatalf("epoch(%q) = %d, %v; want %d %s", text, unix, ok, want, reason)
			}
		}
	}
}
