package publish

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// observer is a world whose control.hosts may be compared with another's.
type observer struct {
	*world
	figures []byte
}

// newObserver sees eight machines a day for ten days, in the networks 240.1.first.0/24 and on, and
// has its report audited, under own keys unless told otherwise.
func newObserver(t *testing.T, origin string, seed byte, first int, with Terms) *observer {
	w := newWorldOf(t, newHouseOf(t, origin, seed), seed)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	for day := range 10 {
		log := strings.ReplaceAll(connLog(day, day, day, day, day, day, day, day), "240.1.0.", fmt.Sprintf("240.1.%d.", first+day))
		w.read(fmt.Sprintf("conn-%d.log", day), log, one, other)
		w.date((start + ts.Day(day) + 1).Start() + 3600)
	}
	o := &observer{w, w.stated(with)}
	o.answerKnown(o.figures, nil)
	return o
}

func ownKeys(k uint64) Terms {
	return Terms{Mode: proof.ModeList, K: k, After: 2 * time.Hour, Deadline: 24 * time.Hour, OwnKeys: true}
}

// observers are two with 48 machines in common, of 80 each.
func observers(t *testing.T) (p, q *observer) {
	return newObserver(t, "p.example/log", 11, 0, ownKeys(80)), newObserver(t, "q.example/log", 12, 4, ownKeys(80))
}

func (o *observer) bundle() []byte { return o.pack(o.figures) }

// exhibit is the observer's control.hosts as his bundle shows it.
func (o *observer) exhibit() (*bundle.Exhibit, error) {
	b := o.bundle()
	return bundle.ExhibitOf(bytes.NewReader(b), int64(len(b)), o.trust(), func(s *proof.Statement, _ ts.Digest) bool {
		return s.Measure == "control.hosts" && strings.HasPrefix(s.ID, "control.hosts."+reportID(o.figures))
	})
}

func meet(own, peer *observer) Meeting { return Meeting{must(own.exhibit()), must(peer.exhibit())} }

// at sets the clock of both, and has everything dated.
func at(when int64, both ...*observer) {
	for _, o := range both {
		o.date(when)
	}
}

// The times of an overlap, each step a day.
const (
	offered  = knownTime + 86400
	pledged  = offered + 86400
	revealed = pledged + 86400
	over     = offered + 10*86400
)

// agreed is an overlap up to both pledges.
func agreed(t *testing.T) (p, q *observer, offer []byte) {
	p, q = observers(t)
	at(offered, p, q)
	offer = must(p.Offer(meet(p, q), 100, 9*24*time.Hour))
	at(offered+60, p)
	must(0, q.Pledge(meet(q, p), offer))
	at(pledged, p, q)
	must(0, p.Pledge(meet(p, q), offer))
	at(pledged+60, p)
	return p, q, offer
}

// recounted is what a third party finds who has both bundles, whichever he takes first.
func recounted(own, peer *observer) *bundle.Result {
	b, other := own.bundle(), peer.bundle()
	return bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), own.trust(), bundle.Beside{
		Peer: &bundle.Peer{File: bytes.NewReader(other), Size: int64(len(other)), Trust: peer.trust()}})
}

// TestOverlapBetweenStrangers: two observers who distrust each other find exactly the planted
// overlap, step by step, and a third recounts it offline from either side.
func TestOverlapBetweenStrangers(t *testing.T) {
	p, q, offer := agreed(t)
	wantCode(t, recounted(p, q), 2, "p.example/log has shown no answer yet")
	must(0, p.Reveal(meet(p, q), offer))
	must(0, q.Reveal(meet(q, p), offer))
	must(0, p.Reveal(meet(p, q), offer)) // again, now with the other's answer
	for _, r := range []*bundle.Result{recounted(p, q), recounted(q, p)} {
		wantCode(t, r, 0, "m = 48 of 80 and 80")
		wantCode(t, r, 0, "of the 80 and 80 listed at most 0 and 0 are false")
		wantCode(t, r, 0, "learns which members OF ITS OWN LIST the other has")
	}
	at(over, p, q)
	wantCode(t, recounted(q, p), 0, "m = 48") // what was shown stays shown
	b := p.bundle()
	alone := checked(b, p.trust())
	wantCode(t, alone, 2, "give it with --peer")
	if !bytes.Equal(b, p.bundle()) {
		t.Error("another bundle the second time")
	}
	if got := len(recounted(p, q).About(bundle.Overlap).Lines); got != 5 {
		t.Errorf("%d lines about the overlap", got)
	}
}

// resealed signs a bundle as it is now: what is wrong in it is its publisher's doing.
func resealed(b []byte, l *ledger.Ledger) []byte {
	files := parcel{}
	for r := tar.NewReader(bytes.NewReader(b)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if must(h, err); h.Name != proof.WholeName {
			files.put(h.Name, must(io.ReadAll(r)))
		}
	}
	var out bytes.Buffer
	must(0, files.write(&out, l))
	return out.Bytes()
}

// TestDamagedAnswers: an answer with a byte changed is none; the other bundle may still have it.
func TestDamagedAnswers(t *testing.T) {
	p, q, offer := agreed(t)
	must(0, p.Reveal(meet(p, q), offer))
	must(0, q.Reveal(meet(q, p), offer))
	must(0, p.Reveal(meet(p, q), offer))
	session := must(proof.ParseOffer(offer)).Session
	damaged := func(o *observer, name string) []byte {
		b := o.bundle()
		header := bytes.Index(b, []byte(name+"\x00"))
		if header < 0 || header%512 != 0 {
			t.Fatalf("%s is not in the bundle", name)
		}
		b[header+512+17] ^= 1
		return resealed(b, o.house.Ledger)
	}
	for _, kind := range []string{"bin", "dleq"} {
		for _, side := range []proof.Side{proof.SideP, proof.SideQ} {
			name := shownName(session, side, kind)
			for code, other := range map[int][]byte{0: q.bundle(), 1: damaged(q, name)} {
				b := damaged(p, name)
				wantCode(t, bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), p.trust(), bundle.Beside{
					Peer: &bundle.Peer{File: bytes.NewReader(other), Size: int64(len(other)), Trust: q.trust()}}), code, "both answers hold")
			}
		}
	}
	other := []byte("no bundle")
	b := p.bundle()
	wantCode(t, bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), p.trust(), bundle.Beside{
		Peer: &bundle.Peer{File: bytes.NewReader(other), Size: int64(len(other))}}), 2, "the bundle of the other side")
}

// TestOverlapAborted: who pledged and does not reveal is named once the deadline is past, and
// there is no m; nor does anybody answer after it.
func TestOverlapAborted(t *testing.T) {
	p, q, offer := agreed(t)
	must(0, p.Reveal(meet(p, q), offer))
	q.exclude("240.9.9.9")
	at(over, q)
	r := recounted(p, q)
	wantCode(t, r, 1, "ABORTED by q.example/log: no answer by the deadline")
	if strings.Contains(text(r), "m = ") || strings.Contains(text(r), "Chapman") {
		t.Error("an aborted overlap is counted")
	}
	if err := q.Reveal(meet(q, p), offer); !errors.Is(err, ErrDeadline) {
		t.Errorf("revealed after the deadline: %v", err)
	}
	if err := p.Pledge(meet(p, q), offer); err != nil {
		t.Errorf("pledged twice: %v", err) // the same bytes: nothing new is logged
	}
}

// TestNoPledge: who does not pledge is named; who did not take the offer up is not.
func TestNoPledge(t *testing.T) {
	p, q := observers(t)
	at(offered, p, q)
	offer := must(p.Offer(meet(p, q), 0, 9*24*time.Hour))
	at(offered+60, p)
	wantCode(t, recounted(p, q), 2, "does not hold the offer: it did not take it up")
	if err := p.Pledge(meet(p, q), offer); err == nil || !strings.Contains(err.Error(), "does not hold the offer yet") {
		t.Errorf("P pledges alone: %v", err)
	}
	must(0, q.Pledge(meet(q, p), offer))
	at(offered+120, q)
	if err := q.Reveal(meet(q, p), offer); err == nil || !strings.Contains(err.Error(), "nothing is shown") {
		t.Errorf("revealed before the other pledged: %v", err)
	}
	if _, err := q.house.Get(shownName(must(proof.ParseOffer(offer)).Session, proof.SideQ, "bin")); err == nil {
		t.Error("an answer is shown that was only pledged")
	}
	p.exclude("240.9.9.9")
	at(over, p, q)
	wantCode(t, recounted(q, p), 1, "ABORTED by p.example/log: no pledge by the deadline")
}

// TestOneSession: a figure is offered once, in whatever ledger and with whomever.
func TestOneSession(t *testing.T) {
	p, q := observers(t)
	r := newObserver(t, "r.example/log", 13, 2, ownKeys(80))
	at(offered, p, q, r)
	offer := must(p.Offer(meet(p, q), 0, 9*24*time.Hour))
	for what, m := range map[string]Meeting{"the same pair": meet(p, q), "somebody else": meet(p, r)} {
		if _, err := p.Offer(m, 0, time.Hour); err == nil || !strings.Contains(err.Error(), "offered before") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := r.Offer(meet(r, p), 0, time.Hour); err == nil || !strings.Contains(err.Error(), "offered before") {
		t.Errorf("P's figure, by R: %v", err)
	}
	second := must(proof.ParseOffer(offer))
	second.Session[0]++ // P's ledger holds a second one, which an honest program does not write
	text := must(second.Build())
	must(p.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{text}, nil }))
	at(offered+60, p)
	if err := q.Pledge(meet(q, p), text); err == nil || !strings.Contains(err.Error(), "offered before") {
		t.Errorf("Q answers the second: %v", err)
	}
	must(q.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{text}, nil }))
	at(offered+120, q)
	wantCode(t, recounted(q, p), 1, "was offered before")
}

// TestUnfit: what may not be compared is refused before anything is logged.
func TestUnfit(t *testing.T) {
	p := newObserver(t, "p.example/log", 11, 0, ownKeys(80))
	shared := Terms{Mode: proof.ModeList, K: 80, After: 2 * time.Hour, Deadline: 24 * time.Hour}
	for _, c := range []struct {
		says  string
		terms Terms
		limit uint64
	}{{"its key is of other figures", shared, 0}, {"80 tags: the offer allows 79", ownKeys(80), 79}} {
		q := newObserver(t, "q.example/log", 12, 4, c.terms)
		at(offered, p, q)
		size := p.house.Head().Size
		if _, err := p.Offer(meet(p, q), c.limit, time.Hour); err == nil || !strings.Contains(err.Error(), c.says) || p.house.Head().Size != size {
			t.Errorf("want %q: %v, %d entries, were %d", c.says, err, p.house.Head().Size, size)
		}
	}
	silent := newWorldOf(t, newHouseOf(t, "q.example/log", 12), 12)
	silent.open("control.hosts")
	silent.date(start.Start() - 3600)
	silent.readDays(10, 8)
	q := &observer{silent, silent.stated(ownKeys(80))}
	if _, err := p.Offer(meet(p, q), 0, time.Hour); err != nil {
		t.Errorf("an audit that is not due yet: %v", err)
	}
	if len(p.told) == 0 || !strings.Contains(strings.Join(p.told, "\n"), "its first audit is not shown to be passed") {
		t.Errorf("told %q", p.told)
	}
	q.exclude("240.9.9.9")
	at(knownTime+2*86400, q)
	if _, err := p.Offer(meet(p, q), 0, time.Hour); err == nil {
		t.Error("an audit that was never answered")
	}
}

// TestLateRuleIsUnfit: a rule that was logged when the data could be seen.
func TestLateRuleIsUnfit(t *testing.T) {
	p := newObserver(t, "p.example/log", 11, 0, ownKeys(80))
	w := newWorldOf(t, newHouseOf(t, "q.example/log", 12), 12)
	w.readDays(10, 8)
	q := &observer{w, w.stated(ownKeys(80))}
	q.answerKnown(q.figures, nil)
	at(offered, p, q)
	if _, err := p.Offer(meet(p, q), 0, time.Hour); err == nil || !strings.Contains(err.Error(), "its rule was logged late") {
		t.Errorf("%v", err)
	}
}

// TestEchoedAnswer: Q, who reads P's answer before it makes its own, gains nothing: the answer
// of p is not that of q, and what is not pledged is not counted.
func TestEchoedAnswer(t *testing.T) {
	p, q, offer := agreed(t)
	must(0, p.Reveal(meet(p, q), offer))
	session := must(proof.ParseOffer(offer)).Session
	for _, kind := range []string{"bin", "dleq"} {
		content := must(p.house.Get(shownName(session, proof.SideP, kind)))
		must(0, q.house.Put(shownName(session, proof.SideQ, kind), content))
	}
	wantCode(t, recounted(p, q), 1, "the answer of q.example/log is not the one that it pledged")
	if err := p.Reveal(meet(p, q), offer); err == nil || !strings.Contains(err.Error(), "not the one that it pledged") {
		t.Errorf("P takes it: %v", err)
	}
}

// TestForgedAnswers: Q pledges and shows, as its answer, what it read of P's, or two points
// exchanged, whose sum is that of the right ones: the proof names its prover, and each point.
func TestForgedAnswers(t *testing.T) {
	for what, forge := range map[string]func(p, q []byte) []byte{
		"echo":  func(p, q []byte) []byte { return p },
		"k-sum": func(p, q []byte) []byte { return slices.Concat(q[32:64], q[:32], q[64:]) },
	} {
		p, q := observers(t)
		at(offered, p, q)
		offer := must(p.Offer(meet(p, q), 100, 9*24*time.Hour))
		o, m := must(proof.ParseOffer(offer)), meet(p, q)
		x := must(o.Examine(m.Own.Exhibit, m.Peer.Exhibit))
		files, dleqs := [2][]byte{}, [2][]byte{}
		for i, one := range []struct {
			proof.Side
			*observer
		}{{proof.SideP, p}, {proof.SideQ, q}} {
			var err error
			secret := must(one.secret(must(one.exhibit()).Statement.Report))
			files[i], dleqs[i], err = x.Answer(one.Side, secret)
			must(0, err)
			if i == 1 {
				if files[1] = forge(files[0], files[1]); what == "echo" {
					dleqs[1] = dleqs[0]
				}
			}
			entry := must((&proof.Pledge{Offer: ts.DigestOf(offer), Prover: one.Side, Answer: proof.AnswerDigest(files[i], dleqs[i])}).Build())
			must(one.house.Commit(func(ledger.Head) ([][]byte, error) {
				if one.Side == proof.SideQ {
					return [][]byte{offer, entry}, nil
				}
				return [][]byte{entry}, nil
			}))
			must(0, errors.Join(one.house.Put(shownName(o.Session, one.Side, "bin"), files[i]), one.house.Put(shownName(o.Session, one.Side, "dleq"), dleqs[i])))
		}
		at(pledged, p, q)
		r := recounted(p, q)
		wantCode(t, r, 1, "the answer of q.example/log")
		if !strings.Contains(text(r), proof.ErrDLEQ.Error()) {
			t.Errorf("%s: %s", what, notTrue(r))
		}
	}
}

// TestOwnKeys: each figure has a secret of its own, and publishing again adds nothing.
func TestOwnKeys(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	w.readDays(3, 4)
	figures := w.stated(ownKeys(5))
	v := must(evidence.Read(w.house.Ledger))
	keys := map[proof.Point]bool{}
	for _, k := range v.Keys {
		keys[k.Object.K] = true
	}
	if len(keys) != len(v.Statements) || len(keys) != len(statementsOf(v, reportID(figures))) || len(keys) < 2 {
		t.Errorf("%d keys of %d statements", len(keys), len(v.Statements))
	}
	size := w.house.Head().Size
	with := ownKeys(5)
	with.OwnKeys = false
	if err := w.State(t.Context(), figures, with); err != nil || w.house.Head().Size != size {
		t.Errorf("published again: %v, %d entries, were %d", err, w.house.Head().Size, size)
	}
	shared, same := live(t, proof.ModeList)
	if err := shared.State(t.Context(), same, ownKeys(5)); err == nil || !strings.Contains(err.Error(), "under one key before") {
		t.Errorf("own keys for a report that has one: %v", err)
	}
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 0, "")
}
