package proof

import (
	"errors"
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// StatementType is the first line of a statement.
const StatementType = "tally-figure/v1"

const statementForm = "id attempt report mode rule key window by on measure unit N root evidence-size evidence-root " +
	"tags-sha256 audit-k audit-round audit-deadline budget supersedes tool"

// Mode says what of a figure's members is published.
type Mode string

// The modes of a statement.
const (
	ModeList Mode = "list" // every tag
	ModeRoot Mode = "root" // the commitment to the tags only
)

// The bounds of protocol 3.0.
const (
	MaxMembers = 1<<32 - 1
	MaxAudit   = 10_000
)

// Statement commits to one figure: how many members, and which, without telling them. No
// sentence is in it; who checks it makes one from its fields.
type Statement struct {
	ID      string // a word: the figure's folder in the bundle
	Attempt uint64 // as its publisher counts; the verifier counts again
	Report  string // that of the key
	Mode    Mode
	Rule    uint64 // index of its entry
	Key     uint64 // index of its entry
	Scope
	Measure, Unit string
	N             uint64
	Root          Hash // of the trie of tags

	EvidenceSize uint64     // entries of the ledger that were counted
	EvidenceRoot Hash       // of the ledger at that size
	Tags         *ts.Digest // SHA-256 of tags.bin, nil in root mode

	AuditK        uint64 // how many members are opened
	AuditRound    uint64 // of the public beacon that draws them
	AuditDeadline uint64 // seconds after the round by which they are opened
	Budget        uint64 // how many members are ever opened
	Supersedes    *ts.Digest
	Tool          string
}

// Build writes the statement as a text object.
func (s *Statement) Build() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", StatementType, err)
	}
	o := ts.Object{Type: StatementType}
	o.Add("id", s.ID)
	o.Add("attempt", decimal(s.Attempt))
	o.Add("report", s.Report)
	o.Add("mode", string(s.Mode))
	o.Add("rule", decimal(s.Rule))
	o.Add("key", decimal(s.Key))
	s.Scope.add(&o)
	o.Add("measure", s.Measure)
	o.Add("unit", s.Unit)
	o.Add("N", decimal(s.N))
	o.Add("root", ts.Digest(s.Root).String())
	o.Add("evidence-size", decimal(s.EvidenceSize))
	o.Add("evidence-root", ts.Digest(s.EvidenceRoot).String())
	o.Add("tags-sha256", digestOrNone(s.Tags))
	o.Add("audit-k", decimal(s.AuditK))
	o.Add("audit-round", decimal(s.AuditRound))
	o.Add("audit-deadline", decimal(s.AuditDeadline))
	o.Add("budget", decimal(s.Budget))
	o.Add("supersedes", digestOrNone(s.Supersedes))
	o.Add("tool", s.Tool)
	return o.Bytes()
}

func (s *Statement) check() error {
	if err := s.Scope.check(); err != nil {
		return err
	}
	switch {
	case !isWord(s.ID) || !isWord(s.Report):
		return fmt.Errorf("id %.60q, report %.60q: want words of letters, digits, dots, dashes", s.ID, s.Report)
	case s.Mode != ModeList && s.Mode != ModeRoot || (s.Mode == ModeList) != (s.Tags != nil):
		return fmt.Errorf("mode %.10q: want list with the digest of its tags, or root with none", s.Mode)
	case !isWord(s.Measure) || !isWord(s.Unit):
		return fmt.Errorf("measure %.60q, unit %.60q: want words", s.Measure, s.Unit)
	case s.N > MaxMembers:
		return fmt.Errorf("%d members: more than %d", s.N, uint64(MaxMembers))
	case s.Rule >= s.EvidenceSize || s.Key >= s.EvidenceSize:
		return errors.New("rule and key must be logged before what is counted ends")
	case s.AuditK > MaxAudit || s.AuditK > s.Budget || s.Budget > MaxMembers:
		return fmt.Errorf("audit of %d, budget of %d: want at most %d, within the budget", s.AuditK, s.Budget, MaxAudit)
	case s.AuditK == 0 || s.AuditRound == 0 || s.AuditRound > maxRound:
		return fmt.Errorf("audit of %d members by round %d shows nothing", s.AuditK, s.AuditRound)
	case s.Attempt == 0:
		return errors.New("attempts are counted from 1")
	}
	return nil
}

// isWord reports whether s may name a folder of a bundle.
func isWord(s string) bool {
	if s == "" || len(s) > 80 || s[0] == '.' || s[0] == '-' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+") == ""
}

func digestOrNone(d *ts.Digest) string {
	if d == nil {
		return "none"
	}
	return d.String()
}

func parseDigestOrNone(s string) (*ts.Digest, error) {
	if s == "none" {
		return nil, nil
	}
	d, err := ts.ParseDigest(s)
	return &d, err
}

func parseHash(s string) (Hash, error) {
	d, err := ts.ParseDigest(s)
	return Hash(d), err
}

// ParseStatement reads a statement. It accepts exactly what Build writes.
func ParseStatement(b []byte) (Statement, error) {
	return parsedAs(b, StatementType, statementForm, func(v *ts.ObjectReader) Statement {
		get := v.Object.Get
		return Statement{
			ID: get("id"), Attempt: v.Number("attempt"), Report: get("report"), Mode: Mode(get("mode")),
			Rule: v.Number("rule"), Key: v.Number("key"),
			Scope: readScope(v), Measure: get("measure"), Unit: get("unit"),
			N: v.Number("N"), Root: ts.Parsed(v, "root", parseHash),
			EvidenceSize: v.Number("evidence-size"), EvidenceRoot: ts.Parsed(v, "evidence-root", parseHash),
			Tags:   ts.Parsed(v, "tags-sha256", parseDigestOrNone),
			AuditK: v.Number("audit-k"), AuditRound: v.Number("audit-round"),
			AuditDeadline: v.Number("audit-deadline"), Budget: v.Number("budget"),
			Supersedes: ts.Parsed(v, "supersedes", parseDigestOrNone), Tool: get("tool"),
		}
	})
}

// Follows fails unless the statement says of its figure what the rule says.
func (s *Statement) Follows(r *Rule) error {
	switch {
	case !s.Scope.Equal(&r.Scope):
		return errors.New("window, by and on are not those of its rule")
	case s.Measure != r.Measure || s.Unit != r.Unit:
		return errors.New("measure and unit are not those of its rule")
	}
	return nil
}

// TagsDigest returns the digest of tags.bin: the tags one after the other.
func TagsDigest(tags []Point) ts.Digest { return digestPoints(tags) }
