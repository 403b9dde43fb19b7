package telemetry

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tallystick/tallystick"
)

// stop is where a File stood after a record.
type stop struct {
	offset    uint64 // of the record
	end       uint64 // of the line last read
	divisible bool
}

func stops(t *testing.T, f *File) (list []stop) {
	t.Helper()
	var o tallystick.Observation
	for {
		err := f.Next(&o)
		at := o.At.Offset
		var bad *tallystick.LineError
		if errors.As(err, &bad) {
			at = bad.Offset
		} else if err == io.EOF {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, stop{at, f.End(), f.Divisible()})
	}
}

func TestDivisible(t *testing.T) {
	const (
		event  = `{"timestamp":"2014-03-19T00:00:00.000000+0000","event_type":"tls"}`
		pretty = "{\n \"timestamp\": \"2014-03-19T00:00:00.000000+0000\",\n \"event_type\": \"tls\"\n}"
		header = "timestamp,src_ip,src_asn,src_geo\n"
		row    = "2014-03-19 00:00:00,240.0.0.1,64496,ZZ\n"
		open   = "2014-03-19 00:00:00,\"240.0.0.1\n"
	)
	for _, tc := range []struct {
		name, data, want string // y where it may be divided, n where not, a letter a record
	}{
		{"zeek", zeekLog, "yyy"},
		{"zeek, last line cut", zeekLog + "4", "yyyn"},
		{"eve", event + "\n" + event + "\n", "yy"},
		{"eve, unterminated", event + "\n" + event, "yn"},
		{"eve, several on a line", event + event + ", " + event + " ,\n" + event + "\n", "nnyy"},
		{"eve, pretty", pretty + "\n" + pretty + "\n", "yy"},
		{"eve, pretty array", "[" + pretty + ", " + pretty + ",\n" + pretty + "]\n", "nyy"},
		{"eve, cut object before another", event + "\n{\n" + event + "\n" + event + "\n", "ynyy"},
		{"shadowserver", header + row + row, "yy"},
		{"shadowserver, row over lines", header + "2014-03-19 00:00:00,240.0.0.1,\"64496\n\",ZZ\n" + row, "yy"},
		{"shadowserver, row never closed", header + open + row + row, "nyy"},
	} {
		f, err := Open(tc.name, strings.NewReader(tc.data), Options{})
		if err != nil {
			t.Fatal(tc.name, err)
		}
		got := ""
		for _, s := range stops(t, f) {
			got += map[bool]string{true: "y", false: "n"}[s.divisible]
		}
		if got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// FuzzDivisible feeds any bytes: a record begins on a line already read exactly where a
// File is not divisible, and what begins behind a border is read alike without what lies
// before it, if it is recognised at all.
func FuzzDivisible(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append(bytes.Clone(data), '\n')
		if isCompressed(data) {
			return // what it holds is fuzzed as it is
		}
		whole, err := Open("x", bytes.NewReader(data), Options{Zone: time.UTC, Limit: Limit{Output: 1 << 20, Ratio: 10}})
		if err != nil {
			return
		}
		defer whole.Close()
		list := stops(t, whole)
		for i, s := range list[:max(0, len(list)-1)] {
			if next := list[i+1].offset; s.divisible != (next >= s.end) {
				t.Fatalf("record %d of %q: divisible %v at byte %d, the next record is at %d", i, data, s.divisible, s.end, next)
			}
		}
		if whole.Format() == "suricata eve" {
			sameBehindBorders(t, data, list)
		}
	})
}

func isCompressed(data []byte) bool {
	r, err := decompress(bytes.NewReader(data), Limit{})
	_, compressed := r.(*inflater)
	return err == nil && compressed
}

// sameBehindBorders reads what lies behind each border alone; EVE needs no header.
func sameBehindBorders(t *testing.T, data []byte, list []stop) {
	for i, s := range list {
		if !s.divisible {
			continue
		}
		rest, err := Open("x", bytes.NewReader(data[s.end:]), Options{Zone: time.UTC})
		if err != nil || rest.Format() != "suricata eve" {
			continue
		}
		got := stops(t, rest)
		for k := range got {
			got[k].offset += s.end
			got[k].end += s.end
		}
		if !slices.Equal(got, list[i+1:]) {
			t.Fatalf("%q divided at byte %d: %v, want %v", data, s.end, got, list[i+1:])
		}
	}
}
