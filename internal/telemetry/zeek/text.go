package zeek

import (
	"bytes"

	"github.com/tallystick/tallystick/internal/field"
)

// text returns a string value with Zeek's own escapes resolved; JSON has them for bytes
// that are not UTF-8.
func (r *Reader) text(rec *record, c column) []byte {
	v := rec.get(c)
	if bytes.IndexByte(v, '\\') < 0 {
		return v
	}
	from := len(r.scratch)
	r.scratch = unescape(r.scratch, v, !rec.json)
	return r.scratch[from:]
}

// unescape appends v to dst with the escapes of Zeek's ASCII writer resolved: \xNN
// and, when the writer doubles them, \\.
func unescape(dst, v []byte, doubled bool) []byte {
	for i := 0; i < len(v); i++ {
		if v[i] == '\\' {
			if doubled && i+1 < len(v) && v[i+1] == '\\' {
				i++
			} else if group, n := escaped(v[i:]); n > 0 {
				dst = append(dst, group)
				i += n - 1
				continue
			}
		}
		dst = append(dst, v[i])
	}
	return dst
}

// escaped reads \xNN at the start of v.
func escaped(v []byte) (c byte, length int) {
	if len(v) < 4 || v[1] != 'x' {
		return 0, 0
	}
	if c, ok := field.HexByte(v[2:]); ok {
		return c, 4
	}
	return 0, 0
}

// upper returns v with its ASCII letters in upper case, copied only when need be.
func upper(v []byte) []byte {
	for _, c := range v {
		if 'a' <= c && c <= 'z' {
			return bytes.ToUpper(v)
		}
	}
	return v
}
