package publish

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
)

// FileBundle is the bundle of a report, for whoever checks it (proof protocol 3.7).
const FileBundle = "bundle.tar"

// parcel is the files of a bundle, each made when it is written.
type parcel map[string]func() ([]byte, error)

func (b parcel) put(name string, content []byte) {
	b[name] = func() ([]byte, error) { return content, nil }
}

// write writes the files as an uncompressed ustar, sorted by name, and behind them the note by
// which the ledger signs them; equal files give equal bytes.
func (b parcel) write(w io.Writer, l *ledger.Ledger) error {
	t := tar.NewWriter(w)
	whole := proof.NewWhole()
	for _, name := range slices.Sorted(maps.Keys(b)) {
		content, err := b[name]()
		if err == nil {
			err = addFile(t, name, content)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if proof.InWhole(name) {
			whole.Add(name, ts.DigestOf(content))
		}
	}
	note, err := l.Sign(whole.Text(l.Origin()))
	if err == nil {
		err = addFile(t, proof.WholeName, note)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", proof.WholeName, err)
	}
	return t.Close()
}

func addFile(t *tar.Writer, name string, content []byte) error {
	err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(content)), Mode: 0o644,
		ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR})
	if err == nil {
		_, err = t.Write(content)
	}
	return err
}

// Pack says what goes into a bundle beside what the ledger makes public.
type Pack struct {
	Private bool                 // the openings given to an auditor only
	Places  map[ts.Digest][]byte // tables of places by the digest that manifests name them by
}

// Bundle writes the bundle of a report that has statements: the ledger, the tags of the
// report's figures, and the openings that audits have asked for.
func (p *Publisher) Bundle(ctx context.Context, figures []byte, pack Pack, w io.Writer) error {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return err
	}
	b := parcel{}
	if err := p.packLedger(b); err != nil {
		return err
	}
	stated := statementsOf(v, reportID(figures))
	if len(stated) == 0 {
		return errors.New("the report has no statements yet: tallystick publish")
	}
	for _, s := range stated {
		if s.Object.Mode == proof.ModeList {
			b["figures/"+s.Object.ID+"/tags.bin"] = func() ([]byte, error) { return p.tagFile(ctx, v, &s.Object) }
		}
	}
	if err := p.packAudits(b, v, reportID(figures), pack); err != nil {
		return err
	}
	if err := p.packOverlaps(b, v, reportID(figures)); err != nil {
		return err
	}
	return b.write(w, p.Ledger)
}

func (p *Publisher) tagFile(ctx context.Context, v *evidence.View, s *proof.Statement) ([]byte, error) {
	r, err := ruleAt(v, s.Rule)
	if err != nil {
		return nil, err
	}
	m, err := p.membersOf(ctx, s, r)
	return m.tagFile(), err
}

func ruleAt(v *evidence.View, index uint64) (*proof.Rule, error) {
	for i := range v.Rules {
		if v.Rules[i].Index == index {
			return &v.Rules[i].Object, nil
		}
	}
	return nil, fmt.Errorf("entry %d is no rule", index)
}

// packLedger adds every entry and every checkpoint, with the cosignatures that are there.
func (p *Publisher) packLedger(b parcel) error {
	l := p.Ledger
	size := l.Head().Size
	var log []byte
	for i, entry := range l.Entries() {
		if i >= size {
			break
		}
		log = binary.BigEndian.AppendUint32(log, uint32(len(entry)))
		log = append(binary.BigEndian.AppendUint32(log, crc32.ChecksumIEEE(entry)), entry...)
	}
	if err := l.Err(); err != nil {
		return err
	}
	b.put("entries.log", log)
	for _, n := range l.Sizes() {
		if n > size {
			break
		}
		note, err := l.Cosigned(n)
		if err != nil {
			return err
		}
		b.put(fmt.Sprintf("checkpoints/%d", n), note)
		if n == size {
			b.put("checkpoint", note)
		}
	}
	return nil
}

// packAudits adds the answers to audits: of the report's figures, and of every figure that
// publishes no tags, which is of each bundle.
func (p *Publisher) packAudits(b parcel, v *evidence.View, report string, pack Pack) error {
	wanted := map[proof.PlaceEdition]bool{}
	for _, a := range v.Audits {
		i := slices.IndexFunc(v.Statements, func(s evidence.Logged[proof.Statement]) bool { return s.Digest == a.Object.Figure })
		if i < 0 {
			continue
		}
		s := &v.Statements[i].Object
		if !isOf(s, report) && s.Mode == proof.ModeList {
			continue
		}
		text, dleq, err := p.answer(a.Object.Openings, pack.Private)
		if errors.Is(err, fs.ErrNotExist) {
			p.tell("%s: the answer to round %d is for its auditor only", s.ID, a.Object.Round)
			continue
		}
		if err != nil {
			return err
		}
		name := fmt.Sprintf("figures/%s/openings-%d", s.ID, a.Object.Round)
		b.put(name+".txt", text)
		b.put(name+".dleq", dleq)
		if err := p.packBeacon(b, a.Object.Round); err != nil {
			return err
		}
		if err := placesOf(text, wanted); err != nil {
			return err
		}
	}
	return p.packPlaces(b, wanted, pack.Places)
}

// answer reads the openings of an audit, and their proof.
func (p *Publisher) answer(d ts.Digest, private bool) (text, dleq []byte, err error) {
	read := p.Ledger.Get
	if private {
		read = func(name string) ([]byte, error) {
			b, err := p.Ledger.Get(name)
			if errors.Is(err, fs.ErrNotExist) {
				b, err = p.Ledger.Private(name)
			}
			return b, err
		}
	}
	text, errText := read(openingsName(d) + ".txt")
	dleq, errProof := read(openingsName(d) + ".dleq")
	return text, dleq, errors.Join(errText, errProof)
}

func openingsName(d ts.Digest) string { return "openings/" + d.String() }

func beaconName(round uint64) string { return fmt.Sprintf("drand/%d", round) }

func (p *Publisher) packBeacon(b parcel, round uint64) error {
	signature, err := p.Ledger.Get(beaconName(round))
	b.put(beaconName(round), signature)
	return err
}

// placesOf collects the tables that placed opened rows: those of the data set that their
// manifest names first.
func placesOf(openings []byte, into map[proof.PlaceEdition]bool) error {
	list, err := proof.ParseOpenings(openings)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range list {
		text := string(list[i].Manifest)
		if list[i].Refused != "" || seen[text] {
			continue
		}
		seen[text] = true
		m, err := proof.ParseManifest(list[i].Manifest)
		if err != nil {
			return err
		}
		for _, e := range m.Places {
			if e.Name == m.Places[0].Name {
				into[e] = true
			}
		}
	}
	return nil
}

// packPlaces adds tables of places, as given or as the ledger keeps them.
func (p *Publisher) packPlaces(b parcel, wanted map[proof.PlaceEdition]bool, given map[ts.Digest][]byte) error {
	for e := range wanted {
		table, ok := given[e.Digest]
		if !ok {
			var err error
			if table, err = p.keptTable(e.Digest); err != nil {
				return err
			}
		}
		if ts.DigestOf(table) != e.Digest {
			p.tell("table of places %s of %s is not in the ledger any more, nor in the bundle: give the file that it was read from with --places (SHA-256 %s)", e.Name, e.Day, e.Digest)
			continue
		}
		b.put("places/"+e.Digest.String(), table)
	}
	return nil
}

// keptTable returns a table of places as the ledger keeps it; nil where it does not.
func (p *Publisher) keptTable(d ts.Digest) ([]byte, error) {
	kept, err := p.Ledger.Get(evidence.PlacePath(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	table, err := inflated(kept)
	if err != nil {
		err = fmt.Errorf("%s: %w", evidence.PlacePath(d), err)
	}
	return table, err
}

// inflated decompresses a table, gzip or zstd or neither.
func inflated(b []byte) ([]byte, error) {
	if !bytes.HasPrefix(b, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		return b, nil
	}
	z, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var out bytes.Buffer
	_, err = out.ReadFrom(z)
	return out.Bytes(), err
}

// signatureLine is a beacon's signature as a bundle has it.
func signatureLine(signature string) []byte { return []byte(strings.TrimSpace(signature) + "\n") }
