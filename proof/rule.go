package proof

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// RuleType is the first line of a rule.
const RuleType = "tally-rule/v1"

const ruleForm = "id measure window by on unit member ipv6 bucket seal place-source class* grade* without* challenger*"

// Rule says what a figure counts, before it is counted (protocol 3.2). It is complete:
// whether a row supports a figure, and of which member, follows from rule and row alone.
type Rule struct {
	ID      string // a word
	Measure string // a word
	Unit    string // that of the member
	Scope
	Member      ts.MemberKind
	Net64       bool   // IPv6 addresses are counted as their /64
	Bucket      uint64 // seconds of a slot, 0 where members have none
	Seal        uint64 // seconds after a row's day within which it must be committed
	PlaceSource string // the first data set that places the rows; "" any
	Classes     []ts.Class
	Grades      []ts.Grade
	Without     ts.Flags // rows that bear any of these do not count
	Challengers []string // verifier keys for whom half of an audit's budget is kept
}

// Scope is where and when a rule or a figure counts.
type Scope struct {
	Window ts.Window    // never all days
	By, On []ts.Country // nil: any
}

// Build writes the rule as a text object.
func (r *Rule) Build() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", RuleType, err)
	}
	o := ts.Object{Type: RuleType}
	o.Add("id", r.ID)
	o.Add("measure", r.Measure)
	r.Scope.add(&o)
	o.Add("unit", r.Unit)
	o.Add("member", r.Member.String())
	o.Add("ipv6", map[bool]string{false: "address", true: "64"}[r.Net64])
	o.Add("bucket", decimal(r.Bucket))
	o.Add("seal", decimal(r.Seal))
	o.Add("place-source", string(ts.AppendEscaped(nil, r.PlaceSource)))
	for _, c := range r.Classes {
		o.Add("class", c.String())
	}
	for _, g := range r.Grades {
		o.Add("grade", g.String())
	}
	for _, w := range r.Without.Words() {
		o.Add("without", w)
	}
	for _, c := range r.Challengers {
		o.Add("challenger", c)
	}
	return o.Bytes()
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

func (s *Scope) add(o *ts.Object) {
	o.Add("window", s.Window.From.String()+"/"+s.Window.To.String())
	o.Add("by", groupText(s.By))
	o.Add("on", groupText(s.On))
}

// groupText writes a group of countries; "*" is any.
func groupText(group []ts.Country) string {
	if len(group) == 0 {
		return "*"
	}
	var words []string
	for _, c := range group {
		words = append(words, string(c))
	}
	return strings.Join(words, "+")
}

// Equal reports whether two scopes are one.
func (s *Scope) Equal(t *Scope) bool {
	return s.Window == t.Window && slices.Equal(s.By, t.By) && slices.Equal(s.On, t.On)
}

func (s *Scope) check() error {
	switch {
	case s.Window.All() || s.Window.To <= s.Window.From:
		return errors.New("window: want a first day and the day after the last")
	case len(s.By) == 0 && len(s.On) == 0:
		return errors.New("by and on: any of both counts no relation")
	case !ascending(s.By) || !ascending(s.On):
		return errors.New("by, on: want countries in alphabetical order, each once")
	}
	_, err := ts.ParseDay(s.Window.To.String())
	return err // a window without end has no day behind its last
}

// ascending reports whether a list is in order and says nothing twice: else one rule would
// have several spellings, and attempts at one figure would count as attempts at several.
func ascending[T cmp.Ordered](list []T) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			return false
		}
	}
	return true
}

// unitOf returns what members of a kind are called. A rule cannot call them otherwise: who
// checks a figure prints the unit.
func unitOf(k ts.MemberKind) string {
	switch k {
	case ts.MemberPerp, ts.MemberVictim:
		return "ip-address"
	case ts.MemberName:
		return "domain"
	default:
		return k.String() // site, page, contact, attack
	}
}

func (r *Rule) check() error {
	if err := r.Scope.check(); err != nil {
		return err
	}
	slot := uint64(0)
	if r.Member.Slotted() {
		slot = ts.SlotSeconds
	}
	switch {
	case !isWord(r.ID) || !isWord(r.Measure):
		return fmt.Errorf("id %.60q, measure %.60q: want words of letters, digits, dots, dashes", r.ID, r.Measure)
	case r.Member == 0 || r.Unit != unitOf(r.Member):
		return fmt.Errorf("unit %.60q is not that of member %q", r.Unit, r.Member)
	case r.Bucket != slot:
		return fmt.Errorf("bucket of %d seconds: members of this kind have %d", r.Bucket, slot)
	case len(r.Classes) == 0 || len(r.Grades) == 0 || !ascending(r.Classes) || !ascending(r.Grades):
		return errors.New("want a class and a grade, in order, each once")
	}
	for _, c := range r.Challengers {
		if _, err := ReadVerifier(c); err != nil {
			return fmt.Errorf("challenger %.80q: %w", c, err)
		}
	}
	return nil
}

// ParseRule reads a rule. It accepts exactly what Build writes.
func ParseRule(b []byte) (Rule, error) {
	return parsedAs(b, RuleType, ruleForm, func(v *ts.ObjectReader) Rule {
		return Rule{
			ID: v.Object.Get("id"), Measure: v.Object.Get("measure"), Unit: v.Object.Get("unit"),
			Scope:  readScope(v),
			Member: ts.Parsed(v, "member", ts.ParseMemberKind),
			Net64:  v.Object.Get("ipv6") == "64",
			Bucket: v.Number("bucket"), Seal: v.Number("seal"), PlaceSource: v.Text("place-source"),
			Classes: ts.AllParsed(v, "class", ts.ParseClass),
			Grades:  ts.AllParsed(v, "grade", ts.ParseGrade),
			Without: readFlags(v), Challengers: v.Object.All("challenger"),
		}
	})
}

func readScope(v *ts.ObjectReader) Scope {
	return Scope{Window: ts.Parsed(v, "window", parseWindow),
		By: ts.Parsed(v, "by", ts.ParseCountries), On: ts.Parsed(v, "on", ts.ParseCountries)}
}

func parseWindow(s string) (ts.Window, error) {
	first, after, _ := strings.Cut(s, "/")
	from, err := ts.ParseDay(first)
	if err != nil {
		return ts.Window{}, err
	}
	to, err := ts.ParseDay(after)
	return ts.Window{From: from, To: to}, err
}

func readFlags(v *ts.ObjectReader) ts.Flags {
	var all ts.Flags
	for _, f := range ts.AllParsed(v, "without", ts.ParseFlag) {
		all |= f
	}
	return all
}

// builder is an object of the protocol.
type builder interface{ Build() ([]byte, error) }

// parsedAs reads an object and refuses every spelling but the one that Build writes.
func parsedAs[T any, P interface {
	*T
	builder
}](b []byte, typ, form string, read func(*ts.ObjectReader) T) (T, error) {
	o, err := ts.ParseObjectAs(b, typ, form)
	v := ts.ObjectReader{Object: &o, Err: err}
	if err != nil {
		return *new(T), err
	}
	t := read(&v)
	if v.Err != nil {
		return t, fmt.Errorf("%s: %w", typ, v.Err)
	}
	again, err := P(&t).Build()
	if err != nil {
		return t, err
	}
	if !bytes.Equal(again, b) {
		return t, fmt.Errorf("%s is not in its one canonical spelling", typ)
	}
	return t, nil
}

// Supports returns the member that a row supports under the rule, or why it supports none.
// Exclusions are not the rule's: the ledger names them.
func (r *Rule) Supports(row *ts.Row) (member []byte, err error) {
	switch {
	case !r.Window.Contains(row.Day()):
		return nil, fmt.Errorf("its day %s is outside the window", row.Day())
	case row.Last < row.First || row.Last >= lastTime || ts.DayOf(row.Last) != row.Day():
		return nil, errors.New("its times are not of one day")
	case !slices.Contains(r.Classes, row.Class) || !slices.Contains(r.Grades, row.Grade):
		return nil, fmt.Errorf("it is %s, %s", row.Class, row.Grade)
	case row.Flags.Has(r.Without):
		return nil, fmt.Errorf("it bears %s", strings.Join((row.Flags&r.Without).Words(), ", "))
	case !holds(r.By, row.By) || !holds(r.On, row.On):
		return nil, fmt.Errorf("it is by %q on %q", row.By, row.On)
	case r.Bucket > 0 && uint64(row.First)/r.Bucket != uint64(row.Last)/r.Bucket:
		return nil, errors.New("its times are not of one half-hour")
	}
	member, internal := row.AppendMember(nil, r.Member)
	switch {
	case len(member) == 0:
		return nil, errors.New("it does not know the end that is counted")
	case internal || !r.public(row):
		return nil, errors.New("the end that is counted has no public address")
	case !nameOrNone(row.PerpName) || !nameOrNone(row.Site):
		return nil, errors.New("it spells a name as no host name is spelt") // one name is one member
	case len(row.Sensor) > 255:
		return nil, errors.New("the name of its sensor is too long") // a member has its length in a byte
	}
	if r.Net64 {
		member = ts.WidenMember(member)
	}
	return member, nil
}

// public reports whether the address that makes a member is one of a single host in the
// world. A row may say so of its sensor's declaration, and then bears the flag.
func (r *Rule) public(row *ts.Row) bool {
	var a netip.Addr
	switch r.Member {
	case ts.MemberPerp, ts.MemberAttack:
		a = row.Perp
	case ts.MemberVictim, ts.MemberContact:
		a = row.Victim
	default:
		return true
	}
	return ts.Routable(a) || row.Flags.Has(ts.FlagSynthetic)
}

func nameOrNone(name string) bool { return name == "" || ts.IsHostName(name) }

func holds(group []ts.Country, c ts.Country) bool {
	return len(group) == 0 || slices.Contains(group, c)
}
