package tallystick

// maxHostName is the length of the longest host name (RFC 1035, 2.3.4).
const maxHostName = 253

// IsHostName reports whether s is a host name in the one spelling that a row may count it
// in: labels of 1 to 63 of a-z, 0-9, "-" and, as it occurs, "_", one dot between two (RFC 1035,
// 2.3.1; RFC 1123, 2.1). Else one name would be several members, with a dot at its end or a
// byte in it that no resolver answers for.
func IsHostName(s string) bool {
	label := 0 // length so far
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_':
			label++
		case c == '.' && label > 0:
			label = 0
		default:
			return false
		}
		if label > 63 {
			return false
		}
	}
	return label > 0 && len(s) <= maxHostName
}
