package js

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSource: a report stays small, and an HTML page may hold the script as it is.
func TestSource(t *testing.T) {
	source := Source()
	if len(source) > 72<<10 {
		t.Errorf("verify.js has %d bytes", len(source))
	}
	for n, line := range strings.Split(source, "\n") {
		if len(line) > 100 || strings.ContainsFunc(line, func(c rune) bool { return c != '\t' && c < ' ' || c > '~' }) || strings.HasSuffix(line, " ") {
			t.Errorf("line %d: %q", n+1, line)
		}
	}
	for _, ends := range []string{"</script", "<!--", "innerHTML", "eval(", "fetch(", "import("} {
		if strings.Contains(strings.ToLower(source), strings.ToLower(ends)) {
			t.Errorf("verify.js holds %q", ends)
		}
	}
	if !strings.HasPrefix(source, "\"use strict\";\n") || strings.Count(source, "use strict") != 1 {
		t.Error("verify.js is not strict from its first line")
	}
}

// TestPage: the page is verify.html with the script in it, and loads nothing.
func TestPage(t *testing.T) {
	if got := Page(); strings.Count(got, "<script>\n"+Source()+"</script>\n") != 1 || strings.Contains(strings.ReplaceAll(got, Source(), ""), "verify.js") {
		t.Error("the page does not hold verify.js, or wants it beside it")
	}
}

// TestParts: verify.js is made of every file in src, once.
func TestParts(t *testing.T) {
	names, err := fs.Glob(files, "src/*.js")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, part := range strings.Fields(parts) {
		listed = append(listed, "src/"+part+".js")
	}
	slices.Sort(listed)
	if !slices.Equal(listed, names) {
		t.Errorf("parts %v, files %v", listed, names)
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "\n"); n > 150 || strings.Count(Source(), string(text)) != 1 {
			t.Errorf("%s, of %d lines, is not in verify.js, or too long", name, n)
		}
	}
}

var (
	noCode   = regexp.MustCompile(`//.*|"(\\.|[^"\\\n])*"`)
	declared = regexp.MustCompile(`^(?:async )?(?:function|class|const|let) (\w+)`)
	several  = regexp.MustCompile(`, ([A-Z]\w*) = `) // constants behind the first of a line
	word     = regexp.MustCompile(`(\.*)\b([A-Za-z_]\w*)\b(:?)`)
)

// TestFlow: no part knows a name that a later one declares, whatever calls it when; and every
// name is used.
func TestFlow(t *testing.T) {
	knowers := map[string][]string{} // of a name: the parts so far, once for each time
	for _, part := range strings.Fields(parts) {
		text, err := files.ReadFile("src/" + part + ".js")
		if err != nil {
			t.Fatal(err)
		}
		code := noCode.ReplaceAllString(string(text), "")
		for _, name := range declares(code) {
			if len(knowers[name]) > 0 {
				t.Errorf("%v know %s of %s", knowers[name], name, part)
			}
		}
		for _, m := range word.FindAllStringSubmatch(code, -1) {
			if m[1] != "." && m[3] == "" { // no property
				knowers[m[2]] = append(knowers[m[2]], part)
			}
		}
	}
	names := declares(noCode.ReplaceAllString(Source(), ""))
	if len(names) < 150 {
		t.Errorf("only %v", names)
	}
	for _, name := range names {
		if len(knowers[name]) == 1 {
			t.Errorf("nobody uses %s", name)
		}
	}
}

// declares are the names at the outermost level of the code.
func declares(code string) []string {
	names := map[string]bool{}
	for line := range strings.Lines(code) {
		if m := declared.FindStringSubmatch(line); m != nil {
			names[m[1]] = true
			for _, m := range several.FindAllStringSubmatch(line, -1) {
				names[m[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
