package tallystick_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// exampleRow is the vector of doc/formats/row.md.
func exampleRow() ts.Row {
	return ts.Row{
		Sighting: ts.Sighting{
			Class: ts.Control, Grade: ts.Established,
			Perp: netip.MustParseAddr("240.0.0.1"), PerpPort: 1177, PerpName: "c2.example",
			Victim: netip.MustParseAddr("2001:db8::7"), VictimPort: 49152,
			Family: "njrat", Rule: "listed-contact/1", Feed: "maltrail", Indicator: "240.0.0.1:1177",
			Sensor: "border-1", Flags: ts.FlagUndated | ts.FlagSynthetic,
			First: 1395187200, Last: 1395273599, Records: 3,
		},
		By: "US", On: "CN", ByAS: 64496, OnAS: 64511, ByPlaces: "US/64496;CA/64496",
	}
}

const exampleLine = `{"day":"2014-03-19","class":"control","grade":"established","perp":"240.0.0.1","victim":"2001:db8::7","perp_name":"c2.example","victim_name":"","perp_port":1177,"victim_port":49152,"via":"","site":"","path":"","host_id":"","family":"njrat","rule":"listed-contact/1","feed":"maltrail","indicator":"240.0.0.1:1177","sensor":"border-1","flags":66560,"first":1395187200,"last":1395273599,"records":3,"by":"US","on":"CN","by_as":64496,"on_as":64511,"by_places":"US/64496;CA/64496","on_places":""}`

func TestRowLineVector(t *testing.T) {
	row := exampleRow()
	if got := string(row.AppendLine(nil)); got != exampleLine {
		t.Errorf("line\n%s\nwant\n%s", got, exampleLine)
	}
	back, err := ts.ParseLine(exampleLine)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, row) {
		t.Errorf("parsed %+v, want %+v", back, row)
	}
}

// The keys of the schema, the line and a JSON parser agree.
func TestRowLineIsJSONWithTheSchemasKeys(t *testing.T) {
	d := json.NewDecoder(strings.NewReader(exampleLine))
	keys := []string{"tally-row/v1"}
	for depth, isKey := 0, false; ; {
		tok, err := d.Token()
		if err != nil {
			break
		}
		if tok == json.Delim('{') {
			depth, isKey = depth+1, true
			continue
		}
		if key, ok := tok.(string); ok && isKey {
			keys = append(keys, key)
		}
		isKey = !isKey
	}
	if got := strings.Join(keys, " "); got != ts.RowSchema {
		t.Errorf("keys %s\nwant %s", got, ts.RowSchema)
	}
}

func TestParseLineRefusesOtherSpellings(t *testing.T) {
	for name, edit := range map[string][2]string{
		"space":             {`,"class"`, `, "class"`},
		"leading zero":      {`"records":3`, `"records":03`},
		"plus sign":         {`"records":3`, `"records":+3`},
		"key order":         {`"day":"2014-03-19","class":"control"`, `"class":"control","day":"2014-03-19"`},
		"lower-case escape": {`njrat`, `%c3`},
		"needless escape":   {`njrat`, `%41`},
		"raw percent":       {`njrat`, `100%`},
		"other day":         {`2014-03-19`, `2014-03-20`},
		"unknown class":     {`"control"`, `"event"`},
		"mapped address":    {`240.0.0.1",`, `::ffff:240.0.0.1",`},
		"too many flags":    {`"flags":66560`, `"flags":524288`},
		"large number":      {`"records":3`, `"records":9007199254740992`},
		"port":              {`"perp_port":1177`, `"perp_port":65536`},
		"line end":          {`""}`, "\"\"}\n"},
	} {
		line := strings.Replace(exampleLine, edit[0], edit[1], 1)
		if line == exampleLine {
			t.Fatalf("%s: edit does nothing", name)
		}
		if _, err := ts.ParseLine(line); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestFitCutsThePathOnly(t *testing.T) {
	row := exampleRow()
	row.Path = "/" + strings.Repeat("ü", 3000)
	if err := row.Fit(); err != nil {
		t.Fatal(err)
	}
	line := row.AppendLine(nil)
	if len(line) > ts.MaxLine || len(line) < ts.MaxLine-6 {
		t.Errorf("line of %d bytes, want close below %d", len(line), ts.MaxLine)
	}
	if !row.Flags.Has(ts.FlagPathCut) || !strings.HasSuffix(row.Path, "ü") {
		t.Errorf("flags %v, path ends in %q", row.Flags.Words(), row.Path[len(row.Path)-2:])
	}
	row.Feed = strings.Repeat("x", ts.MaxLine)
	if err := row.Fit(); err == nil {
		t.Error("a row too long without its path fits")
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add(exampleLine)
	f.Add(strings.Replace(exampleLine, "njrat", "%C3%BC", 1))
	f.Fuzz(func(t *testing.T, line string) {
		row, err := ts.ParseLine(line)
		if err != nil {
			return
		}
		if got := string(row.AppendLine(nil)); got != line {
			t.Errorf("%q read and written is %q", line, got)
		}
	})
}

func FuzzEscape(f *testing.F) {
	f.Add("a\"b\\c%d\x00\xffü")
	f.Fuzz(func(t *testing.T, s string) {
		escaped := string(ts.AppendEscaped(nil, s))
		back, err := ts.Unescape(escaped)
		if err != nil || back != s {
			t.Errorf("%q escaped %q unescaped %q, %v", s, escaped, back, err)
		}
		var viaJSON string
		if err := json.Unmarshal([]byte(`"`+escaped+`"`), &viaJSON); err != nil || viaJSON != escaped {
			t.Errorf("JSON reads %q as %q, %v", escaped, viaJSON, err)
		}
	})
}

// Merging is commutative and associative: any order and any split of the records of one
// key gives one sighting.
func TestMergeForgetsTheOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		records := make([]ts.Sighting, 2+rng.IntN(6))
		for i := range records {
			first := int64(rng.IntN(4))
			records[i] = ts.Sighting{Class: ts.Control, First: first, Last: first + int64(rng.IntN(3)), Records: 1,
				VictimPort: uint16(i), At: ts.Locator{Input: uint32(rng.IntN(2)), Offset: uint64(i)}}
		}
		want := fold(records)
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		cut := 1 + rng.IntN(len(records)-1)
		left, right := fold(records[:cut]), fold(records[cut:])
		left.Merge(&right)
		if !reflect.DeepEqual(left, want) {
			t.Fatalf("merged %+v, want %+v", left, want)
		}
	}
}

func fold(records []ts.Sighting) ts.Sighting {
	s := records[0]
	for i := range records[1:] {
		s.Merge(&records[i+1])
	}
	return s
}

func TestKeyTellsApart(t *testing.T) {
	base := exampleRow().Sighting
	same := func(change func(*ts.Sighting)) bool {
		s := base
		change(&s)
		return s.Key() == base.Key()
	}
	if !same(func(s *ts.Sighting) { s.VictimPort = 1; s.Last += 9; s.Records = 7; s.At.Offset = 3 }) {
		t.Error("evidence is in the key")
	}
	if same(func(s *ts.Sighting) { s.PerpPort = 80 }) {
		t.Error("the responder's port is not in the key")
	}
	if same(func(s *ts.Sighting) { s.First += ts.SecondsPerDay }) {
		t.Error("two days are one row")
	}
	if same(func(s *ts.Sighting) { s.Via = netip.MustParseAddr("240.0.0.53") }) {
		t.Error("two resolvers are one row")
	}
	base.Class = ts.Attempt
	if same(func(s *ts.Sighting) { s.First += ts.SlotSeconds }) {
		t.Error("two half-hours are one attempt")
	}
	if !same(func(s *ts.Sighting) { s.First += ts.SlotSeconds - 1 }) {
		t.Error("one half-hour is two attempts")
	}
}
