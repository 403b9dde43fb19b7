package verify_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// only returns the only segment of m.
func (m *memory) only() *[]verify.SaltedRow {
	for d := range m.segments {
		rows := m.segments[d]
		return &rows
	}
	return nil
}

func (m *memory) put(rows []verify.SaltedRow) {
	for d := range m.segments {
		m.segments[d] = rows
	}
}

// TestRowsChanged changes the rows behind a true report in every way.
func TestRowsChanged(t *testing.T) {
	for name, change := range map[string]func([]verify.SaltedRow) []verify.SaltedRow{
		"a field changed": func(r []verify.SaltedRow) []verify.SaltedRow { r[1].Row.On = "HK"; return r },
		"flags changed":   func(r []verify.SaltedRow) []verify.SaltedRow { r[1].Row.Flags |= ts.FlagUpload; return r },
		"dropped first":   func(r []verify.SaltedRow) []verify.SaltedRow { return r[1:] },
		"dropped last":    func(r []verify.SaltedRow) []verify.SaltedRow { return r[:2] },
		"all dropped":     func([]verify.SaltedRow) []verify.SaltedRow { return nil },
		"duplicated":      func(r []verify.SaltedRow) []verify.SaltedRow { return append(r, r[2]) },
		"replaced":        func(r []verify.SaltedRow) []verify.SaltedRow { r[0] = r[2]; return r },
		"reordered":       func(r []verify.SaltedRow) []verify.SaltedRow { r[0], r[1] = r[1], r[0]; return r },
		"other salt":      func(r []verify.SaltedRow) []verify.SaltedRow { r[2].Salt[15]++; return r },
		"no class":        func(r []verify.SaltedRow) []verify.SaltedRow { r[2].Row.Class = 77; return r },
		"no grade":        func(r []verify.SaltedRow) []verify.SaltedRow { r[2].Row.Grade = 0; return r },
		"other day": func(r []verify.SaltedRow) []verify.SaltedRow {
			r[2].Row.First += 86400
			r[2].Row.Last += 86400
			return r
		},
		"before time": func(r []verify.SaltedRow) []verify.SaltedRow { r[2].Row.First = -1; return r },
		"too long": func(r []verify.SaltedRow) []verify.SaltedRow {
			r[2].Row.Path = strings.Repeat("a", ts.MaxLine)
			return r
		},
	} {
		m, r := handReport(t)
		m.put(change(slices.Clone(*m.only())))
		result := verify.Check(r, m.key(), m)
		demand(t, result, verify.False, "rows are those that the ledger committed to")
		if _, _, err := verify.Rows(m); err == nil {
			t.Errorf("%s: Rows finds nothing", name)
		}
	}
}

func TestRows(t *testing.T) {
	m, _ := handReport(t)
	if rows, segments, err := verify.Rows(m); err != nil || rows != 3 || segments != 1 {
		t.Errorf("%d rows in %d segments, %v; want 3 in 1", rows, segments, err)
	}
}

// TestLedgersChanged puts another ledger behind a true report.
func TestLedgersChanged(t *testing.T) {
	const one = "the ledger at hand is the one that was counted and signed"
	for _, c := range []struct {
		name   string
		change func(*memory)
		status verify.Status
		want   string
	}{
		{"truncated", func(m *memory) { m.entries = m.entries[:1] }, verify.False, one},
		{"empty", func(m *memory) { m.entries = nil }, verify.False, one},
		{"report's entry replaced", func(m *memory) { m.entries[1] = []byte("tally-exclude/v1\nvalue x\nreason y\n") }, verify.False, one},
		{"entry before it", func(m *memory) {
			m.entries = slices.Insert(m.entries, 0, []byte("tally-exclude/v1\nvalue x\nreason y\n"))
		}, verify.False, one},
		{"malformed entry", func(m *memory) { m.entries[0] = []byte("no line end") }, verify.Malformed, "entry 0"},
		{"malformed batch", func(m *memory) { m.entries[0] = []byte("tally-batch/v1\nkind sightings\n") }, verify.Malformed, "entry 0"},
		{"unknown kind", func(m *memory) {
			m.entries[0] = []byte(strings.Replace(string(m.entries[0]), "sightings", "guesses", 1))
		}, verify.Malformed, "kind"},
		{"supersedes itself", func(m *memory) {
			m.entries[0] = []byte(strings.Replace(string(m.entries[0]), "supersedes -", "supersedes 0", 1))
		}, verify.Malformed, "supersedes"},
		{"manifest lost", func(m *memory) { clear(m.manifests) }, verify.False, "no such record"},
		{"manifest changed", func(m *memory) {
			for d := range m.manifests {
				m.manifests[d] = append(m.manifests[d], ' ')
			}
		}, verify.False, "not the one that was committed"},
	} {
		m, r := handReport(t)
		c.change(m)
		demand(t, verify.Check(r, m.key(), m), c.status, c.want)
	}
}

// TestOtherLedger: the same rows in a ledger of another key.
func TestOtherLedger(t *testing.T) {
	m, r := handReport(t)
	other := newMemory(t, 2)
	other.entries, other.manifests, other.segments = m.entries, m.manifests, m.segments
	result := verify.Check(r, other.key(), other)
	demand(t, result, verify.False, "checkpoint is signed")
	demand(t, result, verify.NotChecked, "the ledger at hand")
	demand(t, result, verify.True, "control.servers by any on any: 2 public and 0 internal, recounted")
}

// TestKeys: without a voucher nothing is true, and a bad key is malformed.
func TestKeys(t *testing.T) {
	m, r := handReport(t)
	for _, c := range []struct {
		key    verify.Key
		status verify.Status
		want   string
	}{
		{verify.Key{}, verify.NotChecked, "nobody vouched for"},
		{verify.Key{Text: m.verifier}, verify.NotChecked, "nobody vouched for"},
		{verify.Key{Text: "nonsense", Voucher: "you"}, verify.Malformed, "key"},
	} {
		result := verify.Check(r, c.key, m)
		demand(t, result, c.status, c.want)
		if result.ExitCode() != 2 {
			t.Errorf("%v: exit code %d, want 2", c.key, result.ExitCode())
		}
	}
}

// TestSuperseded: the rows of a batch that was judged again are not counted, and a report
// that counts them is false.
func TestSuperseded(t *testing.T) {
	m := newMemory(t, 1)
	again := handRows()
	for i := range again {
		again[i].Family = "zeus"
	}
	m.batch(t, handRows()[:1], "")
	m.batch(t, again, "0")
	json, csv := handFiles(t, m)
	r := m.seal(t, json, csv, 2)
	if result := verify.Check(r, m.key(), m); result.ExitCode() != 0 {
		t.Errorf("%v", wrong(result))
	}
	m = newMemory(t, 1)
	m.batch(t, handRows(), "")
	m.batch(t, handRows()[:1], "0")
	json, csv = handFiles(t, m)
	demand(t, verify.Check(m.seal(t, json, csv, 2), m.key(), m), verify.False, "rows support 1 public")
}

// TestExcluded takes a server out by its address in another spelling, by its indicator
// and by its name; the report counts it all the same.
func TestExcluded(t *testing.T) {
	for _, value := range []string{"240.0.0.2", "::ffff:240.0.0.2", "240.0.0.2:1177", "c2.example"} {
		m := newMemory(t, 1)
		rows := handRows()
		rows[1].Indicator, rows[1].PerpName = "240.0.0.2:1177", "c2.example"
		m.batch(t, rows, "")
		m.exclude(t, value)
		json, csv := handFiles(t, m)
		demand(t, verify.Check(m.seal(t, json, csv, 2), m.key(), m), verify.False, "rows support 1 public")
	}
}

// TestUnpublished: a checkpoint that holds the evidence and not the report.
func TestUnpublished(t *testing.T) {
	m, r := handReport(t)
	m.unseal()
	m.sign(t, &r, 0)
	demand(t, verify.Check(r, m.key(), m), verify.False, "the checkpoint commits to")
	m.exclude(t, "x.example")
	m.sign(t, &r, 1)
	demand(t, verify.Check(r, m.key(), m), verify.False, "the checkpoint commits to")
}

// broken is a ledger whose parts fail.
type broken struct {
	*memory
	entries bool
}

var errDisk = errors.New("the disk is broken")

func (b broken) Entries() iter.Seq2[[]byte, error] {
	if b.entries {
		return func(yield func([]byte, error) bool) { yield(nil, errDisk) }
	}
	return b.memory.Entries()
}

func (b broken) Rows(first ts.Day, file ts.Digest, segment [16]byte) iter.Seq2[verify.SaltedRow, error] {
	return func(yield func(verify.SaltedRow, error) bool) {
		for r := range b.memory.Rows(first, file, segment) {
			if !yield(r, nil) {
				return
			}
			yield(verify.SaltedRow{}, errDisk)
			return
		}
	}
}

func TestBrokenLedger(t *testing.T) {
	m, r := handReport(t)
	demand(t, verify.Check(r, m.key(), broken{memory: m, entries: true}), verify.Malformed, errDisk.Error())
	demand(t, verify.Check(r, m.key(), broken{memory: m}), verify.False, errDisk.Error())
}

// TestOtherEntries: an entry of a type that is not known here may mean anything.
func TestOtherEntries(t *testing.T) {
	for typ, status := range map[string]verify.Status{"tally-expire/v1": verify.NotChecked, "tally-place/v1": verify.False} {
		m := newMemory(t, 1)
		m.batch(t, handRows()[:2], "")
		m.add(t, typ, "source x", "day 2014-03-19", "sha256 x")
		json, csv := handFiles(t, m)
		result := verify.Check(m.seal(t, json, csv, 2), m.key(), m)
		demand(t, result, status, map[verify.Status]string{verify.NotChecked: typ, verify.False: "recipe"}[status])
	}
}

// TestOtherSchema: rows of a schema that is not known here are not recounted.
func TestOtherSchema(t *testing.T) {
	m, _ := handReport(t)
	for d, text := range m.manifests {
		manifest, err := proof.ParseManifest(text)
		if err != nil {
			t.Fatal(err)
		}
		manifest.Schema = ts.Digest{9}
		other, err := manifest.Build()
		if err != nil {
			t.Fatal(err)
		}
		delete(m.manifests, d)
		m.manifests[ts.DigestOf(other)] = other
		m.entries[0] = []byte(strings.Replace(string(m.entries[0]), d.String(), ts.DigestOf(other).String(), 1))
		break
	}
	json, csv := handFiles(t, &memory{entries: m.entries[:1]})
	m.unseal()
	r := m.seal(t, json, csv, 1)
	demand(t, verify.Check(r, m.key(), m), verify.NotChecked, "schema")
}
