package scenario

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// counter is an output that keeps the number of bytes only.
type counter struct {
	*output
	n *countWriter
}

type countWriter struct{ n int64 }

func (c *countWriter) Write(b []byte) (int, error) { c.n += int64(len(b)); return len(b), nil }

func newCounter() counter {
	n := &countWriter{}
	return counter{&output{Writer: bufio.NewWriter(n)}, n}
}

func (c counter) total() int64 { return c.n.n + int64(c.Buffered()) }

// plainText decompresses what is compressed.
func plainText(t *testing.T, name string, b []byte) []byte {
	t.Helper()
	if !strings.HasSuffix(name, ".gz") {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text
}

// TestFilesAreWellFormed reads every file with an independent parser.
func TestFilesAreWellFormed(t *testing.T) {
	packedFiles, plainFiles := 0, 0
	eachFile(t, written(t, small()), func(name string, b []byte) {
		if strings.HasPrefix(name, "logs/") {
			if strings.HasSuffix(name, ".gz") {
				packedFiles++
			} else {
				plainFiles++
			}
		}
		text := plainText(t, name, b)
		if len(text) == 0 || text[len(text)-1] != '\n' {
			t.Errorf("%s: empty, or without a last line end", name)
		}
		if err := wellFormed(name, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	if packedFiles == 0 || plainFiles == 0 {
		t.Errorf("%d logs compressed, %d plain: want both", packedFiles, plainFiles)
	}
}

func wellFormed(name string, text []byte) error {
	switch {
	case strings.HasPrefix(name, "intel/") && strings.HasSuffix(name, ".txt"):
		return nil
	case strings.Contains(name, "json"):
		d := json.NewDecoder(bytes.NewReader(text))
		for {
			var object map[string]any
			if err := d.Decode(&object); err != nil {
				return unlessEOF(err)
			}
		}
	case strings.HasSuffix(name, ".csv"):
		_, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		return err
	case strings.Contains(name, "/access-"):
		return eachLine(text, func(line string) bool { return accessLine.MatchString(line) })
	}
	columns := 0
	return eachLine(text, func(line string) bool {
		if fields, ok := strings.CutPrefix(line, "#fields\t"); ok {
			columns = strings.Count(fields, "\t") + 1
		}
		if types, ok := strings.CutPrefix(line, "#types\t"); ok {
			return strings.Count(types, "\t")+1 == columns
		}
		return line[0] == '#' || strings.Count(line, "\t")+1 == columns
	})
}

var accessLine = regexp.MustCompile(`^(\S+:80 )?\S+ - - \[\d\d/[A-Z][a-z]{2}/2014:\d\d:\d\d:\d\d [+-]0[48]00\] "(GET|POST) \S+ HTTP/1\.1" \d{3} \d+ "-" "[^"]+"( "[^"]+")?$`)

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func eachLine(text []byte, good func(line string) bool) error {
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); line == "" || !good(line) {
			return errors.New("bad line: " + line)
		}
	}
	return nil
}

// TestNobodyIsNamed: every address lies in the reserved blocks, but for the machines
// behind the branches' NAT, and every host name is under a reserved top level.
func TestNobodyIsNamed(t *testing.T) {
	four := regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
	six := regexp.MustCompile(`[0-9a-f]{0,4}:[0-9a-f:]*:[0-9a-f]*`)
	host := regexp.MustCompile(`(?i)\b(?:[a-z0-9-]+\.)+(com|net|org|cn|us|hk|info|biz|io|ru|gov|edu)\b`)
	allowed := []netip.Prefix{netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2001:db8::/32")}
	office := netip.MustParsePrefix("192.168.1.0/24")
	agent := regexp.MustCompile(`Mozilla/[^"\t]*`)
	eachFile(t, written(t, small()), func(name string, b []byte) {
		text := agent.ReplaceAllString(string(plainText(t, name, b)), "")
		if found := host.FindString(text); found != "" {
			t.Errorf("%s: name %s", name, found)
		}
		for _, found := range append(four.FindAllString(text, -1), six.FindAllString(text, -1)...) {
			a, err := netip.ParseAddr(found)
			if err != nil {
				continue // a time of day
			}
			inside := allowed[0].Contains(a) || allowed[1].Contains(a)
			if !inside && !(strings.HasPrefix(name, "logs/cn-branch") && office.Contains(a)) {
				t.Errorf("%s: address %s", name, found)
				return
			}
		}
	})
}
