package ingest

import (
	"crypto/sha256"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/ledger"
)

// story is a small ingest on a ledger that is there already.
type story struct {
	*world
	sources []Source
	want    folded
	seen    map[[sha256.Size]byte]bool // states of the disk that were judged, or left out
}

func newStory(t *testing.T) *story {
	w := newWorld(t)
	w.Workers, w.BatchRows = 1, 5
	s := &story{world: w, seen: map[[sha256.Size]byte]bool{}, sources: []Source{src("dns.log", backbone, dnsLog(6)+"soon\tskipped\n"), src("eve.json", backbone, eveLog(2)), src("a.log", web, accessLog(2))}}
	s.want = s.oracle(s.sources...)
	return s
}

// on returns the story on another disk.
func (s *story) on(fsys *durabletest.FS) (*story, error) {
	w := &world{s.TB, fsys, s.Ingest}
	var err error
	w.Ledger, err = ledger.Open("/led", options(fsys))
	return &story{w, s.sources, s.want, nil}, err
}

// fresh returns the story on a copy of its disk, as it is now.
func (s *story) fresh() *story {
	s.Helper()
	f, err := s.on(s.fs.Clone())
	if err != nil {
		s.Fatal(err)
	}
	return f
}

// acts returns the acts of the story when nothing fails.
func (s *story) acts() (acts []durabletest.Op) {
	f := s.fresh()
	f.fs.Judge = func(op durabletest.Op) durabletest.Fault {
		acts = append(acts, op)
		return durabletest.None
	}
	f.must(f.sources...)
	f.fs.Judge = nil
	f.wantRows(f.sources...)
	return acts
}

func changes(op durabletest.Op) bool {
	return !slices.Contains([]string{"open", "read", "close", "list", "lock", "unlock"}, op.Kind)
}

// judge fails unless the ledger on the disk is whole and counts nothing twice or in
// part, and unless another ingest completes it.
func (s *story) judge(fsys *durabletest.FS) {
	s.Helper()
	if report, err := ledger.Check("/led", options(fsys)); err != nil || len(report.Problems) > 0 {
		s.Fatalf("Check: %v %q", err, report.Problems)
	}
	f, err := s.on(fsys)
	if err != nil {
		s.Fatal(err)
	}
	for key, got := range committedRows(s, f.Ledger) {
		if want := s.want[key]; got.Records > want.Records {
			s.Fatalf("%+v, but there are only %+v: %s", got, want, key)
		}
	}
	f.must(f.sources...)
	equalRows(s, committedRows(s, f.Ledger), s.want)
	if report, err := ledger.Check("/led", options(fsys)); err != nil || len(report.Problems) > 0 {
		s.Fatalf("Check in the end: %v %q", err, report.Problems)
	}
}

// first reports whether a state of the disk is met for the first time. Two that differ
// only in what unfinished files hold are one, since nobody looks into these.
func (s *story) first(disk *durabletest.FS) bool {
	d := disk.Digest(durable.Temporary)
	met := s.seen[d]
	s.seen[d] = true
	return !met
}

// TestEveryActFails fails each act of a small ingest once: undone, done, or half done.
func TestEveryActFails(t *testing.T) {
	s := newStory(t)
	for _, act := range s.acts() {
		faults := []durabletest.Fault{durabletest.Fail}
		if changes(act) {
			faults = append(faults, durabletest.Done)
		}
		if act.Kind == "write" {
			faults = append(faults, durabletest.Torn)
		}
		for _, fault := range faults {
			f := s.fresh()
			f.fs.Judge = func(op durabletest.Op) durabletest.Fault {
				if op.Index == act.Index {
					return fault
				}
				return durabletest.None
			}
			_, err := f.Run(t.Context(), f.sources)
			f.fs.Judge = nil
			if err != nil && !errors.Is(err, durabletest.ErrInjected) && !errors.Is(err, ledger.ErrDamaged) {
				t.Fatalf("%v, fault %d: %v", act, fault, err)
			}
			for _, disk := range []*durabletest.FS{f.fs.Clone(), f.fs.AfterCrash(durabletest.Crash{})} {
				if s.first(disk) {
					disk.Judge = s.looksAway
					s.judge(disk)
				}
			}
		}
	}
}

// looksAway fails the test where anybody looks into an unfinished file.
func (s *story) looksAway(op durabletest.Op) durabletest.Fault {
	if slices.Contains([]string{"open", "read", "append", "truncate"}, op.Kind) && durable.Temporary(filepath.Base(op.Name)) {
		s.Errorf("%v: an unfinished file", op)
	}
	return durabletest.None
}

// TestCrash kills a small ingest behind each of its acts, and judges the states that
// the disk can then be in, with writes torn at every byte: one state in stride of those
// that differ.
func TestCrash(t *testing.T) {
	s := newStory(t)
	states := 0
	for _, last := range s.acts() {
		if !changes(last) {
			continue // the disk is as at the act before
		}
		f := s.fresh()
		f.fs.Judge = func(op durabletest.Op) durabletest.Fault {
			if op.Index > last.Index {
				return durabletest.Fail
			}
			return durabletest.None
		}
		_, _ = f.Run(t.Context(), f.sources) // killed
		for crash := range f.fs.Crashes {
			states++
			if disk := f.fs.AfterCrash(crash); s.first(disk) && len(s.seen)%stride == 0 {
				disk.Judge = s.looksAway
				s.judge(disk)
			}
		}
	}
	t.Logf("%d of %d states of the disk, %d of which differ", len(s.seen)/stride, states, len(s.seen))
}
