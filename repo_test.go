package tallystick_test

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// maxDependencies bounds the modules that this one names itself.
const maxDependencies = 13

func TestEveryPackageSaysWhatItKnows(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("package %s has no documentation", room(p.ImportPath))
		}
		text := packageComment(t, room(p.ImportPath), p.GoFiles)
		if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(text, "//", " ")), " "), "must never know") {
			t.Errorf("package %s does not say what it must never know", room(p.ImportPath))
		}
	}
}

// packageComment returns the comment lines above the package clauses of the files.
func packageComment(t *testing.T, room string, files []string) string {
	t.Helper()
	var b strings.Builder
	for _, file := range files {
		f, err := os.Open(filepath.Join(filepath.FromSlash(room), file))
		if err != nil {
			t.Fatal(err)
		}
		for s := bufio.NewScanner(f); s.Scan() && !strings.HasPrefix(s.Text(), "package "); {
			b.WriteString(s.Text() + "\n")
		}
		f.Close()
	}
	return b.String()
}

// goFiles calls visit with every Go file of the module and its text.
func goFiles(t *testing.T, visit func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || path != "." && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			visit(filepath.ToSlash(path), string(text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoForbiddenNames(t *testing.T) {
	room := regexp.MustCompile(`(^|[/_])(util|utils|helper|helpers|common|misc|manager|processor|handler|types)([/_.]|$)`)
	name := regexp.MustCompile(`(?m)^(?:type|func)\s+(?:\([^)]*\)\s*)?(\w*(?:Manager|Processor|Handler|Helper|Util)\w*)`)
	goFiles(t, func(path, text string) {
		if room.MatchString(path) {
			t.Errorf("%s has no name of its own", path)
		}
		for _, m := range name.FindAllStringSubmatch(text, -1) {
			t.Errorf("%s: %s is not one of our words", path, m[1])
		}
	})
}

func TestNothingHappensBeforeMain(t *testing.T) {
	initFunc := regexp.MustCompile(`(?m)^func init\(\)`)
	goFiles(t, func(path, text string) {
		if initFunc.MatchString(text) {
			t.Errorf("%s has an init function", path)
		}
	})
}

func TestFilesAndFunctionsAreSmall(t *testing.T) {
	goFiles(t, func(path, text string) {
		lines := strings.Split(text, "\n")
		if len(lines) > 600 {
			t.Errorf("%s has %d lines", path, len(lines))
		}
		begin := 0
		for i, line := range lines {
			if strings.HasPrefix(line, "func ") {
				begin = i
			}
			if line == "}" && i-begin > 100 && strings.HasPrefix(lines[begin], "func ") && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s:%d: function of %d lines", path, begin+1, i-begin)
			}
		}
	})
}

func TestDependenciesHaveReasons(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	reasons := readReasons(t)
	direct := 0
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		direct++
		if reasons[r.Mod.Path] == "" {
			t.Errorf("deps.txt gives no reason for %s", r.Mod.Path)
		}
		delete(reasons, r.Mod.Path)
	}
	for path := range reasons {
		t.Errorf("deps.txt names %s, which go.mod does not require", path)
	}
	if direct > maxDependencies {
		t.Errorf("%d direct dependencies, at most %d", direct, maxDependencies)
	}
}

// readReasons reads deps.txt: "module licence reason" lines.
func readReasons(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("deps.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		path, rest, _ := strings.Cut(line, " ")
		reasons[path] = strings.TrimSpace(rest)
	}
	return reasons
}

// TestFloorsAreDocumented: the table of doc/life-of-a-record.md says what floors says.
func TestFloorsAreDocumented(t *testing.T) {
	const page = "doc/life-of-a-record.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("^\\| (\\d+) \\| `([^`]+)`(?: \\(\\+ `(\\w+)`\\)| \\(root\\))? \\|")
	documented := map[string]bool{}
	for i, line := range strings.Split(string(text), "\n") {
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for _, room := range roomsOf(m[2], m[3]) {
			documented[room] = true
			if floor, ok := floors[room]; !ok || strconv.Itoa(floor) != m[1] {
				t.Errorf("%s:%d: %s is on floor %s; floors says %d, %v", page, i+1, room, m[1], floor, ok)
			}
		}
	}
	for room := range floors {
		if !documented[room] {
			t.Errorf("%s: no floor is told of %s", page, room)
		}
	}
}

// roomsOf spells out the packages of a row: "a/{b,c}", and a sub-package.
func roomsOf(name, sub string) []string {
	if name == "tallystick" {
		return []string{"."}
	}
	if sub != "" {
		return []string{name, name + "/" + sub}
	}
	folder, list, ok := strings.Cut(strings.TrimSuffix(name, "}"), "{")
	if !ok {
		return []string{name}
	}
	var rooms []string
	for room := range strings.SplitSeq(list, ",") {
		rooms = append(rooms, folder+room)
	}
	return rooms
}
