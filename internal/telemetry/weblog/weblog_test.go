package weblog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/field"
	"github.com/tallystick/tallystick/internal/lines"
)

// show writes what a request was read as, without its place.
func show(o *tallystick.Observation) string {
	return fmt.Sprintf("%d %v %v name=%s method=%s path=%s status=%d facts=%d hops=%v",
		o.Start, o.Orig, o.Resp, o.Name, o.Method, o.Path, o.Status, o.Facts, o.Hops)
}

// readAll reads data, records skipped as their reasons, and checks what every record
// must keep to.
func readAll(t *testing.T, data string, zone *time.Location) (shown []string) {
	t.Helper()
	r := New(lines.NewReader(strings.NewReader(data)), zone)
	var o tallystick.Observation
	for last := uint64(0); ; {
		err := r.Next(&o)
		at := o.At
		var skipped *tallystick.LineError
		switch {
		case err == io.EOF:
			return shown
		case errors.As(err, &skipped):
			shown = append(shown, skipped.Reason)
			at = tallystick.Locator{Line: skipped.Line, Offset: skipped.Offset}
			known(t, skipped.Reason)
		case err != nil:
			t.Fatal(err)
		default:
			shown = append(shown, show(&o))
			if !o.Orig.Addr.IsValid() || o.Start < 0 || o.Start >= field.EndOfTime || len(o.Hops) > maxHops {
				t.Fatalf("observed %s", show(&o))
			}
		}
		if at.Line <= last || at.Offset >= uint64(len(data)) {
			t.Fatalf("record at %+v after line %d", at, last)
		}
		last = at.Line
	}
}

func known(t *testing.T, reason string) {
	t.Helper()
	switch reason {
	case reasonColumns, reasonTime, reasonZone, reasonAddress, reasonJSON, lines.TooLong, reasonBinary:
	default:
		t.Fatalf("reason %q is not of the fixed set", reason)
	}
}

// at is the time of most lines here, 2015-05-17 10:05:03 UTC.
const at = "1431857103"

func TestLines(t *testing.T) {
	const when = `[17/May/2015:10:05:03 +0000]`
	for _, tc := range []struct{ name, line, want string }{
		{"common", `240.0.0.1 - - ` + when + ` "GET /a?b=c HTTP/1.1" 200 12`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/a status=200 facts=1 hops=[]"},
		{"combined", `240.0.0.1 - bob smith ` + when + ` "POST /a#x HTTP/1.1" 404 - "http://b.example/" "agent \"x\" 1.0"`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=POST path=/a status=404 facts=1 hops=[]"},
		{"vhost_combined", `WWW.Example.:443 2001:DB8::1 - - ` + when + ` "GET / HTTP/2.0" 200 1 "-" "-"`,
			at + " {2001:db8::1 0} {invalid IP 0} name=www.example method=GET path=/ status=200 facts=1 hops=[]"},
		{"vhost IPv6", `[2001:db8::2]:80 240.0.0.1 - - ` + when + ` "GET / HTTP/2.0" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name=2001:db8::2 method=GET path=/ status=200 facts=1 hops=[]"},
		{"forwarded", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 200 1 "-" "x" "unknown, 240.0.0.7, [2001:db8::9]:80, 240.0.0.8:99"`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[invalid IP 240.0.0.7 2001:db8::9 240.0.0.8]"},
		{"forwarded as the client", `240.0.0.29, 240.0.0.30 - - ` + when + ` "GET / HTTP/1.1" 200 1 "-" "x" "240.0.0.7"`,
			at + " {240.0.0.30 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[240.0.0.29]"},
		{"forwarded as the client, three", `unknown,2001:db8::1, 240.0.0.30 - bob, x ` + when + ` "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.30 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[invalid IP 2001:db8::1]"},
		{"forwarded behind a host", `a.example:80 240.0.0.29, 240.0.0.30 - - ` + when + ` "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.30 0} {invalid IP 0} name=a.example method=GET path=/ status=200 facts=1 hops=[240.0.0.29]"},
		{"forwarded from nobody known", `240.0.0.29, unknown - - ` + when + ` "GET / HTTP/1.1" 200 1`, reasonAddress},
		{"user with a comma", `240.0.0.1 - 240.0.0.29,240.0.0.30 ` + when + ` "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"forwarded and host", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 200 1 "-" "x" "240.0.0.7" "a.EXAMPLE:80" 0.003 TLSv1.3`,
			at + " {240.0.0.1 0} {invalid IP 0} name=a.example method=GET path=/ status=200 facts=1 hops=[240.0.0.7]"},
		{"no host from X-Forwarded-For", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 200 1 "-" "x" "a.example"`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"trailing host", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 200 1 "-" "x" a.example`,
			at + " {240.0.0.1 0} {invalid IP 0} name=a.example method=GET path=/ status=200 facts=1 hops=[]"},
		{"traefik", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 200 1 "-" "x" 240 "test@docker" "http://240.0.0.2:80" 1ms`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"client with port", `240.0.0.1:6000 - - ` + when + ` "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.1 6000} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"mapped client", `::ffff:240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"upload", `240.0.0.1 - - ` + when + ` "PUT /x.php HTTP/1.1" 201 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=PUT path=/x.php status=201 facts=65 hops=[]"},
		{"upload refused", `240.0.0.1 - - ` + when + ` "PUT /x.php HTTP/1.1" 403 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=PUT path=/x.php status=403 facts=1 hops=[]"},
		{"connect", `a.example:80 240.0.0.1 - - ` + when + ` "CONNECT B.example:25 HTTP/1.1" 400 1 "-" "-"`,
			at + " {240.0.0.1 0} {invalid IP 0} name=b.example method=CONNECT path= status=400 facts=5 hops=[]"},
		{"absolute", `240.0.0.1 - - ` + when + ` "GET http://u@B.example:80/p?q HTTP/1.0" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name=b.example method=GET path=/p status=200 facts=5 hops=[]"},
		{"absolute without path", `240.0.0.1 - - ` + when + ` "GET http://b.example HTTP/1.0" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name=b.example method=GET path=/ status=200 facts=5 hops=[]"},
		{"no request", `240.0.0.1 - - ` + when + ` "-" 408 -`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method= path= status=408 facts=1 hops=[]"},
		{"no answer", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" - -`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=0 facts=0 hops=[]"},
		{"binary request", `240.0.0.1 - - ` + when + ` "\x16\x03\x01 \"\\" 400 1 "-" "-"`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method= path= status=400 facts=1 hops=[]"},
		{"a word", `240.0.0.1 - - ` + when + ` "batman" 400 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method= path= status=400 facts=1 hops=[]"},
		{"HTTP/0.9", `240.0.0.1 - - ` + when + ` "GET /" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"OPTIONS *", `240.0.0.1 - - ` + when + ` "OPTIONS * HTTP/1.0" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=OPTIONS path= status=200 facts=1 hops=[]"},
		{"escapes", `240.0.0.1 - - ` + when + ` "GET /\"\\\xE4\t\q HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/\"\\\xe4\t\\q status=200 facts=1 hops=[]"},
		{"spaces in the path", `240.0.0.1 - - ` + when + ` "GET /a b HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/a b status=200 facts=1 hops=[]"},
		{"agent cut off", `240.0.0.1 - - ` + when + ` "GET /a HTTP/1.1" 200 1 "-" "Mozilla`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/a status=200 facts=1 hops=[]"},
		{"user with brackets", `240.0.0.1 - [17/May/2015] \"GET ` + when + ` "GET /a HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/a status=200 facts=1 hops=[]"},
		{"east", `240.0.0.1 - - [17/May/2015:18:05:03 +0800] "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"west, fraction", `240.0.0.1 - - [17/May/2015:06:35:03.999 -0330] "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"ISO 8601", `240.0.0.1 - - [2015-05-17T12:05:03+02:00] "GET / HTTP/1.1" 200 1`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method=GET path=/ status=200 facts=1 hops=[]"},
		{"host name", `client.example - - ` + when + ` "GET / HTTP/1.1" 200 1`, reasonAddress},
		{"no zone", `240.0.0.1 - - [17/May/2015:10:05:03] "GET / HTTP/1.1" 200 1`, reasonZone},
		{"no day", `240.0.0.1 - - [30/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1`, reasonTime},
		{"no month", `240.0.0.1 - - [17/anF/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1`, reasonTime},
		{"hour 24", `240.0.0.1 - - [17/May/2015:24:05:03 +0000] "GET / HTTP/1.1" 200 1`, reasonTime},
		{"before 1970", `240.0.0.1 - - [01/Jan/1970:00:00:00 +0001] "GET / HTTP/1.1" 200 1`, reasonTime},
		{"status", `240.0.0.1 - - ` + when + ` "GET / HTTP/1.1" 20x 1`, reasonColumns},
		{"request cut off", `240.0.0.1 - - ` + when + ` "GET / HT`, reasonColumns},
		{"error log", `[Fri Oct 08 17:08:41.203277 2021] [core:error] [client 240.0.0.1:14532] AH00126: Invalid URI`, reasonColumns},
		{"zero bytes", "\x00\x00\x00", reasonBinary},
		{"text", "Hello, world", reasonColumns},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := readAll(t, tc.line+"\r\n\n", nil); len(got) != 1 || got[0] != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestObjects(t *testing.T) {
	for _, tc := range []struct{ name, line, want string }{
		{"nginx", `{"remote_addr":"240.0.0.1","remote_port":"6000","time_local":"17/May/2015:10:05:03 +0000","request":"GET \/a?b HTTP/1.1","status":"200","http_host":"A.example:80","http_x_forwarded_for":"240.0.0.7","server_addr":"240.0.0.2","server_port":"80"}`,
			at + " {240.0.0.1 6000} {240.0.0.2 80} name=a.example method=GET path=/a status=200 facts=1 hops=[240.0.0.7]"},
		{"msec", `{"msec":1431857103.123,"status":204,"request_method":"PUT","uri":"/x","remote_addr":"2001:db8::1","host":"-","http_x_forwarded_for":"-"}`,
			at + " {2001:db8::1 0} {invalid IP 0} name= method=PUT path=/x status=204 facts=65 hops=[]"},
		{"iso", `{"time_iso8601":"2015-05-17T10:05:03Z","status":0,"request":"","remote_ip":"240.0.0.1"}`,
			at + " {240.0.0.1 0} {invalid IP 0} name= method= path= status=0 facts=0 hops=[]"},
		{"forwarded as the client", `{"time_iso8601":"2015-05-17T10:05:03Z","status":200,"request":"","client_ip":"240.0.0.29, 240.0.0.30","x_forwarded_for":"240.0.0.7"}`,
			at + " {240.0.0.30 0} {invalid IP 0} name= method= path= status=200 facts=1 hops=[240.0.0.29]"},
		{"not JSON", `{"remote_addr":"240.0.0.1"`, reasonJSON},
		{"no request", `{"remote_addr":"240.0.0.1","time":"2015-05-17T10:05:03Z","status":1}`, reasonColumns},
		{"status page", `{"version":6,"nginx_version":"1.9.4","address":"240.0.0.1","timestamp":1446249499322}`, reasonColumns},
		{"milliseconds", `{"remote_addr":"240.0.0.1","timestamp":1446249499322,"request":"GET / HTTP/1.1","status":200}`, reasonTime},
		{"bad status", `{"remote_addr":"240.0.0.1","time":"2015-05-17T10:05:03Z","request":"GET / HTTP/1.1","status":"ok"}`, reasonColumns},
		{"socket", `{"remote_addr":"unix:","time":"2015-05-17T10:05:03Z","request":"GET / HTTP/1.1","status":200}`, reasonAddress},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := readAll(t, tc.line+"\n", nil); len(got) != 1 || got[0] != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestZone(t *testing.T) {
	got := readAll(t, `240.0.0.1 - - [17/May/2015:18:05:03] "-" 408 -`, time.FixedZone("", 8*3600))
	if len(got) != 1 || !strings.HasPrefix(got[0], at+" ") {
		t.Errorf("%q", got)
	}
}

func TestHopsAreBounded(t *testing.T) {
	list := strings.Repeat("240.0.0.1, ", 10*maxHops) + "240.0.0.2"
	r := New(lines.NewReader(strings.NewReader(`240.0.0.9 - - [17/May/2015:10:05:03 +0000] "-" 400 0 "-" "-" "`+list+`"`)), nil)
	var o tallystick.Observation
	if err := r.Next(&o); err != nil {
		t.Fatal(err)
	}
	if len(o.Hops) != maxHops || o.Hops[maxHops-1].String() != "240.0.0.2" || o.Hops[0].String() != "240.0.0.1" {
		t.Errorf("%d hops, last %v", len(o.Hops), o.Hops[len(o.Hops)-1])
	}
}

func TestFormat(t *testing.T) {
	const common = `240.0.0.1 - - [17/May/2015:10:05:03 +0000] "-" 408 -`
	for data, want := range map[string]string{
		"":                            "access log",
		"x\n":                         "access log",
		common:                        "access log common",
		common + ` "-" "-"`:           "access log combined",
		"a.example:80 " + common:      "access log vhost",
		"x\n" + common + "\n" + "x\n": "access log common",
	} {
		r := New(lines.NewReader(strings.NewReader(data)), nil)
		for r.Next(new(tallystick.Observation)) != io.EOF {
		}
		if r.Format() != want {
			t.Errorf("%q: %s", data, r.Format())
		}
	}
}

func TestTooLong(t *testing.T) {
	line := `240.0.0.1 - - [17/May/2015:10:05:03 +0000] "-" 408 -` + "\n"
	got := readAll(t, line+strings.Repeat("x", lines.Max+1)+"\n"+line, nil)
	if len(got) != 3 || got[1] != lines.TooLong || got[0] != got[2] {
		t.Errorf("%.200q", got)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestErrorOfTheSource(t *testing.T) {
	r := New(lines.NewReader(broken{}), nil)
	if err := r.Next(new(tallystick.Observation)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

// TestNothingIsKept: an observation shows nothing of the record before.
func TestNothingIsKept(t *testing.T) {
	r := New(lines.NewReader(strings.NewReader("\n"+`240.0.0.1 - - [17/May/2015:10:05:03 +0000] "-" 408 -`)), nil)
	o := tallystick.Observation{At: tallystick.Locator{Input: 7}, Name: []byte("old")}
	if err := r.Next(&o); err != nil {
		t.Fatal(err)
	}
	if want := (tallystick.Locator{Line: 2, Offset: 1}); o.At != want || o.Name != nil {
		t.Errorf("%+v, name %q", o.At, o.Name)
	}
}

func TestSplitFile(t *testing.T) {
	data := strings.Join(seeds, "\n") + "\n"
	want := readAll(t, data, nil)
	for i := range data {
		if data[i] == '\n' {
			got := append(readAll(t, data[:i+1], nil), readAll(t, data[i+1:], nil)...)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("split at byte %d: %q, want %q", i, got, want)
			}
		}
	}
}

func TestRealLogs(t *testing.T) {
	folder := os.Getenv("TALLYSTICK_DATA")
	if folder == "" {
		t.Skip("TALLYSTICK_DATA is not set: no real logs")
	}
	data, err := os.ReadFile(filepath.Join(folder, "weblog", "apache_combined.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !Sniff(data[:maxSniff]) {
		t.Error("apache_combined.log is not recognised")
	}
	clients := map[string]bool{}
	shown := readAll(t, string(data), nil)
	for _, s := range shown {
		clients[strings.Fields(s)[1]] = true
	}
	if len(shown) != 10000 || len(clients) != 1753 { // counted independently: the data's README
		t.Errorf("%d records of %d clients", len(shown), len(clients))
	}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		agree(t, line)
	}
	status, err := os.ReadFile(filepath.Join(folder, "weblog", "nginx_json.log"))
	if err != nil {
		t.Fatal(err)
	}
	if Sniff(status[:maxSniff]) {
		t.Error("nginx's own status passes for requests")
	}
}

// TestRealAttacks reads the access logs that somebody else's web scenarios are tested
// with: every line that reads as an access log's is observed.
func TestRealAttacks(t *testing.T) {
	folder := os.Getenv("TALLYSTICK_DATA")
	if folder == "" {
		t.Skip("TALLYSTICK_DATA is not set: no real logs")
	}
	names, err := filepath.Glob(filepath.Join(folder, "weblog", "crowdsec-hub", ".tests", "*", "*.log"))
	if err != nil || len(names) == 0 {
		t.Fatal("no logs", err)
	}
	checked := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			if agree(t, strings.TrimSuffix(line, "\r")) {
				checked++
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d lines are access log lines", checked)
	}
}
