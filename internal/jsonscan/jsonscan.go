// Package jsonscan knows the grammar of JSON (RFC 8259): it walks the members of one
// object, or the elements of one array, without allocation and hands out each value
// raw, still checked. It must never know which keys mean something.
//
// What it accepts is what encoding/json accepts, but nesting is bounded by MaxDepth:
//
//	s := jsonscan.Object(line)
//	for s.Next() {
//		switch string(s.Key()) {
//		case "src_ip":
//			address = jsonscan.Plain(s.Value())
//		case "alert":
//			alert := jsonscan.Object(s.Value())
//			…
//		}
//	}
//	if err := s.Err(); err != nil { … }
package jsonscan

import "fmt"

// MaxDepth is the deepest nesting that is accepted, the outermost value counting one.
const MaxDepth = 64

// Scanner walks the members of an object or the elements of an array. Its slices
// point into the scanned bytes.
type Scanner struct {
	data   []byte
	pos    int
	closer byte // '}' or ']'
	begun  bool // one member has been seen
	done   bool
	key    []byte
	value  []byte
	want   byte // what data does not begin with; no error yet, since many look for what is not there
	err    error
}

// Object returns a Scanner at the first member of the object that data holds. Any other
// value, and anything but white space behind the object, is an error of the scan.
func Object(data []byte) Scanner { return open(data, '{', '}') }

// Array returns a Scanner at the first element of the array that data holds.
func Array(data []byte) Scanner { return open(data, '[', ']') }

func open(data []byte, opener, closer byte) Scanner {
	s := Scanner{data: data, closer: closer}
	s.pos = space(data, 0)
	if s.pos >= len(data) || data[s.pos] != opener {
		s.want, s.done = opener, true
		return s
	}
	s.pos++
	return s
}

// Next moves to the next member or element; false at the end and at an error. Members
// before an error have been returned: ask Err before using them.
func (s *Scanner) Next() bool {
	if s.err != nil || s.done {
		return false
	}
	s.pos = space(s.data, s.pos)
	if s.ended() || s.err != nil {
		return false
	}
	if s.closer == '}' && !s.member() {
		return false
	}
	end, err := skip(s.data, s.pos, 2)
	if err != nil {
		s.err = err
		return false
	}
	s.value, s.pos = s.data[s.pos:end], end
	return true
}

// ended passes over a comma, or over the closer, behind which only white space may come.
func (s *Scanner) ended() bool {
	if at(s.data, s.pos) == s.closer {
		s.done = true
		if end := space(s.data, s.pos+1); end != len(s.data) {
			s.err = &SyntaxError{Offset: end, Want: "the end"}
		}
		return true
	}
	if !s.begun {
		s.begun = true
		return false
	}
	if at(s.data, s.pos) != ',' {
		s.err = &SyntaxError{Offset: s.pos, Want: ", or " + string(s.closer)}
		return true
	}
	s.pos = space(s.data, s.pos+1)
	return false
}

// member reads the key and the colon of a member.
func (s *Scanner) member() bool {
	end, colon, err := name(s.data, s.pos)
	if err != nil {
		s.err = err
		return false
	}
	s.key = s.data[s.pos+1 : end-1]
	if hasEscape(s.key) {
		s.key = String(nil, s.data[s.pos:end])
	}
	s.pos = colon
	return true
}

// Key returns the key of the member, unescaped; nil in an array.
func (s *Scanner) Key() []byte { return s.key }

// Value returns the value raw, as written, without white space around it. It is a
// valid JSON value.
func (s *Scanner) Value() []byte { return s.value }

// Err returns the *SyntaxError that ended the scan, nil when all was well.
func (s *Scanner) Err() error {
	if s.want != 0 {
		return &SyntaxError{Offset: s.pos, Want: string(s.want)}
	}
	return s.err
}

// SyntaxError says where the bytes stop being JSON.
type SyntaxError struct {
	Offset int    // in the scanned bytes
	Want   string // what would have been right there
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("no JSON at byte %d: want %s", e.Offset, e.Want)
}
