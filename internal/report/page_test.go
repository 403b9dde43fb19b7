package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/verify/js"
)

func pageOf(t testing.TB, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// walk visits every element of a page, as a browser would parse it.
func walk(t testing.TB, page string, visit func(*html.Node)) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			visit(n)
		}
	}
}

// foreign are the elements that run, load or send something.
var foreign = regexp.MustCompile(`^(script|iframe|object|embed|img|image|audio|video|link|base|form|input|use|foreignobject|animate|set)$`)

// checkInert refuses a page that could load or send anything, or run anything but
// verify.js.
func checkInert(t testing.TB, page string) {
	t.Helper()
	walk(t, page, func(n *html.Node) {
		if n.Data == "script" && len(n.Attr) == 0 && n.FirstChild != nil && n.FirstChild.Data == js.Source() {
			return
		}
		if foreign.MatchString(strings.ToLower(n.Data)) {
			t.Errorf("the page holds <%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src":
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
				t.Errorf("<%s> leads to %q", n.Data, a.Val)
			}
		}
	})
}

func TestPageIsInert(t *testing.T) {
	page := pageOf(t, madeReport(t, Request{Window: testWindow, By: us, On: cn}))
	checkInert(t, page)
	if strings.Contains(page, "\u202e") || !strings.Contains(page, `\u202e`) {
		t.Error("a mark that turns the direction of writing is in the page, or is not shown")
	}
	for _, loads := range []string{"url(", "@import", "http://", "https://"} {
		if strings.Contains(page, loads) {
			t.Errorf("the page contains %q", loads)
		}
	}
}

// TestPolicyHoldsTheirDigests: the digests in the policy are those of the style sheet and
// the script as a browser reads them from the page.
func TestPolicyHoldsTheirDigests(t *testing.T) {
	var style, script, csp string
	walk(t, pageOf(t, madeReport(t, Request{})), func(n *html.Node) {
		if n.Data == "style" {
			style = n.FirstChild.Data
		}
		if n.Data == "script" {
			script += n.FirstChild.Data
		}
		if n.Data == "meta" && len(n.Attr) == 2 && n.Attr[0].Val == "Content-Security-Policy" {
			csp = n.Attr[1].Val
		}
	})
	if style == "" || script != js.Source() || csp != policy(style, script) {
		t.Errorf("policy %q is not that of the style sheet and verify.js, %q", csp, policy(style, script))
	}
}

// TestPageIsAccessible: tables have captions, pictures titles and descriptions, ids are
// unique, and links lead to one of them.
func TestPageIsAccessible(t *testing.T) {
	ids, links := map[string]int{}, map[string]bool{}
	walk(t, pageOf(t, madeReport(t, Request{Window: testWindow, By: us, On: cn})), func(n *html.Node) {
		first := n.FirstChild
		for first != nil && first.Type != html.ElementNode {
			first = first.NextSibling
		}
		if n.Data == "table" && first.Data != "caption" {
			t.Error("a table has no caption")
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				ids[a.Val]++
			case "href":
				links[strings.TrimPrefix(a.Val, "#")] = true
			case "aria-labelledby":
				for _, id := range strings.Fields(a.Val) {
					links[id] = true
				}
			}
		}
	})
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is given %d times", id, n)
		}
	}
	for id := range links {
		if ids[id] == 0 {
			t.Errorf("nothing has the id %q", id)
		}
	}
}

func TestVisible(t *testing.T) {
	for s, want := range map[string]string{
		"plain text 1":                 "plain text 1",
		"a\u202eb\x00\n":               `a\u202eb\u0000\u000a`,
		"žluť":                         "žluť",
		strings.Repeat("x", maxText+1): strings.Repeat("x", maxText) + "…",
	} {
		if got := visible(s); got != want {
			t.Errorf("visible(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestKeyText(t *testing.T) {
	for _, c := range []struct{ dim, value, want string }{
		{"by", "", "unknown"}, {"by", "US", "US"}, {"on-as", "0", "unknown"}, {"on-as", "64500", "AS64500"},
		{"server", "", "(look-ups only)"}, {"port", "0", "unknown"}, {"family", "zeus", "zeus"},
	} {
		if got := keyText(c.dim, c.value); got != c.want {
			t.Errorf("keyText(%q, %q) = %q, want %q", c.dim, c.value, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	// 4,062 of 13,408 servers and 2.91 of 5.63 million addresses: doc/method.md 1.2.
	for _, c := range []struct {
		part, whole uint64
		want        string
	}{{4062, 13408, "30.3 %"}, {2910000, 5630000, "51.7 %"}, {0, 0, "–"}, {1, 1, "100.0 %"},
		{57000, 57010, ">99.9 %"}, {4, 57010, "<0.1 %"}, {0, 57010, "0.0 %"}, {9994, 10000, "99.9 %"}, {6, 10000, "0.1 %"}} {
		if got := percent(c.part, c.whole); got != c.want {
			t.Errorf("percent(%d, %d) = %s, want %s", c.part, c.whole, got, c.want)
		}
	}
}

// FuzzPage writes foreign text wherever a report prints some, and parses the page as a
// browser would: nothing that runs or loads may come out.
func FuzzPage(f *testing.F) {
	f.Add(hostile)
	f.Add(`"><img src=x onerror=alert(1)>`)
	f.Add("</style></title><svg/onload=alert(1)>")
	f.Add("{{.}} `${x}` <!-- --> \xff\xfe")
	f.Fuzz(func(t *testing.T, s string) {
		r := &Report{Title: s + ", " + s, Notes: []string{s}, Exclusions: []Exclusion{{s, s}}, Feeds: []FeedLine{{Name: s}},
			Sensors:  []SensorLine{{Name: s, Site: s, Networks: []string{s}}},
			Families: []Table{{Title: s, GroupBy: []string{"family", "name"}, Rows: []TableRow{{Key: []string{s, s}}}}},
			Coverage: Coverage{Inputs: []CoverageLine{{Name: s, Sensor: s, Format: s, Skipped: []Loss{{s, 1}}}}},
		}
		checkInert(t, pageOf(t, r))
	})
}

func BenchmarkWriteHTML(b *testing.B) {
	r := madeReport(b, Request{Window: testWindow, By: us, On: cn})
	b.SetBytes(int64(len(pageOf(b, r))))
	b.ReportAllocs()
	for b.Loop() {
		pageOf(b, r)
	}
}

// TestPlaceNotice: a page with places of the embedded data set says what its licence asks
// for, and no other does.
func TestPlaceNotice(t *testing.T) {
	r := madeReport(t, Request{Window: testWindow})
	if strings.Contains(pageOf(t, r), place.EmbeddedNotice) {
		t.Error("a notice for a data set that was not used")
	}
	r.Places = append(r.Places, EditionLine{Name: place.EmbeddedName, Day: "2014-03-08"})
	if !strings.Contains(pageOf(t, r), place.EmbeddedNotice) {
		t.Error("the notice is missing")
	}
}

// TestPrint: on paper the list of inputs stays closed, and what needs a screen is not there.
func TestPrint(t *testing.T) {
	page := pageOf(t, madeReport(t, Request{Window: testWindow}))
	_, paper, ok := strings.Cut(styleSheet, "@media print")
	if !ok || !strings.Contains(paper, "details:not(.inputs)::details-content{") || !strings.Contains(paper, ".screen{display:none}") {
		t.Error("the style sheet has no rules for paper")
	}
	for _, want := range []string{`<details class="inputs"><summary>Each input`, `<details class="screen"><summary>Check this report`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

// TestInputsAreToldApart: folders are not told, so days stand beside the names of logs.
func TestInputsAreToldApart(t *testing.T) {
	page := pageOf(t, madeReport(t, Request{Window: testWindow}))
	for _, want := range []string{"<td>2014-03-19</td>", "<td>2014-03-19 to 2014-05-18</td>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if inputDays(ts.Window{}) != "" {
		t.Error("days that nobody wrote down have a name")
	}
}

// TestCardsFillTheirRows: two and four cards stand in two columns, not in three.
func TestCardsFillTheirRows(t *testing.T) {
	for _, rule := range []string{".cards:has(>:nth-child(2):last-child)", ".cards:has(>:nth-child(4):last-child)"} {
		if !strings.Contains(styleSheet, rule) {
			t.Errorf("the style sheet has no rule %s", rule)
		}
	}
}
