package verify

import (
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// maxEntries is the most entries of a ledger (proof protocol 3.0).
const maxEntries = 1 << 22

// history is what the entries of a ledger say, as far as a recount needs it.
type history struct {
	hashes     []tlog.Hash // stored hashes of the tree
	size       uint64
	batches    []batch
	superseded map[uint64]bool
	exclusions []exclusion
	words      map[string]bool     // excluded, as they stand
	addrs      map[netip.Addr]bool // excluded, canonical
	sensors    map[string]sensorLine
	unknown    string // the first entry whose type is not known here; "" none
}

type batch struct {
	index     uint64
	rules     string
	manifests []ts.Digest
}

func newHistory() *history {
	return &history{superseded: map[uint64]bool{}, words: map[string]bool{},
		addrs: map[netip.Addr]bool{}, sensors: map[string]sensorLine{}}
}

// readHistory hashes every entry of l and reads the first size ones.
func readHistory(l Ledger, size uint64) (*history, error) {
	h := newHistory()
	for entry, err := range l.Entries() {
		if err == nil && h.size >= maxEntries {
			err = fmt.Errorf("more than %d entries", maxEntries)
		}
		if err == nil && h.size < size {
			err = h.read(entry)
		}
		if err == nil {
			err = h.hash(entry)
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", h.size, err)
		}
	}
	return h, nil
}

// read reads an entry that counts.
func (h *history) read(entry []byte) error {
	o, err := ts.ParseObject(entry)
	if err != nil {
		return err
	}
	switch o.Type {
	case "tally-batch/v1":
		return h.readBatch(entry)
	case "tally-exclude/v1":
		return h.readExclusion(entry)
	case "tally-sensor/v1":
		return h.readSensor(entry)
	case "tally-place/v1", "tally-report/v1", "tally-rule/v1", "tally-key/v1", "tally-figure/v1", "tally-challenge/v1",
		"tally-audit/v1", "tally-overlap/v1", "tally-peer/v1":
		return nil
	case "tally-canary/v1":
		return h.readCanary(entry)
	}
	if h.unknown == "" {
		h.unknown = fmt.Sprintf("entry %d is of type %.60s, which is not known here", h.size, o.Type)
	}
	return nil
}

func (h *history) readBatch(entry []byte) error {
	o, err := ts.ParseObjectAs(entry, "tally-batch/v1", "kind rules supersedes input* segment*")
	if err != nil {
		return err
	}
	if kind := o.Get("kind"); kind != "sightings" {
		return fmt.Errorf("batch of kind %.30q", kind)
	}
	b := batch{index: h.size, rules: o.Get("rules")}
	for _, s := range o.All("segment") {
		d, err := ts.ParseDigest(s)
		if err != nil {
			return err
		}
		b.manifests = append(b.manifests, d)
	}
	if s := o.Get("supersedes"); s != "" {
		n, err := parseDecimal(s)
		if err != nil || n >= h.size {
			return fmt.Errorf("supersedes %.30q", s)
		}
		h.superseded[n] = true
	}
	h.batches = append(h.batches, b)
	return nil
}

func (h *history) readExclusion(entry []byte) error {
	o, err := ts.ParseObjectAs(entry, "tally-exclude/v1", "value reason")
	if err != nil {
		return err
	}
	value, errValue := ts.Unescape(o.Get("value"))
	reason, errReason := ts.Unescape(o.Get("reason"))
	if err := errors.Join(errValue, errReason); err != nil {
		return err
	}
	h.exclude(value, reason)
	return nil
}

// readCanary takes the values of a revealed list of canaries out; a commitment has none.
func (h *history) readCanary(entry []byte) error {
	_, c, err := proof.ParseCanaryEntry(entry)
	if err != nil || c == nil {
		return err
	}
	for _, value := range c.Values {
		h.exclude(value, "a neutral's canary")
	}
	return nil
}

func (h *history) exclude(value, reason string) {
	h.exclusions = append(h.exclusions, exclusion{value, reason})
	if value != "" {
		h.words[value] = true
	}
	if a, err := netip.ParseAddr(value); err == nil {
		h.addrs[ts.Canonical(a)] = true
	}
}

// excludes reports whether an exclusion names the row's indicator, one of its ends'
// addresses in whatever spelling, or the name of its perpetrator end.
func (h *history) excludes(r *ts.Row) bool {
	return h.words[r.Indicator] || h.words[r.PerpName] || h.addrs[r.Perp] || h.addrs[r.Victim]
}

func (h *history) readSensor(entry []byte) error {
	o, err := ts.ParseObjectAs(entry, "tally-sensor/v1", "name role country as site networks* treat-as-public* sampling since")
	if err != nil {
		return err
	}
	name, errName := ts.Unescape(o.Get("name"))
	site, errSite := ts.Unescape(o.Get("site"))
	as, errAS := parseDecimal(o.Get("as"))
	sampling, errSampling := parseDecimal(o.Get("sampling"))
	if err := errors.Join(errName, errSite, errAS, errSampling); err != nil {
		return err
	}
	h.sensors[name] = sensorLine{Name: name, Role: o.Get("role"), Country: o.Get("country"), AS: as, Site: site,
		Networks: o.All("networks"), TreatAsPublic: o.All("treat-as-public"), Sampling: max(sampling, 1)}
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

// matches compares the root of the first size entries with the one that is claimed.
func (h *history) matches(size uint64, root, who string) error {
	if size > h.size {
		return fmt.Errorf("%s of %d entries, the ledger has %d", who, size, h.size)
	}
	if size == 0 {
		if root != "" {
			return fmt.Errorf("%s of no entries names a root", who)
		}
		return nil
	}
	found, err := tlog.TreeHash(int64(size), h)
	if err == nil && found.String() != root {
		err = fmt.Errorf("root of the first %d entries is %s, %s says %.60s", size, found, who, root)
	}
	return err
}
