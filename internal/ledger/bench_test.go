package ledger

import (
	"testing"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

const benchEntries = 100_000

// large returns the options of a ledger of 100,000 entries in 100 commits, in memory.
func large(b *testing.B) Options {
	b.Helper()
	opt := options(durabletest.New())
	l := mustCreate(b, "/led", opt)
	for i := 0; i < benchEntries; i += benchEntries / 100 {
		mustCommit(b, l, entries(i, i+benchEntries/100)...)
	}
	return opt
}

func BenchmarkOpen(b *testing.B) {
	opt := large(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open("/led", opt); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenReadOnly(b *testing.B) {
	opt := large(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := OpenReadOnly("/led", opt); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	opt := large(b)
	b.ReportAllocs()
	for b.Loop() {
		if report, err := Check("/led", opt); err != nil || len(report.Problems) > 0 {
			b.Fatal(report, err)
		}
	}
}

func BenchmarkEntries(b *testing.B) {
	l := mustBeWhole(b, "/led", large(b))
	b.ReportAllocs()
	for b.Loop() {
		for range l.Entries() {
		}
	}
}

// BenchmarkCommit commits one entry to a ledger on the real disk, fsyncs and all.
func BenchmarkCommit(b *testing.B) {
	l := mustCreate(b, b.TempDir()+"/led", Options{})
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		mustCommit(b, l, entry(i))
		i++
	}
}
