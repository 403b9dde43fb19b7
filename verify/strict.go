package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// Bounds of figures.json. maxNumber is exact in every reader of JSON, JavaScript's too
// (proof protocol 3.0).
const (
	maxDepth  = 16
	maxNumber = 1<<53 - 1
)

// checkJSON refuses what two readers of JSON may read differently (RFC 8259, sections 4 and
// 6): a key twice in one object, keys that differ by case only, numbers beyond 2^53−1 or
// not written as plain integers, text that is not UTF-8, and anything behind the value.
func checkJSON(b []byte) error {
	if !utf8.Valid(b) {
		return errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := checkValue(d, maxDepth); err != nil {
		return fmt.Errorf("at byte %d: %w", d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("at byte %d: more than one value", d.InputOffset())
	}
	return nil
}

func checkValue(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if depth == 0 {
		return errors.New("nested too deeply")
	}
	switch t := t.(type) {
	case json.Number:
		return checkNumber(t.String())
	case json.Delim:
		return checkInside(d, depth, t == '{')
	}
	return nil
}

// checkInside reads the rest of an object or list.
func checkInside(d *json.Decoder, depth int, object bool) error {
	keys := map[string]bool{}
	for d.More() {
		if object {
			if err := checkKey(d, keys); err != nil {
				return err
			}
		}
		if err := checkValue(d, depth-1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// checkKey takes lower-case keys only, as encoding/json takes "Value" for "value".
func checkKey(d *json.Decoder, keys map[string]bool) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	key, ok := t.(string)
	if !ok || keys[key] {
		return fmt.Errorf("key %.60q stands twice in one object", key)
	}
	for i := range len(key) {
		if c := key[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return fmt.Errorf("key %.60q: want lower-case letters, digits and _", key)
		}
	}
	keys[key] = true
	return nil
}

func checkNumber(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n > maxNumber || decimal(n) != text {
		return fmt.Errorf("number %.40s: want an integer from 0 to 2^53-1", text)
	}
	return nil
}

// readDocument reads figures.json. unknown is not nil where it holds a field that this
// package does not know, and so cannot check.
func readDocument(b []byte) (doc *document, unknown, err error) {
	if err := checkJSON(b); err != nil {
		return nil, nil, err
	}
	doc = &document{}
	if err := json.Unmarshal(b, doc); err != nil {
		return nil, nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return doc, d.Decode(&document{}), nil
}
