package field

import "bytes"

// AppendName appends a domain name to dst, in lower case and without its final dot.
func AppendName(dst, name []byte) []byte {
	return AppendLower(dst, bytes.TrimSuffix(name, []byte(".")))
}

// AppendHost appends the host of an authority to dst as AppendName does.
func AppendHost(dst, authority []byte) []byte { return AppendName(dst, Host(authority)) }

// Host returns the host of an authority (RFC 3986, section 3.2), or of a Host header:
// without user, port and brackets. An IPv6 address without brackets has no port.
func Host(authority []byte) []byte {
	s := authority[bytes.LastIndexByte(authority, '@')+1:]
	if len(s) > 0 && s[0] == '[' {
		if end := bytes.IndexByte(s, ']'); end > 0 {
			return s[1:end]
		}
	}
	if colon := bytes.IndexByte(s, ':'); colon >= 0 && bytes.IndexByte(s[colon+1:], ':') < 0 {
		return s[:colon]
	}
	return s
}

// Target cuts a request target other than CONNECT's (RFC 9112, section 3.2): the path
// without query and fragment and, when the target is an absolute URI, the authority
// before it. The path of such a one may be empty.
func Target(target []byte) (authority, path []byte, absolute bool) {
	if i := bytes.IndexAny(target, "?#"); i >= 0 {
		target = target[:i]
	}
	scheme, rest, found := bytes.Cut(target, []byte("://"))
	if !found || !isScheme(scheme) {
		return nil, target, false
	}
	if slash := bytes.IndexByte(rest, '/'); slash >= 0 {
		return rest[:slash], rest[slash:], true
	}
	return rest, nil, true
}

func isScheme(text []byte) bool {
	for _, c := range text {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return len(text) > 0
}
