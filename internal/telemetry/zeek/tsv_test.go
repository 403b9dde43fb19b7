package zeek

import (
	"bytes"
	"testing"
)

// TestSplit divides lines of all lengths around those that are looked at at once.
func TestSplit(t *testing.T) {
	layout := make([]column, 3)
	for i := range layout {
		layout[i] = column(i)
	}
	for size := 2; size < 200; size++ {
		for first := range size - 1 {
			line := bytes.Repeat([]byte{'\t' + 1, '\t' | 0x80}, 100)[:size]
			line[first], line[size-1] = '\t', '\t'
			var rec record
			if !split(&rec, line, '\t', layout) {
				t.Fatalf("%q is not divided", line)
			}
			if rec.spans[0] != (span{0, uint32(first)}) || rec.spans[1] != (span{uint32(first + 1), uint32(size - 1)}) || len(rec.raw(2)) != 0 {
				t.Fatalf("%q: %v", line, rec.spans[:3])
			}
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("a\tb\t\tdefghijkl\tm"), byte('\t'), uint8(5))
	f.Add([]byte("\t\t\t\t\t\t\t\t\t"), byte('\t'), uint8(10))
	f.Fuzz(func(t *testing.T, line []byte, separator byte, n uint8) {
		layout := make([]column, n)
		for i := range layout {
			layout[i] = column(i & slotMask)
		}
		parts := bytes.Split(line, []byte{separator})
		var rec record
		if got := split(&rec, line, separator, layout); got != (len(parts) == len(layout)) {
			t.Fatalf("split %q at %q in %d: %v", line, separator, n, got)
		} else if !got {
			return
		}
		for i := max(0, len(parts)-slotMask-1); i < len(parts); i++ {
			if !bytes.Equal(rec.raw(column(i&slotMask)), parts[i]) {
				t.Fatalf("part %d of %q: %q", i, line, rec.raw(column(i&slotMask)))
			}
		}
	})
}
