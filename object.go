package tallystick

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// MaxObject is the most bytes of a text object: tile bundles of C2SP tlog-tiles count
// an entry's bytes in 16 bits.
const MaxObject = 65535

// Field is one line of an Object.
type Field struct{ Key, Value string }

// Object is a text object of the protocol (doc/formats/ledger.md): printable ASCII, first line its
// type, then "key value" lines in a fixed order, each ended by LF. A ledger entry is
// the bytes of one.
type Object struct {
	Type   string
	Fields []Field
}

// Digest is the SHA-256 of a byte string.
type Digest [sha256.Size]byte

// DigestOf returns the SHA-256 of b.
func DigestOf(b []byte) Digest { return sha256.Sum256(b) }

// String formats d as lower-case hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// ParseDigest reads 64 lower-case hex digits.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(d) || s != strings.ToLower(s) {
		return d, fmt.Errorf("digest %.80q: want 64 lower-case hex digits", s)
	}
	copy(d[:], b)
	return d, nil
}

// Add appends a field. An empty value is written "-".
func (o *Object) Add(key, value string) {
	if value == "" {
		value = "-"
	}
	o.Fields = append(o.Fields, Field{key, value})
}

// Get returns the value of the first field with the key, "" where there is none or
// it is "-".
func (o *Object) Get(key string) string {
	for _, f := range o.Fields {
		if f.Key == key {
			return dashed(f.Value)
		}
	}
	return ""
}

// All returns the values of every field with the key, in order.
func (o *Object) All(key string) []string {
	var values []string
	for _, f := range o.Fields {
		if f.Key == key {
			values = append(values, dashed(f.Value))
		}
	}
	return values
}

func dashed(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// Bytes writes o. It fails where a value is not printable ASCII or o is longer than
// MaxObject.
func (o *Object) Bytes() ([]byte, error) {
	var b strings.Builder
	b.WriteString(o.Type)
	b.WriteByte('\n')
	for _, f := range o.Fields {
		b.WriteString(f.Key)
		b.WriteByte(' ')
		b.WriteString(f.Value)
		b.WriteByte('\n')
	}
	if _, err := ParseObject([]byte(b.String())); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// ParseObject reads a text object without knowing its type's keys.
func ParseObject(b []byte) (Object, error) {
	if len(b) > MaxObject {
		return Object{}, fmt.Errorf("text object of %d bytes: more than %d", len(b), MaxObject)
	}
	text, ok := strings.CutSuffix(string(b), "\n")
	if !ok {
		return Object{}, fmt.Errorf("text object does not end in LF")
	}
	var o Object
	for i, line := range strings.Split(text, "\n") {
		if err := checkLine(line); err != nil {
			return Object{}, fmt.Errorf("text object line %d: %w", i+1, err)
		}
		if i == 0 {
			o.Type = line
			continue
		}
		key, value, ok := strings.Cut(line, " ")
		if !ok || key == "" || value == "" {
			return Object{}, fmt.Errorf("text object line %d: want a key and a value", i+1)
		}
		o.Fields = append(o.Fields, Field{key, value})
	}
	return o, nil
}

func checkLine(line string) error {
	if line == "" || strings.HasSuffix(line, " ") {
		return fmt.Errorf("empty, or ends in a space")
	}
	for i := range len(line) {
		if line[i] < ' ' || line[i] > '~' {
			return fmt.Errorf("byte %#02x at column %d is not printable ASCII", line[i], i+1)
		}
	}
	return nil
}

// ParseObjectAs reads a text object of the type, whose keys must be those of form in
// its order: "name role site? network*", where ? marks at most one, * any number.
func ParseObjectAs(b []byte, typ, form string) (Object, error) {
	o, err := ParseObject(b)
	if err != nil {
		return o, err
	}
	if o.Type != typ {
		return o, fmt.Errorf("text object is %.60q, want %s", o.Type, typ)
	}
	return o, o.follows(form)
}

func (o *Object) follows(form string) error {
	i := 0
	for want := range strings.FieldsSeq(form) {
		key := strings.TrimRight(want, "?*")
		n := 0
		for i < len(o.Fields) && o.Fields[i].Key == key {
			i++
			n++
		}
		if repeat := want[len(key):]; n == 0 && repeat == "" || n > 1 && repeat != "*" {
			return fmt.Errorf("%s: %d lines %q where its form is %q", o.Type, n, key, form)
		}
	}
	if i < len(o.Fields) {
		return fmt.Errorf("%s: unexpected line %q where its form is %q", o.Type, o.Fields[i].Key, form)
	}
	return nil
}
