package intel

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// readZeek reads a file of Zeek's intelligence framework (docs.zeek.org, Intelligence
// Framework): tab-separated, columns named by a "#fields" line, which may recur.
func (f *file) readZeek(r io.Reader) error {
	var columns []string
	return f.eachLine(r, func(line string) {
		fields := strings.Split(line, "\t")
		switch {
		case fields[0] == "#fields":
			columns = fields[1:]
		case line[0] == '#':
		default:
			f.addZeek(record{columns, fields})
		}
	})
}

// record is a line of a table with named columns.
type record struct{ columns, fields []string }

// get returns the first column of these names that is there, "" for none and for the
// feeds' spellings of nothing.
func (r record) get(names ...string) string {
	for _, name := range names {
		if n := slices.Index(r.columns, name); n >= 0 && n < len(r.fields) {
			return something(r.fields[n])
		}
	}
	return ""
}

func something(s string) string {
	switch s = strings.TrimSpace(s); s {
	case "-", "(empty)", "None", "null", "n/a", "N/A":
		return ""
	}
	return s
}

// addZeek takes one entry. Zeek's own word for it is no more than "seen": an entry of which
// neither its words nor the operator say what it means accuses nobody.
func (f *file) addZeek(r record) {
	text, kind := r.get("indicator"), strings.TrimPrefix(r.get("indicator_type"), "Intel::")
	i := Indicator{}
	i.Class, i.Role = meaning(r.get("meta.desc") + " " + r.get("meta.source"))
	switch told := i.Class != 0 || i.Role != 0 || !f.hint.silent(); {
	case kind != "ADDR" && kind != "SUBNET" && kind != "DOMAIN" && kind != "URL":
		f.skipType(i.Feed, kind)
	case !told:
		f.skip(i.Feed, reasonMeaning)
	case kind == "URL":
		f.addURL(text, i)
	default:
		f.add(text, i)
	}
}

// addURL adds a URL whose scheme may be missing.
func (f *file) addURL(text string, i Indicator) {
	if !hasScheme(refang(text)) {
		text = "http://" + text
	}
	f.add(text, i)
}

// maxTypes bounds how many types of unused entries are named.
const maxTypes = 60

// skipType counts an entry of a type that is not used, and names the type.
func (f *file) skipType(feed, kind string) {
	reason := reasonType
	if len(kind) > 0 && len(kind) <= 40 && strings.Trim(kind, typeBytes) == "" {
		reason = fmt.Sprintf("type %s", kind)
	}
	if t := f.tally(feed); len(t.Skipped) >= maxTypes && t.Skipped[reason] == 0 {
		reason = reasonType
	}
	f.skip(feed, reason)
}

const typeBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_|:. "
