package verify_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/verify"
)

// handRows are three contacts of two servers with two victims, worked out by hand:
// one victim met both servers, one contact got no answer.
func handRows() []ts.Row {
	row := func(server, victim byte, g ts.Grade, second int64) ts.Row {
		r := ts.Row{By: "US", On: "CN"}
		r.Class, r.Grade, r.Sensor, r.Records = ts.Control, g, "north", 1
		r.Perp, r.Victim = netip.AddrFrom4([4]byte{240, 0, 0, server}), netip.AddrFrom4([4]byte{240, 0, 1, victim})
		r.First = firstDay.Start() + second
		r.Last = r.First
		return r
	}
	return []ts.Row{row(1, 1, ts.Established, 0), row(2, 1, ts.Established, 5), row(2, 2, ts.Attempted, 9)}
}

// handJSON is a report of one figure and one table as a program of somebody else may write it.
const handJSON = `{
"title": "by hand", "notes": [], "window": {"from": "", "to": "", "days": 0}, "by": [], "on": [], "verdict": "first",
"figures": [{"measure": "control.servers", "unit": "ip-address", "value": 2, "internal": 0, "observable": true,
 "sentence": "On all recorded days, 2 IP addresses answered as control servers.",
 "window": {"from": "", "to": "", "days": 0}, "by": [], "on": [], "verdict": "first", "group_by": ["server"],
 "groups": [{"key": ["240.0.0.1"], "value": 1, "internal": 0}, {"key": ["240.0.0.2"], "value": 1, "internal": 0}],
 "bounds": {"low": 2, "high": 2, "parts": [
  {"name": "undated", "value": 0, "internal": 0}, {"name": "clock", "value": 0, "internal": 0}, {"name": "declared", "value": 0, "internal": 0},
  {"name": "attempted", "value": 1, "internal": 0}, {"name": "looked-up", "value": 0, "internal": 0},
  {"name": "sinkhole", "value": 0, "internal": 0}, {"name": "scanner", "value": 0, "internal": 0}, {"name": "parked", "value": 0, "internal": 0},
  {"name": "egress", "value": 0, "internal": 0}, {"name": "shared", "value": 0, "internal": 0}, {"name": "vetoed", "value": 0, "internal": 0},
  {"name": "resolver", "value": 0, "internal": 0}, {"name": "nowhere", "value": 0, "internal": 0}, {"name": "unknown", "value": 0, "internal": 0}]},
 "recipe": RECIPE, "checkpoint": CHECKPOINT}],
"mirror": [], "rankings": [{"name": "countries", "title": "", "note": "", "group_by": ["by"],
 "columns": [{"measure": "control.hosts", "unit": "ip-address", "label": "", "bearing": "", "by": [], "on": [], "total": {"value": 1, "internal": 0}}],
 "rows": [{"key": ["US"], "cells": [{"value": 1, "internal": 0}]}], "folded": 0}],
"series": [], "matrix": [], "families": [], "networks": [], "servers": [], "apart": [],
"coverage": {"total": {"name": "all", "inputs": 0, "bytes": 0, "read": 0, "observed": 0, "skipped": []}, "formats": [], "inputs": []},
"sensors": [], "exclusions": [], "feeds": [],
"places": [{"name": "alpha", "day": "2014-03-16", "sha256": "ZERO", "distance_days": 3}, {"name": "beta", "day": "2014-03-28", "sha256": "ZERO", "distance_days": 9}],
"recipe": RECIPE, "checkpoint": CHECKPOINT}`

const handCSV = `measure,unit,value,internal,from,to,by,on,group_by,key
control.servers,ip-address,2,0,,,,,,
control.hosts,ip-address,1,0,,,,,by,US
`

// handFiles are figures.json and figures.csv over the ledger as it is.
func handFiles(t testing.TB, m *memory) (json, csv []byte) {
	at := m.checkpoint(t)
	text := strings.NewReplacer(
		"RECIPE", `{"sensors": [], "places": ["alpha 2014-03-16 ZERO", "beta 2014-03-28 ZERO"], "rules": ["`+rulesDigest+
			`"], "batches": 1, "segments": 1, "rows": 3, "excluded": [], "tool": "by hand"}`,
		"CHECKPOINT", fmt.Sprintf(`{"origin": %q, "size": %d, "root": %q}`, at.Origin, at.Size, at.Root)).Replace(handJSON)
	return []byte(strings.ReplaceAll(text, "ZERO", ts.Digest{}.String())), []byte(handCSV)
}

// handReport is the report by hand, published.
func handReport(t testing.TB) (*memory, verify.Report) {
	m := newMemory(t, 1)
	m.batch(t, handRows(), "")
	json, csv := handFiles(t, m)
	return m, m.seal(t, json, csv, 1)
}

func TestByHand(t *testing.T) {
	m, r := handReport(t)
	result := verify.Check(r, m.key(), m)
	if result.ExitCode() != 0 {
		t.Errorf("%v", wrong(result))
	}
	demand(t, result, verify.True, "control.servers by any on any: 2 public and 0 internal, recounted")
	demand(t, result, verify.True, "3 rows in 1 segment are those that the ledger committed to")
	demand(t, result, verify.True, "table countries, control.hosts: 1 row, all recounted")
}

// TestLies changes what the publisher says, who signs that.
func TestLies(t *testing.T) {
	for _, c := range []struct {
		from, to string
		status   verify.Status
		want     string
	}{
		{`"value": 2, "internal": 0, "observable"`, `"value": 3, "internal": 0, "observable"`, verify.False, "rows support 2 public"},
		{`2 IP addresses`, `2,000 IP addresses`, verify.False, "sentence"},
		{`"unit": "ip-address", "value"`, `"unit": "host", "value"`, verify.False, "of unit ip-address"},
		{`"observable": true`, `"observable": false`, verify.False, "not observable"},
		{`"value": 2, "internal": 0, "observable"`, `"value": null, "internal": 0, "observable"`, verify.False, "has no number"},
		{` "observable": true,`, ``, verify.NotChecked, "not said whether it is observable"},
		{`{"name": "attempted", "value": 1, "internal": 0}, `, ``, verify.False, "attempted of 1"},
		{`, {"name": "unknown", "value": 0, "internal": 0}`, ``, verify.False, "part unknown is missing"},
		{`{"name": "unknown", "value": 0, "internal": 0}`, `{"name": "unknown", "value": 0, "internal": 0}, {"name": "newer", "value": 0, "internal": 0}`, verify.NotChecked, `part "newer" is not known`},
		{`"low": 2`, `"low": 1`, verify.False, "rows support 2 to 2"},
		{`"key": ["240.0.0.2"]`, `"key": ["240.0.0.3"]`, verify.False, "2 groups, all recounted"},
		{`"group_by": ["server"]`, `"group_by": ["actor"]`, verify.NotChecked, `group by "actor" is not known`},
		{`"measure": "control.servers"`, `"measure": "control.owners"`, verify.NotChecked, "control.owners"},
		{`"folded": 0`, `"folded": 7`, verify.False, "7 folded"},
		{`"bearing": ""`, `"bearing": "sinkhole"`, verify.False, "total of control.hosts"},
		{`"bearing": ""`, `"bearing": "evil"`, verify.NotChecked, `mark "evil"`},
		{`"key": ["US"], "cells"`, `"key": ["DE"], "cells"`, verify.False, "all recounted"},
		{`"rows": [{"key": ["US"], "cells": [{"value": 1, "internal": 0}]}], "folded": 0`, `"rows": [], "folded": 0`, verify.False, "0 folded, rows support 1 groups"},
		{`"distance_days": 9`, `"distance_days": 1`, verify.False, "places"},
		{`"excluded": []`, `"excluded": ["240.0.0.9"]`, verify.False, "recipe"},
		{`"exclusions": []`, `"exclusions": [{"value": "240.0.0.9", "reason": "because"}]`, verify.False, "exclusions"},
		{`"sensors": [], "exclusions"`, `"sensors": [{"name": "south", "role": "network", "country": "", "as": 0, "site": "", "networks": [], "treat_as_public": [], "sampling": 1}], "exclusions"`, verify.False, "sensors"},
		{`"mirror": []`, `"mirror": [], "forecast": 12`, verify.NotChecked, `unknown field "forecast"`},
		{`"title": "by hand"`, `"title": "by hand", "title": "again"`, verify.Malformed, "stands twice"},
		{`"title": "by hand"`, `"title": "by hand", "Title": "again"`, verify.Malformed, "lower-case"},
		{`"folded": 0`, `"folded": 9007199254740992`, verify.Malformed, "2^53-1"},
		{`"folded": 0`, `"folded": -1`, verify.Malformed, "number"},
		{`"folded": 0`, `"folded": 1e3`, verify.Malformed, "number"},
		{`"folded": 0`, `"folded": "0"`, verify.Malformed, "figures.json"},
		{`"verdict": "first", "group_by"`, `"verdict": "guess", "group_by"`, verify.NotChecked, `verdict "guess"`},
		{`"by": [], "on": [], "verdict": "first", "group_by"`, `"by": ["us"], "on": [], "verdict": "first", "group_by"`, verify.NotChecked, "two capital letters"},
		{`"days": 0}, "by": [], "on": [], "verdict": "first",` + "\n", `"days": 4}, "by": [], "on": [], "verdict": "first",` + "\n", verify.False, "another window"},
	} {
		m := newMemory(t, 1)
		m.batch(t, handRows(), "")
		json, csv := handFiles(t, m)
		lie := []byte(strings.Replace(string(json), c.from, c.to, 1))
		if bytes.Equal(lie, json) {
			t.Fatalf("nothing to change: %s", c.from)
		}
		result := verify.Check(m.seal(t, lie, csv, 1), m.key(), m)
		demand(t, result, c.status, c.want)
		if code := result.ExitCode(); code != 1 && c.status == verify.False || code == 0 {
			t.Errorf("%s: exit code %d", c.to, code)
		}
	}
}

// TestCSV changes figures.csv alone, with the publisher's seal.
func TestCSV(t *testing.T) {
	for _, c := range []struct {
		from, to string
		status   verify.Status
	}{
		{",2,0,", ",3,0,", verify.False},
		{"measure,unit", "unit,measure", verify.False},
		{"control.hosts,ip-address,1,0,,,,,by,US\n", "", verify.False},
		{"by,US\n", "by,US\ncontrol.hosts,ip-address,9,0,,,,,by,CN\n", verify.False},
		{"by,US\n", "by,\"US\n", verify.Malformed},
	} {
		m := newMemory(t, 1)
		m.batch(t, handRows(), "")
		json, csv := handFiles(t, m)
		lie := strings.Replace(string(csv), c.from, c.to, 1)
		demand(t, verify.Check(m.seal(t, json, []byte(lie), 1), m.key(), m), c.status, "figures.csv says the same numbers")
	}
}
