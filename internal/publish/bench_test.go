package publish

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// headline is how many machines the figure of the case counted.
const headline = 1_180_000

// BenchmarkSeek finds the rows of an audit of 299 in a ledger with a row of each of the
// headline's machines, in twenty days.
func BenchmarkSeek(b *testing.B) {
	h := newHouse(b)
	fillHouse(h, 20)
	v := must(viewAt(h.Ledger, h.Head().Size))
	m := must(measure.ByName("control.hosts"))
	rule := RuleOf(&m, proof.Scope{Window: ts.Window{From: start, To: start + 20}, By: []ts.Country{"US"}})
	rule.Seal = 1 << 40
	p := &Publisher{Ledger: h.Ledger}
	var wanted [][]byte
	for _, n := range proof.Draw([32]byte{}, headline, 299) {
		wanted = append(wanted, ts.AppendAddrMember(nil, machine(n)))
	}
	b.ReportAllocs()
	for b.Loop() {
		k := must(p.newSeeker(&rule, 0, wanted))
		must(0, seek(b.Context(), h.Ledger, v, []*seeker{k}))
		if k.misses() {
			b.Fatal("a member was not found")
		}
	}
}

// machine is a victim's address.
func machine(n uint64) netip.Addr {
	return netip.AddrFrom4([4]byte{241, byte(n >> 16), byte(n >> 8), byte(n)})
}

// fillHouse reads a log a day, with an equal share of the machines in each.
func fillHouse(h *house, days uint64) {
	loader := intel.NewLoader()
	must(0, loader.Load("made.txt", strings.NewReader(one), intel.Hint{}))
	g := ingest.Ingest{Ledger: h.Ledger, Intel: must(loader.Compile()), Now: start + 1000, Workers: 2,
		Atlas: must(place.New(must(place.OpenFrom("made", start, opens(madeTable)))))}
	sensor := &ts.Sensor{Name: "border-1", Named: true, Role: ts.RoleNetwork, Country: "CZ",
		TreatAsPublic: []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4")}}
	var sources []ingest.Source
	for day := range days {
		var log strings.Builder
		log.WriteString(connLog())
		for n := day; n < headline; n += days {
			fmt.Fprintf(&log, "%d.5\tC%d\t%s\t40000\t240.0.0.1\t443\ttcp\t20\tShADad\n", (start + ts.Day(day)).Start(), n, machine(n))
		}
		text := log.String()
		sources = append(sources, ingest.Source{Name: fmt.Sprintf("conn-%d.log", day), Sensor: sensor,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
	}
	must(g.Run(h.Context(), sources))
}

// BenchmarkCheckAudit checks a whole bundle with audits of 299 members each.
func BenchmarkCheckAudit(b *testing.B) {
	with := terms(proof.ModeRoot)
	with.K, with.Budget = 299, 299
	w, figures := liveWith(b, 40, with)
	w.answerKnown(figures, nil)
	file := w.pack(figures)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if r := bundle.Check(strings.NewReader(string(file)), int64(len(file)), w.trust()); r.ExitCode() != 0 {
			b.Fatal(notTrue(r))
		}
	}
}
