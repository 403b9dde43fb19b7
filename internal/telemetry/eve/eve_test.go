package eve

import (
	"errors"
	"fmt"
	"io"
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
	text := fmt.Sprintf("%d %d %v %v proto=%d facts=%d name=%s method=%s path=%s status=%d answers=%v rule=%s %s",
		o.Record, o.Start, o.Orig, o.Resp, o.Proto, o.Facts, o.Name, o.Method, o.Path, o.Status, o.Answers, o.Signature, o.Category)
	if o.SNI != nil {
		text += fmt.Sprintf(" sni=%s", o.SNI)
	}
	return text
}

// readAll reads data, records skipped as their reasons, and checks what every record
// must keep to.
func readAll(t *testing.T, data string, zone *time.Location) (shown []string) {
	t.Helper()
	r := New(lines.NewReader(strings.NewReader(data)), zone)
	var o tallystick.Observation
	for last := int64(-1); ; {
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
			if !o.Orig.Addr.IsValid() || !o.Resp.Addr.IsValid() || o.Start < 0 || o.Start >= field.EndOfTime || data[at.Offset] != '{' {
				t.Fatalf("observed %s", show(&o))
			}
		}
		if int64(at.Offset) <= last || at.Offset >= uint64(len(data)) || at.Line != uint64(1+strings.Count(data[:at.Offset], "\n")) {
			t.Fatalf("record at %+v after byte %d", at, last)
		}
		last = int64(at.Offset)
	}
}

func known(t *testing.T, reason string) {
	t.Helper()
	switch reason {
	case reasonColumns, reasonTime, reasonZone, reasonAddress, reasonPort, reasonJSON, lines.TooLong, reasonBinary:
		return
	}
	if kind, ok := strings.CutPrefix(reason, "unused "); !ok || unused([]byte(kind)) != reason {
		t.Fatalf("reason %q is not of the fixed set", reason)
	}
}

// head is what most events here begin with: 240.0.0.1:4000 to 240.0.0.2:80 at Unix time 1622987986.
func head(kind, proto string) string {
	return `{"timestamp":"2021-06-06T15:59:46.457984+0200","event_type":"` + kind + `","src_ip":"240.0.0.1","src_port":4000,` +
		`"dest_ip":"240.0.0.2","dest_port":80,"proto":"` + proto + `",`
}

// toPort is head over UDP with other ports.
func toPort(kind string, from, to int) string {
	s := strings.Replace(head(kind, "UDP"), "4000", fmt.Sprint(from), 1)
	return strings.Replace(s, `"dest_port":80`, fmt.Sprintf(`"dest_port":%d`, to), 1)
}

const (
	ends    = " 1622987986 {240.0.0.1 4000} {240.0.0.2 80}"
	swapped = " 1622987986 {240.0.0.2 80} {240.0.0.1 4000}"
)

// reply is the head of an alert on what 240.0.0.2:80 answered.
const reply = `{"timestamp":"2021-06-06T15:59:46.457984+0200","event_type":"alert","src_ip":"240.0.0.2","src_port":80,"dest_ip":"240.0.0.1","dest_port":4000,"proto":"TCP",`

var seeds = []struct{ name, object, want string }{
	{"flow, payload pushed", head("flow", "TCP") + `"flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toserver":400,"bytes_toclient":290,"start":"2021-06-06T13:59:40Z","state":"closed"},"tcp":{"tcp_flags_ts":"1b","tcp_flags_tc":"1b"}}`,
		"1 1622987980 {240.0.0.1 4000} {240.0.0.2 80} proto=6 facts=1 name= method= path= status=0 answers=[] rule= "},
	{"flow, payload by bytes", head("flow", "TCP") + `"flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toclient":297,"state":"established"}}`,
		"1" + ends + " proto=6 facts=1 name= method= path= status=0 answers=[] rule= "},
	{"flow, headers only", head("flow", "TCP") + `"flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toclient":296,"state":"established"}}`,
		"1" + ends + " proto=6 facts=0 name= method= path= status=0 answers=[] rule= "},
	{"flow, refused", head("flow", "TCP") + `"flow":{"pkts_toserver":1,"pkts_toclient":1,"bytes_toclient":60,"state":"closed"},"tcp":{"tcp_flags_ts":"02","tcp_flags_tc":"14"}}`,
		"1" + ends + " proto=6 facts=2 name= method= path= status=0 answers=[] rule= "},
	{"flow, half open", head("flow", "TCP") + `"flow":{"pkts_toserver":3,"pkts_toclient":2,"bytes_toclient":120,"state":"new"}}`,
		"1" + ends + " proto=6 facts=2 name= method= path= status=0 answers=[] rule= "},
	{"flow, UDP without reply", head("flow", "UDP") + `"flow":{"pkts_toserver":3,"pkts_toclient":0,"bytes_toclient":0,"state":"new"}}`,
		"1" + ends + " proto=17 facts=2 name= method= path= status=0 answers=[] rule= "},
	{"flow, UDP with reply", head("flow", "UDP") + `"flow":{"pkts_toserver":3,"pkts_toclient":1,"bytes_toclient":60}}`,
		"1" + ends + " proto=17 facts=1 name= method= path= status=0 answers=[] rule= "},
	{"flow, backscatter", head("flow", "TCP") + `"flow":{"pkts_toserver":0,"pkts_toclient":1,"bytes_toclient":60,"state":"new"},"tcp":{"tcp_flags_ts":"00","tcp_flags_tc":"12"}}`,
		"1" + ends + " proto=6 facts=130 name= method= path= status=0 answers=[] rule= "},
	{"flow, half a conversation", head("flow", "UDP") + `"flow":{"pkts_toserver":0,"pkts_toclient":2,"bytes_toclient":300}}`,
		"1" + ends + " proto=17 facts=129 name= method= path= status=0 answers=[] rule= "},
	{"flow, packets to the server not counted", head("flow", "UDP") + `"flow":{"pkts_toclient":2,"bytes_toclient":300}}`,
		"1" + ends + " proto=17 facts=1 name= method= path= status=0 answers=[] rule= "},
	{"flow without its part", head("flow", "TCP") + `"x":1}`, reasonColumns},
	{"alert", head("alert", "TCP") + `"alert":{"gid":1,"signature_id":2001219,"signature":"x","category":"Misc \"Attack\""},"flow":{"pkts_toserver":1,"pkts_toclient":0,"bytes_toclient":0,"start":"2021-06-06T15:59:40.1+0200"}}`,
		"5 1622987980 {240.0.0.1 4000} {240.0.0.2 80} proto=6 facts=2 name= method= path= status=0 answers=[] rule=1:2001219 Misc \"Attack\""},
	{"alert on a reply, by direction", head("alert", "TCP") + `"direction":"to_client","alert":{"gid":1,"signature_id":7,"category":"c"}}`,
		"5" + swapped + " proto=6 facts=34 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert on a reply, by flow", head("alert", "TCP") + `"alert":{"gid":1,"signature_id":7,"category":"c"},"flow":{"src_ip":"240.0.0.2","src_port":80,"dest_ip":"240.0.0.1","dest_port":4000}}`,
		"5" + swapped + " proto=6 facts=34 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert on a reply that nothing tells", reply + `"alert":{"gid":1,"signature_id":7,"category":"c"},"flow":{"pkts_toserver":4,"pkts_toclient":4,"bytes_toclient":999}}`,
		"5" + swapped + " proto=6 facts=3 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert on a reply, by the rule's target", reply + `"alert":{"gid":1,"signature_id":7,"category":"c","source":{"ip":"240.0.0.1","port":4000},"target":{"ip":"240.0.0.2","port":80}},"flow":{"pkts_toserver":4,"pkts_toclient":4,"bytes_toclient":999}}`,
		"5" + ends + " proto=6 facts=33 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert on whoever began the flow", head("alert", "TCP") + `"direction":"to_server","alert":{"gid":1,"signature_id":7,"category":"c","target":{"ip":"240.0.0.1"}},"flow":{"pkts_toserver":4,"pkts_toclient":4,"bytes_toclient":999}}`,
		"5" + ends + " proto=6 facts=3 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert between two clients' ports", strings.Replace(head("alert", "TCP"), `"dest_port":80`, `"dest_port":8080`, 1) + `"alert":{"gid":1,"signature_id":7,"category":"c"},"flow":{"pkts_toserver":4,"pkts_toclient":4,"bytes_toclient":999}}`,
		"5 1622987986 {240.0.0.1 4000} {240.0.0.2 8080} proto=6 facts=3 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert between them, by its target", strings.Replace(head("alert", "TCP"), `"dest_port":80`, `"dest_port":8080`, 1) + `"alert":{"gid":1,"signature_id":7,"category":"c","target":{"ip":"240.0.0.2"}},"flow":{"pkts_toserver":4,"pkts_toclient":4,"bytes_toclient":999}}`,
		"5 1622987986 {240.0.0.1 4000} {240.0.0.2 8080} proto=6 facts=1 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert between them, unanswered", strings.Replace(head("alert", "TCP"), `"dest_port":80`, `"dest_port":8080`, 1) + `"alert":{"gid":1,"signature_id":7,"category":"c"},"tcp":{"tcp_flags_ts":"12","tcp_flags_tc":"12"},"flow":{"pkts_toserver":4,"pkts_toclient":0}}`,
		"5 1622987986 {240.0.0.1 4000} {240.0.0.2 8080} proto=6 facts=2 name= method= path= status=0 answers=[] rule=1:7 c"},
	{"alert with the flow", head("alert", "TCP") + `"direction":"to_server","alert":{"gid":1,"signature_id":7},"flow":{"src_ip":"240.0.0.1","src_port":4000,"pkts_toserver":2,"pkts_toclient":1,"bytes_toclient":60}}`,
		"5" + ends + " proto=6 facts=0 name= method= path= status=0 answers=[] rule=1:7 "},
	{"alert in decrypted traffic", head("alert", "TCP") + `"alert":{"gid":1,"signature_id":7,"category":"c"},"http":{"hostname":"C2.example:443","url":"/gate?x","http_method":"POST","status":200},"tls":{"subject":"x","sni":"Front.Example"},"flow":{"pkts_toserver":2,"pkts_toclient":1,"bytes_toclient":60}}`,
		"5" + ends + " proto=6 facts=1 name=c2.example method=POST path=/gate status=200 answers=[] rule=1:7 c sni=front.example"},
	{"alert on TLS", head("alert", "TCP") + `"alert":{"gid":1,"signature_id":7,"category":"c"},"tls":{"sni":"C2.example"},"flow":{"pkts_toserver":2,"pkts_toclient":1,"bytes_toclient":60}}`,
		"5" + ends + " proto=6 facts=0 name=c2.example method= path= status=0 answers=[] rule=1:7 c"},
	{"http in decrypted traffic", head("http", "TCP") + `"tls":{"sni":"front.example"},"http":{"hostname":"c2.example","url":"/","http_method":"GET","status":200}}`,
		"3" + ends + " proto=6 facts=1 name=c2.example method=GET path=/ status=200 answers=[] rule=  sni=front.example"},
	{"dns query", toPort("dns", 4000, 53) + `"dns":{"type":"query","rrname":"WWW.Example.","rrtype":"A"}}`,
		"2 1622987986 {240.0.0.1 4000} {240.0.0.2 53} proto=17 facts=0 name=www.example method= path= status=0 answers=[] rule= "},
	{"dns answer 1, by packet", toPort("dns", 53, 4000) + `"dns":{"type":"answer","rcode":"NOERROR","rrname":"a.example","rrtype":"A","rdata":"240.0.0.9"}}`,
		"2 1622987986 {240.0.0.2 4000} {240.0.0.1 53} proto=17 facts=1 name=a.example method= path= status=0 answers=[240.0.0.9] rule= "},
	{"dns answer 2, by flow", toPort("dns", 4000, 53) + `"dns":{"version":2,"type":"answer","rcode":"NOERROR","rrname":"a.example","answers":[{"rrname":"a.example","rrtype":"CNAME","rdata":"b.example"},{"rrtype":"AAAA","rdata":"2001:db8::1"},{"rrtype":"A","rdata":"240.0.0.9"}],"grouped":{"A":["240.0.0.9"]}}}`,
		"2 1622987986 {240.0.0.1 4000} {240.0.0.2 53} proto=17 facts=1 name=a.example method= path= status=0 answers=[2001:db8::1 240.0.0.9] rule= "},
	{"dns answer 2, grouped", toPort("dns", 4000, 53) + `"dns":{"version":2,"type":"answer","rrname":"a.example","grouped":{"A":["240.0.0.9"],"CNAME":["240.0.0.8"]}}}`,
		"2 1622987986 {240.0.0.1 4000} {240.0.0.2 53} proto=17 facts=1 name=a.example method= path= status=0 answers=[240.0.0.9] rule= "},
	{"dns response 3", toPort("dns", 53, 4000) + `"dns":{"version":3,"type":"response","rcode":"NXDOMAIN","queries":[{"rrname":"a.example","rrtype":"A"}]}}`,
		"2 1622987986 {240.0.0.2 4000} {240.0.0.1 53} proto=17 facts=9 name=a.example method= path= status=0 answers=[] rule= "},
	{"netbios", toPort("dns", 137, 137) + `"dns":{"type":"query","rrname":"a.example"}}`,
		"2 1622987986 {240.0.0.1 137} {240.0.0.2 137} proto=17 facts=16 name=a.example method= path= status=0 answers=[] rule= "},
	{"dns to everybody", strings.Replace(toPort("dns", 4000, 53), "240.0.0.2", "255.255.255.255", 1) + `"dns":{"type":"query","rrname":"a.example"}}`,
		"2 1622987986 {240.0.0.1 4000} {255.255.255.255 53} proto=17 facts=16 name=a.example method= path= status=0 answers=[] rule= "},
	{"http", head("http", "TCP") + `"http":{"hostname":"A.example:80","url":"\/p?q","http_method":"GET","status":404}}`,
		"3" + ends + " proto=6 facts=1 name=a.example method=GET path=/p status=404 answers=[] rule= "},
	{"http without answer", head("http", "TCP") + `"http":{"hostname":"[2001:db8::5]:80","url":"/","http_method":"GET"}}`,
		"3" + ends + " proto=6 facts=0 name=2001:db8::5 method=GET path=/ status=0 answers=[] rule= "},
	{"http proxied", head("http", "TCP") + `"http":{"hostname":"proxy.example","url":"http://u@b.example:8080/p#q","http_method":"GET","status":200}}`,
		"3" + ends + " proto=6 facts=5 name=b.example method=GET path=/p status=200 answers=[] rule= "},
	{"http connect", head("http", "TCP") + `"http":{"hostname":"proxy.example","url":"b.example:443","http_method":"CONNECT","status":200}}`,
		"3" + ends + " proto=6 facts=5 name=b.example method=CONNECT path= status=200 answers=[] rule= "},
	{"http/2", head("http", "TCP") + `"http":{"version":"2","request_headers":[{"name":":method","value":"GET"},{"name":":authority","value":"A.example:443"},{"table_size_update":1},{"name":":authority"},7],"response_headers":[{"name":":status","value":"200"}],"http_method":"GET","url":"/p","status":200,"http2":{"stream_id":1,"request":{},"response":{}}}}`,
		"3" + ends + " proto=6 facts=1 name=a.example method=GET path=/p status=200 answers=[] rule= "},
	{"http/2 with a host beside", head("http", "TCP") + `"http":{"hostname":"b.example","version":"2","request_headers":[{"value":"a.example","name":":authority"},{"name":"host","value":"b.example"},{"name":":authority","value":"c.example"}],"url":"/"}}`,
		"3" + ends + " proto=6 facts=0 name=a.example method= path=/ status=0 answers=[] rule= "},
	{"http with its headers", head("http", "TCP") + `"http":{"hostname":"a.example","request_headers":[{"name":"Host","value":"a.example"}],"url":"/"}}`,
		"3" + ends + " proto=6 facts=0 name=a.example method= path=/ status=0 answers=[] rule= "},
	{"http with a URL in its query", head("http", "TCP") + `"http":{"hostname":"a.example","url":"/p?u=http://b.example/","http_method":"GET"}}`,
		"3" + ends + " proto=6 facts=0 name=a.example method=GET path=/p status=0 answers=[] rule= "},
	{"tls", head("tls", "TCP") + `"tls":{"sni":"A.Example","version":"TLS 1.3"}}`,
		"4" + ends + " proto=6 facts=1 name=a.example method= path= status=0 answers=[] rule= "},
	{"stats", `{"timestamp":"2021-06-06T15:59:46+0200","event_type":"stats","stats":{}}`, "unused stats"},
	{"new type", `{"timestamp":"2021-06-06T15:59:46+0200","event_type":"<b>"}`, "unused other"},
	{"no type", `{"timestamp":"2021-06-06T15:59:46+0200"}`, reasonColumns},
	{"address", strings.Replace(head("tls", "TCP"), "240.0.0.2", "host", 1) + `"tls":{}}`, reasonAddress},
	{"port", toPort("tls", 1, 65536) + `"tls":{}}`, reasonPort},
	{"time", strings.Replace(head("tls", "TCP"), "T15", "T25", 1) + `"tls":{}}`, reasonTime},
	{"no zone", strings.Replace(head("tls", "TCP"), "+0200", "", 1) + `"tls":{}}`, reasonZone},
	{"flow's time", head("flow", "TCP") + `"flow":{"start":"1969-12-31T23:59:59Z"}}`, reasonTime},
	{"not JSON", `{"event_type":x}`, reasonJSON},
	{"zero byte", "{\"event_type\":\"\x00\"}", reasonBinary},
}

func TestEvents(t *testing.T) {
	for _, tc := range seeds {
		t.Run(tc.name, func(t *testing.T) {
			if got := readAll(t, tc.object+"\r\n\n", nil); len(got) != 1 || got[0] != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestZone(t *testing.T) {
	object := strings.Replace(head("tls", "TCP"), "+0200", "", 1) + `"tls":{}}`
	got := readAll(t, object, time.FixedZone("", 2*3600))
	if len(got) != 1 || !strings.HasPrefix(got[0], "4"+ends) {
		t.Errorf("%q", got)
	}
}

func TestSplitFile(t *testing.T) {
	data := joined("\n")
	want := readAll(t, data, nil)
	for i := range data {
		if data[i] == '\n' {
			got := append(readAll(t, data[:i+1], nil), readAll(t, data[i+1:], nil)...)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("split at byte %d", i)
			}
		}
	}
}

// joined puts all seeds together, each followed by sep.
func joined(sep string) string {
	var b strings.Builder
	for _, s := range seeds {
		b.WriteString(s.object + sep)
	}
	return b.String()
}

func FuzzReader(f *testing.F) {
	for _, s := range seeds {
		f.Add(s.object)
	}
	f.Add(joined("\n"))
	f.Add("[" + joined(",") + "]")
	f.Add("[\n{\n \"a\": {\n \"b\": 1\n}\n},\n{\n\"c\n{}\n")
	f.Fuzz(func(t *testing.T, data string) {
		if got := readAll(t, data, nil); len(got) > len(data) {
			t.Fatalf("%d records of %d bytes", len(got), len(data))
		}
		Sniff([]byte(data))
	})
}

func TestSniff(t *testing.T) {
	for _, tc := range []struct {
		head string
		want bool
	}{
		{joined("\n"), true},
		{"[\n  " + pretty(seeds[0].object) + "\n]", true},
		{"[" + seeds[0].object + "," + seeds[1].object[:20], true},
		{"\ufeff" + seeds[0].object[:200], true},
		{`0,"event_type":"alert"}` + "\n" + seeds[0].object, true}, // the file began before its head
		{`{"eventid":"cowrie.login.failed","timestamp":"2017-11-15T00:00:06Z"}`, false},
		{`{"timestamp":1446249499322,"requests":{}}`, false},
		{"#fields\tts", false},
		{"", false},
	} {
		if got := Sniff([]byte(tc.head)); got != tc.want {
			t.Errorf("%.60q: %v", tc.head, got)
		}
	}
}
