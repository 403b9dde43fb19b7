package ingest

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/tallystick/tallystick/internal/intel"
)

// speedRecords is how many records a log of the benchmarks has.
const speedRecords = 1_000_000

// speedLog is a conn log in the default layout of Zeek, which gzip packs to a third, and real
// ones to between a third and a quarter. Every hundredth record contacts one of the servers of speedIntel, each client its own.
func speedLog(seed uint64) string {
	var b strings.Builder
	b.WriteString("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\t" +
		"local_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n")
	rnd := rand.New(rand.NewPCG(seed, 1))
	kinds := [...]string{ // protocol, service; sent, received, state; history
		"tcp\tssl\t%s\t1032\t%d\tSF\t-\t-\t0\tShADadFf\t11\t1616\t12\t6170\t-\n",
		"tcp\thttp\t%s\t517\t%d\tSF\t-\t-\t0\tShADadfF\t7\t889\t6\t4410\t-\n",
		"tcp\t-\t%s\t0\t%d\tRSTO\t-\t-\t0\tShADadR\t4\t172\t3\t160\t-\n",
		"udp\tdns\t%s\t43\t%d\tSF\t-\t-\t0\tDd\t1\t71\t1\t148\t-\n",
	}
	var uid [17]byte
	at := startDay.Start() * 1_000_000
	for i := range speedRecords {
		for j := range uid {
			uid[j] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[rnd.IntN(62)]
		}
		client, server := rnd.IntN(1<<12), rnd.IntN(1<<10)
		to := fmt.Sprintf("240.%d.%d.%d", 64+server%50, server%40, server%256)
		if i%100 == 0 {
			to = speedServer(client * 73)
		}
		at += rnd.Int64N(20_000)
		fmt.Fprintf(&b, "%d.%06d\tC%s\t240.1.%d.%d\t%d\t%s\t443\t", at/1_000_000, at%1_000_000, uid[:],
			client>>8, client&255, 1024+rnd.IntN(60_000), to)
		fmt.Fprintf(&b, kinds[rnd.IntN(len(kinds))], fmt.Sprintf("0.%06d", rnd.IntN(300_000)), 300+rnd.IntN(2000))
	}
	return b.String()
}

// speedServers of the indicators are addresses.
const speedServers, speedNames = 300_000, 1_000_000

func speedServer(i int) string { return fmt.Sprintf("240.%d.%d.%d", 128+i>>16, i>>8&255, i&255) }

// speedIntel holds 1.3 million indicators, names for the most part, as public lists do.
func speedIntel(b *testing.B) *intel.Set {
	var list bytes.Buffer
	for i := range speedServers {
		list.WriteString(speedServer(i) + "\n")
	}
	for i := range speedNames {
		list.WriteString("host-" + strconv.Itoa(i) + ".example\n")
	}
	l := intel.NewLoader()
	if err := l.Load("trails/static/malware/zeus.txt", &list, intel.Hint{}); err != nil {
		b.Fatal(err)
	}
	s, err := l.Compile()
	if err != nil || s.Len() != speedServers+speedNames {
		b.Fatal(s.Len(), err)
	}
	return s
}

// ingested runs one ingest of the sources, by two workers, into a ledger that already keeps the
// indicators, and returns how long it took.
func ingested(b *testing.B, known *intel.Set, sources ...Source) time.Duration {
	b.StopTimer()
	w := newWorld(b)
	w.BatchRows, w.Intel = 0, known
	w.must(src("other.log", backbone, connLog(1, 0)))
	runtime.GC() // what was made to prepare
	b.StartTimer()
	begin := time.Now()
	w.must(sources...)
	return time.Since(begin)
}

// The benchmarks print the rates of their fastest run, which others on the machine have
// disturbed least.
const unmeasured = time.Duration(math.MaxInt64)

// BenchmarkIngest reads plain conn logs of which 1 % match 1.3 million indicators.
func BenchmarkIngest(b *testing.B) {
	known := speedIntel(b)
	logs := []string{speedLog(1), speedLog(2)}
	for files := range logs {
		b.Run(fmt.Sprintf("files=%d", files+1), func(b *testing.B) {
			var sources []Source
			size := 0
			for i, log := range logs[:files+1] {
				sources = append(sources, src(fmt.Sprintf("conn-%d.log", i), backbone, log))
				size += len(log)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			fastest := unmeasured
			for b.Loop() {
				fastest = min(fastest, ingested(b, known, sources...))
			}
			b.ReportMetric(float64(len(sources)*speedRecords)/fastest.Seconds(), "records/s")
		})
	}
}

// BenchmarkIngestPacked reads one compressed conn log. of-inflating is its rate as a part of that
// of only decompressing the same bytes, read as from a file, on one core; measured in turns.
// What is decompressed is read into a buffer, as by everybody who uses it: io.Copy would have
// the decompressor show it in place, and save a copy (WriterTo).
func BenchmarkIngestPacked(b *testing.B) {
	known := speedIntel(b)
	log := speedLog(1)
	for _, bc := range []struct {
		name string
		pack func(string) string
		open func(io.Reader) (io.Reader, error)
	}{
		{"gzip", gzipped, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{"zstd", zstandard, func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) }},
	} {
		packed := bc.pack(log)
		b.Run(bc.name, func(b *testing.B) {
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			floor, fastest := unmeasured, unmeasured
			for b.Loop() {
				b.StopTimer()
				begin := time.Now()
				r, err := bc.open(struct{ io.Reader }{strings.NewReader(packed)})
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, struct{ io.Reader }{r}); err != nil || n != int64(len(log)) {
					b.Fatal(n, err)
				}
				floor = min(floor, time.Since(begin))
				b.StartTimer()
				fastest = min(fastest, ingested(b, known, src("conn.log", backbone, packed)))
			}
			b.ReportMetric(speedRecords/fastest.Seconds(), "records/s")
			b.ReportMetric(floor.Seconds()/fastest.Seconds(), "of-inflating")
		})
	}
}
