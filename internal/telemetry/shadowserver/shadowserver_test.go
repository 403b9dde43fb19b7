package shadowserver

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

const (
	sinkholeHeader = `"timestamp","protocol","src_ip","src_port","src_asn","src_geo","dst_ip","dst_port","dst_hostname",` +
		`"public_source","infection","family","tag","event_id"`
	scanHeader = `timestamp,severity,ip,protocol,port,hostname,tag,asn,geo`
)

// show writes what a row was read as, without its place.
func show(o *tallystick.Observation) string {
	return fmt.Sprintf("%s %d %v %v proto=%d facts=%d name=%s sni=%s path=%s method=%s family=%s",
		o.Signature, o.Start, o.Orig, o.Resp, o.Proto, o.Facts, o.Name, o.SNI, o.Path, o.Method, o.Family)
}

// readAll reads data as a file of the given name, rows skipped as their reasons.
func readAll(t *testing.T, data, name string) (shown []string) {
	t.Helper()
	r := New(lines.NewReader(strings.NewReader(data)), name)
	var o tallystick.Observation
	last := int64(-1)
	for {
		err := r.Next(&o)
		var skipped *tallystick.LineError
		offset := o.At.Offset
		switch {
		case err == io.EOF:
			return shown
		case errors.As(err, &skipped):
			shown = append(shown, skipped.Reason)
			offset = skipped.Offset
			known(t, skipped.Reason)
		case err != nil:
			t.Fatal(err)
		default:
			shown = append(shown, show(&o))
			if !o.Orig.Addr.IsValid() || o.Start < 0 || len(o.Signature) == 0 {
				t.Fatalf("observed without address, time or type: %s", show(&o))
			}
		}
		if int64(offset) <= last || offset >= uint64(len(data)) {
			t.Fatalf("record at byte %d after one at %d of %d", offset, last, len(data))
		}
		last = int64(offset)
	}
}

func known(t *testing.T, reason string) {
	t.Helper()
	switch reason {
	case reasonColumns, reasonTime, reasonAddress, reasonPort, lines.TooLong, reasonBinary, reasonUnused:
	default:
		t.Fatalf("reason %q is not of the fixed set", reason)
	}
}

func TestRows(t *testing.T) {
	for _, tc := range []struct{ name, header, row, want string }{
		{"sinkhole", sinkholeHeader,
			`"2021-03-04 00:00:01","tcp","240.0.0.1",17409,64512,"ZZ","240.0.0.2",4455,"sink.EXAMPLE.net.","ex","Family.B",,"t",7`,
			"event4_sinkhole 1614816001 {240.0.0.1 17409} {240.0.0.2 4455} proto=6 facts=0 name=sink.example.net sni= path= method= family=family.b"},
		{"family from the tag", sinkholeHeader,
			`"2021-03-04 00:00:01","udp","2001:db8::1",,1,"ZZ","","","",,,,"T-1",`,
			"event4_sinkhole 1614816001 {2001:db8::1 0} {invalid IP 0} proto=17 facts=2 name= sni= path= method= family=t-1"},
		{"responder unreadable", sinkholeHeader,
			`2021-03-04 00:00:01,tcp,240.0.0.1,1,1,ZZ,240.0.0.2.3,80,,,f,,,`,
			"event4_sinkhole 1614816001 {240.0.0.1 1} {invalid IP 80} proto=6 facts=0 name= sni= path= method= family=f"},
		{"one address", scanHeader, `"2021-03-04 00:00:01",high,240.0.0.1,tcp,23,host.example,telnet,1,ZZ`,
			"unknown 1614816001 {240.0.0.1 23} {invalid IP 0} proto=6 facts=0 name= sni= path= method= family=telnet"},
		{"bad address", sinkholeHeader, `2021-03-04 00:00:01,tcp,240.0.0,1,1,ZZ,,,,,f,,,`, reasonAddress},
		{"bad port", sinkholeHeader, `2021-03-04 00:00:01,tcp,240.0.0.1,65536,1,ZZ,,,,,f,,,`, reasonPort},
		{"bad time", sinkholeHeader, `2021-02-30 00:00:01,tcp,240.0.0.1,1,1,ZZ,,,,,f,,,`, reasonTime},
		{"before 1970", sinkholeHeader, `1969-12-31 23:59:59,tcp,240.0.0.1,1,1,ZZ,,,,,f,,,`, reasonTime},
		{"short", sinkholeHeader, `2021-03-04 00:00:01,tcp,240.0.0.1`, reasonColumns},
		{"bare quote", sinkholeHeader, `2021-03-04 00:00:01,t"cp,240.0.0.1,1,1,ZZ,,,,,f,,,`, reasonColumns},
		{"quote never closed", sinkholeHeader, `2021-03-04 00:00:01,"tcp,240.0.0.1,1,1,ZZ,,,,,f,,,`, reasonColumns},
		{"zero byte", sinkholeHeader, "2021-03-04 00:00:01,tcp,\x00,1,1,ZZ,,,,,f,,,", reasonBinary},
		{"the last field, empty, not written", sinkholeHeader, `2021-03-04 00:00:01,tcp,240.0.0.1,1,1,ZZ,240.0.0.2,80,,,f,,`,
			"event4_sinkhole 1614816001 {240.0.0.1 1} {240.0.0.2 80} proto=6 facts=0 name= sni= path= method= family=f"},
		{"two fields not written", sinkholeHeader, `2021-03-04 00:00:01,tcp,240.0.0.1,1,1,ZZ,240.0.0.2,80,,,f,`, reasonColumns},
		{"the time in another column", "src_geo,src_ip,Timestamp,src_asn,infection,event_id,dst_ip,src_port", `ZZ,240.0.0.1,2021-03-04 00:00:01,1,f,,240.0.0.2,1`,
			"event4_sinkhole 1614816001 {240.0.0.1 1} {240.0.0.2 0} proto=0 facts=0 name= sni= path= method= family=f"},
		{"a row of words", "infection,src_ip,timestamp", "timestamp,src_ip,-", reasonTime},
		{"no address column", `timestamp,email,tag`, `2021-03-04 00:00:01,x,y`, reasonUnused},
		{"no header", ``, `2021-03-04 00:00:01,tcp,240.0.0.1`, reasonColumns},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := readAll(t, tc.header+"\r\n"+tc.row+"\n", "")
			if len(got) != 1 || got[0] != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestTargets(t *testing.T) {
	header := `timestamp,src_ip,http_url,http_host,ssl_servername`
	for _, tc := range []struct{ url, path, method string }{
		{"GET /a/b?c=d HTTP/1.1", "/a/b", "GET"},
		{"/a#b", "/a", ""},
		{"http://host.example/a?b", "/a", ""},
		{"http://host.example", "/", ""},
		{"", "", ""},
	} {
		r := New(lines.NewReader(strings.NewReader(header+"\n2021-03-04 00:00:01,240.0.0.1,"+tc.url+",Host.example:80,sni.example\n")), "")
		var o tallystick.Observation
		if err := r.Next(&o); err != nil {
			t.Fatal(err)
		}
		if string(o.Path) != tc.path || string(o.Method) != tc.method || string(o.Name) != "host.example" || string(o.SNI) != "sni.example" {
			t.Errorf("%q: %s", tc.url, show(&o))
		}
	}
}

func TestReportType(t *testing.T) {
	ddos := "timestamp,src_ip,attack,dst_network,http_agent"
	for _, tc := range []struct{ header, name, want string }{
		{sinkholeHeader, "", "event4_sinkhole"},
		{sinkholeHeader, "logs/2024-07-04-event4_microsoft_sinkhole-123-sample-asn.csv.gz", "event4_microsoft_sinkhole"},
		{sinkholeHeader, "event6_sinkhole.csv", "event6_sinkhole"},
		{sinkholeHeader, "scan_http.csv", "event4_sinkhole"}, // the columns win
		{sinkholeHeader + ",surprise", "", "unknown"},        // a new kind of event: never a sinkhole's
		{sinkholeHeader + ",surprise", "2024-07-04-event4_surprise-x.csv", "event4_surprise"},
		{sinkholeHeader + ",count", "", "event4_honeypot_darknet"},
		{ddos, "", "unknown"},
		{ddos, "event4_honeypot_ddos.csv", "event4_honeypot_ddos"},
		{ddos, "event4_ddos_participant.csv", "event4_ddos_participant"},
		{"timestamp,http_referer_ip", "x.csv", "event4_sinkhole_http_referer"},
		{"timestamp,src_ip,query,query_type", "", "event4_sinkhole_dns"},
		{scanHeader, "2015-01-01-scan_telnet-sample-asn.csv", "scan_telnet"},
		{scanHeader, "scan_<b>.csv", "unknown"},
		{scanHeader, "", "unknown"},
	} {
		r := New(lines.NewReader(strings.NewReader(tc.header+"\n")), tc.name)
		if err := r.Next(new(tallystick.Observation)); err != io.EOF {
			t.Fatal(err)
		}
		if got := r.Format(); got != "shadowserver "+tc.want {
			t.Errorf("%s as %q: %s, want %s", tc.header, tc.name, got, tc.want)
		}
	}
}

var sample = "\ufeff" + sinkholeHeader + "\r\n" +
	"\"2021-03-04 00:00:01\",tcp,240.0.0.1,1,1,ZZ,240.0.0.2,80,\"a\r\nb, \"\"c\"\"\",,f,,,\r\n" +
	"\n" +
	"\"2021-03-04 00:00:02\",\"tcp,240.0.0.1\n" +
	"\"2021-03-04 00:00:03\",tcp,240.0.0.3,1,1,ZZ,,,,,f,,,\n" +
	scanHeader + "\n" +
	"2021-03-04 00:00:04,high,240.0.0.4,tcp,23,host.example,telnet,1,ZZ\n" +
	"2021-03-04 00:00:05,high,240.0.0.5,tcp,23,,telnet,1,ZZ"

func TestRowsOverLinesAndHeadersAgain(t *testing.T) {
	got := readAll(t, sample, "")
	var firsts []string
	for _, s := range got {
		first, _, _ := strings.Cut(s, " {invalid")
		firsts = append(firsts, first)
	}
	want := []string{
		"event4_sinkhole 1614816001 {240.0.0.1 1} {240.0.0.2 80} proto=6 facts=0 name=a\nb, \"c\" sni= path= method= family=f",
		reasonColumns,
		"event4_sinkhole 1614816003 {240.0.0.3 1}",
		"unknown 1614816004 {240.0.0.4 23}",
		"unknown 1614816005 {240.0.0.5 23}",
	}
	if !reflect.DeepEqual(firsts, want) {
		t.Errorf("got  %q\nwant %q", firsts, want)
	}
}

// TestOracleCSV compares with encoding/csv: rows of random fields as it writes them,
// and what each makes of broken rows.
func TestOracleCSV(t *testing.T) {
	fields := []string{"", "a", "a b", `"`, `""`, "a,b", "x\ny", `say "hi"`, "é", " "}
	var data bytes.Buffer
	w := csv.NewWriter(&data)
	var want [][]string
	for i := range len(fields) * len(fields) {
		row := []string{"timestamp?", fields[i%len(fields)], fields[i/len(fields)], "end"}
		want = append(want, row)
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	rd := rows{src: lines.NewReader(&data)}
	var got [][]string
	for {
		row, _, err := rd.next()
		if err == io.EOF {
			break
		}
		r := Reader{}
		if err != nil || !r.split(row) {
			t.Fatalf("%q: %v", row, err)
		}
		got = append(got, texts(r.fields))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func texts(fields [][]byte) (list []string) {
	for _, f := range fields {
		list = append(list, string(f))
	}
	return list
}

func FuzzSplit(f *testing.F) {
	for _, row := range []string{`a,b`, `"a""b",c`, `"a"b`, `a"b`, `"`, `"",`, `,`, `"a",`, `"""`, `"a""`} {
		f.Add(row)
	}
	f.Fuzz(func(t *testing.T, row string) {
		if row == "" || strings.ContainsAny(row, "\r\n") || strings.Count(row, ",") >= maxColumns {
			return
		}
		oracle := csv.NewReader(strings.NewReader(row))
		want, err := oracle.Read()
		r := Reader{}
		if ok := r.split([]byte(row)); ok != (err == nil) {
			t.Fatalf("%q: split %v, encoding/csv: %v", row, ok, err)
		}
		if err == nil && !reflect.DeepEqual(texts(r.fields), want) {
			t.Fatalf("%q: %q, want %q", row, texts(r.fields), want)
		}
	})
}

func FuzzReader(f *testing.F) {
	f.Add(sample, "event4_sinkhole.csv")
	f.Add(scanHeader+"\n\"", "")
	f.Add("\x00\n\"\n\"\n", "")
	f.Fuzz(func(t *testing.T, data, name string) {
		got := readAll(t, data, name)
		if n := strings.Count(data, "\n") + 1; len(got) > n {
			t.Fatalf("%d records of %d lines", len(got), n)
		}
		Sniff([]byte(data))
	})
}

// TestSplitFile reads a file in two parts, the second with the header before it.
func TestSplitFile(t *testing.T) {
	var data strings.Builder
	for i := range 20 {
		fmt.Fprintf(&data, "2021-03-04 00:00:%02d,tcp,240.0.0.%d,x%d,1,ZZ,,,,,f,,,\n", i, i, i%3)
		fmt.Fprintf(&data, "2021-03-04 00:00:%02d,tcp,240.0.0.%d,%d,1,ZZ,,,,,f,,,\n", i, i, i)
	}
	header, whole := sinkholeHeader+"\n", data.String()
	want := readAll(t, header+whole, "")
	for i := range whole {
		if whole[i] == '\n' {
			got := append(readAll(t, header+whole[:i+1], ""), readAll(t, header+whole[i+1:], "")...)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("split at byte %d: %q, want %q", i, got, want)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	row := "2021-03-04 00:00:01,tcp,240.0.0.1,1,1,ZZ,,,,,f,,,\n"
	long := `"` + strings.Repeat("x", lines.Max/2) + "\n"
	for name, bad := range map[string]string{
		"line": strings.Repeat("x", lines.Max+1) + "\n",
		"row":  long + long[1:] + long[1:] + "\"\n",
	} {
		got := readAll(t, sinkholeHeader+"\n"+bad+row, "")
		if len(got) != 2 || got[0] != lines.TooLong || !strings.HasPrefix(got[1], "event4_sinkhole 1614816001") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestColumnsAreBounded(t *testing.T) {
	r := Reader{}
	if !r.split([]byte(strings.Repeat(",", maxColumns-1))) || r.split([]byte(strings.Repeat(",", maxColumns))) {
		t.Error("the bound is elsewhere")
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{
		sample[len("\ufeff"):]:                                true,
		"src_geo,src_ip,src_asn,timestamp\nZZ,240.0.0.1,1,\n": true,
		"\n" + sinkholeHeader:                                 true,
		scanHeader + "\n":                                     true,
		"timestamp,ip,x\n":                                    false,
		"timestamp,email,asn,geo\n":                           false,
		`{"timestamp":"x"}`:                                   false,
		"240.0.0.1 - - [":                                     false,
		"":                                                    false,
	} {
		if got := Sniff([]byte(head)); got != want {
			t.Errorf("%.40q: %v", head, got)
		}
	}
}

func TestRealReports(t *testing.T) {
	folder := os.Getenv("TALLYSTICK_DATA")
	if folder == "" {
		t.Skip("TALLYSTICK_DATA is not set: no real reports")
	}
	for report, want := range map[string]int{ // rows, as counted by hand
		"event4_sinkhole": 6, "event4_sinkhole_http": 5, "event4_honeypot_brute_force": 6, "event4_honeypot_darknet": 8,
		"event4_ddos_participant": 3, "event4_honeypot_ddos_target": 3, "event4_honeypot_http_scan": 2,
		"event4_ip_spoofer": 6, "event4_sinkhole_dns": 3, "event4_sinkhole_http_referer": 5,
	} {
		data, err := os.ReadFile(filepath.Join(folder, "shadowserver", "reports", report+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		if !Sniff(data) {
			t.Errorf("%s is not recognised", report)
		}
		got := readAll(t, string(data), report+".csv")
		if len(got) != want {
			t.Errorf("%s: %d rows, want %d", report, len(got), want)
		}
		for _, s := range got {
			if !strings.HasPrefix(s, report+" ") {
				t.Errorf("%s: row read as %s", report, s)
			}
		}
	}
}

func BenchmarkNext(b *testing.B) {
	row := `"2021-03-04 00:00:01","tcp","240.0.0.1",17409,64512,"ZZ","240.0.0.2",4455,"sink.example.net","ex","Family.B",,"t",7` + "\n"
	data := []byte(sinkholeHeader + "\n" + strings.Repeat(row, 10000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var o tallystick.Observation
	for b.Loop() {
		r := New(lines.NewReader(bytes.NewReader(data)), "")
		for range 10000 {
			if err := r.Next(&o); err != nil {
				b.Fatal(err)
			}
		}
	}
}
