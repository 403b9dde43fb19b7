package telemetry

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tallystick/tallystick"
)

const zeekLog = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
	"#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n" +
	"1.5\t240.0.0.1\t1\t240.0.0.2\t2\tudp\n" +
	"2.5\t240.0.0.1\t1\t240.0.0.2\t2\tudp\n" +
	"x\t240.0.0.1\t1\t240.0.0.2\t2\tudp\n"

// observations copies what f yields and returns the error that ended it, nil at the end.
func observations(f *File) (seen []tallystick.Observation, skipped []*tallystick.LineError, err error) {
	for {
		var o tallystick.Observation // a fresh one each time: its slices need not be copied …
		err := f.Next(&o)
		var bad *tallystick.LineError
		switch {
		case err == nil:
			seen = append(seen, deepCopy(o)) // … but those that point into the reader must
		case errors.As(err, &bad):
			skipped = append(skipped, bad)
		case err == io.EOF:
			return seen, skipped, nil
		default:
			return seen, skipped, err
		}
	}
}

func deepCopy(o tallystick.Observation) tallystick.Observation {
	v := reflect.ValueOf(&o).Elem()
	for i := range v.NumField() {
		if b, ok := v.Field(i).Interface().([]byte); ok {
			v.Field(i).SetBytes(bytes.Clone(b))
		}
	}
	return o
}

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		name string
		pack func(testing.TB, string) []byte
	}{
		{"plain", func(_ testing.TB, s string) []byte { return []byte(s) }},
		{"gzip", gzipped}, {"zstd", zstandard},
		{"gzip members", func(t testing.TB, s string) []byte { return append(gzipped(t, s[:200]), gzipped(t, s[200:])...) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			last := uint64(strings.Index(zeekLog, "x\t"))
			f, err := Open("a.log", bytes.NewReader(c.pack(t, zeekLog)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			seen, skipped, err := observations(f)
			if err != nil || len(seen) != 2 || len(skipped) != 1 {
				t.Fatalf("%d observations, %v, %v", len(seen), skipped, err)
			}
			if got := skipped[0].Error(); got != fmt.Sprintf(`a.log:9 (byte %d): time: "x"`, last) {
				t.Error(got)
			}
			if f.Format() != "zeek conn tsv" || f.End() != uint64(len(zeekLog)) || f.Sum() != sha256.Sum256([]byte(zeekLog)) || f.Unterminated() {
				t.Errorf("%s to %d, %x", f.Format(), f.End(), f.Sum())
			}
		})
	}
}

func TestFormats(t *testing.T) {
	for _, tc := range []struct{ name, head, format string }{
		{"conn.log", zeekLog[:strings.Index(zeekLog, "x\t")], "zeek conn tsv"},
		{"conn.json", `{"ts":1.5,"uid":"x","id.orig_h":"240.0.0.1","id.resp_h":"240.0.0.2","conn_state":"S0"}` + "\n", "zeek conn json"},
		{"eve.json", `{"timestamp":"2014-03-19T00:00:00.000000+0000","event_type":"flow","src_ip":"240.0.0.1","src_port":1,` +
			`"dest_ip":"240.0.0.2","dest_port":2,"proto":"TCP","flow":{"start":"2014-03-19T00:00:00.000000+0000"}}` + "\n", "suricata eve"},
		{"cowrie.json", `{"eventid":"cowrie.session.connect","src_ip":"240.0.0.1","src_port":1,"dst_ip":"240.0.0.2","dst_port":22,` +
			`"session":"x","timestamp":"2014-03-19T00:00:00.000000Z"}` + "\n", "cowrie json"},
		{"access.log", `240.0.0.1 - - [19/Mar/2014:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"` + "\n", "access log combined"},
		{"2014-03-19-event4_sinkhole.csv", `"timestamp","severity","protocol","src_ip","src_port","src_asn","src_geo","dst_ip","dst_port","infection"` + "\n" +
			`"2014-03-19 00:00:00","high","tcp","240.0.0.1","1","64496","","240.0.0.2","80","x"` + "\n", "shadowserver event4_sinkhole"},
		{"empty", "", "empty"},
		{"blank", "\n \r\n", "empty"},
	} {
		f, err := Open(tc.name, strings.NewReader(tc.head), Options{Zone: time.UTC})
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		seen, skipped, err := observations(f)
		if f.Format() != tc.format || err != nil || len(skipped) > 0 || len(seen) == 0 && tc.format != "empty" {
			t.Errorf("%s: %s, %d observations, %v, %v; want %s", tc.name, f.Format(), len(seen), skipped, err, tc.format)
		}
		if f.End() != uint64(len(tc.head)) {
			t.Errorf("%s ends at %d", tc.name, f.End())
		}
	}
}

// TestByteOrderMark: before a file of any format it changes nothing but the offsets, which
// are those of the file.
func TestByteOrderMark(t *testing.T) {
	for _, seed := range seeds(t) {
		plain, errPlain := Open("x", strings.NewReader(seed), Options{})
		marked, errMarked := Open("x", strings.NewReader("\ufeff"+seed), Options{})
		if packed := seed != "" && seed[0] == 0x1f || strings.HasPrefix(seed, "\x28\xb5"); packed {
			continue // a mark before compressed bytes is damage
		}
		if errPlain != nil || errMarked != nil {
			t.Fatal(errPlain, errMarked)
		}
		want, skipped, err := observations(plain)
		got, skippedToo, errToo := observations(marked)
		for i := range want {
			want[i].At.Offset += 3
		}
		if err != nil || errToo != nil || !reflect.DeepEqual(got, want) || len(skipped) != len(skippedToo) || marked.Format() != plain.Format() {
			t.Errorf("%.40q: %s, %+v, want %s, %+v", seed, marked.Format(), got, plain.Format(), want)
		}
		if marked.End() != uint64(3+len(seed)) || marked.Sum() != sha256.Sum256([]byte("\ufeff"+seed)) {
			t.Errorf("%.40q: ends at %d", seed, marked.End())
		}
		plain.Close()
		marked.Close()
	}
}

func TestUnknown(t *testing.T) {
	for _, tc := range []struct{ head, why string }{
		{"<!DOCTYPE html><html>", "HTML"}, {"\n<html>", "HTML"},
		{"PK\x03\x04abc", "zip"}, {"BZh91AY", "bzip2"}, {"\x00\x01\x02", "binary"},
		{`{"a":1}`, "JSON"}, {"Lorem ipsum", `"Lorem ipsum"`},
		{strings.Repeat(" ", 2*headSize), "no format"},
	} {
		_, err := Open("the-name", strings.NewReader(tc.head), Options{})
		if !errors.Is(err, ErrUnknown) || !strings.HasPrefix(err.Error(), "the-name: ") || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%.20q: %v", tc.head, err)
		}
	}
}

// TestDamage cuts a compressed log at every byte: what was whole is used, then comes an
// error that names the file, never a silent end.
func TestDamage(t *testing.T) {
	log := zeekLog[:strings.Index(zeekLog, "1.5")]
	for i := range 30 {
		log += fmt.Sprintf("%d.5\t240.0.%d.%d\t%d\t240.0.0.2\t2\tudp\n", i, i*7%256, i*13%256, i*11)
	}
	for _, pack := range []func(testing.TB, string) []byte{gzipped, zstandard} {
		packed := pack(t, log)
		before := 0
		for cut := 1; cut < len(packed); cut++ {
			f, err := Open("cut.log", bytes.NewReader(packed[:cut]), Options{})
			var seen []tallystick.Observation
			if err == nil {
				seen, _, err = observations(f)
				f.Close()
			}
			if err == nil || !strings.HasPrefix(err.Error(), "cut.log: ") {
				t.Fatalf("cut at %d: %d observations, error %v", cut, len(seen), err)
			}
			if len(seen) < before {
				t.Fatalf("cut at %d: %d observations, %d with a byte less", cut, len(seen), before)
			}
			before = len(seen)
		}
		if f, err := Open("whole.log", bytes.NewReader(packed), Options{}); err != nil {
			t.Fatal(err)
		} else if seen, _, err := observations(f); err != nil || len(seen) != 30 {
			t.Fatalf("%d observations, %v", len(seen), err)
		}
	}
}

func TestSourceError(t *testing.T) {
	broken := errors.New("broken")
	if _, err := Open("a.log", iotest.ErrReader(broken), Options{}); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "a.log: ") {
		t.Error(err)
	}
	f, err := Open("a.log", io.MultiReader(strings.NewReader(zeekLog+"3.5\t240"), iotest.ErrReader(broken)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen, _, err := observations(f)
	if len(seen) != 2 || !errors.Is(err, broken) || f.End() != uint64(len(zeekLog)) {
		t.Fatalf("%d observations to byte %d, %v", len(seen), f.End(), err)
	}
}

func TestAnyBytes(t *testing.T) {
	for _, seed := range seeds(t) {
		anyBytes(t, []byte(seed), 1)
	}
}

// FuzzOpen feeds any bytes to whatever reader takes them: no panic, every record lies behind
// the one before, and the file is read to its end.
func FuzzOpen(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add([]byte(seed), uint8(1))
	}
	f.Fuzz(anyBytes)
}

func seeds(t testing.TB) []string {
	long := zeekLog + "4.5\t240.0.0.1\t1\t240.0.0.2\t2\tudp"
	return []string{
		zeekLog, long, "", string(gzipped(t, zeekLog)), string(zstandard(t, zeekLog)),
		`{"timestamp":"2014-03-19T00:00:00.000000+0000","event_type":"flow","src_ip":"240.0.0.1","dest_ip":"240.0.0.2","proto":"TCP"}` + "\n{\n",
		`{"eventid":"cowrie.session.connect","src_ip":"240.0.0.1","timestamp":"2014-03-19T00:00:00.000000Z"}` + "\nx\n",
		`240.0.0.1 - - [19/Mar/2014:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"` + "\n\n-\n",
		`"timestamp","src_ip","src_port","src_asn","src_geo","dst_ip","dst_port","infection"` + "\n" + `"2014-03-19 00:00:00","240.0.0.1","1","64496","","240.0.0.2","80","x"` + "\n",
	}
}

func anyBytes(t *testing.T, data []byte, repeat uint8) {
	data = bytes.Repeat(data, int(repeat%4)+1)
	f, err := Open("x", bytes.NewReader(data), Options{Zone: time.UTC, Limit: Limit{Output: 1 << 20, Ratio: 10}})
	if err != nil {
		return
	}
	defer f.Close()
	seen, _, err := observations(f)
	plain, _ := Decompress("x", bytes.NewReader(data), Limit{})
	all, readErr := io.ReadAll(plain)
	if err == nil && readErr == nil && (f.End() != uint64(len(all)) || f.Sum() != sha256.Sum256(all)) {
		t.Fatalf("ends at %d of %d", f.End(), len(all))
	}
	last := uint64(0)
	for _, o := range seen {
		if o.At.Offset < last || o.At.Offset >= f.End() || o.At.Line == 0 || o.Record == 0 || o.Start < 0 {
			t.Fatalf("%+v behind byte %d", o, last)
		}
		last = o.At.Offset
	}
}

// TestRealFiles opens every log of the collection of real data that its README counts.
func TestRealFiles(t *testing.T) {
	root := os.Getenv("TALLYSTICK_DATA")
	if root == "" {
		t.Skip("TALLYSTICK_DATA is unset: no real logs")
	}
	for _, tc := range []struct {
		name, format string
		read         int
		err          error
	}{
		{"zeek/simda/conn.log", "zeek conn tsv", 992, nil},
		{"zeek/rita/valid_tsv/http.log.gz", "zeek http tsv", 27204, nil},
		{"zeek/zed/dns.json.gz", "zeek dns json", 53615, nil},
		{"zeek/zat/http.log.corrupt.gz", "zeek http tsv", 150, io.ErrUnexpectedEOF},
		{"zeek/rita/text_file/conn.log", "", 0, ErrUnknown},
		{"zeek/rita/truncated/conn_top.log", "", 0, ErrUnknown},
		{"eve/slips-test6.eve.json", "suricata eve", 5000, nil},
		{"weblog/apache_combined.log", "access log combined", 10000, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src, err := os.Open(filepath.Join(root, tc.name))
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			f, err := Open(tc.name, src, Options{})
			if err != nil {
				if !errors.Is(err, tc.err) {
					t.Error(err)
				}
				return
			}
			defer f.Close()
			seen, skipped, err := observations(f)
			if read := len(seen) + len(skipped); !errors.Is(err, tc.err) || f.Format() != tc.format || read != tc.read {
				t.Errorf("%s: %d, %v", f.Format(), read, err)
			}
		})
	}
}
