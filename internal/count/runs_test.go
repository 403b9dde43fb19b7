package count_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/segment/segmenttest"
)

// recurring makes a ledger of segments of one day each, some days with several, whose rows
// come back on other days and in other segments with other times, inputs and records.
func recurring(t testing.TB, r *rand.Rand) (*ledger, count.Source) {
	days := make(map[ts.Day][]ts.Row)
	for _, row := range segmenttest.Rows(r, 150) {
		for range 1 + r.IntN(2*segmenttest.Days) {
			again := row
			if row.Day() != 0 {
				again.First = (segmenttest.FirstDay + ts.Day(r.IntN(segmenttest.Days))).Start() + int64(r.IntN(3))*900
			}
			again.Last = again.First + int64(r.IntN(3))
			again.Records = uint64(r.IntN(300))
			again.VictimPort, again.HostID = uint16(r.IntN(2)), []string{"", "bot-3"}[r.IntN(2)]
			again.At.Input = uint32(r.IntN(3))
			days[again.Day()] = append(days[again.Day()], again)
		}
	}
	l := &ledger{}
	for day := range segmenttest.FirstDay + segmenttest.Days {
		list := days[day]
		for len(list) > 0 {
			n := 1 + r.IntN(len(list))
			l.add(list[:n])
			list = list[n:]
		}
	}
	l.exceptions(r)
	return l, l.source(t)
}

// TestRunsChangeNothing asks before runs are built, with them, when some are gone, and
// when all are.
func TestRunsChangeNothing(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 9))
		l, src := recurring(t, r)
		dir := t.TempDir()
		src.Runs = count.Folder(dir)
		for _, change := range []func(*count.Scan){
			func(*count.Scan) {},
			func(s *count.Scan) { built(t, s, dir) },
			func(*count.Scan) { remove(t, dir) },
		} {
			s := count.New(src, count.Options{StretchRows: []int{0, 1}[r.IntN(2)]})
			change(s)
			for _, m := range append(measure.All(), measure.All()...) {
				agree(t, seed, l, s, randomQuestion(r, m))
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// built builds the runs and checks that there are some, and that building again adds none.
func built(t *testing.T, s *count.Scan, dir string) {
	t.Helper()
	var before []os.DirEntry
	for i := range 2 {
		if err := s.BuildRuns(context.Background()); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) == 0 || i > 0 && len(files) != len(before) {
			t.Fatalf("%d runs, then %d: %v", len(before), len(files), err)
		}
		before = files
	}
}

func remove(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}

// TestRunFolds checks that a sighting that comes back every day is one row of a run, unless
// its class is kept by half-hours, and that its texts may leave no room for more than that.
func TestRunFolds(t *testing.T) {
	for _, c := range []struct {
		name  string
		class ts.Class
		path  string
		want  int64
	}{
		{"control", ts.Control, "/a", 1},
		{"attempt", ts.Attempt, "/a", segmenttest.Days},
		{"full", ts.Control, strings.Repeat("a", ts.MaxLine), segmenttest.Days},
		{"nearly full", ts.Control, strings.Repeat("a", ts.MaxLine-7), segmenttest.Days / 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := ts.Row{Sighting: ts.Sighting{Class: c.class, Grade: ts.Established, Path: c.path, Victim: segment.AddrOf(0, 0xffff_f0000001)}}
			l := &ledger{}
			for day := range ts.Day(segmenttest.Days) {
				row.First = (segmenttest.FirstDay + day).Start() + int64(day)
				row.Last, row.Records = row.First, uint64(day)
				l.add([]ts.Row{row})
			}
			src := l.source(t)
			dir := t.TempDir()
			src.Runs = count.Folder(dir)
			s := count.New(src, count.Options{})
			defer s.Close()
			built(t, s, dir)
			if got := rowsIn(t, dir); got != c.want {
				t.Errorf("%d rows, want %d", got, c.want)
			}
			m := measure.Measure{Class: c.class, Grades: measure.AnyGrade, Member: measure.Site, HasBy: true}
			for from := range ts.Day(segmenttest.Days) {
				w := ts.Window{From: segmenttest.FirstDay + from/2, To: segmenttest.FirstDay + segmenttest.Days - from/4}
				agree(t, 0, l, s, count.Question{Measure: m, Window: w})
			}
		})
	}
}

// rowsIn counts the rows of the runs in a folder.
func rowsIn(t *testing.T, dir string) int64 {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var rows int64
	for _, file := range files {
		f, err := openFile(fmt.Sprint(dir, "/", file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := segment.Open(f, f.Size())
		if err != nil {
			t.Fatal(err)
		}
		rows += r.NumRows()
	}
	return rows
}

// TestRunRefusesOtherDays: a segment whose rows are of other days than it says is in no run.
func TestRunRefusesOtherDays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	l := &ledger{}
	l.add(slices.Clone(segmenttest.Rows(r, 20)))
	l.add(slices.Clone(segmenttest.Rows(r, 20)))
	src := l.source(t)
	for i := range src.Segments {
		src.Segments[i].FirstDay, src.Segments[i].LastDay = segmenttest.FirstDay, segmenttest.FirstDay
	}
	src.Runs = count.Folder(t.TempDir())
	s := count.New(src, count.Options{})
	defer s.Close()
	if err := s.BuildRuns(context.Background()); err == nil || !strings.Contains(err.Error(), "row of") {
		t.Errorf("BuildRuns: %v, want the day of a row", err)
	}
}
