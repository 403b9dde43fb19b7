package zeek

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

// result is all that a Reader says of some bytes.
type result struct {
	format string
	seen   []string // one text for each observation, without its place in the file
	tally  tallystick.Tally
	err    error // nil at io.EOF
}

func read(src io.Reader) (res result) {
	r := New(lines.NewReader(src))
	var o tallystick.Observation
	for {
		err := r.Next(&o)
		var bad *tallystick.LineError
		switch {
		case err == nil:
			res.tally.Observe()
			res.seen = append(res.seen, describe(o))
		case errors.As(err, &bad):
			res.tally.Skip(bad.Reason)
		default:
			if err != io.EOF {
				res.err = err
			}
			res.format = r.Format()
			return res
		}
	}
}

// describe writes every field that is set.
func describe(o tallystick.Observation) string {
	text := fmt.Sprintf("%s %d %v:%d > %v:%d proto %d facts %08b",
		[...]string{"none", "conn", "dns", "http", "tls"}[o.Record], o.Start, o.Orig.Addr, o.Orig.Port, o.Resp.Addr, o.Resp.Port, o.Proto, o.Facts)
	if len(o.Name) > 0 {
		text += fmt.Sprintf(" name %q", o.Name)
	}
	if o.Method != nil || o.Path != nil {
		text += fmt.Sprintf(" %s %q %d", o.Method, o.Path, o.Status)
	}
	if len(o.SNI) > 0 {
		text += fmt.Sprintf(" sni %q", o.SNI)
	}
	if len(o.Answers) > 0 {
		text += fmt.Sprint(" ", o.Answers)
	}
	return text
}

func logHeader(path string, fields ...string) string {
	return "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t" + path +
		"\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\t" + strings.Join(fields, "\t") + "\n"
}

const ends = "1.5\t240.0.0.1\t1234\t240.0.0.2\t80\t"

func TestRecords(t *testing.T) {
	const (
		from      = " 1 240.0.0.1:1234 > 240.0.0.2:80 "
		jsonEnds  = `"ts":1.5,"id.orig_h":"240.0.0.1","id.orig_p":1234,"id.resp_h":"240.0.0.2","id.resp_p":80,`
		underline = `"ts":1.5,"id_orig_h":"240.0.0.1","id_orig_p":1234,"id_resp_h":"240.0.0.2","id_resp_p":80,`
	)
	connOf := func(values string) string {
		return logHeader("conn", "proto", "resp_bytes", "conn_state", "history", "resp_pkts") + ends + values + "\n"
	}
	for _, tc := range []struct{ name, log, want string }{
		{"established", connOf("tcp\t5\tSF\tShADadfF\t4"), "conn" + from + "proto 6 facts 00000001"},
		{"no payload", connOf("tcp\t0\tSF\tShAfF\t4"), "conn" + from + "proto 6 facts 00000000"},
		{"SYN only", connOf("tcp\t-\tS0\tS\t0"), "conn" + from + "proto 6 facts 00000010"},
		{"rejected", connOf("tcp\t0\tREJ\tSr\t1"), "conn" + from + "proto 6 facts 00000010"},
		{"RST on SYN-ACK", connOf("tcp\t0\tRSTO\tShR\t1"), "conn" + from + "proto 6 facts 00000010"},
		{"midstream", connOf("tcp\t9\tOTH\tDadA\t2"), "conn" + from + "proto 6 facts 00000001"},
		{"no history", connOf("tcp\t9\tSF\t-\t2"), "conn" + from + "proto 6 facts 00000001"},
		{"neither", connOf("tcp\t-\t-\t-\t-"), "conn" + from + "proto 6 facts 00000010"},
		{"bytes unset, responder data", connOf("tcp\t-\tOTH\tDd\t2"), "conn" + from + "proto 6 facts 00000001"},
		{"UDP", connOf("udp\t5\tSF\tDd\t1"), "conn" + from + "proto 17 facts 00000001"},
		{"UDP without reply", connOf("udp\t-\tS0\tD\t0"), "conn" + from + "proto 17 facts 00000010"},
		{"UDP, empty reply", connOf("udp\t0\tSF\tDd\t1"), "conn" + from + "proto 17 facts 00000000"},
		{"ICMP", connOf("icmp\t64\tOTH\t-\t1"), "conn 1 240.0.0.1:0 > 240.0.0.2:0 proto 1 facts 00000001"},
		{"JSON conn", "{" + jsonEnds + `"proto":"tcp","conn_state":"SF","history":"ShADad","resp_bytes":7}`, "conn" + from + "proto 6 facts 00000001"},
		{"underlined JSON", `{"@stream":"conn",` + underline + `"proto":"tcp","conn_state":"S0","history":"S"}`, "conn" + from + "proto 6 facts 00000010"},

		{"DNS", logHeader("dns", "proto", "query", "rcode_name", "answers") + ends + "udp\tWww.Example.NET.\tNOERROR\ta.example,240.9.9.9,2001:db8::9,TXT 9 240.9.9.8\n",
			"dns" + from + `proto 17 facts 00000001 name "www.example.net" [240.9.9.9 2001:db8::9]`},
		{"DNS JSON", `{"_path":"dns",` + jsonEnds + `"query":"example","rcode":3,"answers":[],"proto":"udp"}`,
			"dns" + from + `proto 17 facts 00001001 name "example"`},
		{"DNS without answer", logHeader("dns", "query", "rcode", "answers") + ends + "example\t-\t-\n", "dns" + from + `proto 0 facts 00000000 name "example"`},
		{"NetBIOS", logHeader("dns", "proto", "query") + "1\t240.0.0.1\t137\t240.0.0.255\t137\tudp\tWORKGROUP\n",
			`dns 1 240.0.0.1:137 > 240.0.0.255:137 proto 17 facts 00010000 name "workgroup"`},
		{"multicast", logHeader("dns", "proto", "query") + "1\t2001:db8::1\t99\tff02::fb\t53\tudp\tx.example\n",
			`dns 1 2001:db8::1:99 > ff02::fb:53 proto 17 facts 00010000 name "x.example"`},

		{"HTTP", logHeader("http", "method", "host", "uri", "status_code", "info_code") + ends + "get\tExample.net:80\t/a/b?c\t200\t-\n",
			"http" + from + `proto 6 facts 00000001 name "example.net" GET "/a/b" 200`},
		{"HTTP in decrypted TLS", logHeader("http", "method", "host", "uri", "status_code", "server_name") + ends + "GET\tc2.example\t/\t200\tFront.Example\n",
			"http" + from + `proto 6 facts 00000001 name "c2.example" GET "/" 200 sni "front.example"`},
		{"HTTP 1xx", logHeader("http", "method", "host", "uri", "status_code", "info_code") + ends + "PUT\texample\t/\t-\t100\n",
			"http" + from + `proto 6 facts 00000001 name "example" PUT "/" 100`},
		{"HTTP no answer", logHeader("http", "method", "host", "uri", "status_code") + ends + "GET\t-\t/\\x22\\\\\t-\n",
			"http" + from + `proto 6 facts 00000000 GET "/\"\\" 0`},
		{"absolute URI", logHeader("http", "method", "host", "uri", "status_code") + ends + "GET\tother.example\thttp://Example.net:80/a\t404\n",
			"http" + from + `proto 6 facts 00000101 name "example.net" GET "/a" 404`},
		{"CONNECT", logHeader("http", "method", "host", "uri", "status_code") + ends + "CONNECT\t-\t[2001:db8::1]:443\t200\n",
			"http" + from + `proto 6 facts 00000101 name "2001:db8::1" CONNECT "" 200`},
		{"HTTP JSON", "{" + jsonEnds + `"trans_depth":1,"response_body_len":0,"method":"GET","host":"example","uri":"/\u0041\\xff","status_code":200}`,
			"http" + from + `proto 6 facts 00000001 name "example" GET "/A\xff" 200`},

		{"TLS", logHeader("ssl", "version", "server_name", "established") + ends + "TLSv12\tExample.net\tT\n", "tls" + from + `proto 6 facts 00000001 name "example.net"`},
		{"TLS unfinished", logHeader("ssl", "version", "cipher", "server_name", "established") + ends + "TLSv12\tX\texample\tF\n", "tls" + from + `proto 6 facts 00000000 name "example"`},
		{"TLS before established", logHeader("ssl", "version", "cipher", "server_name") + ends + "TLSv10\tX\t-\n", "tls" + from + `proto 6 facts 00000001`},
		{"DTLS JSON", "{" + jsonEnds + `"version":"DTLSv12","established":true}`, "tls" + from + `proto 17 facts 00000001`},

		{"bare header", "ts\tid.orig_h\tid.resp_h\tconn_state\thistory\tproto\n1.5\t240.0.0.1\t240.0.0.2\tS0\tS\ttcp\n", "conn 1 240.0.0.1:0 > 240.0.0.2:0 proto 6 facts 00000010"},
		{"other separators", "#separator \\x7c\n#set_separator|;\n#unset_field|nil\n#path|dns\n#fields|ts|id.orig_h|id.resp_h|query|answers|rcode\n" +
			"1|240.0.0.1|240.0.0.2|-|240.0.0.3;240.0.0.4|nil\n", `dns 1 240.0.0.1:0 > 240.0.0.2:0 proto 0 facts 00000001 name "-" [240.0.0.3 240.0.0.4]`},
		{"mapped and CRLF", strings.ReplaceAll(logHeader("conn", "proto")+"1\t::ffff:240.0.0.1\t1\t64:ff9b::240.0.0.2\t2\tudp\n", "\n", "\r\n"),
			"conn 1 240.0.0.1:1 > 240.0.0.2:2 proto 17 facts 00000010"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := read(strings.NewReader(tc.log))
			if len(res.seen) != 1 || res.err != nil {
				t.Fatalf("%q: %s, %v", res.seen, res.tally.String(), res.err)
			}
			if res.seen[0] != tc.want {
				t.Errorf(" got %s\nwant %s", res.seen[0], tc.want)
			}
		})
	}
}

// TestUnasked reads conversations of which one side may be missing. S is what the
// originator sent; nothing of it was seen when a SYN-ACK came first.
func TestUnasked(t *testing.T) {
	header := logHeader("conn", "proto", "resp_bytes", "conn_state", "history", "orig_pkts", "resp_pkts")
	for _, tc := range []struct {
		name, values string
		want         bool
	}{
		{"SYN-ACK first", "tcp\t-\tOTH\t^h\t0\t1", true},
		{"SYN-ACK and RST", "tcp\t0\tSHR\t^hr\t0\t2", true},
		{"RST first", "tcp\t0\tRSTRH\t^r\t0\t1", true},
		{"half a conversation", "tcp\t900\tSHR\t^hadf\t0\t9", true},
		{"UDP answer alone", "udp\t99\tSHR\t^d\t0\t1", true},
		{"packets unknown", "tcp\t0\tSHR\t^hr\t-\t-", true},
		{"packets unknown, payload of the responder", "tcp\t900\tSHR\t^hadf\t-\t-", false},
		{"no history", "tcp\t0\tOTH\t-\t0\t1", true},
		{"no history, packets", "icmp\t64\tOTH\t-\t1\t1", false},
		{"neither", "tcp\t-\tOTH\t-\t-\t-", false},
		{"SYN-ACK answered by RST", "tcp\t0\tRSTOS0\t^hR\t1\t1", false},
		{"flipped late", "tcp\t0\tOTH\tah^a\t-\t-", false},
		{"flipped late, responder alone", "tcp\t0\tOTH\tH^h\t-\t-", true},
		{"bad checksum", "udp\t99\tSHR\tCd\t0\t1", false},
		{"SYN", "tcp\t-\tS0\tS\t1\t0", false},
		{"established", "tcp\t5\tSF\tShADadfF\t5\t4", false},
	} {
		r := New(lines.NewReader(strings.NewReader(header + ends + tc.values + "\n")))
		var o tallystick.Observation
		if err := r.Next(&o); err != nil {
			t.Fatal(err)
		}
		if got := o.Facts&tallystick.FactUnasked != 0; got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

func TestSkipped(t *testing.T) {
	conn := logHeader("conn", "proto")
	for _, tc := range []struct{ name, log, want string }{
		{"no header", "1\t240.0.0.1\t1\t240.0.0.2\t2\tudp\n", "read 1, observed 0, columns 1"},
		{"too few", conn + "1\t240.0.0.1\t1\n", "read 1, observed 0, columns 1"},
		{"too many", conn + ends + "udp\tmore\n", "read 1, observed 0, columns 1"},
		{"cut", conn + ends + "udp\n1.5\t240", "read 2, observed 1, columns 1"},
		{"time", conn + "x\t240.0.0.1\t1\t240.0.0.2\t2\tudp\n", "read 1, observed 0, time 1"},
		{"address", conn + "1\t240.0.0\t1\t240.0.0.2\t2\tudp\n" + "1\t240.0.0.1\t1\t-\t2\tudp\n", "read 2, observed 0, address 2"},
		{"port", conn + "1\t240.0.0.1\t1\t240.0.0.2\t66666\tudp\n", "read 1, observed 0, port 1"},
		{"json", `{"ts":1,` + "\n", "read 1, observed 0, json 1"},
		{"JSON of another log", `{"_path":"weird","ts":1}` + "\n" + `{"_path":"mine","ts":1}` + "\n" + `{"ts":1}` + "\n",
			"read 3, observed 0, unused zeek other 2, unused zeek weird 1"},
		{"SIP is not HTTP", `{"ts":1,"trans_depth":1,"response_body_len":0,"call_id":"x"}` + "\n", "read 1, observed 0, unused zeek other 1"},
		{"another log, then ours", logHeader("files", "x") + "1\t2\n\n" + conn + ends + "udp\n#close\tnow\n", "read 2, observed 1, unused zeek files 1"},
		{"summary", ">== Total === 2014-03-19-00-00-00 - 2014-03-19-01-00-00\n   - Bytes 0\n" + conn + ends + "udp\n",
			"read 2, observed 1, unused zeek conn-summary 1"},
		{"bad separator", "#separator \\x09\\x09\n#path\tconn\n#fields\tts\nx\n", "read 1, observed 0, time 1"},
		{"JSON and TSV in one file", `{"ts":1,"id.orig_h":"240.0.0.1","id.resp_h":"240.0.0.2","conn_state":"S0"}` + "\n" + logHeader("dns", "query") + ends + "x\n",
			"read 2, observed 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if res := read(strings.NewReader(tc.log)); res.tally.String() != tc.want || res.err != nil {
				t.Errorf("got %s, %v; want %s", res.tally.String(), res.err, tc.want)
			}
		})
	}
}

func TestLineErrorSaysWhere(t *testing.T) {
	r := New(lines.NewReader(strings.NewReader("#path\tconn\n" + strings.Repeat("x", 100) + "\n")))
	var o tallystick.Observation
	var bad *tallystick.LineError
	if err := r.Next(&o); !errors.As(err, &bad) || bad.Line != 2 || bad.Offset != 11 || len(bad.Detail) != 62 {
		t.Fatalf("%+v", bad)
	}
}

func TestTooLong(t *testing.T) {
	log := logHeader("conn", "proto") + strings.Repeat("x", lines.Max+1) + "\n" + ends + "udp\n"
	if res := read(strings.NewReader(log)); res.tally.String() != "read 2, observed 1, too long 1" {
		t.Fatal(res.tally.String())
	}
}

func TestFormat(t *testing.T) {
	for _, tc := range []struct{ log, want string }{
		{logHeader("conn", "proto"), "zeek"},
		{logHeader("conn", "proto") + ends + "udp\n", "zeek conn tsv"},
		{connJSON, "zeek conn json"},
		{connJSON + logHeader("dns", "proto") + ends + "udp\n", "zeek mixed tsv"},
	} {
		if res := read(strings.NewReader(tc.log)); res.format != tc.want {
			t.Errorf("%q, want %q", res.format, tc.want)
		}
	}
}

func TestSniff(t *testing.T) {
	for _, tc := range []struct {
		head string
		want bool
	}{
		{connHeader, true}, {connJSON, true}, {connJSON[:100], true}, {"\n" + connHeader, true},
		{"ts\tuid\tid.orig_h\n", true},
		{">== Total === 2014-03-19-00-00-00 - 2014-03-19-01-00-00\n", true},
		{"#fields\tindicator\tindicator_type\n", false},
		{`{"timestamp":"2018-01-30T18:14:02+0000","event_type":"alert"}`, false},
		{`{"ts":1.5,"level":"info","msg":"x"}`, false},
		{"", false}, {"# comment\n", false}, {"<html>", false}, {"tsunami\n", false},
	} {
		if got := Sniff([]byte(tc.head)); got != tc.want {
			t.Errorf("Sniff(%.40q) = %v", tc.head, got)
		}
	}
}

// isHeader reports whether a line changes how later lines are read.
func isHeader(line []byte) bool {
	return bytes.HasPrefix(line, []byte("#")) || bareHeader(line) || isSummary(line)
}

// FuzzReader feeds any bytes: nothing vanishes, and a file cut at any line boundary, the
// headers repeated, gives the same observations.
func FuzzReader(f *testing.F) {
	f.Add([]byte(connHeader+connLine+connLine), uint(9))
	f.Add([]byte(connJSON+connJSON+"{}\n"), uint(1))
	f.Add([]byte(dnsHeader+dnsLine+"\n"+httpHeader+httpLine+"\r\n"+connHeader+connLine), uint(12))
	f.Add([]byte("ts\tid.orig_h\tid.resp_h\tconn_state\n1\t240.0.0.1\t240.0.0.2\tS0\nx"), uint(2))
	f.Fuzz(func(t *testing.T, data []byte, at uint) {
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
		if bytes.Contains(data, []byte("\n\ufeff")) || bytes.HasPrefix(data, []byte("\ufeff")) {
			return // is passed over where the file is cut
		}
		whole := read(bytes.NewReader(data))
		all := bytes.SplitAfter(data, []byte("\n"))
		records := 0
		for _, line := range all {
			if line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")); len(line) > 0 && !isHeader(line) {
				records++
			}
		}
		if whole.err != nil || !whole.tally.Balanced() || whole.tally.Read != uint64(records) {
			t.Fatalf("%s of %d records, %v", whole.tally.String(), records, whole.err)
		}
		cut := int(at % uint(len(all)))
		var rest []byte
		for i, line := range all {
			if i >= cut || isHeader(line) {
				rest = append(rest, line...)
			}
		}
		first, second := read(bytes.NewReader(bytes.Join(all[:cut], nil))), read(bytes.NewReader(rest))
		if got := slices.Concat(first.seen, second.seen); !slices.Equal(got, whole.seen) {
			t.Fatalf("cut at line %d:\n%q\nwhole:\n%q", cut, got, whole.seen)
		}
	})
}

func TestNextAllocatesNothing(t *testing.T) {
	var o tallystick.Observation
	for _, log := range []string{connHeader + strings.Repeat(connLine, 300), dnsHeader + strings.Repeat(dnsLine, 300), httpHeader + strings.Repeat(httpLine, 300), strings.Repeat(connJSON, 300)} {
		r := New(lines.NewReader(strings.NewReader(log)))
		if err := r.Next(&o); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(200, func() {
			if err := r.Next(&o); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %g allocations a record", r.Format(), n)
		}
	}
}
