package intel

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/tallystick/tallystick"
)

// maxDocument bounds a file that cannot be read line by line, in bytes.
const maxDocument = 512 << 20

var errTooLarge = errors.New("larger than 512 MiB")

// eachRecord calls do with every record of a CSV table (RFC 4180) but the header. The
// header is the line that isHeader knows; abuse.ch writes it as a comment. Other lines
// that begin with "#" are comments.
func (f *file) eachRecord(r io.Reader, isHeader func(columns []string) bool, do func(record)) error {
	limited := &io.LimitedReader{R: r, N: maxDocument}
	in := csv.NewReader(limited)
	in.FieldsPerRecord, in.LazyQuotes, in.TrimLeadingSpace, in.ReuseRecord = -1, true, true, true
	var columns []string
	for {
		fields, err := in.Read()
		switch {
		case errors.Is(err, io.EOF) && limited.N <= 0:
			return errTooLarge
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
			f.skip("", reasonForm)
			continue
		case err != nil:
			return err
		}
		if names := columnNames(fields); isHeader(names) {
			columns = names
		} else if !strings.HasPrefix(fields[0], "#") {
			do(record{columns, fields})
		}
	}
}

// columnNames spells the names of a header in one way: lower case, "_" for spaces.
func columnNames(fields []string) []string {
	names := make([]string, len(fields))
	for n, name := range fields {
		name = strings.Trim(name, "# \"")
		names[n] = strings.ReplaceAll(strings.ToLower(name), " ", "_")
	}
	return names
}

// splitCSV splits one line; nil where it is no CSV.
func splitCSV(line string) []string {
	in := csv.NewReader(strings.NewReader(line))
	in.LazyQuotes, in.TrimLeadingSpace = true, true
	fields, err := in.Read()
	if err != nil {
		return nil
	}
	return columnNames(fields)
}

// day reads the date that a time begins with, 0 for none.
func day(s string) tallystick.Day {
	if len(s) < len("2006-01-02") {
		return 0
	}
	d, err := tallystick.ParseDay(s[:len("2006-01-02")])
	if err != nil || d < 0 {
		return 0
	}
	return d
}

// dayAfter returns the day behind a time, 0 for none: the half-open end of a validity
// that includes it.
func dayAfter(s string) tallystick.Day {
	d := day(s)
	if d == 0 {
		return 0
	}
	return d + 1
}
