package js

import (
	"strings"
	"testing"
)

// TestSource: a report stays small, and an HTML page may hold the script as it is.
func TestSource(t *testing.T) {
	if len(Source) > 64<<10 {
		t.Errorf("verify.js has %d bytes", len(Source))
	}
	for n, line := range strings.Split(Source, "\n") {
		if len(line) > 100 || strings.ContainsFunc(line, func(c rune) bool { return c != '\t' && c < ' ' || c > '~' }) || strings.HasSuffix(line, " ") {
			t.Errorf("line %d: %q", n+1, line)
		}
	}
	for _, ends := range []string{"</script", "<!--", "innerHTML", "eval(", "fetch(", "import("} {
		if strings.Contains(strings.ToLower(Source), strings.ToLower(ends)) {
			t.Errorf("verify.js holds %q", ends)
		}
	}
}
