package tallystick

import (
	"fmt"
	"net/netip"
	"strconv"
	"unicode/utf8"
)

// MaxLine is the longest canonical row line in bytes.
const MaxLine = 4096

// RowSchema names the keys of a canonical line in their order, and so its version.
const RowSchema = "tally-row/v1 day class grade perp victim perp_name victim_name perp_port victim_port via site path host_id family rule feed indicator sensor flags first last records by on by_as on_as by_places on_places"

// AppendLine appends the canonical line of r (doc/formats/row.md): one JSON object,
// keys in the order of RowSchema, no white space, no line end. It does not bound the
// line; Fit does.
func (r *Row) AppendLine(dst []byte) []byte {
	dst = append(dst, `{"day":"`...)
	dst = r.Day().appendTo(dst)
	dst = append(dst, `","class":"`...)
	dst = append(dst, r.Class.String()...)
	dst = append(dst, `","grade":"`...)
	dst = append(dst, r.Grade.String()...)
	dst = append(dst, '"')
	dst = appendAddrKey(dst, "perp", r.Perp)
	dst = appendAddrKey(dst, "victim", r.Victim)
	dst = appendStringKey(dst, "perp_name", r.PerpName)
	dst = appendStringKey(dst, "victim_name", r.VictimName)
	dst = appendUintKey(dst, "perp_port", uint64(r.PerpPort))
	dst = appendUintKey(dst, "victim_port", uint64(r.VictimPort))
	dst = appendAddrKey(dst, "via", r.Via)
	dst = appendStringKey(dst, "site", r.Site)
	dst = appendStringKey(dst, "path", r.Path)
	dst = appendStringKey(dst, "host_id", r.HostID)
	dst = appendStringKey(dst, "family", r.Family)
	dst = appendStringKey(dst, "rule", r.Rule)
	dst = appendStringKey(dst, "feed", r.Feed)
	dst = appendStringKey(dst, "indicator", r.Indicator)
	dst = appendStringKey(dst, "sensor", r.Sensor)
	dst = appendUintKey(dst, "flags", uint64(r.Flags))
	dst = appendUintKey(dst, "first", uint64(r.First))
	dst = appendUintKey(dst, "last", uint64(r.Last))
	dst = appendUintKey(dst, "records", r.Records)
	dst = appendStringKey(dst, "by", string(r.By))
	dst = appendStringKey(dst, "on", string(r.On))
	dst = appendUintKey(dst, "by_as", uint64(r.ByAS))
	dst = appendUintKey(dst, "on_as", uint64(r.OnAS))
	dst = appendStringKey(dst, "by_places", r.ByPlaces)
	dst = appendStringKey(dst, "on_places", r.OnPlaces)
	return append(dst, '}')
}

func appendAddrKey(dst []byte, key string, a netip.Addr) []byte {
	dst = appendKey(dst, key)
	dst = append(dst, '"')
	if a.IsValid() {
		dst = a.AppendTo(dst)
	}
	return append(dst, '"')
}

func appendStringKey(dst []byte, key, s string) []byte {
	dst = appendKey(dst, key)
	dst = append(dst, '"')
	dst = AppendEscaped(dst, s)
	return append(dst, '"')
}

func appendUintKey(dst []byte, key string, n uint64) []byte {
	return strconv.AppendUint(appendKey(dst, key), n, 10)
}

func appendKey(dst []byte, key string) []byte {
	dst = append(dst, ',', '"')
	dst = append(dst, key...)
	return append(dst, '"', ':')
}

const upperHex = "0123456789ABCDEF"

// AppendEscaped appends s with every byte that is not printable ASCII, and `"`, `\`
// and `%`, written %XX, so that no JSON escape ever occurs.
func AppendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if plain(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

func plain(c byte) bool {
	return ' ' <= c && c <= '~' && c != '"' && c != '\\' && c != '%'
}

// Unescape is the inverse of AppendEscaped; it refuses every other spelling.
func Unescape(s string) (string, error) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case plain(c):
			b = append(b, c)
		case c == '%' && i+2 < len(s):
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil || s[i+1:i+3] != string([]byte{upperHex[n>>4], upperHex[n&15]}) || plain(byte(n)) {
				return "", fmt.Errorf("escape %q is not canonical", s[i:i+3])
			}
			b = append(b, byte(n))
			i += 2
		default:
			return "", fmt.Errorf("byte %#02x is not escaped", c)
		}
	}
	return string(b), nil
}

// Fit cuts the path of r until its line has at most MaxLine bytes, marking it
// FlagPathCut. It fails where that is not enough.
func (r *Row) Fit() error {
	for {
		over := len(r.AppendLine(nil)) - MaxLine
		if over <= 0 {
			return nil
		}
		if r.Path == "" {
			return fmt.Errorf("row of %d bytes: more than %d", over+MaxLine, MaxLine)
		}
		r.Flags |= FlagPathCut
		r.Path = cutEscaped(r.Path, over)
	}
}

// cutEscaped drops whole characters from the end of s until its escaped form is at
// least over bytes shorter, or nothing is left.
func cutEscaped(s string, over int) string {
	for over > 0 && s != "" {
		_, size := utf8.DecodeLastRuneInString(s)
		over -= len(AppendEscaped(nil, s[len(s)-size:]))
		s = s[:len(s)-size]
	}
	return s
}
