package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/proof"
)

// top is the repository seen from this package.
const top = "../.."

// page is a Markdown file. What is wrong in it is told with its file and line.
type page struct {
	t     *testing.T
	name  string // below top
	lines []string
}

// block is an indented block, or the rows of a table.
type block struct {
	*page
	first   int    // index of its first line
	heading string // above it
	lines   []string
}

func readPage(t *testing.T, name string) *page {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return &page{t, name, strings.Split(string(text), "\n")}
}

// wrong fails the test for line i of the page, counted from 0.
func (d *page) wrong(i int, form string, args ...any) {
	d.t.Helper()
	d.t.Errorf("%s:%d: %s", d.name, i+1, fmt.Sprintf(form, args...))
}

// parts returns the runs of lines that begin with the mark, without it.
func (d *page) parts(mark string) []block {
	var list []block
	heading, inside := "", false
	for i, line := range d.lines {
		if strings.HasPrefix(line, "#") {
			heading = strings.TrimLeft(line, "# ")
		}
		rest, ok := strings.CutPrefix(line, mark)
		if ok && !inside {
			list = append(list, block{page: d, first: i, heading: heading})
		}
		if inside = ok; ok {
			list[len(list)-1].lines = append(list[len(list)-1].lines, rest)
		}
	}
	return list
}

func (d *page) blocks() []block { return d.parts("    ") }

// under returns the first block below a heading with a line that begins so.
func (d *page) under(heading, begin string) block {
	d.t.Helper()
	for _, b := range d.blocks() {
		if b.heading == heading && slices.ContainsFunc(b.lines, func(l string) bool { return strings.HasPrefix(l, begin) }) {
			return b
		}
	}
	d.t.Fatalf("%s: no block with %q below the heading %q", d.name, begin, heading)
	return block{}
}

// table returns the cells of the table with these first columns, row by row, and calls
// the page wrong where its rows are not as many as wanted.
func (d *page) table(header string, want int) (rows [][]string, first int) {
	d.t.Helper()
	for _, b := range d.parts("|") {
		if !strings.HasPrefix(b.lines[0], " "+header+" |") {
			continue
		}
		for _, line := range b.lines[2:] {
			cells := strings.Split(strings.TrimSuffix(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
		if len(rows) != want {
			d.wrong(b.first, "the table has %d rows, not %d", len(rows), want)
			rows = rows[:min(want, len(rows))]
		}
		return rows, b.first + 2
	}
	d.t.Fatalf("%s: no table of %q", d.name, header)
	return nil, 0
}

func bare(cell string) string { return strings.Trim(cell, "`") }

// shell runs a line in a folder; TestMain has put tallystick on the path.
func shell(t *testing.T, dir, line string) (string, error) {
	c := exec.CommandContext(t.Context(), "sh", "-c", line)
	c.Dir = dir
	out, err := c.CombinedOutput()
	return string(out), err
}

// run runs each line of the block in a folder, and returns what they wrote.
func (b *block) run(dir string) string {
	b.t.Helper()
	var all strings.Builder
	for i, line := range b.lines {
		out, err := shell(b.t, dir, line)
		if err != nil {
			b.wrong(b.first+i, "%v\n%s", err, out)
		}
		all.WriteString(out)
	}
	return all.String()
}

func TestReadmeFirstCommands(t *testing.T) {
	b := readPage(t, "README.md").blocks()[0]
	if len(b.lines) != 2 {
		t.Fatalf("README.md:%d: %d commands, not the demo and the tests", b.first+1, len(b.lines))
	}
	var commands []string
	for _, line := range b.lines {
		line, _, _ = strings.Cut(line, "#")
		commands = append(commands, strings.TrimSpace(line))
	}
	out := filepath.Join(t.TempDir(), "demo")
	text, err := shell(t, top, commands[0]+" --scale 0.001 --out "+out)
	if err != nil || !strings.Contains(text, "planted") {
		b.wrong(b.first, "%v\n%s", err, text)
	}
	if _, err := os.Stat(filepath.Join(out, "report", "report.html")); err != nil {
		b.wrong(b.first, "%v", err)
	}
	ci, err := os.ReadFile(filepath.Join(top, ".ci", "run"))
	if err != nil || commands[1] == "" || !strings.Contains(string(ci), "\n"+commands[1]+"\n") {
		b.wrong(b.first+1, "%q is no line of .ci/run: %v", commands[1], err)
	}
}

// TestCommandLines: every line of a document that begins with tallystick could be typed.
func TestCommandLines(t *testing.T) {
	names := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	err := fs.WalkDir(os.DirFS(top), "doc", func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		for _, b := range readPage(t, name).blocks() {
			for i, line := range b.lines {
				rest, ok := strings.CutPrefix(line, "tallystick ")
				if !ok {
					continue
				}
				found++
				if err := typed(t, rest); err != nil {
					b.wrong(b.first+i, "%v", err)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d command lines found", found)
	}
}

// typed reports what is wrong with a line that a shell would give to tallystick.
func typed(t *testing.T, line string) error {
	line, _, _ = strings.Cut(line, " > ")
	words, err := shell(t, top, `exec 2>/dev/null; printf '%s\n' `+line) // files that it names are not there
	return errors.Join(err, parses(strings.Split(strings.TrimSpace(words), "\n")))
}

// TestHelp: every help has an example, of its own command or of one below it, that could be
// typed, and a command that does nothing by itself refuses what it does not know.
func TestHelp(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Example == "" {
			t.Errorf("%s: no example", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			_, rest, ok := strings.Cut(line, "tallystick ")
			if own := strings.TrimPrefix(c.CommandPath()+" ", "tallystick "); !ok || !strings.HasPrefix(strings.TrimSpace(rest)+" ", own) {
				t.Errorf("%s: the example %q is of something else", c.CommandPath(), line)
			} else if err := typed(t, rest); err != nil {
				t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
			}
		}
		if c.HasSubCommands() {
			args := append(strings.Fields(c.CommandPath())[1:], "bogus")
			if code := run(args, strings.NewReader(""), io.Discard, io.Discard); code != 2 {
				t.Errorf("%s: exit code %d", strings.Join(args, " "), code)
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	root := command(streams{in: strings.NewReader(""), out: io.Discard, errs: io.Discard})
	walk(root)
}

// parses reports what is wrong with the arguments of tallystick, without running it.
func parses(args []string) error {
	c, rest, err := command(streams{in: strings.NewReader(""), out: io.Discard, errs: io.Discard}).Find(args)
	if err != nil {
		return err
	}
	if c.HasSubCommands() {
		return fmt.Errorf("%s does nothing by itself", c.CommandPath())
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	args = c.Flags().Args()
	if strings.Contains(c.Use, "MEASURE") && len(args) > 0 {
		_, err = measure.ByName(args[0])
	}
	return errors.Join(err, c.ValidateArgs(args), c.ValidateRequiredFlags(), c.ValidateFlagGroups())
}

// secret are the lines of objects that depend on the keys of a ledger.
var secret = regexp.MustCompile(`(?m)^(salt|input|segment|row-root|report-html|figures-json|figures-csv) [0-9a-f]{64}$`)

// TestLedgerSession does what the life of a record and the ledger's format tell the
// reader to try. What the ledger then holds are the objects that the format shows.
func TestLedgerSession(t *testing.T) {
	dir := t.TempDir()
	life, doc := readPage(t, "doc/life-of-a-record.md"), readPage(t, "doc/formats/ledger.md")
	try, checking := life.under("Try it", "tallystick run"), doc.under("Checking one", "tallystick check")
	if out := try.run(dir); !strings.Contains(out, "\n1 row in 1 segment") || strings.Contains(out, "FALSE") {
		life.wrong(try.first, "the session does not make one row that verifies:\n%s", out)
	}
	checking.run(dir)
	onesOnly(life, try.first+len(try.lines)+1, filepath.Join(dir, "report", "figures.json"))
	out := excluded(doc, dir)
	for entry := range 5 {
		text, err := shell(t, dir, fmt.Sprintf("tallystick show %d --ledger report.ledger", entry))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		out += text
	}
	out = secret.ReplaceAllString(out, "$1 …")
	shown := 0
	for _, b := range doc.blocks() {
		if object := strings.Join(b.lines, "\n") + "\n"; len(b.lines) > 2 && strings.HasPrefix(object, "tally-") {
			shown++
			if !strings.Contains(out, secret.ReplaceAllString(object, "$1 …")) {
				b.wrong(b.first, "the session makes no such object; it makes\n%s", out)
			}
		}
	}
	if shown != 8 {
		t.Errorf("%s shows %d objects, not 8", doc.name, shown)
	}
}

// TestCheckingSession does what the README tells whoever checks a figure to try, behind the
// session of the life of a record. The last line finds nothing false, and no audit yet.
func TestCheckingSession(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", dir+"/bin/", top+"/cmd/tallystick-verify").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Setenv("PATH", filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	made := readPage(t, "doc/life-of-a-record.md").under("Try it", "tallystick run")
	made.run(dir)
	b := readPage(t, "README.md").under("Checking a figure", "tallystick publish")
	last := len(b.lines) - 1
	check := b.lines[last]
	b.lines = b.lines[:last]
	if out := b.run(dir); !strings.Contains(out, "kept a cosignature") {
		b.wrong(b.first, "nothing was cosigned:\n%s", out)
	}
	out, err := shell(t, dir, check)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || strings.Contains(out, "FALSE") || !strings.Contains(out, "no audit yet") ||
		!strings.Contains(out, "true         witnesses of your policy saw the checkpoints") {
		b.wrong(b.first+last, "%v\n%s", err, out)
	}
}

// onesOnly checks the sentence of line i: three figures of 1.
func onesOnly(d *page, i int, file string) {
	d.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		d.t.Fatal(err)
	}
	var r struct {
		Figures []struct{ Value, Internal uint64 }
	}
	if err := json.Unmarshal(text, &r); err != nil {
		d.t.Fatal(err)
	}
	var values []uint64
	for _, f := range r.Figures {
		if f.Value+f.Internal > 0 {
			values = append(values, f.Value)
		}
	}
	if !slices.Equal(values, []uint64{1, 1, 1}) || !strings.Contains(d.lines[i], "three figures of 1") {
		d.wrong(i, "the figures are %d", values)
	}
}

// excluded appends the exclusion that the ledger's format shows.
func excluded(d *page, dir string) string {
	b := d.under("tally-exclude/v1", "tally-exclude/v1")
	value, reason := strings.TrimPrefix(b.lines[1], "value "), strings.TrimPrefix(b.lines[2], "reason ")
	out, err := shell(d.t, dir, fmt.Sprintf("tallystick exclude '%s' --reason '%s' --ledger report.ledger", value, reason))
	if err != nil {
		b.wrong(b.first, "%v\n%s", err, out)
	}
	return out
}

func TestIndicatorSession(t *testing.T) {
	d := readPage(t, "doc/formats/input.md")
	b := d.under("Indicators", "tallystick intel check")
	out := b.run(t.TempDir())
	_, reasons, ok := strings.Cut(out, "observed 2, ")
	reason := regexp.MustCompile(`^[^,\n]* `).FindString(reasons)
	if !ok || !strings.Contains(strings.Join(d.lines, "\n"), "`"+strings.TrimSpace(reason)+"`") {
		b.wrong(b.first, "want two of three used, and a reason of this page for the third:\n%s", out)
	}
}

func TestRowTables(t *testing.T) {
	d := readPage(t, "doc/formats/row.md")
	keys := strings.Fields(ts.RowSchema)[1:]
	rows, at := d.table("# | key", len(keys))
	for i, cells := range rows {
		if cells[0] != strconv.Itoa(i+1) || bare(cells[1]) != keys[i] {
			d.wrong(at+i, "%s %s, want %d %s", cells[0], cells[1], i+1, keys[i])
		}
	}
	words := ts.Flags(1<<32 - 1).Words()
	rows, at = d.table("bit | word", len(words))
	for i, cells := range rows {
		if cells[0] != strconv.Itoa(i) || cells[1] != words[i] {
			d.wrong(at+i, "%s %s, want %d %s", cells[0], cells[1], i, words[i])
		}
	}
	at = slices.IndexFunc(d.lines, func(l string) bool { return strings.HasPrefix(l, "The schema's digest") }) + 2
	if want := "`" + proof.SchemaDigest().String() + "`."; d.lines[at] != want {
		d.wrong(at, "want %s", want)
	}
}

func TestRowVector(t *testing.T) {
	d := readPage(t, "doc/formats/row.md")
	b := d.under("Test vector", `{"day"`)
	row, err := ts.ParseLine(b.lines[0])
	if err != nil {
		t.Fatalf("%s:%d: %v", d.name, b.first+1, err)
	}
	line := row.AppendLine(nil)
	tests, err := os.ReadFile(filepath.Join(top, "row_test.go"))
	if err != nil || string(line) != b.lines[0] || !bytes.Contains(tests, line) {
		b.wrong(b.first, "not the vector of row_test.go: %v", err)
	}
	says := b.first + len(b.lines) + 1
	if want := fmt.Sprintf("%d bytes; flags %d = ", len(line), row.Flags); !strings.HasPrefix(d.lines[says], want) {
		d.wrong(says, "want %q", want)
	}
	var saltKey [32]byte
	for i := range saltKey {
		saltKey[i] = byte(i)
	}
	key := proof.SegmentKey(saltKey, [16]byte(saltKey[:16]))
	salt := proof.RowSalt(key, 0)
	leaf := proof.RowLeaf(salt, line)
	want := []string{fmt.Sprintf("segment key  %x", key), fmt.Sprintf("salt         %x", salt), fmt.Sprintf("leaf         %x", leaf)}
	if got := d.under("Test vector", "segment key"); !slices.Equal(got.lines, want) {
		got.wrong(got.first, "want\n%s", strings.Join(want, "\n"))
	}
}

func TestMemberVectors(t *testing.T) {
	d := readPage(t, "doc/formats/row.md")
	b := d.under("Test vector", "control.servers ")
	for i, line := range b.lines {
		row := ts.Row{Sighting: ts.Sighting{Perp: netip.MustParseAddr("240.0.0.1"), Victim: netip.MustParseAddr("240.0.0.2"),
			Sensor: "s1", Site: "v.test", PerpName: "b.test", Path: "/p", First: 5400}}
		what, member, _ := strings.Cut(line, "  ")
		name, internal, _ := strings.Cut(what, ", ")
		if internal == "internal victim" {
			row.Flags = ts.FlagVictimInternal
		}
		m, err := measure.ByName(name)
		if err != nil {
			b.wrong(b.first+i, "%v", err)
			continue
		}
		if want, _ := m.AppendMember(nil, &row); strings.TrimSpace(member) != hex.EncodeToString(want) {
			b.wrong(b.first+i, "want %x", want)
		}
	}
}

func TestMeasureTable(t *testing.T) {
	d := readPage(t, "doc/measures.md")
	all := measure.All()
	groups := flagGroups(d)
	rows, at := d.table("measure | unit | class | grades | member | left out by flags | cross-row rule", len(all))
	for i, cells := range rows {
		m := all[i]
		if got, want := strings.Join(cells[:5], " "), described(&m); got != want {
			d.wrong(at+i, "%s, want %s", got, want)
		}
		if flags := groups.of(cells[5]); flags != m.Without {
			d.wrong(at+i, "left out are %v", m.Without.Words())
		}
		if rule := cells[6]; (rule == "resolvers") != m.Resolvers || (rule == "catch-all") != m.CatchAll {
			d.wrong(at+i, "cross-row rule %q; resolvers %v, catch-all %v", rule, m.Resolvers, m.CatchAll)
		}
		says := slices.ContainsFunc(d.lines, func(l string) bool { return strings.HasPrefix(l, "- `"+m.Name+"` has no perpetrator end") })
		if says == m.HasBy {
			d.wrong(at+i, "%s has a perpetrator end: %v", m.Name, m.HasBy)
		}
	}
}

// described is the first five cells of a measure.
func described(m *measure.Measure) string {
	grades := "any"
	if m.Grades == measure.GradesOf(ts.Established) {
		grades = "established"
	}
	member := map[measure.Member]string{measure.Perp: "`perp`", measure.Victim: "`victim`", measure.Name: "`perp_name`",
		measure.Site: "`site`", measure.Page: "page", measure.Contact: "contact", measure.Attack: "attack"}[m.Member]
	return fmt.Sprintf("`%s` %s %s %s %s", m.Name, m.Unit, m.Class, grades, member)
}

// flagSet gives words their flags: those of single flags, and of the page's own groups.
type flagSet map[string]ts.Flags

func flagGroups(d *page) flagSet {
	set := flagSet{}
	for bit, word := range ts.Flags(1<<32 - 1).Words() {
		set[word] = 1 << bit
	}
	group := regexp.MustCompile(`^- \*\*(no-\w+)\*\* = (.*)\.$`)
	for _, line := range d.lines {
		if m := group.FindStringSubmatch(line); m != nil {
			set[m[1]] = set.of(m[2])
		}
	}
	return set
}

// of reads "no-server, resolver" and "no-server but shared".
func (set flagSet) of(text string) (flags ts.Flags) {
	text, but, _ := strings.Cut(text, " but ")
	for word := range strings.SplitSeq(text, ", ") {
		flags |= set[word]
	}
	return flags &^ set[but]
}

func TestSegmentTable(t *testing.T) {
	var b bytes.Buffer
	row := ts.Row{Sighting: ts.Sighting{Class: ts.Control, Grade: ts.Established, Perp: netip.MustParseAddr("240.0.0.1"), Sensor: "s", Records: 1}}
	if err := segment.Write(&b, []ts.Row{row}); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	unsigned := regexp.MustCompile(`^INT\(\d+,false\)$`)
	d := readPage(t, "doc/formats/segment.md")
	rows, at := d.table("# | column | Parquet type | encoding", int(segment.Columns))
	for i, cells := range rows {
		c, data := file.Root().Columns()[i], file.Metadata().RowGroups[0].Columns[i].MetaData
		kind := c.Type().Kind().String()
		if logical := c.Type().LogicalType(); logical != nil && logical.Value != nil {
			kind += ", " + unsigned.ReplaceAllString(logical.String(), "unsigned")
		}
		encoding := "DELTA_BINARY_PACKED"
		if slices.Contains(data.Encoding, format.RLEDictionary) {
			encoding = "dictionary"
		}
		want := fmt.Sprintf("%d `%s` %s %s", i+1, c.Name(), kind, encoding)
		if got := strings.Join(cells[:4], " "); got != want || !c.Required() || data.Codec != format.Zstd {
			d.wrong(at+i, "%s, want %s; required %v, %v", got, want, c.Required(), data.Codec)
		}
	}
}
