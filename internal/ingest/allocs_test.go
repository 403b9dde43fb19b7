package ingest

import (
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/detect"
	"github.com/tallystick/tallystick/internal/telemetry"
)

// ordinary is a record of each kind that logs are full of, none of which is listed, and
// what stands above it.
var ordinary = []struct{ name, header, record string }{
	{"zeek conn", "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\tresp_pkts\n",
		"1395187200.123456\tCHhAvVGS1DHFjwGM9\t240.1.0.7\t49152\t2001:db8::7\t443\ttcp\tssl\t1.204311\t1032\t20411\tSF\tShADadFf\t11\t12"},
	{"zeek dns", "#separator \\x09\n#set_separator\t,\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\trcode_name\tanswers\n",
		"1395187200.1\tC1\t192.168.1.7\t49152\t240.9.9.53\t53\tudp\tWWW.host.example\tNOERROR\tcdn.example,240.9.0.1,240.9.0.2"},
	{"zeek http", "#separator \\x09\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\tmethod\thost\turi\tstatus_code\tresponse_body_len\n",
		"1395187200.1\tC1\t192.168.1.7\t49152\t240.9.9.80\t80\t1\tGET\tWWW.host.example:80\t/a/b.php?c=d\t200\t17"},
	{"zeek json", "", `{"_path":"conn","ts":1395187200.123456,"uid":"C1","id.orig_h":"240.1.0.7","id.orig_p":49152,"id.resp_h":"240.9.9.9","id.resp_p":443,` +
		`"proto":"tcp","duration":1.204311,"orig_bytes":1032,"resp_bytes":20411,"conn_state":"SF","history":"ShADadFf","orig_pkts":11,"resp_pkts":12}`},
	{"eve flow", "", `{"timestamp":"2014-03-19T00:00:09.000000+0000","flow_id":1,"event_type":"flow","src_ip":"192.168.1.7","src_port":49152,"dest_ip":"240.9.9.9",` +
		`"dest_port":443,"proto":"TCP","flow":{"pkts_toserver":9,"pkts_toclient":8,"bytes_toserver":900,"bytes_toclient":8000,"start":"2014-03-19T00:00:01.000000+0000",` +
		`"end":"2014-03-19T00:00:02.000000+0000","state":"closed"},"tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b"}}`},
	{"eve dns", "", `{"timestamp":"2014-03-19T00:00:09.000000+0000","event_type":"dns","src_ip":"192.168.1.7","src_port":49152,"dest_ip":"240.9.9.53","dest_port":53,"proto":"UDP",` +
		`"dns":{"version":2,"type":"answer","rrname":"www.host.example","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"www.host.example","rrtype":"A","ttl":60,"rdata":"240.9.0.1"}]}}`},
	{"eve http", "", `{"timestamp":"2014-03-19T00:00:09.000000+0000","event_type":"http","src_ip":"192.168.1.7","src_port":49152,"dest_ip":"240.9.9.80","dest_port":80,"proto":"TCP",` +
		`"http":{"hostname":"www.host.example","url":"\/a\/b.php?c=d","http_method":"GET","protocol":"HTTP\/1.1","status":200,"length":17}}`},
	{"access log", "", `240.8.0.1 - - [19/Mar/2014:00:00:09 +0100] "GET /a/b.php?c=d HTTP/1.1" 200 17 "http://www.host.example/" "Mozilla/5.0 (X11)" "240.8.0.2, 240.8.0.3"`},
	{"access log of objects", "", `{"time_iso8601":"2014-03-19T00:00:09+00:00","remote_addr":"240.8.0.1","request":"GET \/a\/b.php?c=d HTTP\/1.1","status":200,"http_host":"www.host.example"}`},
}

// TestNoAllocations: to read a record and to find that nothing in it is listed allocates
// nothing.
func TestNoAllocations(t *testing.T) {
	const warm, runs = 10, 100
	known := detect.New(madeIntel(t), web)
	for _, tc := range ordinary {
		log := tc.header + strings.Repeat(tc.record+"\n", warm+runs+2) // fits a block: nobody reads ahead meanwhile
		f, err := telemetry.Open("x.log", strings.NewReader(log), telemetry.Options{})
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		var o ts.Observation
		next := func() {
			if err := f.Next(&o); err != nil {
				t.Fatalf("%s: %v", tc.name, err)
			}
			known.Observe(&o, func(s ts.Sighting) { t.Fatalf("%s: %+v", tc.name, s) })
		}
		for range warm {
			next()
		}
		if n := testing.AllocsPerRun(runs, next); n != 0 {
			t.Errorf("%s: %v allocations a record", tc.name, n)
		}
		f.Close() // in memory: cannot fail
	}
}
