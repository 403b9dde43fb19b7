package place

import "errors"

// weigher bounds what decoding the records of an MMDB may cost. Records of a sound file lie
// side by side and share what is common by pointers; those of a hostile one may be one inside
// another, each as long as the file, and be decoded once for every network.
type weigher struct {
	data []byte // the section of records
	left int    // bytes and values that may yet be read
}

// enough is how many times the bytes of a file its records may weigh together.
const enough = 16

var errOverlapping = errors.New("its records are one inside another")

// Kinds of values (MaxMind DB file format 2.0).
const (
	kindPointer = 1
	kindMap     = 7
	kindSlice   = 11
	kindBool    = 14
)

// take weighs the value at an offset, and those that its pointers lead to, through as many
// pointers as a reader of countries follows. What is cut off or malformed the decoder says.
func (w *weigher) take(at, pointers int) error {
	for values := 1; values > 0 && at >= 0 && at < len(w.data); values-- {
		kind, size, next := w.head(at)
		switch kind {
		case kindPointer:
			if pointers > 0 {
				if err := w.take(size, pointers-1); err != nil {
					return err
				}
			}
			size = 0
		case kindMap:
			values, size = values+2*size, 0
		case kindSlice:
			values, size = values+size, 0
		case kindBool:
			size = 0
		}
		if w.left -= 1 + size; w.left < 0 {
			return errOverlapping
		}
		at = next + size
	}
	return nil
}

// head reads the control bytes of a value: its kind, its size or, of a pointer, where it
// leads to, and where its bytes begin.
func (w *weigher) head(at int) (kind, size, next int) {
	b := int(w.data[at])
	kind, size, next = b>>5, b&0x1f, at+1
	if kind == kindPointer {
		n := size >> 3
		bases := [4]int{0, 2048, 526336, 0}
		high := b & 7
		if n == 3 {
			high = 0
		}
		return kind, w.number(high, next, n+1) + bases[n], next + n + 1
	}
	if kind == 0 {
		kind, next = 7+w.number(0, next, 1), next+1
	}
	if n := size - 28; n > 0 {
		size, next = []int{29, 285, 65821}[n-1]+w.number(0, next, n), next+n
	}
	return kind, size, next
}

// number appends n bytes to a number; those behind the end are 0.
func (w *weigher) number(high, at, n int) int {
	for i := range n {
		high <<= 8
		if at+i < len(w.data) {
			high |= int(w.data[at+i])
		}
	}
	return high
}
