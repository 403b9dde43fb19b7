package bundle

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// history is the ledger as the bundle has it: every entry, and what they say of figures.
type history struct {
	archive *archive
	origin  string
	entries [][]byte
	hashes  []tlog.Hash
	heads   []*head // by size; the last is the bundle's checkpoint
	latest  int64   // time of the last dated checkpoint, 0 where none is dated

	rules      map[uint64]proof.Rule
	reaches    []reach // of the rules
	keys       map[uint64]proof.Key
	superseded map[uint64]uint64 // batch, and the batch that supersedes it
	words      map[string]uint64 // excluded, and since which entry
	excluding  int               // all of them
	addrs      map[netip.Addr]uint64
	editions   map[proof.PlaceEdition]uint64 // the first entry of each
	challenges map[ts.Digest][]challenge     // by statement
	challenged int                           // all of them
	audits     map[asked]audit               // the first answer to each
	offers     []offerEntry                  // of overlaps, in the ledger's order
	offered    []proof.Offer                 // the same
	pledges    map[pledger]pledge            // the first of each
	reveals    map[ts.Digest]uint64          // lists of canaries by their commitment, and the first entry of each
	planted    map[string]*planted           // the user's canaries; nil: he asks for none
	figures    []*figure
	sensors    map[string][]declaration
	public     []publicBlock       // what sensors count as public, in the ledger's order
	tables     map[ts.Digest]table // opened
	left       allowance
	beacons    map[uint64][32]byte // randomness of rounds
	undated    bool                // nobody dates anything: dates do not count
}

// head is a checkpoint of the bundle.
type head struct {
	note  []byte
	size  uint64
	root  tlog.Hash
	time  int64 // Unix seconds, 0: no time
	since int64 // least time of those that hold as much
}

// asked is one round of one statement.
type asked struct {
	figure ts.Digest
	round  uint64
}

type challenge struct {
	proof.Challenge
	index  uint64
	digest ts.Digest
}

type audit struct {
	proof.Audit
	index uint64
}

// readLedger reads every entry, and every checkpoint against them: each must be of a state
// that the ledger went through.
func readLedger(a *archive) (*history, error) {
	log, err := a.read("entries.log", maxBundle)
	if err != nil {
		return nil, err
	}
	l := &history{archive: a, rules: map[uint64]proof.Rule{}, keys: map[uint64]proof.Key{},
		superseded: map[uint64]uint64{}, words: map[string]uint64{}, addrs: map[netip.Addr]uint64{}, editions: map[proof.PlaceEdition]uint64{},
		challenges: map[ts.Digest][]challenge{}, audits: map[asked]audit{}, pledges: map[pledger]pledge{}, reveals: map[ts.Digest]uint64{},
		sensors: map[string][]declaration{}, tables: map[ts.Digest]table{}, beacons: map[uint64][32]byte{}, left: fullAllowance()}
	for len(log) > 0 {
		entry, rest, err := cutRecord(log)
		if err == nil {
			err = l.take(entry)
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", len(l.entries), err)
		}
		log = rest
	}
	if err := l.readHeads(); err != nil {
		return nil, err
	}
	return l, l.link()
}

// cutRecord reads one record of entries.log: u32 length, u32 CRC-32, bytes.
func cutRecord(log []byte) (entry, rest []byte, err error) {
	if len(log) < 8 {
		return nil, nil, errors.New("record cut off")
	}
	n := binary.BigEndian.Uint32(log)
	if n == 0 || n > ts.MaxObject || int(n) > len(log)-8 {
		return nil, nil, fmt.Errorf("record of length %d", n)
	}
	entry = log[8 : 8+n]
	if crc32.ChecksumIEEE(entry) != binary.BigEndian.Uint32(log[4:]) {
		return nil, nil, errors.New("record does not have its CRC")
	}
	return entry, log[8+n:], nil
}

func (l *history) size() uint64 { return uint64(len(l.entries)) }

// take adds an entry to the tree and reads it.
func (l *history) take(entry []byte) error {
	if l.size() >= maxEntries {
		return fmt.Errorf("more than %d entries", maxEntries)
	}
	o, err := ts.ParseObject(entry)
	if err != nil {
		return err
	}
	if err := cmp.Or(l.understand(&o, entry), l.few()); err != nil {
		return err
	}
	hashes, err := tlog.StoredHashes(int64(l.size()), entry, l)
	if err != nil {
		return err
	}
	l.hashes = append(l.hashes, hashes...)
	l.entries = append(l.entries, entry)
	return nil
}

// understand keeps what an entry says of figures. Types that say nothing of them are
// reports, expiries and peers; any other is malformed.
func (l *history) understand(o *ts.Object, entry []byte) (err error) {
	i := l.size()
	switch o.Type {
	case "tally-batch/v1":
		return l.takeBatch(i, o)
	case proof.RuleType:
		l.rules[i], err = proof.ParseRule(entry)
	case proof.KeyType:
		l.keys[i], err = proof.ParseKey(entry)
	case proof.StatementType:
		f := &figure{ledger: l, index: i, digest: ts.DigestOf(entry)}
		f.Statement, err = proof.ParseStatement(entry)
		l.figures = append(l.figures, f)
	case proof.ChallengeType:
		c := challenge{index: i, digest: ts.DigestOf(entry)}
		if c.Challenge, err = proof.ParseChallenge(entry); err != nil {
			return err
		}
		l.challenged++
		if l.challenges[c.Figure] = append(l.challenges[c.Figure], c); len(l.challenges[c.Figure]) > maxObjects {
			err = fmt.Errorf("more than %d challenges of one figure", maxObjects)
		}
	case proof.AuditType:
		a := audit{index: i}
		a.Audit, err = proof.ParseAudit(entry)
		if _, again := l.audits[asked{a.Figure, a.Round}]; !again {
			l.audits[asked{a.Figure, a.Round}] = a
		}
	case "tally-exclude/v1":
		return l.takeExclusion(i, o)
	case "tally-place/v1":
		return l.takeEdition(i, o)
	case "tally-sensor/v1":
		return l.takeSensor(i, o)
	case proof.OverlapType:
		return l.takeOverlap(i, entry)
	case proof.CanaryType:
		return l.takeCanary(i, entry)
	case "tally-report/v1", "tally-expire/v1", "tally-peer/v1":
	default:
		err = fmt.Errorf("type %.60q does not exist", o.Type)
	}
	return err
}

func (l *history) takeBatch(i uint64, o *ts.Object) error {
	s := o.Get("supersedes")
	if s == "" {
		return nil
	}
	old, err := ts.ParseNumber(s)
	if err != nil || old >= i {
		return fmt.Errorf("supersedes %.30q", s)
	}
	if _, ok := l.superseded[old]; !ok {
		l.superseded[old] = i
	}
	return nil
}

func (l *history) takeExclusion(i uint64, o *ts.Object) error {
	v := ts.ObjectReader{Object: o}
	l.exclude(i, v.Text("value"))
	return v.Err
}

// exclude takes a value out of what is counted from entry i on. An address is one in
// whatever spelling: the first that names it counts.
func (l *history) exclude(i uint64, word string) {
	if _, ok := l.words[word]; ok || word == "" {
		return
	}
	l.excluding++
	word = strings.Clone(word) // not the whole entry
	l.words[word] = i
	if a, err := netip.ParseAddr(word); err == nil {
		a = ts.Canonical(a)
		if _, ok := l.addrs[a]; !ok {
			l.addrs[a] = i
		}
	}
}

func (l *history) takeEdition(i uint64, o *ts.Object) error {
	v := ts.ObjectReader{Object: o}
	e := proof.PlaceEdition{Name: v.Text("source"), Day: ts.Parsed(&v, "day", ts.ParseDay), Digest: v.Digest("sha256")}
	if _, again := l.editions[e]; !again {
		l.editions[e] = i
	}
	return v.Err
}

// excluded reports whether an exclusion below the size names an end of the row or what
// matched.
func (l *history) excluded(r *ts.Row, size uint64) bool {
	for _, w := range []string{r.Indicator, r.PerpName} {
		if i, ok := l.words[w]; ok && w != "" && i < size {
			return true
		}
	}
	for _, a := range []netip.Addr{r.Perp, r.Victim} {
		if i, ok := l.addrs[a]; ok && i < size {
			return true
		}
	}
	return false
}

// ReadHashes implements tlog.HashReader.
func (l *history) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(l.hashes))
		}
		list[i] = l.hashes[x]
	}
	return list, nil
}

// rootAt returns the root over the first n entries.
func (l *history) rootAt(n uint64) (tlog.Hash, error) {
	if n > l.size() {
		return tlog.Hash{}, fmt.Errorf("%d entries: the bundle has %d", n, l.size())
	}
	return tlog.TreeHash(int64(n), l)
}

// readHeads reads every checkpoint and compares it with the entries.
func (l *history) readHeads() error {
	if err := l.archive.fewNotes(); err != nil {
		return err
	}
	seen := map[uint64]bool{}
	for _, name := range l.archive.order {
		digits, ok := strings.CutPrefix(name, "checkpoints/")
		if !ok {
			continue
		}
		h, err := l.readHead(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if strconv.FormatUint(h.size, 10) != digits {
			return fmt.Errorf("%s is of size %d", name, h.size)
		}
		seen[h.size] = true
		l.heads = append(l.heads, h)
	}
	last, err := l.readHead("checkpoint")
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if last.size != l.size() {
		return fmt.Errorf("checkpoint is of %d entries, entries.log has %d", last.size, l.size())
	}
	if !seen[last.size] {
		l.heads = append(l.heads, last)
	}
	slices.SortFunc(l.heads, func(a, b *head) int { return cmp.Compare(a.size, b.size) })
	return nil
}

// visible is what an origin is made of: it is the name of a key, and is printed.
const visible = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

func (l *history) readHead(name string) (*head, error) {
	note, err := l.archive.read(name, maxNote)
	if err != nil {
		return nil, err
	}
	text, _, ok := bytes.Cut(note, []byte("\n\n"))
	lines := strings.Split(string(text), "\n")
	if !ok || len(lines) != 3 || lines[0] == "" || strings.Trim(lines[0], visible) != "" {
		return nil, errors.New("not a checkpoint of origin, size and root")
	}
	h := &head{note: note}
	if h.size, err = ts.ParseNumber(lines[1]); err != nil {
		return nil, err
	}
	if h.root, err = tlog.ParseHash(lines[2]); err != nil || h.root.String() != lines[2] {
		return nil, fmt.Errorf("root %.60q", lines[2])
	}
	if l.origin == "" {
		l.origin = lines[0]
	}
	if lines[0] != l.origin {
		return nil, fmt.Errorf("origin %.60q: others are of %.60q", lines[0], l.origin)
	}
	root, err := l.rootAt(h.size)
	if err == nil && root != h.root {
		err = errors.New("its root is not that of the entries: the ledger was forked or rewritten")
	}
	return h, err
}

// link counts the attempts at each figure: statements of one measure and scope, under
// whatever rule.
func (l *history) link() error {
	ids, last := map[string]bool{}, map[string]*figure{}
	for _, f := range l.figures {
		if ids[f.ID] {
			return fmt.Errorf("two statements have the id %s", f.ID)
		}
		ids[f.ID] = true
		f.attempt = 1
		if before := last[f.what()]; before != nil {
			f.attempt, before.again = before.attempt+1, true
		}
		last[f.what()] = f
	}
	return nil
}

// statedBefore reports whether a digest is that of an earlier statement of the figure.
func (l *history) statedBefore(d ts.Digest, of *figure) bool {
	return slices.ContainsFunc(l.figures, func(f *figure) bool {
		return f.digest == d && f.index < of.index && f.what() == of.what()
	})
}
