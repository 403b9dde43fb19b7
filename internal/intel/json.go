package intel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// readJSON reads every JSON document of a file and tells the formats apart by their
// keys.
func (f *file) readJSON(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxDocument}
	in := json.NewDecoder(limited)
	for n := 0; ; n++ {
		var doc json.RawMessage
		err := in.Decode(&doc)
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case err != nil && limited.N <= 0:
			return errTooLarge
		case err != nil:
			return fmt.Errorf("document %d: %w", n+1, err)
		}
		if err := f.readDocument(doc); err != nil {
			return fmt.Errorf("document %d: %w", n+1, err)
		}
	}
}

func (f *file) readDocument(doc json.RawMessage) error {
	if doc[0] == '[' {
		return f.readArray(doc)
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(doc, &keys); err != nil {
		return fmt.Errorf("JSON: %w", err)
	}
	has := func(key string) bool { return len(keys[key]) > 0 }
	switch {
	case has("objects") && (has("spec_version") || string(keys["type"]) == `"bundle"`):
		f.format = formatSTIX
		return f.readSTIX(doc)
	case has("spec_version") && string(keys["type"]) == `"indicator"`:
		f.format = formatSTIX
		return f.readSTIX(slices.Concat([]byte(`{"objects":[`), doc, []byte(`]}`)))
	case has("Event"), has("response"), has("Attribute"), has("Object"):
		f.format = formatMISP
		return f.readMISP(doc)
	case has("list") && has("name") && has("type"):
		f.format = formatWarning
		return f.readWarningList(doc)
	case has("data") && keys["data"][0] == '[':
		return f.readArray(keys["data"])
	case isManifest(keys):
		f.format = formatMISP
		return nil
	}
	return f.readByID(keys)
}

// isManifest reports whether keys are those of a MISP feed's manifest.json: event UUIDs
// with a summary of each, which holds no indicators.
func isManifest(keys map[string]json.RawMessage) bool {
	for key, doc := range keys {
		if len(key) != 36 || !bytes.Contains(doc, []byte(`"timestamp"`)) || doc[0] != '{' {
			return false
		}
	}
	return len(keys) > 0
}

// readByID reads the JSON exports of ThreatFox and URLhaus, where each id has an array
// of entries.
func (f *file) readByID(keys map[string]json.RawMessage) error {
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		if !digits(id) || keys[id][0] != '[' {
			return errors.New("JSON of no feed format that is read")
		}
		if err := f.readArray(keys[id]); err != nil {
			return err
		}
	}
	if len(keys) == 0 {
		return errors.New("empty JSON object")
	}
	return nil
}

// readArray reads an array of MISP events, or of entries of abuse.ch or PhishTank.
func (f *file) readArray(doc json.RawMessage) error {
	if bytes.Contains(doc[:min(len(doc), sniffBytes)], []byte(`"Event"`)) {
		f.format = formatMISP
		return f.readMISP(slices.Concat([]byte(`{"response":`), doc, []byte(`}`)))
	}
	var rows []map[string]flexible
	if err := json.Unmarshal(doc, &rows); err != nil {
		return fmt.Errorf("JSON array of no feed format that is read: %w", err)
	}
	for _, row := range rows {
		add, err := f.adder(slices.Collect(maps.Keys(row)))
		if err != nil {
			return err
		}
		add(func(names ...string) string {
			for _, name := range names {
				if v, ok := row[name]; ok {
					return something(string(v))
				}
			}
			return ""
		})
	}
	return nil
}

// adder returns what takes the entries that have these keys.
func (f *file) adder(keys []string) (func(get func(names ...string) string), error) {
	if isPhishTank(keys) {
		f.format, f.feed = formatPhishTank, feedPhishTank
		return f.addPhish, nil
	}
	feed := abuseFeed(keys)
	if feed == "" {
		return nil, errors.New("JSON array of no feed format that is read")
	}
	f.format, f.feed = formatAbuseJSON, feed
	return f.addAbuse, nil
}

// flexible is a string, number or boolean, as feeds spell one thing differently; "" for
// anything else.
type flexible string

// UnmarshalJSON never fails on valid JSON.
func (f *flexible) UnmarshalJSON(b []byte) error {
	*f = ""
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*f = flexible(s)
	case '{', '[', 'n':
	default:
		*f = flexible(b)
	}
	return nil
}

func (f flexible) yes() bool { return f == "1" || strings.EqualFold(string(f), "true") }
