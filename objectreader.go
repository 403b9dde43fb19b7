package tallystick

import (
	"fmt"
	"strconv"
)

// ObjectReader reads the values of an Object. After the first error it keeps that one, so
// that it is asked for once, at the end.
type ObjectReader struct {
	Object *Object
	Err    error
}

// Keep keeps err unless an earlier one is kept.
func (r *ObjectReader) Keep(err error) {
	if r.Err == nil {
		r.Err = err
	}
}

// keep keeps err with the key that it came from.
func (r *ObjectReader) keep(key string, err error) {
	if err != nil {
		r.Keep(fmt.Errorf("%s: %w", key, err))
	}
}

// Text returns a value whose special bytes are escaped.
func (r *ObjectReader) Text(key string) string {
	s, err := Unescape(r.Object.Get(key))
	r.keep(key, err)
	return s
}

// Number returns a number up to 2^53−1 in its one spelling.
func (r *ObjectReader) Number(key string) uint64 {
	n, err := ParseNumber(r.Object.Get(key))
	r.keep(key, err)
	return n
}

// ParseNumber reads a number up to 2^53−1, decimal without sign or leading zero.
func ParseNumber(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("number %.30q: want digits without leading zero, up to 2^53-1", s)
	}
	return n, nil
}

// Digest returns the value of a SHA-256.
func (r *ObjectReader) Digest(key string) Digest {
	d, err := ParseDigest(r.Object.Get(key))
	r.keep(key, err)
	return d
}

// Parsed returns a value that parse understands.
func Parsed[T any](r *ObjectReader, key string, parse func(string) (T, error)) T {
	v, err := parse(r.Object.Get(key))
	r.keep(key, err)
	return v
}

// AllParsed returns every value of a key that may be repeated.
func AllParsed[T any](r *ObjectReader, key string, parse func(string) (T, error)) []T {
	var list []T
	for _, s := range r.Object.All(key) {
		v, err := parse(s)
		r.keep(key, err)
		list = append(list, v)
	}
	return list
}
