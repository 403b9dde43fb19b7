package ingest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/place"
)

// startDay is the first day of the made-up logs.
const startDay = ts.Day(16148) // 2014-03-19

var (
	backbone = sensor("backbone", ts.RoleNetwork)
	web      = sensor("web", ts.RoleWebserver)
)

func sensor(name string, role ts.Role) *ts.Sensor {
	return &ts.Sensor{Name: name, Named: true, Role: role, Country: "CZ", AS: 64510,
		TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2001:db8::/32")}}
}

// renamed returns the sensor under another name.
func renamed(s *ts.Sensor, name string, named bool) *ts.Sensor {
	t := *s
	t.Name, t.Named = name, named
	return &t
}

// connLog is a Zeek conn log of n records, every third of which contacts a listed
// server; victims recur. seed shifts hosts and times.
func connLog(n, seed int) string {
	var b strings.Builder
	b.WriteString("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\n")
	for i := range n {
		at, host := startDay.Start()+int64((i+seed)%5)*40000+int64(i), (i*7+seed)%11
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "%d.5\tC%d\t240.1.0.%d\t%d\t240.0.1.1\t443\ttcp\t-\t1.0\t10\t20\tSF\tShAD\n", at, i, host, 40000+i)
		case 1:
			fmt.Fprintf(&b, "%d.5\tC%d\t192.168.1.%d\t%d\t240.0.2.2\t80\ttcp\t-\t-\t-\t-\tS0\tS\n", at, i, host, 40000+i)
		default:
			fmt.Fprintf(&b, "%d.5\tC%d\t2001:db8::%x\t%d\t240.5.0.1\t80\ttcp\t-\t1.0\t10\t20\tSF\tShAD\n", at, i, host, 40000+i)
		}
	}
	return b.String()
}

func dnsLog(n int) string {
	var b strings.Builder
	b.WriteString("#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\trcode_name\tanswers\n")
	for i := range n {
		name := "evil.example"
		if i%2 == 1 {
			name = "good.example"
		}
		fmt.Fprintf(&b, "%d.0\tD%d\t240.1.1.%d\t5353\t240.1.0.53\t53\tudp\t%s\tA\tNOERROR\t240.0.9.9\n", startDay.Start()+int64(i), i, i%5, name)
	}
	return b.String()
}

func accessLog(n int) string {
	var b strings.Builder
	for i := range n {
		at := time.Unix(startDay.Start()+int64(i)*600, 0).UTC().Format("02/Jan/2006:15:04:05 -0700")
		fmt.Fprintf(&b, "240.0.7.%d - - [%s] \"POST /up/shell-x.php HTTP/1.1\" %d 12 \"-\" \"curl\"\n", i%4, at, 200+i%2*204)
	}
	return b.String()
}

// eveLog has two alerts on every line.
func eveLog(n int) string {
	var b strings.Builder
	alert := func(i int) string {
		return fmt.Sprintf(`{"timestamp":"2014-03-19T00:%02d:00.000000+0000","flow_id":%d,"event_type":"alert","src_ip":"240.0.8.%d","src_port":%d,`+
			`"dest_ip":"240.1.2.1","dest_port":22,"proto":"TCP","alert":{"gid":1,"signature_id":%d,"category":"Attempted Administrator Privilege Gain"}}`,
			i%60, i+1, i%6, 30000+i, 1000+i%3)
	}
	for i := range n {
		b.WriteString(alert(2*i) + " " + alert(2*i+1) + "\n")
	}
	return b.String()
}

// httpLog has one record of too few columns and one of a bad time.
const httpLog = "#separator \\x09\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tstatus_code\n" +
	"1395187200.0\tH1\t240.1.3.1\t5000\t240.0.4.4\t80\tGET\twww.evil.example\t/a\t200\n" +
	"1395187201.0\tH2\n" +
	"soon\tH3\t240.1.3.1\t5000\t240.0.4.4\t80\tGET\twww.evil.example\t/a\t200\n" +
	"1395187202.0\tH4\t240.1.3.2\t5001\t240.0.4.4\t80\tGET\twww.evil.example\t/b\t404\n"

func madeIntel(t testing.TB, more ...string) *intel.Set {
	t.Helper()
	l := intel.NewLoader()
	files := map[string]string{
		"trails/static/malware/zeus.txt":          "240.0.1.1:443\nevil.example\n" + strings.Join(more, "\n") + "\n",
		"trails/static/malware/njrat.txt":         "240.0.2.2\n",
		"trails/static/malware/sinkhole_made.txt": "240.0.9.9\n",
		"trails/static/malicious/web_shells.txt":  "/shell-x.php\n",
	}
	for name, content := range files {
		if err := l.Load(name, strings.NewReader(content), intel.Hint{}); err != nil {
			t.Fatal(err)
		}
	}
	s, err := l.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func madeAtlas(t testing.TB) *place.Atlas {
	t.Helper()
	s, err := place.OpenFrom("made", startDay, src("", nil,
		"240.0.0.0,240.0.255.255,US,64500\n240.1.0.0,240.1.255.255,CN,64501\n2001:db8::,2001:db8::ffff,DE,64502\n").Open)
	if err != nil {
		t.Fatal(err)
	}
	a, err := place.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// src is a source of these bytes.
func src(name string, s *ts.Sensor, content string) Source {
	return Source{Name: name, Sensor: s, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// madeSources is one small file of every kind.
func madeSources() []Source {
	return []Source{
		src("conn.log", backbone, connLog(40, 0)),
		src("dns.log.gz", backbone, gzipped(dnsLog(9))),
		src("http.log", backbone, httpLog),
		src("access.log", web, accessLog(7)),
		src("eve.json.zst", backbone, zstandard(eveLog(6))),
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func zstandard(s string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(w.EncodeAll([]byte(s), nil))
}

// bench is a ledger in memory with what is needed to ingest into it.
type world struct {
	testing.TB
	fs *durabletest.FS
	Ingest
}

func options(fsys *durabletest.FS) ledger.Options {
	return ledger.Options{FS: fsys, Rand: rand.NewChaCha8([32]byte{1})}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, fs: durabletest.New(), Ingest: Ingest{
		Intel: madeIntel(t), Atlas: madeAtlas(t), Now: startDay + 400, Workers: 2, BatchRows: 1000}}
	var err error
	if w.Ledger, err = ledger.Create("/led", "ledger.example/test", options(w.fs)); err != nil {
		t.Fatal(err)
	}
	return w
}

// must runs an ingest that is expected to go well.
func (w *world) must(sources ...Source) *Result {
	w.Helper()
	r, err := w.Run(w.Context(), sources)
	if err != nil {
		w.Fatal(err)
	}
	for _, in := range r.Inputs {
		if in.Err != nil {
			w.Fatal(in.Err)
		}
	}
	return r
}
