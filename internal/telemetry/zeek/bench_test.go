package zeek

import (
	"bytes"
	"io"
	"testing"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

const (
	connHeader = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\t" +
		"conn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n"
	connLine = "1517336042.279652\tCVvreZ2AGtqjnP3nnl\t240.168.88.2\t55638\t240.227.88.15\t443\ttcp\tssl\t0.069982\t61\t8111\t" +
		"SF\tT\tF\t0\tShADadfF\t11\t1089\t12\t9109\t(empty)\n"
	connJSON = `{"ts":1517336042.279652,"uid":"CVvreZ2AGtqjnP3nnl","id.orig_h":"240.168.88.2","id.orig_p":55638,` +
		`"id.resp_h":"240.227.88.15","id.resp_p":443,"proto":"tcp","service":"ssl","duration":0.069982,"orig_bytes":61,` +
		`"resp_bytes":8111,"conn_state":"SF","missed_bytes":0,"history":"ShADadfF","orig_pkts":11,"orig_ip_bytes":1089,` +
		`"resp_pkts":12,"resp_ip_bytes":9109}` + "\n"
	httpHeader = "#separator \\x09\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\t" +
		"trans_depth\tmethod\thost\turi\tstatus_code\n"
	httpLine = "1517336042.279652\tCVvreZ2AGtqjnP3nnl\t2001:db8::2\t55638\t2001:db8:7::15\t80\t" +
		"1\tGET\tWWW.example.net:80\t/a/path?with=query\t200\n"
	dnsHeader = "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t" +
		"query\trcode\tanswers\n"
	dnsLine = "1517336042.279652\tCVvreZ2AGtqjnP3nnl\t240.0.0.2\t55638\t240.7.0.15\t53\tudp\t" +
		"www.example.net\t0\tcdn.example.net,240.1.2.3,2001:db8::1\n"
)

func BenchmarkNext(b *testing.B) {
	const records = 10_000
	for _, bc := range []struct{ name, header, line string }{
		{"conn tsv", connHeader, connLine},
		{"conn json", "", connJSON},
		{"http tsv", httpHeader, httpLine},
		{"dns tsv", dnsHeader, dnsLine},
	} {
		data := append([]byte(bc.header), bytes.Repeat([]byte(bc.line), records)...)
		b.Run(bc.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			var o tallystick.Observation
			for b.Loop() {
				r := New(lines.NewReader(bytes.NewReader(data)))
				n := 0
				for ; ; n++ {
					if err := r.Next(&o); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
				if n != records {
					b.Fatal(n)
				}
			}
			b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
