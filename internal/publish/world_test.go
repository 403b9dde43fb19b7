package publish

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
	"github.com/tallystick/tallystick/verify/bundle"
)

// Round 1000 of drand's quicknet is known: a world that ends at its time can be audited.
const (
	knownRound     = 1000
	knownTime      = 1692806364 // 2023-08-23T15:59:24Z
	knownSignature = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
)

// madeTable is the table that the house places its rows by.
const madeTable = "240.0.0.0/16,US,64502\n240.1.0.0/16,CN,64501\n"

// world is a house with a witness, whose clock the test sets.
type world struct {
	*house
	*Publisher
	witness ed25519.PrivateKey
	at      int64 // Unix seconds
	told    []string
	dir     string // of the report
	scope   proof.Scope
}

func newWorld(t testing.TB) *world { return newWorldOf(t, newHouse(t), 2) }

func newWorldOf(t testing.TB, h *house, seed byte) *world {
	w := &world{house: h, witness: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)), dir: t.TempDir(), scope: scope()}
	w.Publisher = &Publisher{Ledger: h.Ledger, Now: func() time.Time { return time.Unix(w.at, 0) }, Rand: rand.NewChaCha8([32]byte{seed}),
		Tell: func(s string) { w.told = append(w.told, s) }, Tool: "test"}
	return w
}

const witnessName = "witness.example/one"

func (w *world) witnessKey() []byte {
	return append([]byte{4}, w.witness.Public().(ed25519.PublicKey)...)
}

func (w *world) keyHash() []byte {
	sum := sha256.Sum256(append([]byte(witnessName+"\n"), w.witnessKey()...))
	return sum[:4]
}

// policy asks for the one witness.
func (w *world) policy() string {
	vkey := fmt.Sprintf("%s+%x+%s", witnessName, w.keyHash(), base64.StdEncoding.EncodeToString(w.witnessKey()))
	return "witness one " + vkey + " https://witness.example/\nquorum one\n"
}

func (w *world) trust() bundle.Trust {
	return must(bundle.ParseTrust(w.house.VerifierKey(), []byte(w.policy())))
}

// date has the witness cosign every checkpoint that it has not seen yet, at a time.
func (w *world) date(at int64) {
	w.at = at
	for _, size := range w.house.Sizes() {
		note := must(w.house.Cosigned(size))
		if bytes.Contains(note, []byte(witnessName)) {
			continue
		}
		body, _, _ := bytes.Cut(note, []byte("\n\n"))
		message := append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), append(body, '\n')...)
		sig := binary.BigEndian.AppendUint64(w.keyHash(), uint64(at))
		sig = append(sig, ed25519.Sign(w.witness, message)...)
		line := fmt.Sprintf("\u2014 %s %s\n", witnessName, base64.StdEncoding.EncodeToString(sig))
		if err := w.house.Cosign(size, [][]byte{[]byte(line)}); err != nil {
			w.Fatal(err)
		}
	}
}

// open logs a rule of US on CN over the first ten days.
func (w *world) open(name string, change ...func(*proof.Rule)) uint64 {
	m := must(measure.ByName(name))
	r := RuleOf(&m, scope())
	r.Seal = 86400
	for _, c := range change {
		c(&r)
	}
	index, _, err := OpenRule(w.house.Ledger, &r)
	return must(index, err)
}

func scope() proof.Scope {
	return proof.Scope{Window: ts.Window{From: start, To: start + 10}, By: []ts.Country{"US"}, On: []ts.Country{"CN"}}
}

// report publishes the report of the scope, and returns its figures.
func (w *world) report() []byte {
	v := must(evidence.Read(w.house.Ledger))
	e := must(Evidence(w.house.Ledger, v, "test"))
	scan := count.New(Source(w.house.Ledger, v), count.Options{})
	s := w.scope
	r := must(report.Build(w.Context(), scan, e, report.Request{Window: s.Window, By: s.By, On: s.On}))
	if err := Write(durable.OS{}, w.house.Ledger, v, r, w.dir); err != nil {
		w.Fatal(err)
	}
	must(0, scan.Close())
	return []byte(files(w.dir)[FileJSON])
}

// terms are those of an audit by the known round, when stated two hours before it.
func terms(mode proof.Mode) Terms {
	return Terms{Mode: mode, K: 5, After: 2 * time.Hour, Deadline: 24 * time.Hour, Budget: 20}
}

// live runs an honest life until its statements are dated: rules before the window, ten
// days of contacts with eight machines each, sealed at the end of their days, a report.
func live(t *testing.T, mode proof.Mode) (*world, []byte) { return liveWith(t, 8, terms(mode)) }

func liveWith(t testing.TB, machines int, with Terms) (*world, []byte) {
	w := newWorld(t)
	for _, name := range []string{"control.servers", "control.hosts"} {
		w.open(name)
	}
	w.date(start.Start() - 3600)
	w.readDays(10, machines)
	return w, w.stated(with)
}

// stated publishes and states a report two hours before the known round, and has the
// witness date it.
func (w *world) stated(with Terms) []byte {
	w.at = knownTime - 7200
	figures := w.report()
	if err := w.State(w.Context(), figures, with); err != nil {
		w.Fatal(err)
	}
	w.date(knownTime - 7000)
	return figures
}

// readDays reads a log a day, and has the witness date it when the day is over.
func (w *world) readDays(days, machines int) {
	for day := range days {
		w.readDay(day, machines)
		w.date((start + ts.Day(day) + 1).Start() + 3600)
	}
}

func (w *world) readDay(day, machines int) {
	days := slices.Repeat([]int{day}, machines)
	log := strings.ReplaceAll(connLog(days...), "240.1.0.", fmt.Sprintf("240.1.%d.", day))
	w.read(fmt.Sprintf("conn-%d.log", day), log, one, other)
}

// answerKnown answers the known round.
func (w *world) answerKnown(figures []byte, refuse map[uint64]string) []proof.Audit {
	w.Helper()
	w.at = knownTime + 60
	demands := must(w.Demands(figures, w.trust()))
	audits := must(w.Answer(w.Context(), demands, Reply{Beacon: Beacon{knownRound, knownSignature}, Refuse: refuse}))
	w.date(knownTime + 3600)
	return audits
}

// pack returns the bundle, with the table of places that the house was given.
func (w *world) pack(figures []byte) []byte {
	w.Helper()
	var b bytes.Buffer
	table := []byte(madeTable)
	if err := w.Bundle(w.Context(), figures, Pack{Places: map[ts.Digest][]byte{ts.DigestOf(table): table}}, &b); err != nil {
		w.Fatal(err)
	}
	return b.Bytes()
}

func checked(b []byte, trust bundle.Trust) *bundle.Result {
	return bundle.Check(bytes.NewReader(b), int64(len(b)), trust)
}

// text is everything that a result says.
func text(r *bundle.Result) string {
	var b strings.Builder
	must(0, r.Print(&b, false))
	return b.String()
}

// wantCode fails unless the result has the code, and says the text.
func wantCode(t *testing.T, r *bundle.Result, code int, says string) {
	t.Helper()
	if r.ExitCode() != code || !strings.Contains(text(r), says) {
		t.Errorf("exit code %d, want %d and %q in:\n%s", r.ExitCode(), code, says, text(r))
	}
}

func notTrue(r *bundle.Result) string {
	var b strings.Builder
	for _, l := range r.Lines {
		if l.Status != verify.True {
			fmt.Fprintf(&b, "%s %s %s: %s\n", l.Status, l.Figure, l.What, l.Found)
		}
	}
	return b.String()
}
