package bundle

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tallystick/tallystick/internal/policy"
	"github.com/tallystick/tallystick/internal/wording"
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

// Print writes every line below the figure that it is of, the sentences, and what came out
// of all, for a terminal, with what a terminal would act on replaced. What a check proves and
// what it does not is said the first time that it is made. Where audits is set Print writes
// the lines of audits only.
func (r *Result) Print(w io.Writer, audits bool) error {
	p := printer{w: w, said: map[string]bool{}}
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
	p.print("\n%s\n", r.summary())
	return p.err
}

// summary counts the lines by what came out.
func (r *Result) summary() string {
	n := map[verify.Status]int{}
	for _, l := range r.Lines {
		n[l.Status]++
	}
	text := fmt.Sprintf("%d checks: %d true", len(r.Lines), n[verify.True])
	for _, s := range []verify.Status{verify.False, verify.Malformed, verify.NotChecked} {
		if n[s] > 0 {
			text += fmt.Sprintf(", %d %s", n[s], s)
		}
	}
	return text
}

// printer keeps the first error.
type printer struct {
	w      io.Writer
	err    error
	figure string          // whose lines are being written
	said   map[string]bool // what checks prove and what not
}

func (p *printer) print(format string, args ...any) {
	_, err := io.WriteString(p.w, wording.Printable(fmt.Sprintf(format, args...)))
	p.err = errors.Join(p.err, err)
}

func (p *printer) line(l Line) {
	if l.Figure != p.figure {
		if p.figure = l.Figure; l.Figure != "" {
			p.print("\n%s\n", l.Figure)
		} else {
			p.print("\n")
		}
	}
	found := l.Found
	if found != "" && len(l.What)+len(found) < shortLine {
		l.What, found = l.What+": "+found, ""
	}
	p.print("%-11s  %s\n", l.Status, l.What)
	p.beside("", found)
	if l.Status == verify.True {
		p.once("proves: ", l.Proves)
		p.once("does not prove: ", l.Not)
	}
}

// shortLine is how long a line may be that tells a check and what came out of it.
const shortLine = 100

func (p *printer) beside(word, text string) {
	if text != "" {
		p.print("%-11s  %s%s\n", "", word, text)
	}
}

func (p *printer) once(word, text string) {
	if !p.said[text] {
		p.said[text] = true
		p.beside(word, text)
	}
}

// plain is a text of one line in printable ASCII, as all is that a check writes of its own:
// what else stands in it is of a bundle, and may be made for a terminal, a log or a page.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, strings.ReplaceAll(s, "\n", "; "))
}
