package zeek

import (
	"math"
	"strconv"
	"testing"
	"time"
)

func TestSeconds(t *testing.T) {
	for _, tc := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0.000000", 0, true},
		{"13.184015", 13, true},
		{"1517336042.999999", 1517336042, true},
		{"1517336042", 1517336042, true},
		{"1517336042090", 1517336042, true},
		{"1.517336042999e9", 1517336042, true},
		{"1.517336042090e+12", 1517336042, true},
		{"2018-01-30T18:14:02.999999Z", 1517336042, true},
		{"2018-01-30T18:14:02Z", 1517336042, true},
		{"2018-01-30T19:14:02.5+01:00", 1517336042, true},
		{"2018-01-30T13:14:02-0500", 1517336042, true},
		{"9999-12-31T23:59:59Z", maxTime - 1, true},
		{"253402300799999", maxTime - 1, true},
		{"253402300800000", 0, false},
		{"1969-12-31T23:59:59Z", 0, false},
		{"2018-02-30T18:14:02Z", 0, false},
		{"2018-01-30T24:14:02Z", 0, false},
		{"2018-01-30T18:14:02.Z", 0, false},
		{"2018-01-30", 0, false},
		{"-1.0", 0, false}, {"", 0, false}, {"-", 0, false}, {"nan", 0, false}, {"1.5x", 0, false}, {"1e300", 0, false},
	} {
		if got, ok := seconds([]byte(tc.text)); ok != tc.ok || ok && got != tc.want {
			t.Errorf("seconds(%q) = %d, %v; want %d, %v", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func FuzzSeconds(f *testing.F) {
	for _, text := range []string{"1517336042.090842", "2018-01-30T18:14:02.090842Z", "1e9", "99999999999", "2000-02-29T00:00:00Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := seconds([]byte(text))
		if !ok {
			return
		}
		if got < 0 || got >= maxTime {
			t.Fatalf("%q gives %d", text, got)
		}
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			if n >= minMillis {
				n /= 1000
			}
			if math.Abs(float64(got)-math.Floor(n)) > 1 {
				t.Fatalf("%q gives %d, not %f", text, got, n)
			}
			return
		}
		want, err := time.Parse(time.RFC3339, text)
		if err != nil {
			want, err = time.Parse("2006-01-02T15:04:05Z0700", text)
		}
		if err != nil || want.Unix() != got {
			t.Fatalf("%q gives %d, not %v (%v)", text, got, want, err)
		}
	})
}
