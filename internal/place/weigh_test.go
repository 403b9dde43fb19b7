package place

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// mmdb makes a file of one node, whose networks have the records at two offsets of data.
func mmdb(data string, left, right int) []byte {
	b := []byte{0, 0, 0, 0, 0, 0}
	for i, at := range []int{left, right} {
		n := binary.BigEndian.AppendUint32(nil, uint32(1+16+at))
		copy(b[3*i:], n[1:])
	}
	b = append(b, make([]byte, 16)...)
	b = append(b, data...)
	text := func(s string) string { return string(rune(0x40+len(s))) + s }
	b = append(b, "\xab\xcd\xefMaxMind.com\xe9"...)
	for _, s := range []string{
		text("node_count") + "\xc1\x01", text("record_size") + "\xa1\x18", text("ip_version") + "\xa1\x04",
		text("database_type") + text("made"), text("languages") + "\x00\x04", text("description") + "\xe0",
		text("binary_format_major_version") + "\xa1\x02", text("binary_format_minor_version") + "\xa0", text("build_epoch") + "\x01\x02\x01",
	} {
		b = append(b, s...)
	}
	return b
}

// TestHandMadeMMDB: the file that the test makes is one, with a country by a pointer.
func TestHandMadeMMDB(t *testing.T) {
	inside := "\xe1\x48iso_code\x42CZ"
	record := "\xe1\x47country\x20\x00"
	s, err := Read("made", 1, mmdb(inside+record, len(inside), len(inside)))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.steps.markOf(firstIPv4); got.place().Country != "CZ" {
		t.Errorf("%v", got)
	}
}

// TestNestedCountries: a country inside a country inside a country, each there twice, is not
// followed.
func TestNestedCountries(t *testing.T) {
	var b strings.Builder
	b.WriteString("\x42CZ")
	last := 0
	for range 60 {
		at := b.Len()
		pointer := string([]byte{0x20 | byte(last>>8), byte(last)})
		b.WriteString("\xe2\x48iso_code" + pointer + "\x48iso_code" + pointer)
		last = at
	}
	record := b.Len()
	b.WriteString("\xe1\x47country" + string([]byte{0x20 | byte(last>>8), byte(last)}))
	_, err := Read("made", 1, mmdb(b.String(), record, record))
	if err == nil || !strings.Contains(err.Error(), "no country") {
		t.Errorf("%v", err)
	}
}

// TestOverlappingRecords: what a file's records weigh together is bounded, however many
// there are, and by whatever way they hold the same bytes.
func TestOverlappingRecords(t *testing.T) {
	long := "\x5f\x00\xff\x00" + strings.Repeat("a", 65821+0xff00)
	for name, w := range map[string]weigher{
		"a string":             {data: []byte(long), left: 60000},
		"by a pointer":         {data: []byte("\x20\x02" + long), left: 60000},
		"a map of many":        {data: []byte("\xff\xff\xff\xff" + strings.Repeat("\x41a\x41b", 40000)), left: 60000},
		"a slice of many":      {data: []byte("\x1f\x04\xff\xff\xff" + strings.Repeat("\x41a", 40000)), left: 60000},
		"pointers to one":      {data: []byte("\x1e\x04\x00\x10" + strings.Repeat("\x23\x5a", 301) + strings.Repeat("\x00", 252) + "\x5e\x0f\x00" + strings.Repeat("a", 4125)), left: 100000},
		"through two pointers": {data: []byte("\x20\x02\x20\x04" + long), left: 60000},
	} {
		if err := w.take(0, 2); !errors.Is(err, errOverlapping) {
			t.Errorf("%s: %v, %d left", name, err, w.left)
		}
		w.left = 1 << 30
		if err := w.take(0, 2); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	looped := weigher{data: []byte("\xe1\x20\x00\x20\x00"), left: 1 << 20}
	if err := looped.take(0, 2); err != nil {
		t.Error(err)
	}
}

// FuzzWeigh: weighing ends, and never looks behind the end.
func FuzzWeigh(f *testing.F) {
	f.Add([]byte("\xe1\x47country\x20\x00"), 0)
	f.Add([]byte("\xff\xff\xff\xff"), 0)
	f.Add([]byte("\x3f\xff\xff\xff\xff"), 0)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		w := weigher{data: data, left: enough * len(data)}
		if err := w.take(at, 2); err != nil && !errors.Is(err, errOverlapping) {
			t.Error(err)
		}
	})
}
