package zeek

import "bytes"

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
	high, low := nibble(v[2]), nibble(v[3])
	if high > 15 || low > 15 {
		return 0, 0
	}
	return high<<4 | low, 4
}

// lower copies v into the buffer for names, its ASCII letters in lower case.
func (r *Reader) lower(v []byte) []byte {
	r.name = append(r.name[:0], v...)
	for i, c := range r.name {
		if 'A' <= c && c <= 'Z' {
			r.name[i] = c | 0x20
		}
	}
	return r.name
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

// hostname cuts user, port, brackets and final dot off the authority of a URI or a
// Host header (RFC 3986, section 3.2).
func hostname(v []byte) []byte {
	v = v[bytes.LastIndexByte(v, '@')+1:]
	if rest, ok := bytes.CutPrefix(v, []byte("[")); ok {
		literal, _, _ := bytes.Cut(rest, []byte("]"))
		return literal
	}
	if name, after, ok := bytes.Cut(v, []byte(":")); ok && digits(after) {
		v = name
	}
	return bytes.TrimSuffix(v, []byte("."))
}

// splitURI returns the path of a request target without query and fragment and, when
// the target is absolute (RFC 9112, section 3.2.2), the authority before it.
func splitURI(v []byte) (authority, path []byte, absolute bool) {
	if i := bytes.IndexAny(v, "?#"); i >= 0 {
		v = v[:i]
	}
	scheme, rest, found := bytes.Cut(v, []byte("://"))
	if !found || !isScheme(scheme) {
		return nil, v, false
	}
	i := bytes.IndexByte(rest, '/')
	if i < 0 {
		return rest, nil, true
	}
	return rest[:i], rest[i:], true
}

func isScheme(v []byte) bool {
	for _, c := range v {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return len(v) > 0
}
