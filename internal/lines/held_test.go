package lines

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestHeld: what is held is what was read there, from any line on to the last.
func TestHeld(t *testing.T) {
	text := strings.Repeat("one\ntwo\r\n\nthree", 4000)
	for name, src := range map[string]io.Reader{"at once": strings.NewReader(text), "in pieces": iotest.HalfReader(strings.NewReader(text))} {
		r := NewReader(src)
		held := 0
		for {
			if _, err := r.Next(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			for _, from := range []uint64{r.At().Offset, 0} {
				if b := r.Held(from); b != nil {
					held++
					if string(b) != text[from:r.End()] {
						t.Fatalf("%s: bytes %d to %d are held as %.40q", name, from, r.End(), b)
					}
				}
			}
			if r.Held(r.End()+1) != nil {
				t.Fatalf("%s: what is not read yet is held", name)
			}
		}
		if held < 4000 {
			t.Errorf("%s: held %d times only", name, held)
		}
	}
}
