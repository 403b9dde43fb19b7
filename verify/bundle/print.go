package bundle

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/tallystick/tallystick/internal/policy"
	"github.com/tallystick/tallystick/verify"
)

// ParseTrust reads what the user brings: the ledger's verifier key, and a policy in the
// form of C2SP tlog-policy, which may name the one log whose key it is. "" and nil are
// none.
func ParseTrust(key string, quorum []byte) (Trust, error) {
	t := Trust{Key: strings.TrimSpace(key)}
	if quorum == nil {
		return t, nil
	}
	p, err := policy.Parse(quorum)
	if err != nil {
		return t, err
	}
	if t.Policy = &p.Quorum; t.Key == "" && len(p.Logs) == 1 {
		t.Key = p.Logs[0]
	}
	return t, nil
}

// maxPolicy bounds a policy file.
const maxPolicy = 1 << 20

// Print writes every line and sentence for a terminal, with what a terminal would act on
// replaced. Where audits is set it writes the lines of audits only.
func (r *Result) Print(w io.Writer, audits bool) error {
	p := printer{w: w}
	for _, l := range r.Lines {
		if audits && !l.Audit && (l.Status == verify.True || l.Figure != "") {
			continue
		}
		p.line(l)
	}
	if audits {
		return p.err
	}
	for _, s := range r.Sentences {
		p.print("\n%s\n", s)
	}
	return p.err
}

// printer keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) print(format string, args ...any) {
	_, err := io.WriteString(p.w, printable(fmt.Sprintf(format, args...)))
	p.err = errors.Join(p.err, err)
}

func (p *printer) line(l Line) {
	what := l.What
	if l.Figure != "" {
		what = l.Figure + ": " + what
	}
	p.print("%-11s  %s\n", l.Status, what)
	beside := func(word, text string) {
		if text != "" {
			p.print("%-11s  %s%s\n", "", word, text)
		}
	}
	beside("", l.Found)
	if l.Status == verify.True {
		beside("proves: ", l.Proves)
		beside("does not prove: ", l.Not)
	}
}

// printable replaces what a terminal would act on: a bundle may be written by anybody.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
