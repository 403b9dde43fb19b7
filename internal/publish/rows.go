package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"sync"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
)

// seeker looks for a row behind each of some members of a figure.
type seeker struct {
	rule  *proof.Rule
	judge judge
	found map[string]*found // by member
}

// judge fails where whoever checks the figure would not take a row of the batch in an entry.
// It is asked by several goroutines at once.
type judge func(entry uint64, row *ts.Row) error

// found is the best row of a member so far: the first that is good, else the first.
type found struct {
	proof.Opening
	by   *sealed // its segment; nil while nothing is found
	good bool
}

// newSeeker prefers rows that the audit of a round takes; 0 is no audit.
func (p *Publisher) newSeeker(r *proof.Rule, round uint64, wanted [][]byte) (*seeker, error) {
	d, err := p.readDates()
	if err != nil {
		return nil, err
	}
	s := &seeker{rule: r, found: map[string]*found{}}
	for _, m := range wanted {
		s.found[string(m)] = &found{Opening: proof.Opening{Member: m}}
	}
	s.judge, err = d.judge(r, round)
	return s, err
}

// kind is what a member is computed by, of a row.
type kind struct {
	member ts.MemberKind
	net64  bool
}

// wish is one member of one figure.
type wish struct {
	*seeker
	*found
}

// search is one way through the rows of a ledger, for several figures.
type search struct {
	wishes   map[kind]map[string][]wish
	seekers  []*seeker
	excluded excluded
}

func newSearch(seekers []*seeker, x excluded) *search {
	s := &search{map[kind]map[string][]wish{}, seekers, x}
	for _, k := range seekers {
		of := kind{k.rule.Member, k.rule.Net64}
		if s.wishes[of] == nil {
			s.wishes[of] = map[string][]wish{}
		}
		for member, f := range k.found {
			s.wishes[of][member] = append(s.wishes[of][member], wish{k, f})
		}
	}
	return s
}

// seek reads the rows that were counted once, and finds for each member the first row in
// the order of the ledger that its judge takes; where it takes none, the first. Segments are
// read several at a time, and what they hold is taken in their order.
func seek(ctx context.Context, l *ledger.Ledger, v *evidence.View, seekers []*seeker) error {
	salt, err := l.SaltKey()
	if err != nil {
		return err
	}
	var all []*sealed
	for b := range v.Live() {
		for i := range b.Segments {
			all = append(all, &sealed{l, salt, b.Index, &b.Segments[i]})
		}
	}
	s := newSearch(seekers, exclusions(v))
	for wave := range slices.Chunk(all, 4*runtime.GOMAXPROCS(0)) {
		hits := make([][]hit, len(wave))
		err := inParallel(ctx, len(wave), func(i int) (err error) {
			hits[i], err = wave[i].search(s)
			return err
		})
		if err != nil {
			return err
		}
		for _, h := range slices.Concat(hits...) {
			h.take()
		}
	}
	return s.prove(ctx)
}

// hit is a row that supports a member.
type hit struct {
	wish
	by   *sealed
	row  uint64
	line string
	good bool
}

// take makes the row the member's, if it is the first or the first good one.
func (h *hit) take() {
	if f := h.found; f.by == nil || h.good && !f.good {
		f.by, f.good = h.by, h.good
		f.Entry, f.Row, f.Line = h.by.entry, h.row, h.line
	}
}

// prove gives every row that was found its manifest, salt and path.
func (s *search) prove(ctx context.Context) error {
	bySegment := map[*sealed][]*found{}
	var order []*sealed
	for _, k := range s.seekers {
		for _, f := range k.found {
			if f.by == nil {
				continue
			}
			if bySegment[f.by] == nil {
				order = append(order, f.by)
			}
			bySegment[f.by] = append(bySegment[f.by], f)
		}
	}
	return inParallel(ctx, len(order), func(i int) error { return order[i].prove(bySegment[order[i]]) })
}

// inParallel calls f for 0 to n-1, one a processor at a time, and returns the first error by
// number.
func inParallel(ctx context.Context, n int, f func(i int) error) error {
	failed := make([]error, n)
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i := range n {
		free <- struct{}{}
		work.Go(func() {
			defer func() { <-free }()
			if failed[i] = ctx.Err(); failed[i] == nil {
				failed[i] = f(i)
			}
		})
	}
	work.Wait()
	return cmp.Or(failed...)
}

// excluded is what exclusions name.
type excluded struct {
	words map[string]bool
	addrs map[netip.Addr]bool
}

func exclusions(v *evidence.View) excluded {
	x := excluded{map[string]bool{}, map[netip.Addr]bool{}}
	for _, e := range v.Exclusions {
		x.words[e.Value] = true
		if a, err := netip.ParseAddr(e.Value); err == nil {
			x.addrs[ts.Canonical(a)] = true
		}
	}
	return x
}

func (x excluded) has(r *ts.Row) bool {
	return x.words[r.Indicator] || x.words[r.PerpName] || x.addrs[r.Perp] || x.addrs[r.Victim]
}

// noRow is the refusal where nothing supports a member.
const noRow = "no committed row supports it"

// complete fills in the rows found, and refuses where there is none.
func (k *seeker) complete(list []proof.Opening) {
	for i := range list {
		o := &list[i]
		if o.Refused != "" {
			continue
		}
		f := k.found[string(o.Member)]
		if f.by == nil {
			*o = proof.Opening{Position: o.Position, Refused: noRow}
			continue
		}
		o.Entry, o.Manifest, o.Row, o.Line, o.Salt, o.RowPath = f.Entry, f.Manifest, f.Row, f.Line, f.Salt, f.RowPath
	}
}

// errRows means that a segment does not hold what its manifest says.
var errRows = errors.New("its rows are not those of its manifest")

func (s *sealed) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("segment %s: %w", s.Manifest.File, err)
}
