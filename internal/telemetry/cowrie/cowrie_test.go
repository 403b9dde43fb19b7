package cowrie

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
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

// show writes what an event was read as, without its place.
func show(o *tallystick.Observation) string {
	return fmt.Sprintf("%s %d %v %v proto=%d facts=%d", o.Signature, o.Start, o.Orig, o.Resp, o.Proto, o.Facts)
}

// readAll reads data, records skipped as their reasons.
func readAll(t *testing.T, data string) (shown []string) {
	t.Helper()
	r := New(lines.NewReader(strings.NewReader(data)))
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
			if !o.Orig.Addr.IsValid() || o.Start < 0 || o.Start >= field.EndOfTime || len(o.Signature) == 0 {
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
	case reasonColumns, reasonTime, reasonZone, reasonAddress, reasonPort, reasonJSON, lines.TooLong, reasonBinary,
		"unused session", "unused direct-tcpip", "unused other":
	default:
		t.Fatalf("reason %q is not of the fixed set", reason)
	}
}

var seeds = []struct{ name, line, want string }{
	{"connect", `{"eventid": "cowrie.session.connect", "timestamp": "2017-11-15T00:00:06.849227Z", "src_port": 59982, "src_ip": "240.0.0.1", "dst_port": 2222, "dst_ip": "::ffff:240.0.0.2", "isError": 0}`,
		"cowrie.session.connect 1510704006 {240.0.0.1 59982} {240.0.0.2 2222} proto=6 facts=1"},
	{"login", `{"eventid":"cowrie.login.failed","username":"\"","timestamp":"2017-11-15T01:00:06+01:00","src_ip":"2001:db8::1"}`,
		"cowrie.login.failed 1510704006 {2001:db8::1 0} {invalid IP 0} proto=6 facts=0"},
	{"command", `{"eventid":"cowrie.command.input","timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1"}`,
		"cowrie.command.input 1510704006 {240.0.0.1 0} {invalid IP 0} proto=6 facts=0"},
	{"download", `{"eventid":"cowrie.session.file_download","timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1"}`,
		"cowrie.session.file_download 1510704006 {240.0.0.1 0} {invalid IP 0} proto=6 facts=0"},
	{"upload", `{"eventid":"cowrie.session.file_upload","timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1"}`,
		"cowrie.session.file_upload 1510704006 {240.0.0.1 0} {invalid IP 0} proto=6 facts=64"},
	{"closed", `{"eventid":"cowrie.session.closed","timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1"}`, "unused session"},
	{"version", `{"eventid":"cowrie.client.version","src_ip":"240.0.0.1"}`, "unused session"},
	{"tty log", `{"eventid":"cowrie.log.closed","src_ip":"240.0.0.1"}`, "unused session"},
	{"tunnel", `{"eventid":"cowrie.direct-tcpip.request","timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1","dst_ip":"host.example","dst_port":80}`,
		"cowrie.direct-tcpip.request 1510704006 {240.0.0.1 0} {invalid IP 0} proto=6 facts=0"},
	{"tunnel data", `{"eventid":"cowrie.direct-tcpip.data","dst_ip":"host.example"}`, "unused direct-tcpip"},
	{"virustotal", `{"eventid":"cowrie.virustotal.scanfile"}`, "unused other"},
	{"no id", `{"timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1"}`, reasonColumns},
	{"no time", `{"eventid":"cowrie.login.failed","src_ip":"240.0.0.1"}`, reasonTime},
	{"no zone", `{"eventid":"cowrie.login.failed","timestamp":"2017-11-15T00:00:06.84","src_ip":"240.0.0.1"}`, reasonZone},
	{"before 1970", `{"eventid":"cowrie.login.failed","timestamp":"1969-12-31T23:59:59Z","src_ip":"240.0.0.1"}`, reasonTime},
	{"no address", `{"eventid":"cowrie.login.failed","timestamp":"2017-11-15T00:00:06Z"}`, reasonAddress},
	{"bad address", `{"eventid":"cowrie.login.failed","timestamp":"2017-11-15T00:00:06Z","src_ip":"host.example"}`, reasonAddress},
	{"bad port", `{"eventid":"cowrie.session.connect","timestamp":"2017-11-15T00:00:06Z","src_ip":"240.0.0.1","src_port":65536}`, reasonPort},
	{"cut off", `{"eventid":"cowrie.login.failed","timestamp":"2017-1`, reasonJSON},
	{"zero byte", "{\"eventid\":\"\x00", reasonBinary},
	{"text", "x", reasonJSON},
}

func TestEvents(t *testing.T) {
	for _, tc := range seeds {
		t.Run(tc.name, func(t *testing.T) {
			if got := readAll(t, tc.line+"\r\n \n"); len(got) != 1 || got[0] != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func joined() string {
	var b strings.Builder
	for _, s := range seeds {
		b.WriteString(s.line + "\n")
	}
	return b.String()
}

func TestSplitFile(t *testing.T) {
	data := joined()
	want := readAll(t, data)
	for i := range data {
		if data[i] == '\n' {
			got := append(readAll(t, data[:i+1]), readAll(t, data[i+1:])...)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("split at byte %d: %q, want %q", i, got, want)
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(joined())
	for _, s := range seeds {
		f.Add(s.line)
	}
	f.Fuzz(func(t *testing.T, data string) {
		records := 0
		for line := range strings.Lines(strings.TrimPrefix(data, "\ufeff")) {
			if strings.TrimSpace(line) != "" {
				records++
			}
		}
		if got := readAll(t, data); len(got) != records {
			t.Fatalf("%d records of %d lines that are not blank", len(got), records)
		}
		Sniff([]byte(data))
	})
}

func TestTooLong(t *testing.T) {
	got := readAll(t, strings.Repeat("x", lines.Max+1)+"\n"+seeds[0].line+"\n")
	if !reflect.DeepEqual(got, []string{lines.TooLong, seeds[0].want}) {
		t.Errorf("%.200q", got)
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{
		joined():                        true,
		"\ntext\n" + seeds[2].line:      true,
		seeds[16].line[:80]:             false,
		`{"eventid":"other.login"}`:     false,
		`{"event_type":"alert"}` + "\n": false,
		"":                              false,
	} {
		if got := Sniff([]byte(head)); got != want {
			t.Errorf("%.60q: %v", head, got)
		}
	}
}

// oracle reads an event with encoding/json.
func oracle(line []byte) (want string, source string) {
	var e struct {
		EventID   string    `json:"eventid"`
		Timestamp time.Time `json:"timestamp"`
		SrcIP     string    `json:"src_ip"`
		SrcPort   uint16    `json:"src_port"`
		DstIP     string    `json:"dst_ip"`
		DstPort   uint16    `json:"dst_port"`
	}
	if json.Unmarshal(line, &e) != nil {
		return reasonJSON, ""
	}
	o := tallystick.Observation{Signature: []byte(e.EventID), Start: e.Timestamp.Unix(), Proto: 6}
	o.Orig = tallystick.End{Addr: netip.MustParseAddr(e.SrcIP), Port: e.SrcPort}
	switch e.EventID {
	case "cowrie.session.connect":
		o.Facts = tallystick.FactReplied
		o.Resp = tallystick.End{Addr: netip.MustParseAddr(e.DstIP), Port: e.DstPort}
	case "cowrie.direct-tcpip.data":
		return "unused direct-tcpip", e.SrcIP
	case "cowrie.session.closed", "cowrie.client.version", "cowrie.client.size", "cowrie.log.open", "cowrie.log.closed":
		return "unused session", e.SrcIP
	}
	return show(&o), e.SrcIP
}

func TestRealLogs(t *testing.T) {
	folder := os.Getenv("TALLYSTICK_DATA")
	if folder == "" {
		t.Skip("TALLYSTICK_DATA is not set: no real logs")
	}
	for _, tc := range []struct { // counted independently: the data's README
		name                 string
		events, bad, sources int
	}{{"cowrie.json", 6073, 1, 92}, {"cowrie.json.2017_11_4", 3833, 0, 66}} {
		data, err := os.ReadFile(filepath.Join(folder, "honeypot", "cowrie", tc.name))
		if err != nil {
			t.Fatal(err)
		}
		if !Sniff(data[:64<<10]) {
			t.Errorf("%s is not recognised", tc.name)
		}
		got, sources, bad := readAll(t, string(data)), map[string]bool{}, 0
		for i, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
			want, source := oracle(line)
			if got[i] != want {
				t.Fatalf("%s:%d: %s, want %s", tc.name, i+1, got[i], want)
			}
			if sources[source] = true; want == reasonJSON {
				bad++
				delete(sources, source)
			}
		}
		if len(got) != tc.events+tc.bad || bad != tc.bad || len(sources) != tc.sources {
			t.Errorf("%s: %d records, %d bad, %d sources", tc.name, len(got), bad, len(sources))
		}
	}
}

func TestNoAllocation(t *testing.T) {
	r := New(lines.NewReader(strings.NewReader(strings.Repeat(seeds[0].line+"\n"+seeds[2].line+"\n", 2000))))
	var o tallystick.Observation
	if n := testing.AllocsPerRun(1000, func() {
		if err := r.Next(&o); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a record", n)
	}
}

func BenchmarkNext(b *testing.B) {
	const n = 10000
	data := []byte(strings.Repeat(seeds[0].line+"\n", n))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var o tallystick.Observation
	for b.Loop() {
		r := New(lines.NewReader(bytes.NewReader(data)))
		for range n {
			if err := r.Next(&o); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
