package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
)

// Publisher commits to the members of a report's figures, and answers for them.
type Publisher struct {
	Ledger *ledger.Ledger
	Now    func() time.Time // nil: the machine's clock
	Rand   io.Reader        // of the secrets of tags; nil: crypto/rand
	Tell   func(string)     // what a person should know; nil: nobody
	Tool   string           // names the program in statements
}

// Terms are how a figure is offered for audit.
type Terms struct {
	Mode     proof.Mode
	K        uint64        // members that the audit opens
	After    time.Duration // from now to the round of the public beacon that draws them
	Deadline time.Duration // from then to their opening
	Budget   uint64        // how many members are ever opened; 0: four times K
	OwnKeys  bool          // a key for each figure: only such a one can be compared with another's
}

func (p *Publisher) now() int64 {
	if p.Now == nil {
		return time.Now().Unix()
	}
	return p.Now().Unix()
}

func (p *Publisher) tell(format string, args ...any) {
	if p.Tell != nil {
		p.Tell(fmt.Sprintf(format, args...))
	}
}

// ErrMoved means that the ledger has other members now than the report counted.
var ErrMoved = errors.New("the ledger moved on: report again")

// draft is a figure on its way to its statement.
type draft struct {
	claim
	rule    proof.Rule
	entry   uint64   // of the rule
	members [][]byte // as the rule counts them
}

// State logs the statements of a report's figures, with what they need: rules that were not
// logged before, late, and the key of the report. Of a report that has statements it logs
// nothing. figures is the content of figures.json.
func (p *Publisher) State(ctx context.Context, figures []byte, t Terms) error {
	v, err := evidence.Read(p.Ledger)
	if err != nil {
		return err
	}
	if err := published(v, figures); err != nil {
		return err
	}
	stated := statementsOf(v, reportID(figures))
	if len(stated) > 0 {
		first := &stated[0].Object
		// Tags of both modes under one key would tell whose the openings of one are in the other.
		if first.Mode != t.Mode {
			return fmt.Errorf("the report was published in mode %s before, and stays so", first.Mode)
		}
		own := first.Report == first.ID
		if t.OwnKeys && !own {
			return errors.New("the report was published under one key before, and stays so")
		}
		claims, _, err := readClaims(figures)
		if t.OwnKeys = own; err != nil || !own || len(stated) >= len(claims) {
			return err
		}
	}
	drafts, err := p.drafts(ctx, v, figures)
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		return errors.New("the report has no figure that can be proved: make it with --by or --on, --from and --to")
	}
	if !t.OwnKeys {
		return p.state(ctx, v, drafts, reportID(figures), t)
	}
	if err := p.openRules(v, drafts, t); err != nil {
		return err
	}
	for i := range drafts {
		if err := p.state(ctx, v, drafts[i:i+1], drafts[i].id, t); err != nil {
			return err
		}
	}
	return nil
}

// round is the one of the public beacon that audits what is stated now.
func (p *Publisher) round(t Terms) uint64 {
	return proof.BeaconRound(p.now() + int64(t.After/time.Second))
}

// published fails unless the ledger holds the report's entry.
func published(v *evidence.View, figures []byte) error {
	for _, r := range v.Reports {
		if r.JSON == ts.DigestOf(figures) {
			return nil
		}
	}
	return fmt.Errorf("the ledger holds no report with this %s", FileJSON)
}

func statementsOf(v *evidence.View, report string) (list []evidence.Logged[proof.Statement]) {
	for _, s := range v.Statements {
		if isOf(&s.Object, report) {
			list = append(list, s)
		}
	}
	return list
}

// isOf reports whether a statement is of a report: under its key, or under one of its own,
// which then has the statement's name.
func isOf(s *proof.Statement, report string) bool {
	return s.Report == report || s.Report == s.ID && strings.HasSuffix(s.ID, "."+report)
}

// drafts counts the members of every figure, which must be as many as the report says.
func (p *Publisher) drafts(ctx context.Context, v *evidence.View, figures []byte) ([]draft, error) {
	claims, skipped, err := readClaims(figures)
	if err != nil {
		return nil, err
	}
	for _, s := range skipped {
		p.tell("%s", s)
	}
	scan := count.New(Source(p.Ledger, v), count.Options{})
	var list []draft
	for _, c := range claims {
		d := draft{claim: c}
		if d.members, err = countMembers(ctx, scan, &c.measure, &c.scope); err == nil && uint64(len(d.members)) != c.value {
			err = fmt.Errorf("%s: %d members, the report says %d: %w", c.id, len(d.members), c.value, ErrMoved)
		}
		if err != nil {
			return nil, errors.Join(err, scan.Close())
		}
		list = append(list, d)
	}
	return list, scan.Close()
}

// state logs rules and key, and then the statements that name them.
func (p *Publisher) state(ctx context.Context, v *evidence.View, drafts []draft, report string, t Terms) error {
	round := p.round(t)
	secret, err := p.newSecret(report)
	if err != nil {
		return err
	}
	counted := v.EvidenceSize()
	var key uint64
	head, err := p.Ledger.Commit(func(head ledger.Head) (entries [][]byte, err error) {
		if err := v.Extend(p.Ledger); err != nil {
			return nil, err
		}
		if v.EvidenceSize() != counted {
			return nil, ErrMoved
		}
		if entries, err = p.rules(v, head.Size, drafts, round); err != nil {
			return nil, err
		}
		if old := keyOf(v, report); old != nil {
			if key = old.Index; old.Object.K != secret.Public() {
				err = fmt.Errorf("keys/%s is not the secret of the key in entry %d", secretName(report), key)
			}
			return entries, err
		}
		key = head.Size + uint64(len(entries))
		entry, err := keyEntry(secret, p.Ledger.Origin(), report)
		return append(entries, entry), err
	})
	if err == nil {
		err = p.tellLate(ctx, v, drafts)
	}
	if err != nil {
		return err
	}
	base := proof.Statement{Report: report, Mode: t.Mode, Key: key, EvidenceSize: head.Size, EvidenceRoot: proof.Hash(head.Root),
		AuditK: t.K, AuditRound: round, AuditDeadline: uint64(t.Deadline / time.Second), Budget: t.Budget, Tool: p.Tool}
	if base.Budget == 0 {
		base.Budget = 4 * t.K
	}
	return p.commitStatements(v, secret, drafts, base)
}

func (p *Publisher) commitStatements(v *evidence.View, secret *proof.Secret, drafts []draft, base proof.Statement) error {
	statements := make([]proof.Statement, len(drafts))
	lists := make([][][]byte, len(drafts))
	for i := range drafts {
		lists[i] = under(&drafts[i].rule, drafts[i].members)
	}
	tags := newTagger(secret, lists...)
	for i := range drafts {
		d := &drafts[i]
		s := base
		s.ID, s.Rule, s.Scope, s.Measure, s.Unit = d.id, d.entry, d.rule.Scope, d.rule.Measure, d.rule.Unit
		m := tags.members(lists[i])
		s.N, s.Root = uint64(len(m.tags)), proof.TrieRoot(m.tags)
		if s.N != d.value {
			p.tell("%s: N = %d, with IPv6 addresses counted as their /64; the report says %d", s.ID, s.N, d.value)
		}
		if s.Mode == proof.ModeList {
			digest := proof.TagsDigest(m.tags)
			s.Tags = &digest
		}
		if err := m.keep(p.Ledger, s.Root); err != nil {
			return err
		}
		d.members, lists[i], statements[i] = nil, nil, s
	}
	_, err := p.Ledger.Commit(func(ledger.Head) (entries [][]byte, err error) {
		if err := v.Extend(p.Ledger); err != nil {
			return nil, err
		}
		if len(statementsOf(v, base.Report)) > 0 {
			return nil, nil // somebody was faster
		}
		for i := range statements {
			s := &statements[i]
			s.Attempt = 1
			for _, old := range v.Statements {
				if old.Object.Measure == s.Measure && old.Object.Scope.Equal(&s.Scope) {
					s.Attempt++
					s.Supersedes = &old.Digest
				}
			}
			entry, err := s.Build()
			if err != nil {
				return nil, err
			}
			entries = append(entries, entry)
		}
		return entries, nil
	})
	return err
}
