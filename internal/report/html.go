package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/tallystick/tallystick/internal/wording"
	"github.com/tallystick/tallystick/verify/js"
)

//go:embed page/*.html
var pageFiles embed.FS

//go:embed style.css
var styleSheet string

// WriteHTML writes report.html: one page that works from a file, without network. Its
// Content-Security-Policy allows its own style sheet and verify.js, by digest, and nothing
// else: the script checks bundles that a reader chooses, and nothing of the page. All
// text that came from telemetry or feeds was written by others, perhaps by attackers: the
// templates escape it, and visible makes what cannot be seen visible.
func (r *Report) WriteHTML(w io.Writer) error { return r.writePage(w, js.Source()) }

func (r *Report) writePage(w io.Writer, script string) error {
	t, err := template.New("page.html").Funcs(pageFuncs()).ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	if err := t.Execute(w, newView(r, script)); err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	return nil
}

// policy allows inline the one style sheet and the one script with these digests (W3C CSP
// Level 3, section 6.7).
func policy(style, script string) string {
	source := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) +
		"; base-uri 'none'; form-action 'none'"
}

func pageFuncs() template.FuncMap {
	return template.FuncMap{
		"num": wording.Thousands, "noun": noun, "text": visible, "key": keyText, "dimension": dimensionText,
		"percent": percent, "capital": capital, "share": shareOf,
	}
}

// maxText is how many characters of a foreign text are shown.
const maxText = 400

// visible writes characters that cannot be seen, such as those that turn the direction of
// writing, as \uXXXX, and cuts what is too long.
func visible(s string) string {
	var b strings.Builder
	n := 0
	for _, c := range s {
		if n++; n > maxText {
			b.WriteRune('…')
			break
		}
		if unicode.IsPrint(c) {
			b.WriteRune(c)
		} else {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}

func dimensionText(dim string) string {
	switch dim {
	case "by", "on":
		return "Placed in"
	case "by-as", "on-as", "as":
		return "Network"
	default:
		return capital(dim)
	}
}

// capital is s, which is ASCII, with its first letter in upper case.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// keyText writes the value of a dimension; what is not known is said, not left blank.
func keyText(dim, value string) string {
	as := strings.HasSuffix(dim, "as")
	switch {
	case dim == "server" && value == "":
		return "(look-ups only)"
	case value == "" || value == "0" && (as || dim == "port"):
		return "unknown"
	case as:
		return "AS" + visible(value)
	default:
		return visible(value)
	}
}

// percent is part of whole to one decimal; "–" of nothing. Some is never 0 %, and not all
// never 100 %.
func percent(part, whole uint64) string {
	if whole == 0 {
		return "–"
	}
	switch text := strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64); {
	case text == "0.0" && part > 0:
		return "<0.1 %"
	case text == "100.0" && part < whole:
		return ">99.9 %"
	default:
		return text + " %"
	}
}

// shareView is a share with its bar, 0 to 100 wide.
type shareView struct{ Width, Text string }

func shareOf(c Cell, of Column) *shareView {
	if of.Total.Value == 0 {
		return nil
	}
	width := 100 * float64(c.Value) / float64(of.Total.Value)
	return &shareView{strconv.FormatFloat(width, 'f', 1, 64), percent(c.Value, of.Total.Value)}
}
