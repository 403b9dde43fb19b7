package zeek

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

// openLog returns a file of the collection of real logs, decompressed, and skips the test
// where there is none.
func openLog(t *testing.T, name string) io.Reader {
	t.Helper()
	root := os.Getenv("TALLYSTICK_DATA")
	if root == "" {
		t.Skip("TALLYSTICK_DATA is unset: no real logs")
	}
	data, err := os.ReadFile(filepath.Join(root, "zeek", name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(name, ".gz") {
		return bytes.NewReader(data)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestRealLogs(t *testing.T) {
	const apt29 = "corelight-apt29/datasets/compound/apt29/"
	for _, tc := range []struct{ name, format, tally string }{
		{"simda/conn.log", "zeek conn tsv", "read 992, observed 992"},
		{"simda/dns.log", "zeek dns tsv", "read 992, observed 992"},
		{"simda/http.log", "zeek http tsv", "read 992, observed 992"},
		{"njrat/conn.log", "zeek conn tsv", "read 992, observed 992"},
		{"njrat/labeled-conn.log", "zeek conn tsv", "read 992, observed 992"},
		{"portscan/conn.log", "zeek conn json", "read 4504, observed 4504"},
		{"mixed-attacks/data/conn.log.labeled", "zeek conn tsv", "read 5663, observed 5663"},
		{"rita/has_unknown_field/http.log", "zeek http tsv", "read 5, observed 4, columns 1"},
		{"rita/truncated/conn.log", "zeek conn tsv", "read 59, observed 58, columns 1"},
		{"rita/truncated/conn_json.log", "zeek conn json", "read 4, observed 2, json 1, port 1"},
		{"rita/open_conns/open/open_conn.log", "zeek conn tsv", "read 59, observed 59"},
		{"rita/open_sni/open_conn.17_32_32-18_00_00.log.gz", "zeek conn tsv", "read 12, observed 12"},
		{"rita/open_sni/open_ssl.17_37_07-18_00_00.log.gz", "zeek ssl tsv", "read 2, observed 2"},
		{"rita/proxy/http.log", "zeek http tsv", "read 407, observed 407"},
		{"zat/conn.log", "zeek conn tsv", "read 360, observed 360"},
		{"zat/http_empty.log", "zeek", "read 0, observed 0"},
		{"zat/json/dns.log", "zeek dns json", "read 50, observed 50"},
		{"zat/json/x509.log", "zeek", "read 50, observed 0, unused zeek other 50"},
		{"zat/x509.log", "zeek", "read 13, observed 0, unused zeek x509 13"},
		{"zat/tor_ssl.log", "zeek ssl tsv", "read 733, observed 733"},
		{"zed/ssl.log.gz", "zeek ssl tsv", "read 49474, observed 49474"},
		{apt29 + "day1/zeek/combined_zeek.log", "zeek mixed json", "read 2140, observed 1106, unused zeek dce_rpc 123, unused zeek dpd 12, " +
			"unused zeek files 448, unused zeek kerberos 35, unused zeek notice 2, unused zeek pe 1, unused zeek smb_files 12, " +
			"unused zeek smb_mapping 11, unused zeek weird 12, unused zeek x509 378"},
		{apt29 + "day2/zeek/combined_zeek.log", "zeek mixed json", "read 5664, observed 2109, unused zeek capture_loss 8, " +
			"unused zeek dce_rpc 388, unused zeek files 33, unused zeek kerberos 86, unused zeek loaded_scripts 2880, " +
			"unused zeek notice 1, unused zeek packet_filter 6, unused zeek pe 1, unused zeek reporter 65, unused zeek smb_files 9, " +
			"unused zeek smb_mapping 23, unused zeek stats 17, unused zeek weird 26, unused zeek x509 12"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := lines.NewReader(openLog(t, tc.name))
			if !Sniff(src.Peek(64 << 10)) {
				t.Error("is not recognised")
			}
			res := read(openLog(t, tc.name))
			if res.format != tc.format || res.tally.String() != tc.tally || res.err != nil {
				t.Errorf("%s: %s, %v", res.format, res.tally.String(), res.err)
			}
		})
	}
}

// TestSameRows compares logs that hold the same rows as TSV and as JSON.
func TestSameRows(t *testing.T) {
	for _, tc := range []struct {
		tsv, json string
		rows      int
	}{
		{"rita/valid_tsv/http.log.gz", "rita/valid_json/http.log.gz", 27204},
		{"zed/dns.log.gz", "zed/dns.json.gz", 53615},
		{"rita/open_conns/open/open_conn.log", "rita/json_with_all_fields/open_conn.log", 59},
		{"rita/open_conns/open/ssl.log", "rita/json_with_all_fields/ssl.log", 10},
	} {
		t.Run(tc.tsv, func(t *testing.T) {
			tsv, json := read(openLog(t, tc.tsv)).seen, read(openLog(t, tc.json)).seen
			slices.Sort(tsv)
			slices.Sort(json)
			if len(tsv) != tc.rows || len(json) != tc.rows {
				t.Fatalf("%d and %d rows", len(tsv), len(json))
			}
			for i := range tsv {
				if tsv[i] != json[i] {
					t.Fatalf("TSV  %s\nJSON %s", tsv[i], json[i])
				}
			}
		})
	}
}

// TestSimdaQuestions counts what the collection's README counts of one infection.
func TestSimdaQuestions(t *testing.T) {
	r := New(lines.NewReader(openLog(t, "simda/dns.log")))
	var o tallystick.Observation
	netBIOS := 0
	for {
		if err := r.Next(&o); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if o.Resp.Port == 137 {
			if o.Facts&tallystick.FactBroadcast == 0 {
				t.Fatal("a NetBIOS question to a resolver")
			}
			netBIOS++
		}
	}
	if netBIOS != 281 {
		t.Errorf("%d NetBIOS questions", netBIOS)
	}
}

func TestCorruptGzip(t *testing.T) {
	res := read(openLog(t, "zat/http.log.corrupt.gz"))
	if !errors.Is(res.err, io.ErrUnexpectedEOF) || res.tally.String() != "read 150, observed 150" {
		t.Fatalf("%s, %v", res.tally.String(), res.err)
	}
}
