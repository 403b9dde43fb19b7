package measure

import ts "github.com/tallystick/tallystick"

// Member says which member of a counted set a row supports.
type Member = ts.MemberKind

// The members of a row.
const (
	Perp    = ts.MemberPerp    // address of the perpetrator end
	Victim  = ts.MemberVictim  // address of the victim end
	Name    = ts.MemberName    // domain of the perpetrator end, see ts.DomainOf
	Site    = ts.MemberSite    // registrable domain of the victim end
	Page    = ts.MemberPage    // host and path of the perpetrator end
	Contact = ts.MemberContact // victim, host name, half-hour slot
	Attack  = ts.MemberAttack  // perpetrator, site else victim, half-hour slot
)

// AppendMember appends the member that r supports, as ts.Row.AppendMember does.
func (m *Measure) AppendMember(dst []byte, r *ts.Row) (member []byte, internal bool) {
	return r.AppendMember(dst, m.Member)
}
