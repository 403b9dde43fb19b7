package intel

import (
	"bufio"
	"errors"
	"io"
	"strconv"

	"github.com/tallystick/tallystick"
)

// listingHead is the first line of a listing. Below it stands one indicator a line, in
// canonical order, of the columns kind, class or "veto", roles joined by "+", family,
// feed, confidence, from, to, "exact", value, parted by tabs; "-" is empty. Text is
// escaped as in rows.
const listingHead = "tallystick-intel/v1"

// WriteTo writes the canonical listing: the same indicators give the same bytes,
// however and from whichever folders they were loaded.
func (s *Set) WriteTo(w io.Writer) (int64, error) {
	bw := bufio.NewWriterSize(w, 64<<10)
	total, err := bw.WriteString(listingHead + "\n")
	var line []byte
	for _, i := range s.indicators {
		if err != nil {
			break
		}
		line = i.appendLine(line[:0])
		var n int
		n, err = bw.Write(line)
		total += n
	}
	return int64(total), errors.Join(err, bw.Flush())
}

func (i *Indicator) appendLine(b []byte) []byte {
	class := i.Class.String()
	if i.Veto {
		class = "veto"
	}
	b = appendColumn(b, i.Kind.String())
	b = appendColumn(b, class)
	b = appendColumn(b, i.Role.String())
	b = appendColumn(b, i.Family)
	b = appendColumn(b, i.Feed)
	b = append(strconv.AppendUint(b, uint64(i.Confidence), 10), '\t')
	b = append(strconv.AppendInt(b, int64(i.From), 10), '\t')
	b = append(strconv.AppendInt(b, int64(i.To), 10), '\t')
	exact := ""
	if i.Exact {
		exact = "exact"
	}
	b = appendColumn(b, exact)
	return append(tallystick.AppendEscaped(b, i.Value), '\n')
}

func appendColumn(b []byte, s string) []byte {
	switch s {
	case "":
		b = append(b, '-')
	case "-":
		b = append(b, "%2D"...)
	default:
		b = tallystick.AppendEscaped(b, s)
	}
	return append(b, '\t')
}
