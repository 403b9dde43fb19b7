package weblog

import (
	"bytes"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/lines"
)

// maxSniff is how much of a file callers show to Sniff.
const maxSniff = 64 << 10

// combined is the oracle: common and combined lines of the plainest kind.
var combined = regexp.MustCompile(`^(\S+) - \S+ \[([^\]"]+)\] "([A-Z]+) (/[^ "\\?#]*)([?#][^ "\\]*)? HTTP/[0-9.]+" (\d{3}) (?:\d+|-)(?: |$)`)

// agree compares the reader with the oracle on one line; false where the line is not of
// the oracle's kind.
func agree(t *testing.T, line string) bool {
	t.Helper()
	m := combined.FindStringSubmatch(line)
	if m == nil || !strings.Contains(m[1], ".") {
		return false
	}
	addr, err := netip.ParseAddr(m[1])
	const layout = "02/Jan/2006:15:04:05 -0700"
	when, timeErr := time.Parse(layout, m[2])
	if err != nil || timeErr != nil || when.Format(layout) != m[2] || when.Unix() < 0 || when.Unix() >= field.EndOfTime {
		return false
	}
	r := New(lines.NewReader(strings.NewReader(line)), nil)
	var o tallystick.Observation
	if err := r.Next(&o); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	status, _ := strconv.Atoi(m[6])
	if o.Orig.Addr != tallystick.Canonical(addr) || o.Start != when.Unix() || string(o.Method) != m[3] ||
		string(o.Path) != m[4] || int(o.Status) != status || o.Record != tallystick.RecordAccess {
		t.Fatalf("%s\nread as %s", line, show(&o))
	}
	return true
}

var seeds = []string{
	`240.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a?b=c HTTP/1.1" 200 12`,
	`www.example:443 2001:db8::1 - bob [17/May/2015:18:05:03 +0800] "POST /x.php HTTP/1.1" 200 1 "http://a.example/" "agent \"x\""`,
	`240.0.0.1 - - [17/May/2015:10:05:03 +0000] "\x16\x03\x01" 400 1 "-" "-" "240.0.0.7, unknown" a.example`,
	`240.0.0.1 - - [17/May/2015:10:05:03 +0000] "CONNECT b.example:25 HTTP/1.1" 400 1`,
	`240.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET http://b.example:80/p?q HTTP/1.0" 200 1`,
	`{"remote_addr":"240.0.0.1","time_local":"17/May/2015:10:05:03 +0000","request":"GET \/a HTTP/1.1","status":"200"}`,
	`{"remote_addr":"240.0.0.1","msec":1431857103.123,"request_method":"GET","uri":"/","status":200}`,
	`host.example - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1`,
	`240.0.0.1 - - [17/May/2015:10:05:03] "GET / HTTP/1.1" 200 1`,
	"", " ", "{", `"`, "[", `[] "" `, strings.Repeat("[", 50), "\x00", "240.0.0.1 - - [a] \"\\\" 200",
}

func FuzzLine(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		agree(t, line)
	})
}

func FuzzReader(f *testing.F) {
	f.Add(strings.Join(seeds, "\n"))
	f.Fuzz(func(t *testing.T, data string) {
		records := 0
		for line := range strings.Lines(strings.TrimPrefix(data, "\ufeff")) {
			if strings.TrimSpace(line) != "" {
				records++
			}
		}
		if got := readAll(t, data, nil); len(got) != records {
			t.Fatalf("%d records of %d lines that are not blank", len(got), records)
		}
		Sniff([]byte(data))
	})
}

// FuzzClock compares with package time: what it writes is read back, and what is read
// is what it reads.
func FuzzClock(f *testing.F) {
	f.Add(int64(1431857103), int16(480), "17/May/2015:10:05:03 +0000")
	f.Add(int64(0), int16(-690), "29/Feb/2016:23:59:59 -1130")
	f.Fuzz(func(t *testing.T, unix int64, minutes int16, text string) {
		unix, minutes = unix&(1<<37-1), minutes%(14*60)
		when := time.Unix(unix, 0).In(time.FixedZone("", int(minutes)*60))
		if year := when.Year(); 1970 <= year && year <= 9999 {
			for _, layout := range []string{"02/Jan/2006:15:04:05 -0700", "2006-01-02T15:04:05-07:00"} {
				if got, reason := clock([]byte(when.Format(layout)), nil); got != unix || reason != "" {
					t.Fatalf("%s: %d %s, want %d", when.Format(layout), got, reason, unix)
				}
			}
		}
		got, reason := clock([]byte(text), nil)
		if want, err := time.Parse("02/Jan/2006:15:04:05 -0700", text); err == nil && reason == "" && got != want.Unix() {
			t.Fatalf("%q: %d, want %d", text, got, want.Unix())
		}
	})
}

func TestSniff(t *testing.T) {
	for _, tc := range []struct {
		head string
		want bool
	}{
		{strings.Join(seeds[:7], "\r\n"), true},
		{seeds[0], true},
		{seeds[0] + "\n" + seeds[0][:30], true},
		{"some banner\n" + seeds[0] + "\n", true},
		{strings.Repeat(seeds[7]+"\n", 3), true}, // host names: to be refused record by record, with the reason
		{seeds[5] + "\n", true},
		{"", false},
		{"\n\n", false},
		{"#separator \\x09\n#fields\tts\n", false},
		{`{"event_type":"alert","src_ip":"240.0.0.1","timestamp":"2015-05-17T10:05:03Z"}` + "\n", false},
		{"Sep 15 16:13:46 host sshd[2869]: Failed password for root from 240.0.0.1\n", false},
		{"a\nb\nc\n" + seeds[0], false},
	} {
		if got := Sniff([]byte(tc.head)); got != tc.want {
			t.Errorf("%.60q: %v", tc.head, got)
		}
	}
}

// repeated is n lines like those of real servers.
func repeated(n int) []byte {
	line := `240.0.0.1 - - [17/May/2015:10:05:03 +0800] "GET /presentations/2013/images/kibana-search.png?x=1 HTTP/1.1" 200 203023 ` +
		`"http://www.example/presentations/2013/" "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko)"` + "\n"
	return bytes.Repeat([]byte(line), n)
}

func TestNoAllocation(t *testing.T) {
	data := append(repeated(2000), []byte(strings.Repeat("WWW.example:80 2001:db8::1"+strings.TrimPrefix(string(repeated(1)), "240.0.0.1"), 2000))...)
	r := New(lines.NewReader(bytes.NewReader(data)), nil)
	var o tallystick.Observation
	next := func() {
		if err := r.Next(&o); err != nil {
			t.Fatal(err)
		}
	}
	for range 1990 {
		next()
	}
	if n := testing.AllocsPerRun(1000, next); n != 0 {
		t.Errorf("%v allocations a record", n)
	}
}

func BenchmarkNext(b *testing.B) {
	const n = 10000
	data := repeated(n)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var o tallystick.Observation
	for b.Loop() {
		r := New(lines.NewReader(bytes.NewReader(data)), nil)
		for range n {
			if err := r.Next(&o); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkRecord(b *testing.B) {
	line := bytes.TrimSpace(repeated(1))
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	var p parser
	var o tallystick.Observation
	for b.Loop() {
		o.Reset()
		if reason := p.record(line, &o); reason != "" {
			b.Fatal(reason)
		}
	}
}
