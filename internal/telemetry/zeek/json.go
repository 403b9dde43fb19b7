package zeek

import (
	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/jsonscan"
)

func (r *Reader) nextJSON(line []byte, o *tallystick.Observation) error {
	if !r.collect(line) {
		return r.lineError(fault{"json", line})
	}
	path := r.json.raw(colPath)
	k := kindOf(string(path))
	if k == kindUnknown {
		k = kindBy(r.json.has)
	}
	if k == kindUnused {
		return r.lineError(fault{reason: unusedReason(string(path))})
	}
	r.coding = "json"
	return r.observe(k, &r.json, o)
}

// collect copies the values that are used out of line; false when it is not JSON.
func (r *Reader) collect(line []byte) bool {
	rec := &r.json
	rec.has, rec.spans = 0, [len(rec.spans)]span{}
	s := jsonscan.Object(line)
	for s.Next() {
		c := columnOf(s.Key())
		if c == colOther || string(s.Value()) == "null" {
			continue
		}
		from := len(r.scratch)
		r.scratch = appendPlain(r.scratch, s.Value())
		rec.spans[c] = span{uint32(from), uint32(len(r.scratch))}
		rec.has.add(c)
	}
	rec.text = r.scratch
	return s.Err() == nil
}

// appendPlain appends a JSON value as TSV would write it, a string without its quotes;
// an array stays raw.
func appendPlain(dst, raw []byte) []byte {
	if raw[0] == '"' {
		return jsonscan.String(dst, raw)
	}
	return append(dst, raw...)
}
