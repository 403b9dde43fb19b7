package weblog

import (
	"reflect"
	"testing"
	"time"

	"github.com/tallystick/tallystick"
)

func TestMessage(t *testing.T) {
	const text = "240.0.0.1 - -"
	for _, header := range []string{
		"", "Nov 22 03:07:57 web-1 nginx: ", "Nov  2 03:07:57 240.0.0.9 apache2[117]: ", "<190>Nov 22 03:07:57 web-1 nginx: ",
		"2026-11-22T03:07:57.123456+01:00 web-1 nginx: ", "<7>2026-11-22T03:07:57Z web-1 nginx: ",
		"<190>1 2026-11-22T03:07:57.123Z web-1 nginx 117 access - ", "<190>1 2026-11-22T03:07:57Z web-1 nginx - - - \ufeff",
		`<190>1 2026-11-22T03:07:57Z web-1 nginx - - [origin@1 ip="240.0.0.9"] `,
		`<190>1 2026-11-22T03:07:57Z web-1 nginx - - [a@1 b="x \" ] y"][c@1] `,
	} {
		if got := message([]byte(header + text)); string(got) != text {
			t.Errorf("behind %q: %q", header, got)
		}
	}
	for _, line := range []string{
		"", "<", "<1", "<>", "<1>", "Nov", "Nov 22 03:07:57", "Nov 22 03:07:57 ", "Nov 22 03:07:57 web-1", "Nov 22 03:07:57 web-1 nginx:",
		"Nov 22 03:07:57 web-1 nginx: ", "Nov 22 03:07:57 web-1 last message repeated: twice", "Nox 22 03:07:57 web-1 nginx: x",
		"<190>1 2026-11-22T03:07:57Z web-1 nginx - - ", "<190>1 2026-11-22T03:07:57Z web-1 nginx - - - ", "<190>1 2026-11-22T03:07:57Z web-1 nginx - - x y",
		`<190>1 2026-11-22T03:07:57Z web-1 nginx - - [a@1 b="c] d`, "2026-11-22T03:07:57 ", "2026-11-22 03:07:57 web-1 nginx: x", "20.0.0.1 - - : x",
	} {
		if got := message([]byte(line)); string(got) != line {
			t.Errorf("%q has the message %q", line, got)
		}
	}
}

// TestSyslog: a header changes nothing of what a record shows.
func TestSyslog(t *testing.T) {
	for _, record := range []string{
		`240.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a.php HTTP/1.1" 200 1 "-" "x" "240.0.0.7"`,
		`a.example:80 240.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1`,
		`2001:db8::1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "agent: [x] \"y\""`,
		`{"remote_addr":"240.0.0.1","time_iso8601":"2015-05-17T10:05:03Z","status":200,"request":"GET / HTTP/1.1"}`,
	} {
		for _, header := range []string{"Nov 22 03:07:57 web-1 nginx[7]: ", `<190>1 2026-11-22T03:07:57Z web-1 nginx - - [a@1 b="c"] `} {
			var plain, sent tallystick.Observation
			want, got := (&parser{zone: time.UTC}).record([]byte(record), &plain), (&parser{zone: time.UTC}).record([]byte(header+record), &sent)
			if want != "" || got != "" || !reflect.DeepEqual(plain, sent) {
				t.Errorf("%s%s: %q %+v, want %q %+v", header, record, got, sent, want, plain)
			}
			if !Sniff([]byte(header + record + "\n")) {
				t.Errorf("%s%s is not recognised", header, record)
			}
		}
	}
}
