package zeek

import (
	"bytes"
	"testing"
)

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
