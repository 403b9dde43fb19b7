package place

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/oschwald/maxminddb-golang/v2"
	"github.com/oschwald/maxminddb-golang/v2/mmdbdata"

	ts "github.com/tallystick/tallystick"
)

// isMMDB looks for the marker of the metadata, which the format puts into the last 128 KiB.
func isMMDB(data []byte) bool {
	tail := data[max(len(data)-128<<10, 0):]
	return bytes.Contains(tail, []byte("\xab\xcd\xefMaxMind.com"))
}

// readMMDB reads every network of an MMDB. Records are shared by many networks and decoded
// once each.
func (s *Snapshot) readMMDB(data []byte) error {
	r, err := maxminddb.OpenBytes(data)
	if err != nil {
		return err
	}
	if s.Day == 0 {
		s.Day = ts.DayOf(r.Metadata.BuildTime().Unix())
	}
	var all spans
	section := min(int(r.Metadata.NodeCount*r.Metadata.RecordSize/4)+16, len(data))
	w := weigher{data[section:], enough * len(data)}
	marks := map[uintptr]mark{}
	// A binary tree has one leaf more than nodes; a corrupt one may run in circles.
	left := uint64(r.Metadata.NodeCount) + 1
	for result := range r.Networks(maxminddb.IncludeNetworksWithoutData()) {
		if err := result.Err(); err != nil {
			return err
		}
		if left == 0 {
			return errors.New("search tree is no tree: more networks than nodes")
		}
		left--
		if !result.Found() {
			continue
		}
		m, ok := marks[result.Offset()]
		if !ok {
			if err := w.take(int(result.Offset()), 2); err != nil {
				return fmt.Errorf("network %s: %w", result.Prefix(), err)
			}
			if m, err = decodeMark(result); err != nil {
				return fmt.Errorf("network %s: %w", result.Prefix(), err)
			}
			marks[result.Offset()] = m
		}
		if m != (mark{}) {
			all.add(spanOf(result.Prefix(), m))
		}
	}
	return s.accept(all)
}

// decodeMark takes the country from "country" (a code, or a map with "iso_code") or
// "country_code", the AS from "autonomous_system_number" or "asn".
func decodeMark(result maxminddb.Result) (mark, error) {
	var rec record
	if err := result.Decode(&rec); err != nil {
		return mark{}, err
	}
	return mark(rec), nil
}

// record is a mark that reads itself from an MMDB record of any of the known layouts.
type record mark

// UnmarshalMaxMindDB implements mmdbdata.Unmarshaler.
func (rec *record) UnmarshalMaxMindDB(d *mmdbdata.Decoder) error {
	if kind, err := d.PeekKind(); err != nil || kind != mmdbdata.KindMap {
		return err
	}
	fields, _, err := d.ReadMap()
	if err != nil {
		return err
	}
	for key, err := range fields {
		if err != nil {
			return err
		}
		if err := rec.field(d, string(key)); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

func (rec *record) field(d *mmdbdata.Decoder, key string) error {
	switch key {
	case "country", "country_code":
		return rec.readCountry(d, true)
	case "autonomous_system_number", "asn":
		return rec.readAS(d)
	default:
		return d.SkipValue()
	}
}

// readCountry keeps what it knows where a value is no code, such as a country's name
// beside its code. A code stands in a map, but in no map inside that.
func (rec *record) readCountry(d *mmdbdata.Decoder, mapped bool) error {
	kind, err := d.PeekKind()
	if err != nil {
		return err
	}
	switch {
	case kind == mmdbdata.KindString:
		text, err := d.ReadString()
		if err != nil {
			return err
		}
		if code := country(text); code != [2]byte{} {
			rec.country = code
		}
		return nil
	case kind == mmdbdata.KindMap && mapped:
		fields, _, err := d.ReadMap()
		if err != nil {
			return err
		}
		for key, err := range fields {
			if err != nil {
				return err
			}
			if string(key) == "iso_code" {
				err = rec.readCountry(d, false)
			} else {
				err = d.SkipValue()
			}
			if err != nil {
				return err
			}
		}
		return nil
	default:
		return d.SkipValue()
	}
}

func (rec *record) readAS(d *mmdbdata.Decoder) error {
	kind, err := d.PeekKind()
	if err != nil {
		return err
	}
	switch kind {
	case mmdbdata.KindUint32:
		rec.as, err = d.ReadUint32()
	case mmdbdata.KindString:
		var text string
		if text, err = d.ReadString(); err == nil {
			rec.as, err = parseAS(text)
		}
	default:
		err = d.SkipValue()
	}
	return err
}
