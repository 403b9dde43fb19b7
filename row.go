package tallystick

import (
	"fmt"
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
	dst = r.Day().appendTo(append(dst, `{"day":"`...))
	dst = append(append(dst, `","class":"`...), r.Class.String()...)
	dst = append(append(dst, `","grade":"`...), r.Grade.String()...)
	dst = appendAddr(append(dst, `","perp":"`...), r.Perp)
	dst = appendAddr(append(dst, `","victim":"`...), r.Victim)
	dst = AppendEscaped(append(dst, `","perp_name":"`...), r.PerpName)
	dst = AppendEscaped(append(dst, `","victim_name":"`...), r.VictimName)
	dst = appendNumber(append(dst, `","perp_port":`...), uint64(r.PerpPort))
	dst = appendNumber(append(dst, `,"victim_port":`...), uint64(r.VictimPort))
	dst = appendAddr(append(dst, `,"via":"`...), r.Via)
	dst = AppendEscaped(append(dst, `","site":"`...), r.Site)
	dst = AppendEscaped(append(dst, `","path":"`...), r.Path)
	dst = AppendEscaped(append(dst, `","host_id":"`...), r.HostID)
	dst = AppendEscaped(append(dst, `","family":"`...), r.Family)
	dst = AppendEscaped(append(dst, `","rule":"`...), r.Rule)
	dst = AppendEscaped(append(dst, `","feed":"`...), r.Feed)
	dst = AppendEscaped(append(dst, `","indicator":"`...), r.Indicator)
	dst = AppendEscaped(append(dst, `","sensor":"`...), r.Sensor)
	dst = appendNumber(append(dst, `","flags":`...), uint64(r.Flags))
	dst = appendNumber(append(dst, `,"first":`...), uint64(r.First))
	dst = appendNumber(append(dst, `,"last":`...), uint64(r.Last))
	dst = appendNumber(append(dst, `,"records":`...), r.Records)
	dst = AppendEscaped(append(dst, `,"by":"`...), string(r.By))
	dst = AppendEscaped(append(dst, `","on":"`...), string(r.On))
	dst = appendNumber(append(dst, `","by_as":`...), uint64(r.ByAS))
	dst = appendNumber(append(dst, `,"on_as":`...), uint64(r.OnAS))
	dst = AppendEscaped(append(dst, `,"by_places":"`...), r.ByPlaces)
	dst = AppendEscaped(append(dst, `","on_places":"`...), r.OnPlaces)
	return append(dst, `"}`...)
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
