package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

// The names of the tests quote the attack tables of the protocol (doc/proof/spec.md).

// forge is an honest life but for the members of control.hosts, which cheat changes before
// they are stated; it is answered as well as it can be.
func forge(t *testing.T, k uint64, cheat func(w *world, m *members)) (*world, []byte) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	w.readDays(10, 8)
	return w, w.stateForged(k, cheat)
}

// stateForged states control.hosts after cheat changed its members.
func (w *world) stateForged(k uint64, cheat func(w *world, m *members)) []byte {
	w.at = knownTime - 7200
	figures := w.report()
	report := reportID(figures)
	secret := must(w.newSecret(report))
	v := must(evidence.Read(w.house.Ledger))
	head := must(w.house.Commit(func(ledger.Head) ([][]byte, error) {
		return [][]byte{must(keyEntry(secret, w.house.Origin(), report))}, nil
	}))
	r := v.Rules[0]
	m := must(w.countAgain(w.Context(), &proof.Statement{Report: report, Measure: r.Object.Measure, Scope: r.Object.Scope, EvidenceSize: head.Size}, &r.Object))
	cheat(w, &m)
	digest := proof.TagsDigest(m.tags)
	s := proof.Statement{ID: "forged", Attempt: 1, Report: report, Mode: proof.ModeList, Rule: r.Index, Key: head.Size - 1,
		Scope: r.Object.Scope, Measure: r.Object.Measure, Unit: r.Object.Unit, N: uint64(len(m.tags)), Root: proof.TrieRoot(slices.Compact(slices.Clone(m.tags))),
		EvidenceSize: head.Size, EvidenceRoot: proof.Hash(head.Root), Tags: &digest,
		AuditK: k, AuditRound: knownRound, AuditDeadline: 86400, Budget: k, Tool: "test"}
	must(0, m.keep(w.house.Ledger, s.Root))
	must(w.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{must(s.Build())}, nil }))
	w.date(knownTime - 7000)
	return figures
}

// add puts members with tags of their own among the others.
func (m *members) add(list [][]byte, tags []proof.Point) {
	all := members{append(m.list, list...), append(m.tags, tags...)}
	order := make([]int, len(all.list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(all.tags[a][:], all.tags[b][:]) })
	m.list, m.tags = nil, nil
	for _, i := range order {
		m.list, m.tags = append(m.list, all.list[i]), append(m.tags, all.tags[i])
	}
}

// invent adds n members that no row supports.
func invent(n int) func(*world, *members) {
	return func(w *world, m *members) {
		v := must(evidence.Read(w.house.Ledger))
		secret := must(w.secret(v.Keys[0].Object.Report))
		var list [][]byte
		for i := range n {
			list = append(list, []byte{4, 240, 9, byte(i >> 8), byte(i)})
		}
		m.add(list, secret.Tags(list))
	}
}

// TestFabricatedMemberIsCaughtWhenDrawn: a fabricated member stands among the tags like any
// other, and cannot be opened. Where all are drawn none is missed.
func TestFabricatedMemberIsCaughtWhenDrawn(t *testing.T) {
	w, figures := forge(t, 100, invent(3))
	if audits := w.answerKnown(figures, nil); len(audits) != 1 || audits[0].Bad != 3 {
		t.Fatalf("%+v", audits)
	}
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "3 of 83 could not be shown")
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "at least 80 of them shown")
}

// TestFailedAuditsStayInTheLedger: an answer that fails is logged, and is the answer.
func TestFailedAuditsStayInTheLedger(t *testing.T) {
	w, figures := forge(t, 20, invent(60))
	first := w.answerKnown(figures, nil)
	if first[0].Bad == 0 {
		t.Fatal("60 of 140 are false, and 20 drawn were not")
	}
	if open := must(w.Demands(figures, w.trust())); len(open) != 0 {
		t.Errorf("the round can be answered again: %+v", open)
	}
	v := must(evidence.Read(w.house.Ledger))
	if len(v.Audits) != 1 || v.Audits[0].Object != first[0] {
		t.Errorf("audits %+v", v.Audits)
	}
}

// TestRandomTagsAsPadding: "un-openable: hit with prob = share".
func TestRandomTagsAsPadding(t *testing.T) {
	w, figures := forge(t, 100, func(w *world, m *members) {
		m.add([][]byte{{4, 240, 9, 9, 9}}, []proof.Point{proof.HashMember([]byte("nobody"))})
	})
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "1 of 81 could not be shown")
}

// TestSameHostTwice: "same tag; trie has one place": a member listed under a second tag
// that is not the key's makes the one proof of all openings fail.
func TestSameHostTwice(t *testing.T) {
	w, figures := forge(t, 100, func(w *world, m *members) {
		m.add(m.list[:1:1], []proof.Point{proof.HashMember([]byte("second"))})
	})
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "81 of 81 could not be shown: chunk 0: proof does not hold")
	twice, same := forge(t, 100, func(w *world, m *members) { m.add(m.list[:1:1], m.tags[:1:1]) })
	wantCode(t, checked(twice.pack(same), twice.trust()), 1, "tags are not strictly ascending")
}

// TestEvidenceWrittenAfterTheEvent: "evidence collected first, ledger opened afterwards":
// rows that were committed to later than the rule's seal show nothing.
func TestEvidenceWrittenAfterTheEvent(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	for day := range 10 {
		w.readDay(day, 8)
	}
	w.date((start + 400).Start())
	figures := w.stated(terms(proof.ModeList))
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "seconds after its day: more than 86400")
}

// TestRowsFromTheFuture: a batch dated before the time of its rows holds invented ones.
func TestRowsFromTheFuture(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.date(start.Start() - 7200)
	w.readDay(5, 8)
	w.date(start.Start() - 3600)
	figures := w.stated(terms(proof.ModeList))
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "dated before the row's own time")
}

// TestRuleChosenAfterTheData: "rule entry index": a late rule is said to be late.
func TestRuleChosenAfterTheData(t *testing.T) {
	w := newWorld(t)
	w.readDays(10, 8)
	figures := w.stated(terms(proof.ModeList))
	if i := slices.IndexFunc(w.told, func(s string) bool { return strings.Contains(s, "rules are logged LATE, 3444 days") }); i < 0 {
		t.Errorf("told %q", w.told)
	}
	w.answerKnown(figures, nil)
	r := checked(w.pack(figures), w.trust())
	wantCode(t, r, 0, "LATE by 297612164 seconds")
	for _, s := range r.Sentences {
		if !strings.Contains(s, "the rule was logged LATE") {
			t.Errorf("%s", s)
		}
	}
}

// TestOtherRulesAreCounted: rules that were tried beside this one are told.
func TestOtherRulesAreCounted(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts")
	w.open("control.hosts", func(r *proof.Rule) { r.Seal++ })
	w.open("control.hosts", func(r *proof.Rule) { r.Window.To-- })
	w.open("control.hosts", func(r *proof.Rule) { r.Window.From, r.Window.To = r.Window.To, r.Window.To+5 }) // other days
	w.open("control.hosts", func(r *proof.Rule) { r.On = []ts.Country{"AQ", "CN"} })
	w.open("control.hosts", func(r *proof.Rule) { r.On = []ts.Country{"AQ"} })                                           // other countries
	w.open("control.hosts", func(r *proof.Rule) { r.Measure, r.Classes = "x", nil; r.Classes = []ts.Class{ts.Spyware} }) // other rows
	w.date(start.Start() - 7200)
	w.readDays(3, 4)
	figures := w.stated(terms(proof.ModeRoot))
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "places of any data set; other rules for the like on days and countries of this: 4")
}

// TestManyFiguresTriedBestShown: "all figure, challenge and failed-audit entries are in the
// ledger: count them": a second statement of one figure has half the level.
func TestManyFiguresTriedBestShown(t *testing.T) {
	w, _ := live(t, proof.ModeList)
	w.readDay(9, 12)
	w.date(knownTime - 6000)
	w.at = knownTime - 7200
	figures := w.report()
	must(0, w.State(t.Context(), figures, terms(proof.ModeList)))
	w.date(knownTime - 5000)
	w.answerKnown(figures, nil)
	r := checked(w.pack(figures), w.trust())
	if !strings.Contains(text(r), "at the level 1 - 0.025, by opening 5 (attempt 2) ") {
		t.Error(text(r))
	}
	if !strings.Contains(text(r), "3 statements of the ledger are of other bundles: they count as attempts only") ||
		!strings.Contains(text(r), "audits of those, as far as the ledger tells: answered: 0 of 3") {
		t.Error(text(r))
	}
	w.open("backdoor.sites")
	w.date(knownTime + 25*3600)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "3 of 3 failed: control.servers.")
}

// TestFigureUnderAnotherName: "all are in the ledger": a country more, of which there are no
// rows, makes another figure of the same members; its sentence says what it is worth as one
// more attempt at those that it overlaps.
func TestFigureUnderAnotherName(t *testing.T) {
	w, _ := live(t, proof.ModeList)
	w.scope.On = []ts.Country{"AQ", "CN"}
	w.at = knownTime - 7200
	figures := w.report()
	must(0, w.State(t.Context(), figures, terms(proof.ModeList)))
	w.date(knownTime - 5000)
	w.answerKnown(figures, nil)
	r := checked(w.pack(figures), w.trust())
	for i, want := range []string{"", "at least 35, at the level 1 - 0.0125, counted as attempt 3 ", "at least 31, at the level 1 - 0.00625, counted as attempt 4 "} {
		if !strings.Contains(r.Sentences[i], "on AQ+CN, ") || !strings.Contains(r.Sentences[i], "(attempt 1)") || !strings.Contains(r.Sentences[i], want) {
			t.Errorf("%s", r.Sentences[i])
		}
	}
}

// TestSuperseded: a figure that is stated again says so, and the new statement names the old;
// none can name what is no earlier statement of its figure.
func TestSuperseded(t *testing.T) {
	w, first := live(t, proof.ModeRoot)
	w.readDay(9, 12)
	w.date(knownTime - 6000)
	w.at = knownTime - 7200
	must(0, w.State(t.Context(), w.report(), terms(proof.ModeRoot)))
	w.date(knownTime - 5000)
	v := must(evidence.Read(w.house.Ledger))
	old, again := &v.Statements[1], &v.Statements[4]
	if again.Object.Supersedes == nil || *again.Object.Supersedes != old.Digest || again.Object.Attempt != 2 {
		t.Errorf("%+v", again.Object)
	}
	r := checked(w.pack(first), w.trust())
	if !strings.Contains(r.Sentences[1], "; the ledger states it again later") || strings.Contains(r.Sentences[4], "again later") {
		t.Errorf("%q", r.Sentences)
	}
	s := again.Object
	s.ID, s.Attempt, s.Supersedes = "third", 3, &v.Statements[0].Digest // of another measure
	must(w.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{must(s.Build())}, nil }))
	w.date(knownTime - 4000)
	wantCode(t, checked(w.pack(first), w.trust()), 1, "it supersedes no earlier statement of its figure")
}

// TestInventedWitnesses: "policy and log key come from the user; else NOT CHECKED, exit 2".
func TestInventedWitnesses(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	w.answerKnown(figures, nil)
	b := w.pack(figures)
	wantCode(t, checked(b, bundle.Trust{}), 2, "no policy: give one with --policy")
	wantCode(t, checked(b, bundle.Trust{Key: w.house.VerifierKey()}), 2, "the statement has no date")
	wantCode(t, checked(b, bundle.Trust{Policy: w.trust().Policy}), 2, "nobody vouches for a key")
	other := newWorld(t)
	other.witness[40]++ // its public half: another witness of the name
	wantCode(t, checked(b, other.trust()), 2, "none of 16 checkpoints has the cosignatures")
	_, vkey, err := note.GenerateKey(other.Rand, w.house.Origin())
	must(0, err)
	wantCode(t, checked(b, bundle.Trust{Key: vkey, Policy: w.trust().Policy}), 2, "your key did not sign it")
	nobody := must(bundle.ParseTrust(w.house.VerifierKey(), []byte("quorum none\n")))
	wantCode(t, checked(b, nobody), 2, "the policy asks for no witness")
}

// TestHiddenEntries: "hidden rules, figures, failed audits behind inclusion proofs": the
// whole entries.log travels; without its last or first entry it is another ledger's.
func TestHiddenEntries(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	b := parcel{}
	must(0, w.packLedger(b))
	log := must(b["entries.log"]())
	first := 8 + int(binary.BigEndian.Uint32(log))
	for what, changed := range map[string][]byte{"the first": log[first:], "all": nil} {
		b.put("entries.log", changed)
		var file bytes.Buffer
		must(0, b.write(&file, w.house.Ledger))
		if r := checked(file.Bytes(), w.trust()); r.ExitCode() != 2 || len(r.Sentences) > 0 {
			t.Errorf("without %s: exit code %d, %q", what, r.ExitCode(), r.Sentences)
		}
	}
	_ = figures
}

// TestSilenceIsAllBad: an audit without answer is open until its deadline is seen to have
// passed; then nothing is shown.
func TestSilenceIsAllBad(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "no audit yet")
	w.open("control.hosts", func(r *proof.Rule) { r.Seal++ })
	w.date(knownTime + 86400 + 1)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "no answer came within the deadline")
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "at least 0 of them shown")
}

// TestLateAnswerIsAllBad: an answer dated behind the deadline is none.
func TestLateAnswerIsAllBad(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	w.at = knownTime + 90000
	demands := must(w.Demands(figures, w.trust()))
	must(w.Answer(t.Context(), demands, Reply{Beacon: Beacon{knownRound, knownSignature}}))
	w.date(knownTime + 90000)
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "not answered within its deadline")
}

// TestRefusalsAreBad: what is refused counts as false.
func TestRefusalsAreBad(t *testing.T) {
	w, figures := forge(t, 200, func(*world, *members) {})
	if audits := w.answerKnown(figures, map[uint64]string{3: "a court forbids it"}); audits[0].Bad != 1 {
		t.Errorf("%+v", audits)
	}
	wantCode(t, checked(w.pack(figures), w.trust()), 1, "1 of 80 could not be shown: position 3: the publisher refused to open it")
}

// TestPublisherCannotChooseWhenToBeAudited: a statement without a date an hour before its
// round may have been made for what is drawn.
func TestPublisherCannotChooseWhenToBeAudited(t *testing.T) {
	w := newWorld(t)
	w.readDays(10, 8)
	w.at = knownTime - 7200
	figures := w.report()
	must(0, w.State(t.Context(), figures, terms(proof.ModeList)))
	w.date(knownTime - 3599)
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "the statement has no date an hour before the round")
}

// challenger signs demands.
func challenger(w *world, name string) (signer note.Signer, vkey string) {
	skey, vkey, err := note.GenerateKey(w.Rand, name)
	return must(note.NewSigner(must(skey, err))), vkey
}

func demand(signer note.Signer, vkey string, figure ts.Digest, round, k uint64, nonce byte) []byte {
	c := proof.Challenge{Figure: figure, Challenger: vkey, Nonce: [32]byte{nonce}, Round: round, K: k}
	must(0, c.Sign(signer))
	return must(c.Build())
}

// TestGrindingTheSeed: "nonce + beacon": challenges change what is drawn, in the ledger's
// order; foreign ones and badly signed ones do not, nor those behind the answer.
func TestGrindingTheSeed(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	v := must(evidence.Read(w.house.Ledger))
	figure := v.Statements[1].Digest
	signer, vkey := challenger(w, "accused.example")
	in := demand(signer, vkey, figure, knownRound, 1, 1)
	w.at = knownTime - proof.ClockSkew - margin
	index := must(w.Challenge(in))
	if again := must(w.Challenge(in)); again != index {
		t.Errorf("logged twice: %d, %d", index, again)
	}
	w.date(knownTime - proof.ClockSkew)
	late := demand(signer, vkey, figure, knownRound, 1, 2)
	if _, err := w.Challenge(late); err == nil {
		t.Error("a late challenge was logged")
	}
	for what, bad := range map[string][]byte{
		"of no statement": demand(signer, vkey, ts.Digest{1}, knownRound, 1, 3),
		"signed by none":  bytes.Replace(in, []byte("\nk 1\n"), []byte("\nk 2\n"), 1),
		"cut off":         in[:len(in)-1],
	} {
		if _, err := w.Challenge(bad); err == nil {
			t.Errorf("a challenge %s was logged", what)
		}
	}
	w.answerKnown(figures, nil)
	w.logged(late) // all the same
	w.date(knownTime + 7200)
	r := checked(w.pack(figures), w.trust())
	wantCode(t, r, 0, "all 5; attempt 1, 1 challenges")
	for text, code := range map[string]int{string(in): 0, string(late): 1, "tally": 2, string(demand(signer, vkey, figure, knownRound, 1, 9)): 1} {
		b := w.pack(figures)
		if r := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Challenge: []byte(text)}); r.ExitCode() != code {
			t.Errorf("%q: exit code %d, want %d: %s", text, r.ExitCode(), code, notTrue(r))
		}
	}
	for _, d := range must(bundle.Demands(bytes.NewReader(w.pack(figures)), int64(len(w.pack(figures))), w.trust())) {
		if d.Digest == figure && !slices.Equal(d.Challenges, []ts.Digest{ts.DigestOf(in)}) {
			t.Errorf("challenges %v", d.Challenges)
		}
	}
}

// TestChallengeMadeForTheSeed: a challenge that is dated when the beacon is known, and stands
// before the answer, may have been made for what it draws: the audit shows nothing. One that
// is dated less than an hour before is no harm, and every policy draws the same.
func TestChallengeMadeForTheSeed(t *testing.T) {
	for at, code := range map[int64]int{knownTime - 300: 0, knownTime - 299: 1} {
		w, figures := live(t, proof.ModeList)
		v := must(evidence.Read(w.house.Ledger))
		signer, vkey := challenger(w, "puppet.example")
		w.at = knownTime - 8000 // whatever the clock says
		index := must(w.Challenge(demand(signer, vkey, v.Statements[1].Digest, knownRound, 1, 1)))
		w.date(at)
		w.answerKnown(figures, nil)
		says := "all 5; attempt 1, 1 challenges"
		if code == 1 {
			says = fmt.Sprintf("5 of 5 could not be shown: the challenge of entry %d is dated so late", index)
		}
		wantCode(t, checked(w.pack(figures), w.trust()), code, says)
	}
}

// TestChallengeMeanwhile: a challenge that comes between drawing and logging stops the answer.
func TestChallengeMeanwhile(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	demands := must(w.Demands(figures, w.trust()))
	signer, vkey := challenger(w, "late.example")
	w.at = knownTime - 8000
	must(w.Challenge(demand(signer, vkey, demands[1].Digest, knownRound, 1, 1)))
	if _, err := w.Answer(t.Context(), demands, Reply{Beacon: Beacon{knownRound, knownSignature}}); err == nil || !strings.Contains(err.Error(), "logged meanwhile") {
		t.Errorf("answered: %v", err)
	}
}

// TestSockPuppetsEatTheBudget: "half the budget reserved": demands of those whom the rule
// does not name leave half of it to those whom it does, and what is beyond the budget is
// no demand.
func TestSockPuppetsEatTheBudget(t *testing.T) {
	w := newWorld(t)
	signer, named := challenger(w, "named.example")
	puppet, unnamed := challenger(w, "puppet.example")
	w.open("control.hosts", func(r *proof.Rule) { r.Challengers = []string{named} })
	w.date(start.Start() - 3600)
	w.readDays(10, 8)
	figures := w.stated(terms(proof.ModeList)) // audit of 5, budget of 20
	v := must(evidence.Read(w.house.Ledger))
	i := slices.IndexFunc(v.Statements, func(s evidence.Logged[proof.Statement]) bool { return s.Object.Measure == "control.hosts" })
	figure := v.Statements[i].Digest
	for _, c := range [][]byte{
		demand(puppet, unnamed, figure, knownRound+1, 6, 1), // more than half is left for: refused
		demand(puppet, unnamed, figure, knownRound+2, 5, 2), // 5 + 5: half of 20
		demand(puppet, unnamed, figure, knownRound+3, 1, 3), // refused
		demand(signer, named, figure, knownRound+4, 8, 4),   // 18 of 20
		demand(signer, named, figure, knownRound+5, 3, 5),   // refused
		demand(signer, named, figure, knownRound+6, 2, 6),   // 20 of 20
	} {
		w.logged(c)
	}
	w.date(knownTime - 6000)
	var rounds []uint64
	for _, d := range must(w.Demands(figures, w.trust())) {
		if d.Digest == figure {
			rounds = append(rounds, d.Round-knownRound)
		}
	}
	if want := []uint64{0, 2, 4, 6}; !slices.Equal(rounds, want) {
		t.Errorf("rounds %v, want %v", rounds, want)
	}
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "audit of round 1004")
}

// TestNeighbourLeafBruteForce: "row salts": one opened row tells nothing of the next.
func TestNeighbourLeafBruteForce(t *testing.T) {
	w, figures := forge(t, 80, func(*world, *members) {})
	w.answerKnown(figures, nil)
	v := must(evidence.Read(w.house.Ledger))
	file, _, err := w.answer(v.Audits[0].Object.Openings, false)
	seen := map[proof.Salt]bool{}
	for _, o := range must(proof.ParseOpenings(must(file, err))) {
		if seen[o.Salt] || o.Salt == (proof.Salt{}) {
			t.Errorf("salt %x twice, or none", o.Salt)
		}
		seen[o.Salt] = true
	}
}

// TestKeyOfAnother: a key that its publisher does not know the secret of, and one that is
// logged twice, are false.
func TestKeyOfAnother(t *testing.T) {
	for what, entry := range map[string]func(w *world) []byte{
		"another entry has the same key": func(w *world) []byte {
			secret := must(w.secret(must(evidence.Read(w.house.Ledger)).Keys[0].Object.Report))
			return must(keyEntry(secret, w.house.Origin(), "second"))
		},
		"has another one": func(w *world) []byte {
			return must(keyEntry(proof.NewSecret([32]byte{9}), w.house.Origin(), must(evidence.Read(w.house.Ledger)).Keys[0].Object.Report))
		},
		"it is of": func(w *world) []byte {
			return must(keyEntry(proof.NewSecret(sha256.Sum256(nil)), "another.example", "second"))
		},
	} {
		w, figures := live(t, proof.ModeRoot)
		must(w.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{entry(w)}, nil }))
		w.date(knownTime - 6000)
		wantCode(t, checked(w.pack(figures), w.trust()), 1, what)
	}
}

// TestExcludedRowsShowNothing: what the ledger excluded before the statement supports no
// member, though the row is there; an exclusion after it changes nothing.
func TestExcludedRowsShowNothing(t *testing.T) {
	w, figures := forge(t, 100, func(w *world, m *members) {})
	w.exclude("240.0.0.1")
	w.date(knownTime - 6900)
	w.answerKnown(figures, nil)
	wantCode(t, checked(w.pack(figures), w.trust()), 0, "")

	w, _ = live(t, proof.ModeRoot)
	w.exclude("240.1.3.3")
	w.date(knownTime - 6900)
	figures = w.stated(terms(proof.ModeRoot))
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "control.hosts: 79 IP addresses")
}

// TestCheatingAnswers: an opening whose row, batch, salt or path was changed is bad, each
// for its own reason.
func TestCheatingAnswers(t *testing.T) {
	for says, cheat := range map[string]func(w *world, o *proof.Opening){
		"commits to no such rows":         func(w *world, o *proof.Opening) { o.Entry++ },
		"entry 1 commits to no such rows": func(w *world, o *proof.Opening) { o.Entry = 1 },
		"row path does not lead":          func(w *world, o *proof.Opening) { o.Salt[3]++ },
		"does not lead to the root":       func(w *world, o *proof.Opening) { o.Line = strings.Replace(o.Line, "240.0.0.", "240.0.9.", 1) },
		"is opened in its stead":          func(w *world, o *proof.Opening) { o.Position++ },
		"supports another member": func(w *world, o *proof.Opening) {
			member := slices.Clone(o.Member)
			member[4]++
			o.Member = member
		},
	} {
		w, figures := forge(t, 100, func(*world, *members) {})
		w.at = knownTime + 60
		demands := must(w.Demands(figures, w.trust()))
		v := must(evidence.Read(w.house.Ledger))
		a := must(w.draw(t.Context(), v, &demands[0], must(proof.BeaconRandomness(knownRound, knownSignature)), nil))
		must(0, w.seekAll(t.Context(), []*auditing{a}))
		a.seeker.complete(a.list)
		cheat(w, &a.list[7])
		audit := must(w.log(a, false))
		must(0, w.house.Put(beaconName(knownRound), signatureLine(knownSignature)))
		must(w.house.Commit(func(ledger.Head) ([][]byte, error) { return [][]byte{must(audit.Build())}, nil }))
		w.date(knownTime + 3600)
		r := checked(w.pack(figures), w.trust())
		if r.ExitCode() != 1 || !strings.Contains(text(r), "could not be shown") {
			t.Errorf("%s: exit code %d: %s", says, r.ExitCode(), notTrue(r))
		}
		if says != "supports another member" && !strings.Contains(text(r), says) {
			t.Errorf("want %q: %s", says, notTrue(r))
		}
	}
}

// TestOtherTableOfPlaces: a table that is not the one that the ledger named shows nothing.
func TestOtherTableOfPlaces(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	w.answerKnown(figures, nil)
	b := parcel{}
	must(0, w.packLedger(b))
	other := []byte(strings.Replace(madeTable, "US", "FR", 1))
	v := must(evidence.Read(w.house.Ledger))
	must(0, w.packAudits(b, v, reportID(figures), Pack{Places: map[ts.Digest][]byte{ts.DigestOf([]byte(madeTable)): []byte(madeTable)}}))
	for name := range b {
		if strings.HasPrefix(name, "places/") {
			b.put(name, other)
		}
	}
	var file bytes.Buffer
	must(0, b.write(&file, w.house.Ledger))
	wantCode(t, checked(file.Bytes(), w.trust()), 2, "has other content")
}

// TestNoMembers: "N = 0 divides by zero; k > N loops for ever".
func TestNoMembers(t *testing.T) {
	w, figures := forge(t, 100, func(w *world, m *members) { m.list, m.tags = nil, nil })
	wantCode(t, checked(w.pack(figures), w.trust()), 0, "there is none to open")
	if open := must(w.Demands(figures, w.trust())); len(open) != 0 {
		t.Errorf("demands %+v", open)
	}
}
