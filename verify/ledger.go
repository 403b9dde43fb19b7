package verify

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// history is what the entries of a ledger say, as far as a recount needs it.
type history struct {
	hashes     []tlog.Hash // stored hashes of the tree
	size       uint64
	batches    []batch
	superseded map[uint64]bool
	excluded   map[string]bool
}

type batch struct {
	index     uint64
	manifests []ts.Digest
}

// checkLedger recomputes the ledger's root, compares it with what the report was counted
// from, and recounts.
func checkLedger(r *Result, c *claim, signed *head, l Ledger) {
	h := &history{superseded: map[uint64]bool{}, excluded: map[string]bool{}}
	for entry, err := range l.Entries() {
		if err == nil && h.size < c.Checkpoint.Size {
			err = h.add(entry)
		} else if err == nil {
			err = h.hash(entry)
		}
		if err != nil {
			r.add(Malformed, "ledger", "entry %d: %v", h.size, err)
			return
		}
	}
	const what = "the ledger at hand is the one that was counted and signed"
	if err := h.compare(c.Checkpoint, signed); err != nil {
		r.add(False, what, "%v", err)
		return
	}
	r.add(True, what, "")
	rows := &rowCheck{ledger: l, history: h}
	recount(r, c, rows)
}

// add reads an entry that the report was counted from.
func (h *history) add(entry []byte) error {
	o, err := ts.ParseObject(entry)
	if err != nil {
		return err
	}
	switch o.Type {
	case "tally-batch/v1":
		if err := h.addBatch(entry); err != nil {
			return err
		}
	case "tally-exclude/v1":
		value, err := ts.Unescape(o.Get("value"))
		if err != nil {
			return err
		}
		h.excluded[value] = true
	}
	return h.hash(entry)
}

func (h *history) addBatch(entry []byte) error {
	o, err := ts.ParseObjectAs(entry, "tally-batch/v1", "kind rules supersedes input* segment*")
	if err != nil {
		return err
	}
	b := batch{index: h.size}
	for _, s := range o.All("segment") {
		d, err := ts.ParseDigest(s)
		if err != nil {
			return err
		}
		b.manifests = append(b.manifests, d)
	}
	if s := o.Get("supersedes"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil || n >= h.size {
			return fmt.Errorf("supersedes %.30q", s)
		}
		h.superseded[n] = true
	}
	h.batches = append(h.batches, b)
	return nil
}

func (h *history) hash(entry []byte) error {
	hashes, err := tlog.StoredHashes(int64(h.size), entry, h)
	if err != nil {
		return err
	}
	h.hashes = append(h.hashes, hashes...)
	h.size++
	return nil
}

// ReadHashes implements tlog.HashReader over the hashes kept.
func (h *history) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(h.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(h.hashes))
		}
		list[i] = h.hashes[x]
	}
	return list, nil
}

// compare recomputes the roots that the report and its checkpoint name.
func (h *history) compare(counted ts.FigureCheckpoint, signed *head) error {
	if counted.Size > h.size {
		return fmt.Errorf("report counted %d entries, the ledger has %d", counted.Size, h.size)
	}
	if counted.Size > 0 {
		root, err := tlog.TreeHash(int64(counted.Size), h)
		if err != nil {
			return err
		}
		if root.String() != counted.Root {
			return fmt.Errorf("root of the first %d entries is %s, the report says %.60s", counted.Size, root, counted.Root)
		}
	}
	if signed == nil {
		return errors.New("no good checkpoint")
	}
	if signed.size > h.size {
		return fmt.Errorf("checkpoint of %d entries, the ledger has %d", signed.size, h.size)
	}
	root, err := tlog.TreeHash(int64(signed.size), h)
	if err == nil && root != signed.root {
		err = fmt.Errorf("root of the first %d entries is %s, the checkpoint says %s", signed.size, root, signed.root)
	}
	return err
}

// rowCheck reads the rows of live batches, comparing every segment with the Merkle root
// that the ledger committed to.
type rowCheck struct {
	ledger   Ledger
	history  *history
	segments int
	rows     uint64
}

// each calls visit for every row that may be counted. It fails with the first segment
// that is not what was committed.
func (c *rowCheck) each(visit func(*ts.Row)) error {
	for _, b := range c.history.batches {
		if c.history.superseded[b.index] {
			continue
		}
		for _, d := range b.manifests {
			if err := c.segment(d, visit); err != nil {
				return fmt.Errorf("batch of entry %d, manifest %s: %w", b.index, d, err)
			}
		}
	}
	return nil
}

func (c *rowCheck) segment(d ts.Digest, visit func(*ts.Row)) error {
	text, err := c.ledger.Record(d)
	if err != nil {
		return err
	}
	if ts.DigestOf(text) != d {
		return errors.New("the manifest is not the one that was committed")
	}
	m, err := proof.ParseManifest(text)
	if err != nil {
		return err
	}
	var tree proof.RowTree
	var line []byte
	for row, err := range c.ledger.Rows(m.First, m.File, m.Segment) {
		if err != nil {
			return err
		}
		line = row.Row.AppendLine(line[:0])
		tree.Append(proof.RowLeaf(row.Salt, line))
		if !c.excluded(&row.Row) {
			visit(&row.Row)
		}
	}
	if tree.Len() != m.Rows || tree.Root() != m.RowRoot {
		return errors.New("the rows are not those that were committed")
	}
	c.segments++
	c.rows += m.Rows
	return nil
}

// excluded reports whether an exclusion names the row's indicator, one of its
// addresses, or the name of its perpetrator end.
func (c *rowCheck) excluded(r *ts.Row) bool {
	x := c.history.excluded
	return len(x) > 0 && (x[r.Indicator] || x[r.PerpName] ||
		r.Perp.IsValid() && x[r.Perp.String()] || r.Victim.IsValid() && x[r.Victim.String()])
}

// words joins a group of countries as on the command line.
func words(group []ts.Country) string {
	list := make([]string, len(group))
	for i, c := range group {
		list[i] = string(c)
	}
	return strings.Join(list, "+")
}

// Rows checks that every row of every live batch is one that the ledger committed to,
// and returns how many there are in how many segments.
func Rows(l Ledger) (rows uint64, segments int, err error) {
	h := &history{superseded: map[uint64]bool{}, excluded: map[string]bool{}}
	for entry, err := range l.Entries() {
		if err != nil {
			return 0, 0, err
		}
		if err := h.add(entry); err != nil {
			return 0, 0, fmt.Errorf("ledger entry %d: %w", h.size, err)
		}
	}
	c := rowCheck{ledger: l, history: h}
	err = c.each(func(*ts.Row) {})
	return c.rows, c.segments, err
}
