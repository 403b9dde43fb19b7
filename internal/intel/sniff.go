package intel

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/tallystick/tallystick"
)

// Formats, as Feed.Format names them.
const (
	formatPlain     = "plain"
	formatMaltrail  = "maltrail"
	formatZeek      = "zeek-intel"
	formatBlackbook = "blackbook"
	formatTyped     = "typed-csv"
	formatPhishTank = "phishtank"
	formatAbuseCSV  = "abuse.ch-csv"
	formatJSON      = "json"
	formatMISP      = "misp"
	formatSTIX      = "stix"
	formatAbuseJSON = "abuse.ch-json"
	formatWarning   = "misp-warninglist"
)

// sniffBytes is how much of a file its format is recognised by.
const sniffBytes = 64 << 10

// sniff names the format of a file by its beginning. formatJSON stands for all JSON
// formats, which are told apart when decoded.
func sniff(name string, head []byte) (string, error) {
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0:
		return "", errors.New("empty")
	case isBinary(head):
		return "", errors.New("binary, not a feed")
	case text[0] == '<':
		return "", errors.New(markup(text) + ", not a feed that is read")
	case (text[0] == '{' || text[0] == '[') && !looksIPv6(text):
		return formatJSON, nil
	case bytes.HasPrefix(text, []byte("#fields\t")) || bytes.Contains(text, []byte("\n#fields\t")):
		return formatZeek, nil
	case isMaltrail(name, text):
		return formatMaltrail, nil
	}
	return sniffTable(text), nil
}

// markup names what begins with "<".
func markup(text []byte) string {
	switch {
	case bytes.Contains(text, []byte("STIX_Package")):
		return "STIX 1 (XML)"
	case bytes.Contains(text, []byte("<ioc")), bytes.Contains(text, []byte("<OpenIOC")):
		return "OpenIOC (XML)"
	default:
		return "HTML or XML"
	}
}

// looksIPv6 tells "[2001:db8::1]:80" and "[.]" spellings from JSON, which may hold a URL.
func looksIPv6(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.IndexByte(line, '"') >= 0 {
		return false
	}
	_, reason := parseValue(string(line[:min(len(line), 60)]))
	return reason == ""
}

func isBinary(head []byte) bool {
	return bytes.IndexByte(head, 0) >= 0 || bytes.HasPrefix(head, []byte("\x1f\x8b")) || bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd"))
}

func isMaltrail(name string, text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.Contains(first, []byte("Maltrail developers")) {
		return true
	}
	return path.Base(path.Dir(path.Dir(name))) == "static" && strings.Contains(name, "trails/static/")
}

// sniffTable recognises tables by their column names, which abuse.ch writes behind "#".
func sniffTable(text []byte) string {
	for line := range bytes.Lines(text) {
		line = bytes.ToLower(bytes.TrimSpace(line))
		columns := splitCSV(strings.TrimLeft(string(line), "# "))
		switch {
		case len(columns) < 3:
		case abuseFeed(columns) != "":
			return formatAbuseCSV
		case isPhishTank(columns):
			return formatPhishTank
		case isBlackbook(columns):
			return formatBlackbook
		case isTyped(columns):
			return formatTyped
		}
		if len(line) > 0 && line[0] != '#' {
			break
		}
	}
	return formatPlain
}

// read reads a file of the sniffed format.
func (f *file) read(r io.Reader) error {
	f.tallies = map[string]*tallystick.Tally{}
	switch f.format {
	case formatMaltrail:
		return f.readMaltrail(r)
	case formatZeek:
		return f.readZeek(r)
	case formatBlackbook:
		return f.readBlackbook(r)
	case formatTyped:
		return f.readTyped(r)
	case formatPhishTank:
		return f.readPhishTank(r)
	case formatAbuseCSV:
		return f.readAbuseCSV(r)
	case formatJSON:
		return f.readJSON(r)
	}
	return f.readPlain(r)
}
