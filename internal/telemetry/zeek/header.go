package zeek

import (
	"bytes"
)

const (
	defaultUnset = "-"
	defaultEmpty = "(empty)"
	defaultSet   = ','
)

// header is what the lines that begin with # say of the TSV records below them.
type header struct {
	separator byte
	path      string
	layout    []column // of the fields, in their order; nil before #fields
	kind      kind
}

func (h *header) reset() { *h = header{separator: '\t'} }

// meta reads one line that begins with #. Lines that are not known are comments.
func (r *Reader) meta(line []byte) {
	name, value, _ := bytes.Cut(line, []byte{r.header.separator})
	if rest, ok := bytes.CutPrefix(line, []byte("#separator")); ok {
		name, value = line[:len(line)-len(rest)], bytes.TrimLeft(rest, " \t")
	}
	switch string(name) {
	case "#separator":
		r.begin(value)
	case "#set_separator":
		if len(value) == 1 {
			r.tsv.set = value[0]
		}
	case "#empty_field":
		r.tsv.empty = string(value)
	case "#unset_field":
		r.tsv.unset = string(value)
	case "#path":
		r.header.path = string(value)
		r.decide()
	case "#fields":
		r.fields(value)
	}
}

// begin starts a new header; a separator that is not one byte counts as a tab, on
// which the records then fail.
func (r *Reader) begin(separator []byte) {
	r.header.reset()
	r.tsv = record{unset: defaultUnset, empty: defaultEmpty, set: defaultSet}
	if s := unescape(nil, separator, true); len(s) == 1 {
		r.header.separator = s[0]
	}
}

// fields sets the columns from their names.
func (r *Reader) fields(names []byte) {
	layout := make([]column, 0, 32)
	r.tsv.has, r.tsv.spans, r.tsv.text = 0, [len(r.tsv.spans)]span{}, nil
	for name := range bytes.SplitSeq(names, []byte{r.header.separator}) {
		c := columnOf(name)
		layout = append(layout, c)
		r.tsv.has.add(c)
	}
	r.header.layout = layout
	r.decide()
}

func (r *Reader) decide() {
	r.header.kind = kindOf(r.header.path)
	if r.header.kind == kindUnknown {
		r.header.kind = kindBy(r.tsv.has)
	}
}

// bareHeader reports whether line holds the column names alone, as LogAscii::tsv
// writes them: no time begins with "ts".
func bareHeader(line []byte) bool { return bytes.HasPrefix(line, []byte("ts\t")) }

func (r *Reader) bare(line []byte) {
	r.begin([]byte("\t"))
	r.fields(line)
}

// isSummary reports whether line begins a conn-summary, the table for people that
// zeekctl writes beside the logs.
func isSummary(line []byte) bool { return bytes.HasPrefix(line, []byte(">== ")) }

// summary makes what follows, to the next header, a log that is not used.
func (r *Reader) summary() {
	r.begin([]byte("\t"))
	r.header.path = "conn-summary"
	r.fields(nil)
}
