package field

import (
	"math"
	"strconv"
	"testing"
	"time"
)

func TestTime(t *testing.T) {
	for text, want := range map[string]int64{
		"2018-01-30T18:14:02Z": 1517336042, "2018-01-30 18:14:02Z": 1517336042, "2018-01-30T18:14:02.999999Z": 1517336042,
		"2018-01-30T19:14:02.5+01:00": 1517336042, "2018-01-30T13:14:02-0500": 1517336042, "2018-01-30T14:44:02,5 -03:30": 1517336042,
		"1970-01-01T00:00:00Z": 0, "1970-01-01T01:00:00+0100": 0, "9999-12-31T23:59:59Z": EndOfTime - 1,
		"1969-12-31T23:59:59Z": -1, "1970-01-01T00:00:00+0001": -1, "9999-12-31T23:59:59-00:01": -1,
		"2018-02-30T18:14:02Z": -1, "2018-13-01T18:14:02Z": -1, "2018-00-01T18:14:02Z": -1, "2018-01-30T24:14:02Z": -1,
		"2018-01-30T18:60:02Z": -1, "2018-01-30T18:14:60Z": -1, "2018-01-30T18:14:02.Z": -1, "2018-01-30T18:14:02+24:00": -1,
		"2018-01-30T18:14:02+01": -1, "2018-01-30T18:14:02 UTC": -1, "2018-01-30": -1, "2018-01-30Txx:14:02Z": -1, "": -1,
	} {
		unix, reason := Time([]byte(text), nil)
		if (reason == "") != (want >= 0) || reason == "" && unix != want || reason != "" && reason != NoTime {
			t.Errorf("%q: %d (%s), want %d", text, unix, reason, want)
		}
	}
}

func TestLocalTime(t *testing.T) {
	local := []byte("2018-01-30T19:14:02")
	if _, reason := Time(local, nil); reason != NoZone {
		t.Errorf("nobody said where, and the reason is %q", reason)
	}
	if unix, reason := Time(local, time.FixedZone("", 3600)); unix != 1517336042 || reason != "" {
		t.Errorf("%d (%s)", unix, reason)
	}
	if _, reason := Time([]byte("2018-01-30T19:14:62"), nil); reason != NoTime {
		t.Errorf("no time gives the reason %q", reason)
	}
}

// FuzzTime compares with package time: what it writes is read, and what is read is
// what it reads.
func FuzzTime(f *testing.F) {
	f.Add(int64(1431857103), int16(480), "2018-01-30T18:14:02.090842Z")
	f.Add(int64(951782400), int16(-690), "2000-02-29 00:00:00 -11:30")
	layouts := []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02T15:04:05 -07:00", "2006-01-02 15:04:05 -0700"}
	f.Fuzz(func(t *testing.T, unix int64, minutes int16, text string) {
		unix, minutes = unix&(1<<37-1), minutes%(14*60)
		when := time.Unix(unix, 0).In(time.FixedZone("", int(minutes)*60))
		got, reason := Time([]byte(text), nil)
		for _, layout := range layouts {
			if year := when.Year(); 1970 <= year && year <= 9999 {
				if got, reason := Time([]byte(when.Format(layout)), nil); got != unix || reason != "" {
					t.Fatalf("%s: %d %s, want %d", when.Format(layout), got, reason, unix)
				}
			}
			if want, err := time.Parse(layout, text); err == nil && reason == "" && got != want.Unix() {
				t.Fatalf("%q: %d, want %d", text, got, want.Unix())
			}
		}
	})
}

func TestUnixTime(t *testing.T) {
	for text, want := range map[string]int64{
		"0.000000": 0, "13.184015": 13, "1517336042.999999": 1517336042, "1517336042": 1517336042,
		"253402300799.999": EndOfTime - 1, "253402300800": -1, "1517336042090": -1,
		"1e9": -1, ".5": -1, "-1.0": -1, "": -1, "-": -1, "nan": -1, "1.5x": -1, "1e300": -1, "2018-01-30": -1,
	} {
		unix, reason := UnixTime([]byte(text))
		if (reason == "") != (want >= 0) || reason == "" && unix != want {
			t.Errorf("%q: %d (%s), want %d", text, unix, reason, want)
		}
	}
}

func FuzzUnixTime(f *testing.F) {
	for _, text := range []string{"1517336042.090842", "1e9", "99999999999", "0x1p3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, reason := UnixTime([]byte(text))
		if reason != "" {
			return
		}
		want, err := strconv.ParseFloat(text, 64)
		if err != nil || got < 0 || got >= EndOfTime || math.Abs(float64(got)-want) > 1 {
			t.Fatalf("%q gives %d, not %f (%v)", text, got, want, err)
		}
	})
}
