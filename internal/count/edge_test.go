package count_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// counted is a file that counts how many of its kind are open.
type counted struct {
	memory
	open *atomic.Int32
}

func (c counted) Close() error { c.open.Add(-1); return nil }

// TestManySegments has more segments than are kept open, and checks that every one is
// closed in the end.
func TestManySegments(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	l := &ledger{}
	for s := range 300 {
		rows := segmenttest.Rows(r, 5)
		segment.Sort(rows)
		l.names, l.rows = append(l.names, fmt.Sprint("many-", s)), append(l.rows, rows)
	}
	src := l.source(t)
	var open atomic.Int32
	for i := range src.Segments {
		inner := src.Segments[i].Open
		src.Segments[i].Open = func() (count.File, error) {
			open.Add(1)
			f, err := inner()
			return counted{f.(memory), &open}, err
		}
	}
	s := count.New(src, count.Options{})
	for _, dims := range [][]count.Dimension{nil, {count.By, count.On}, {count.Server}} {
		q := count.Question{Measure: byName(t, "control.hosts"), Group: dims}
		agree(t, 0, l, s, q)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n := open.Load(); n != 0 {
		t.Errorf("%d segments left open", n)
	}
}

func byName(t testing.TB, name string) measure.Measure {
	t.Helper()
	m, err := measure.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	l := &ledger{names: []string{"good", "bad"}}
	for range 2 {
		rows := segmenttest.Rows(r, 2000)
		segment.Sort(rows)
		l.rows = append(l.rows, rows)
	}
	src := l.source(t)
	f, err := src.Segments[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	whole := make([]byte, f.Size())
	if _, err := f.ReadAt(whole, 0); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	cases := map[string]func() (count.File, error){
		"cannot be opened": func() (count.File, error) { return nil, refused },
		"is cut":           func() (count.File, error) { return memory{bytes.NewReader(whole[:len(whole)/2])}, nil },
		"has a bad page": func() (count.File, error) {
			spoilt := bytes.Clone(whole)
			for i := range len(spoilt) / 2 {
				spoilt[4+i] ^= 0x55
			}
			return memory{bytes.NewReader(spoilt)}, nil
		},
	}
	for name, open := range cases {
		src.Segments[1].Open = open
		s := count.New(src, count.Options{})
		q := count.Question{Measure: byName(t, "control.hosts")}
		if err := failure(s.Count(context.Background(), q)); err == nil || !strings.Contains(err.Error(), "segment") {
			t.Errorf("a segment that %s: Count: %v", name, err)
		}
		if failure(s.Members(context.Background(), q)) == nil || failure(s.Rows(context.Background(), q)) == nil {
			t.Errorf("a segment that %s: Members or Rows: no error", name)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func failure[T any](seq func(func(T, error) bool)) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestQuestionsRefused(t *testing.T) {
	s := count.New(count.Source{}, count.Options{})
	for _, q := range []count.Question{
		{Measure: byName(t, "infected.addresses"), By: []ts.Country{"CN"}},
		{Measure: byName(t, "infected.addresses"), Group: []count.Dimension{count.ByAS}},
		{Measure: byName(t, "control.hosts"), Group: []count.Dimension{"colour"}},
	} {
		if failure(s.Count(context.Background(), q)) == nil {
			t.Errorf("answered: %+v", q)
		}
	}
}

func TestCancelled(t *testing.T) {
	l, src := randomLedger(t, rand.New(rand.NewPCG(5, 6)))
	s := count.New(src, count.Options{})
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q := count.Question{Measure: byName(t, "control.hosts")}
	if err := failure(s.Count(ctx, q)); !errors.Is(err, context.Canceled) {
		t.Errorf("Count of %d segments: %v", len(l.rows), err)
	}
}

// TestEmpty asks of nothing.
func TestEmpty(t *testing.T) {
	s := count.New(count.Source{}, count.Options{})
	q := count.Question{Measure: byName(t, "control.hosts")}
	if got := collect(t, s.Count(context.Background(), q)); len(got) != 1 || got[0].Members != 0 {
		t.Errorf("Count of nothing: %v, want one group of 0", got)
	}
	q.Group = []count.Dimension{count.By}
	if got := collect(t, s.Count(context.Background(), q)); len(got) != 0 {
		t.Errorf("Count of nothing by country: %v, want no group", got)
	}
}

// TestResolver pins the rule across rows: who is asked by others is no victim for its own
// look-ups, but is one for what it contacts.
func TestResolver(t *testing.T) {
	r := segmenttest.Row(rand.New(rand.NewPCG(7, 8)))
	client, resolver := segment.AddrOf(0, 0xffff_f0000001), segment.AddrOf(0, 0xffff_f0000002)
	r.Class, r.Grade, r.Flags = ts.Control, ts.LookedUp, 0
	r.Victim, r.Via = client, resolver
	own := r
	own.Victim, own.Via = resolver, segment.AddrOf(0, 0xffff_f0000003)
	q := count.Question{Measure: byName(t, "infected.addresses")}
	if got := counts(t, q, r, own); got != 1 {
		t.Errorf("%d infected, want the client only", got)
	}
	own.Grade = ts.Attempted
	if got := counts(t, q, r, own); got != 2 {
		t.Errorf("%d infected, want the client and the resolver that tried to contact", got)
	}
}

func counts(t *testing.T, q count.Question, rows ...ts.Row) uint64 {
	t.Helper()
	segment.Sort(rows)
	l := &ledger{names: []string{"one"}, rows: [][]ts.Row{rows}}
	s := count.New(l.source(t), count.Options{})
	defer s.Close()
	return collect(t, s.Count(context.Background(), q))[0].Members
}
