package intel

import (
	"slices"
	"strings"
)

// comparison is PATH = VALUE, PATH IN (VALUE, …) or PATH ISSUBSET VALUE.
type comparison struct {
	path   string
	values []string
	subset bool
}

// conditions are comparisons that must all hold of one observation.
type conditions []comparison

// parsePattern reads a pattern of STIX 2.1 (section 9) as alternatives. The reason says
// what there is in it that cannot be told so: "" for nothing.
func parsePattern(s string) (list []conditions, reason string) {
	p := patternParser{lexer: patternLexer{rest: s}}
	p.next()
	list = p.observations()
	if p.token != (token{}) {
		p.fail(p.strange())
	}
	if p.reason != "" {
		return nil, p.reason
	}
	return list, ""
}

// patternParser is a recursive descent. After the first reason it reads no more.
type patternParser struct {
	lexer  patternLexer
	token  token
	depth  int
	reason string
}

// What a pattern may cost: brackets in brackets, the alternatives that AND makes of OR, and
// conditions of one alternative. None that is understood needs as many.
const (
	maxDepth      = 32
	maxProduct    = 1024
	maxConditions = 16
)

func (p *patternParser) next() { p.token = p.lexer.next() }

func (p *patternParser) fail(reason string) {
	if p.reason == "" {
		p.reason = reason
	}
	p.token, p.lexer.rest = token{}, ""
}

// take consumes a token that is not a literal, if it is next.
func (p *patternParser) take(text string) bool {
	if p.token.text != text || p.token.literal {
		return false
	}
	p.next()
	return true
}

func (p *patternParser) want(text string) {
	if !p.take(text) {
		p.fail(p.strange())
	}
}

// strange names what stands where it is not understood.
func (p *patternParser) strange() string {
	switch word := p.token.text; {
	case p.token.literal:
	case word == "AND":
		return reasonCompound
	case slices.Contains([]string{"FOLLOWEDBY", "WITHIN", "REPEATS", "START", "NOT", "EXISTS", "LIKE", "MATCHES",
		"ISSUPERSET", "ISSUBSET", "!=", "<>", "<", ">", "<=", ">="}, word):
		return reasonPattern + " with " + word
	}
	return reasonPattern
}

// observations reads alternatives of what is seen: [comparisons] OR [comparisons].
func (p *patternParser) observations() (list []conditions) {
	for more := true; more; more = p.take("OR") {
		switch {
		case p.take("["):
			list = append(list, p.alternatives()...)
			p.want("]")
		case p.open():
			list = append(list, p.observations()...)
			p.close()
		default:
			p.fail(p.strange())
		}
	}
	return list
}

func (p *patternParser) open() bool {
	if p.depth >= maxDepth || !p.take("(") {
		return false
	}
	p.depth++
	return true
}

func (p *patternParser) close() {
	p.depth--
	p.want(")")
}

// alternatives reads comparisons joined by OR, AND binding closer.
func (p *patternParser) alternatives() (list []conditions) {
	for more := true; more; more = p.take("OR") {
		all := p.condition()
		for p.take("AND") {
			all = p.both(all, p.condition())
		}
		list = append(list, all...)
	}
	return list
}

// both returns the alternatives of one and another condition.
func (p *patternParser) both(some, others []conditions) (list []conditions) {
	if len(some)*len(others) > maxProduct {
		p.fail(reasonCompound)
		return nil
	}
	for _, a := range some {
		for _, b := range others {
			if len(a)+len(b) > maxConditions {
				p.fail(reasonCompound)
				return nil
			}
			list = append(list, slices.Concat(a, b))
		}
	}
	return list
}

func (p *patternParser) condition() []conditions {
	if p.open() {
		list := p.alternatives()
		p.close()
		return list
	}
	if p.token.literal || !strings.Contains(p.token.text, ":") {
		p.fail(p.strange())
		return nil
	}
	c := comparison{path: p.token.text}
	p.next()
	switch {
	case p.take("="), p.take("=="):
		c.values = []string{p.literal()}
	case p.take("IN"):
		c.values = p.set()
	case p.take("ISSUBSET"):
		c.subset, c.values = true, []string{p.literal()}
	default:
		p.fail(p.strange())
	}
	return []conditions{{c}}
}

func (p *patternParser) literal() string {
	value := p.token.text
	if !p.token.literal {
		p.fail(p.strange())
	}
	p.next()
	return value
}

// set reads ('a', 'b').
func (p *patternParser) set() (values []string) {
	p.want("(")
	for more := true; more; more = p.take(",") {
		values = append(values, p.literal())
	}
	p.want(")")
	return values
}
