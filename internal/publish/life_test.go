package publish

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify/bundle"
)

var update = flag.Bool("update", false, "write the small bundle of verify/bundle/testdata")

// TestWholeLife: from a rule to an answered audit, every line is true, and the bundle has
// the same bytes when it is written again.
func TestWholeLife(t *testing.T) {
	for _, mode := range []proof.Mode{proof.ModeList, proof.ModeRoot} {
		w, figures := live(t, mode)
		wantCode(t, checked(w.pack(figures), w.trust()), 2, "no audit yet")
		for _, a := range w.answerKnown(figures, nil) {
			if a.Bad != 0 {
				t.Errorf("%+v", a)
			}
		}
		b := w.pack(figures)
		r := checked(b, w.trust())
		wantCode(t, r, 0, "control.hosts: 80 IP addresses, by US, on CN, 2014-03-19 to 2014-03-28; at least 45 of them shown, "+
			"at the level 1 - 0.05, by opening 5 (attempt 1) of rows committed within 86400 seconds of their day; the rule was logged before the window opened")
		if len(r.Sentences) != 3 || !strings.Contains(r.Sentences[2], "LATE") {
			t.Errorf("sentences %q", r.Sentences)
		}
		size := w.house.Head().Size
		if err := w.State(t.Context(), figures, terms(mode)); err != nil || w.house.Head().Size != size || !bytes.Equal(b, w.pack(figures)) {
			t.Errorf("published again: %v, %d entries, were %d; or other bytes", err, w.house.Head().Size, size)
		}
	}
}

// TestSmallBundle keeps the bundle that other packages test with.
func TestSmallBundle(t *testing.T) {
	w, figures := liveWith(t, 1, Terms{Mode: proof.ModeList, K: 1, After: 2 * time.Hour, Deadline: 24 * time.Hour})
	w.answerKnown(figures, nil)
	b := w.pack(figures)
	wantCode(t, checked(b, w.trust()), 0, "")
	opened := must(w.Disclose(t.Context(), figures, []netip.Prefix{netip.MustParsePrefix("240.1.3.0/24"), netip.MustParsePrefix("240.2.0.1/32")}))
	if !*update {
		return
	}
	dir := filepath.Join("..", "..", "verify", "bundle", "testdata")
	must(0, errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "small.tar"), b, 0o644),
		os.WriteFile(filepath.Join(dir, "small.key"), []byte(w.house.VerifierKey()+"\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "small.open"), opened, 0o644),
		os.WriteFile(filepath.Join(dir, "small.policy"), []byte(w.policy()), 0o644)))
}

// TestMetBundles keeps two bundles of observers who compared their lists, one of whom
// revealed canaries.
func TestMetBundles(t *testing.T) {
	p, q := newSmallObserver(t, "p.example/log", 11, 0), newSmallObserver(t, "q.example/log", 12, 4)
	at(offered, p, q)
	offer := must(p.Offer(meet(p, q), 100, 9*24*time.Hour))
	at(offered+60, p)
	must(0, q.Pledge(meet(q, p), offer))
	at(pledged, p, q)
	must(0, p.Pledge(meet(p, q), offer))
	at(pledged+60, p)
	must(0, p.Reveal(meet(p, q), offer))
	must(0, q.Reveal(meet(q, p), offer))
	canary := must((&proof.Canary{Nonce: [32]byte{9}, Values: []string{"240.1.3.0", "240.1.99.1", "canary.example"}}).Build())
	if _, _, err := RevealCanaries(p.house.Ledger, canary); err != nil {
		t.Fatal(err)
	}
	p.date(over)
	opened := must(p.Disclose(t.Context(), p.figures, []netip.Prefix{netip.MustParsePrefix("240.1.3.0/32"), netip.MustParsePrefix("240.1.3.99/32")}))
	pb, qb := p.bundle(), q.bundle()
	wantCode(t, recounted(p, q), 0, "m = 6 of 10 and 10")
	wantCode(t, bundle.CheckBeside(bytes.NewReader(pb), int64(len(pb)), p.trust(), bundle.Beside{Canary: canary, Opened: opened}), 2, "was recorded")
	if !*update {
		return
	}
	dir := filepath.Join("..", "..", "verify", "bundle", "testdata")
	must(0, errors.Join(os.WriteFile(filepath.Join(dir, "p.tar"), pb, 0o644), os.WriteFile(filepath.Join(dir, "q.tar"), qb, 0o644),
		os.WriteFile(filepath.Join(dir, "p.open"), opened, 0o644), os.WriteFile(filepath.Join(dir, "p.canary"), canary, 0o644)))
}

// TestChallengedBundle keeps a bundle of figures in root mode, one of which somebody
// challenged.
func TestChallengedBundle(t *testing.T) {
	w, figures := liveWith(t, 1, terms(proof.ModeRoot))
	signer, vkey := challenger(w, "accused.example")
	s := must(evidence.Read(w.house.Ledger)).Statements[0]
	challenge := demand(signer, vkey, s.Digest, knownRound, 1, 1)
	w.at = knownTime - proof.Foreseen - margin
	must(w.Challenge(challenge))
	w.date(knownTime - proof.Foreseen)
	w.answerKnown(figures, nil)
	b := w.pack(figures)
	wantCode(t, bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Challenge: challenge}), 0, "your challenge is in the ledger in time")
	if !*update {
		return
	}
	dir := filepath.Join("..", "..", "verify", "bundle", "testdata")
	must(0, errors.Join(os.WriteFile(filepath.Join(dir, "root.tar"), b, 0o644), os.WriteFile(filepath.Join(dir, "root.challenge"), challenge, 0o644)))
}

// newSmallObserver sees a machine a day.
func newSmallObserver(t *testing.T, origin string, seed byte, first int) *observer {
	w := newWorldOf(t, newHouseOf(t, origin, seed), seed)
	w.open("control.hosts")
	w.date(start.Start() - 3600)
	for day := range 10 {
		w.read(fmt.Sprintf("conn-%d.log", day), strings.ReplaceAll(connLog(day), "240.1.0.", fmt.Sprintf("240.1.%d.", first+day)), one, other)
		w.date((start + ts.Day(day) + 1).Start() + 3600)
	}
	o := &observer{w, w.stated(ownKeys(10))}
	o.answerKnown(o.figures, nil)
	return o
}

// TestLostMembers: where the kept members are gone, they are counted and tagged again.
func TestLostMembers(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	before := w.pack(figures)
	v := must(evidence.Read(w.house.Ledger))
	for _, s := range v.Statements { // two of them have the same members
		if err := w.fs.Remove("/led/keys/" + membersName(s.Object.Root)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	w.readDay(9, 20) // what comes later is in none of the figures
	after := w.pack(figures)
	if !slices.Equal(tagFiles(before), tagFiles(after)) {
		t.Error("other tags after the members were lost")
	}
}

// tagFiles returns what stands behind the headers of tags.bin, roughly: bundles of the
// same figures have it alike.
func tagFiles(b []byte) (list []string) {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("tags.bin\x00"))
		if i < 0 {
			return list
		}
		at += i + 512 - i%512
		list = append(list, string(b[at:min(at+512, len(b))]))
	}
}

// TestMovedOn: a report whose members the ledger would count otherwise now is refused, and
// nothing is logged.
func TestMovedOn(t *testing.T) {
	w := newWorld(t)
	w.readDays(2, 3)
	figures := w.report()
	w.readDay(3, 3)
	size := w.house.Head().Size
	if err := w.State(t.Context(), figures, terms(proof.ModeList)); !errors.Is(err, ErrMoved) || w.house.Head().Size != size {
		t.Errorf("%v, %d entries, were %d", err, w.house.Head().Size, size)
	}
	if err := w.State(t.Context(), append(figures, ' '), terms(proof.ModeList)); err == nil {
		t.Error("a report that the ledger does not hold was stated")
	}
}

// TestSecrets: no secret is in any entry or bundle, and each report has its own.
func TestSecrets(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	secret := must(w.house.Private(secretName(reportID(figures))))
	b := w.pack(figures)
	if bytes.Contains(b, bytes.TrimSpace(secret)) {
		t.Error("the secret is in the bundle")
	}
	w.readDay(9, 12)
	again := w.stated(terms(proof.ModeRoot))
	v := must(evidence.Read(w.house.Ledger))
	if len(v.Keys) != 2 || v.Keys[0].Object.K == v.Keys[1].Object.K || bytes.Equal(secret, must(w.house.Private(secretName(reportID(again))))) {
		t.Error("two reports have one secret")
	}
}

// TestRules: a rule is logged once, and entries of the proof are no evidence.
func TestRules(t *testing.T) {
	w := newWorld(t)
	w.readDay(0, 1)
	before := must(evidence.Read(w.house.Ledger))
	first := w.open("control.hosts")
	if again := w.open("control.hosts"); again != first || w.house.Head().Size != first+1 {
		t.Errorf("opened again: entry %d, was %d", again, first)
	}
	w.open("control.hosts", func(r *proof.Rule) { r.Net64 = true })
	after := must(evidence.Read(w.house.Ledger))
	if after.EvidenceSize() != before.EvidenceSize() || len(after.Rules) != 2 {
		t.Errorf("evidence of %d entries, was %d; %d rules", after.EvidenceSize(), before.EvidenceSize(), len(after.Rules))
	}
}

// TestDisclosure: an accused sees what the figures hold of his addresses, and of each
// address that is none of them, that it is none.
func TestDisclosure(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	asked := []netip.Prefix{netip.MustParsePrefix("240.1.3.0/24"), netip.MustParsePrefix("240.1.4.1/32"), netip.MustParsePrefix("240.2.0.1/32"), netip.MustParsePrefix("2001:db8::1/128")}
	opened := must(w.Disclose(t.Context(), figures, asked))
	b := w.pack(figures)
	r := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Opened: opened})
	if !strings.Contains(text(r), "9 members with addresses of 240.1.3.0/24, 240.1.4.1/32, 240.2.0.1/32, 2001:db8::1/128 are opened, 2 addresses are shown to be none") {
		t.Errorf("%s", text(r))
	}
	if r.ExitCode() != 2 { // the audit is not answered
		t.Errorf("%s", notTrue(r))
	}
	list := must(proof.ParseDisclosures(opened))
	for what, change := range map[string]func(d *proof.Disclosure){
		"an opening left out":      func(d *proof.Disclosure) { d.Openings = d.Openings[1:] },
		"an absence left out":      func(d *proof.Disclosure) { d.Absent = d.Absent[1:] },
		"other addresses asked":    func(d *proof.Disclosure) { d.Asked = d.Asked[1:] },
		"a member shown as absent": func(d *proof.Disclosure) { d.Absent[0].Tag = d.Openings[0].Tag },
		"another row's salt":       func(d *proof.Disclosure) { d.Openings[0].Salt[0]++ },
		"another figure":           func(d *proof.Disclosure) { d.Figure[0]++ },
		"no proof":                 func(d *proof.Disclosure) { d.Proof = nil },
		"members of others":        proved(w, func(d *proof.Disclosure) { d.Asked = []netip.Prefix{netip.MustParsePrefix("240.9.0.0/24")} }),
		"a member twice":           proved(w, func(d *proof.Disclosure) { d.Openings = append(d.Openings, d.Openings[0]) }),
		"an absence unasked":       proved(w, func(d *proof.Disclosure) { d.Asked = d.Asked[:3] }),
		"an absence twice":         proved(w, func(d *proof.Disclosure) { d.Absent = append(d.Absent, d.Absent[0]) }),
	} {
		d := must(proof.ParseDisclosures(opened))[1]
		change(&d)
		bad := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Opened: d.AppendTo(nil)})
		if bad.ExitCode() != 1 {
			t.Errorf("%s: exit code %d: %s", what, bad.ExitCode(), notTrue(bad))
		}
	}
	if len(list) != 3 {
		t.Errorf("%d disclosures of 3 figures", len(list))
	}
	lines := len(checked(b, w.trust()).Lines)
	for i := 0; i < len(opened); i += 911 {
		broken := slices.Clone(opened)
		broken[i] ^= 1
		if r := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Opened: broken}); r.ExitCode() == 0 || len(r.Lines) == lines {
			t.Errorf("byte %d flipped: exit code %d", i, r.ExitCode())
		}
	}
}

// TestDisclosedPlaces: the countries of rows that were opened to an accused are looked up like
// those of an audit, or it is said that they were not.
func TestDisclosedPlaces(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	w.answerKnown(figures, nil)
	opened := must(w.Disclose(t.Context(), figures, []netip.Prefix{netip.MustParsePrefix("240.1.3.0/24")}))
	looked := func() (found []string) {
		var b bytes.Buffer
		must(0, w.Bundle(t.Context(), figures, Pack{}, &b))
		for _, l := range bundle.CheckBeside(bytes.NewReader(b.Bytes()), int64(b.Len()), w.trust(), bundle.Beside{Opened: opened}).Lines {
			if l.What == "countries of the rows opened of your addresses, looked up again" {
				found = append(found, fmt.Sprintf("%s %t %s", l.Status, l.Audit, l.Found))
			}
		}
		return found
	}
	const placed = "true false ends placed by tables: 16 (tables: 1); by the word of their sensors: 0"
	if got := looked(); !slices.Equal(got, []string{placed, placed}) {
		t.Errorf("%q", got)
	}
	for _, e := range must(evidence.Read(w.house.Ledger)).Places {
		must(0, w.fs.Remove("/led/"+evidence.PlacePath(e.Digest)))
	}
	if got := looked(); len(got) != 2 || !strings.HasPrefix(got[0], "NOT CHECKED false places/") {
		t.Errorf("%q", got)
	}
}

// TestAskedTwice: of two addresses of one /64, or of one that is asked for twice, one absence is
// shown where that is what the rule counts.
func TestAskedTwice(t *testing.T) {
	w := newWorld(t)
	w.open("control.hosts", func(r *proof.Rule) { r.Net64 = true })
	w.date(start.Start() - 3600)
	w.readDays(1, 3)
	figures := w.stated(terms(proof.ModeRoot))
	var asked []netip.Prefix
	for _, s := range []string{"2001:db8::1/128", "2001:db8::2/128", "240.2.0.1/32", "240.2.0.1/32", "240.1.0.1/32", "240.1.0.1/32"} {
		asked = append(asked, netip.MustParsePrefix(s))
	}
	opened := must(w.Disclose(t.Context(), figures, asked))
	b := w.pack(figures)
	r := bundle.CheckBeside(bytes.NewReader(b), int64(len(b)), w.trust(), bundle.Beside{Opened: opened})
	if !strings.Contains(text(r), "1 members with addresses of") || !strings.Contains(text(r), "are opened, 2 addresses are shown to be none") || r.ExitCode() != 2 {
		t.Errorf("exit code %d: %s", r.ExitCode(), text(r))
	}
}

// proved changes a disclosure as its publisher can, who proves whatever tags are there.
func proved(w *world, change func(*proof.Disclosure)) func(*proof.Disclosure) {
	return func(d *proof.Disclosure) {
		change(d)
		secret := must(w.secret(must(evidence.Read(w.house.Ledger)).Keys[0].Object.Report))
		points, tags := d.Points()
		d.Proof = must(secret.Prove(proof.PurposeMember, d.Context(w.house.Origin()), points, tags))
	}
}

// TestPlaces: the tables of places come from the ledger; where it has lost one, and nobody
// gives it, the countries are not checked.
func TestPlaces(t *testing.T) {
	w, figures := live(t, proof.ModeRoot)
	w.answerKnown(figures, nil)
	packed := func(pack Pack) *bundle.Result {
		var b bytes.Buffer
		must(0, w.Bundle(t.Context(), figures, pack, &b))
		return checked(b.Bytes(), w.trust())
	}
	wantCode(t, packed(Pack{}), 0, "")
	var tables []ts.Digest
	for _, e := range must(evidence.Read(w.house.Ledger)).Places {
		tables = append(tables, e.Digest)
		must(0, w.fs.Remove("/led/"+evidence.PlacePath(e.Digest)))
	}
	wantCode(t, packed(Pack{}), 2, "is not in the bundle: put it there")
	if i := slices.IndexFunc(w.told, func(s string) bool { return strings.Contains(s, "--places") }); i < 0 {
		t.Errorf("told %q", w.told)
	}
	table := []byte(madeTable)
	if !slices.Contains(tables, ts.DigestOf(table)) {
		t.Fatalf("tables %v", tables)
	}
	wantCode(t, packed(Pack{Places: map[ts.Digest][]byte{ts.DigestOf(table): table}}), 0, "")
}

// TestForAuditorOnly: openings that went to an auditor are not in the public bundle, whose
// reader is told where they are; the auditor's bundle has them.
func TestForAuditorOnly(t *testing.T) {
	w, figures := live(t, proof.ModeList)
	w.at = knownTime + 60
	demands := must(w.Demands(figures, w.trust()))
	must(w.Answer(t.Context(), demands, Reply{Beacon: Beacon{knownRound, knownSignature}, Private: true}))
	w.date(knownTime + 3600)
	wantCode(t, checked(w.pack(figures), w.trust()), 2, "ask its publisher, or the auditor to whom it was given")
	var b bytes.Buffer
	table := []byte(madeTable)
	must(0, w.Bundle(t.Context(), figures, Pack{Private: true, Places: map[ts.Digest][]byte{ts.DigestOf(table): table}}, &b))
	wantCode(t, checked(b.Bytes(), w.trust()), 0, "")
}

func TestParseBeacon(t *testing.T) {
	json := fmt.Sprintf(`{"round":1000,"signature":"%s","randomness":""}`, knownSignature)
	for _, file := range []string{json, knownSignature, knownSignature + "\n"} {
		if b, err := ParseBeacon([]byte(file), []uint64{999, 1000}); err != nil || b.Round != 1000 || b.Signature != knownSignature {
			t.Errorf("%.30q: %+v, %v", file, b, err)
		}
	}
	for _, file := range []string{"", "{", strings.Replace(json, "1000", "1001", 1), knownSignature[2:], "zz"} {
		if b, err := ParseBeacon([]byte(file), []uint64{999, 1000}); err == nil {
			t.Errorf("%.30q was read as %+v", file, b)
		}
	}
	// Figures share rounds: each is named once.
	if _, err := ParseBeacon([]byte("no signature"), []uint64{1002, 999, 1002, 999}); !errors.Is(err, proof.ErrBeacon) || !strings.HasSuffix(err.Error(), "owed: 999, 1002") {
		t.Errorf("%v", err)
	}
	if _, err := ParseBeacon([]byte(knownSignature), nil); err == nil || err.Error() != "no answer to any round is owed" {
		t.Errorf("%v", err)
	}
	if _, err := ParseBeacon([]byte(knownSignature), []uint64{999}); !errors.Is(err, proof.ErrBeacon) {
		t.Errorf("a round not asked for: %v", err)
	}
}
