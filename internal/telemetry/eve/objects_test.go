package eve

import (
	"bytes"
	"encoding/json"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/lines"
)

func pretty(object string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(object), "  ", "  ") != nil {
		return object
	}
	return b.String()
}

// TestLayouts reads the same events however the objects are laid out.
func TestLayouts(t *testing.T) {
	var objects, want []string
	for _, s := range seeds {
		if json.Valid([]byte(s.object)) {
			objects, want = append(objects, s.object), append(want, s.want)
		}
	}
	var indented []string
	for _, o := range objects {
		indented = append(indented, pretty(o))
	}
	for name, data := range map[string]string{
		"lines":           strings.Join(objects, "\n"),
		"array on a line": "[" + strings.Join(objects, ",") + "]\n",
		"array of lines":  "[\n" + strings.Join(objects, ",\r\n") + "\n]\n",
		"pretty":          strings.Join(indented, "\n"),
		"pretty array":    "[\n  " + strings.Join(indented, ",\n  ") + "\n]",
		"hugging array":   "[" + strings.Join(indented, ", ") + "]",
		"no separator":    strings.Join(objects, ""),
		"byte order mark": "\ufeff" + strings.Join(objects, "\n"),
	} {
		if got := readAll(t, data, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
}

// TestDamage damages one object of three: it costs itself only.
func TestDamage(t *testing.T) {
	good := head("tls", "TCP") + `"tls":{}}`
	goodWant := "4" + ends + " proto=6 facts=1 name= method= path= status=0 answers=[] rule= "
	big := `{"x":"` + strings.Repeat("y", lines.Max/2) + "\","
	for name, tc := range map[string]struct {
		bad, reason string
	}{
		"cut line":             {good[:100], reasonJSON},
		"cut in a string":      {`{"event_type":"fl`, reasonJSON},
		"cut pretty":           {pretty(good)[:120], reasonJSON},
		"text":                 {"hello", reasonJSON},
		"bad value":            {`{"a":{"b":x}}`, reasonJSON},
		"string over lines":    {"{\n\"a\":\"b\nc\"\n}", reasonJSON},
		"long line":            {strings.Repeat("z", lines.Max+1), lines.TooLong},
		"long object":          {big + "\n\"z\":1,\n" + big[1:] + "\n\"z\":1}", lines.TooLong},
		"long line in object":  {"{\n" + strings.Repeat("z", lines.Max+1), lines.TooLong},
		"too deep":             {strings.Repeat(`{"a":`, 100) + `1` + strings.Repeat("}", 100), reasonJSON},
		"pretty and too deep":  {strings.Repeat("{\n \"a\":\n ", 100) + `1` + strings.Repeat("}", 100), reasonJSON},
		"unused behind an end": {`{"event_type":"stats"} `, "unused stats"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(t, good+"\n"+tc.bad+"\n"+good+"\n", nil)
			if want := []string{goodWant, tc.reason, goodWant}; !reflect.DeepEqual(got, want) {
				t.Errorf("got  %.200q\nwant %q", got, want)
			}
		})
	}
}

func TestBadElementInArray(t *testing.T) {
	good := head("tls", "TCP") + `"tls":{}}`
	got := readAll(t, "["+good+`,{"a":x},`+good+"]", nil)
	if len(got) != 3 || got[1] != reasonJSON || got[0] != got[2] {
		t.Errorf("%q", got)
	}
}

type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestErrorOfTheSource(t *testing.T) {
	r := New(lines.NewReader(broken{strings.NewReader("{\n\"a\":1,\n")}), nil)
	for range 2 {
		if err := r.Next(new(tallystick.Observation)); err == nil || !strings.Contains(err.Error(), io.ErrUnexpectedEOF.Error()) {
			t.Error(err)
		}
	}
}

// oracle is an event as encoding/json reads it.
type oracle struct {
	Timestamp string     `json:"timestamp"`
	Kind      string     `json:"event_type"`
	Src       netip.Addr `json:"src_ip"`
	SrcPort   uint16     `json:"src_port"`
	Dst       netip.Addr `json:"dest_ip"`
	DstPort   uint16     `json:"dest_port"`
	Flow      struct {
		Start    string `json:"start"`
		State    string `json:"state"`
		ToClient uint64 `json:"pkts_toclient"`
	} `json:"flow"`
	TCP struct {
		PSH bool `json:"psh"`
	} `json:"tcp"`
	Alert struct {
		GID int `json:"gid"`
		SID int `json:"signature_id"`
	} `json:"alert"`
	DNS struct {
		RRName string `json:"rrname"`
	} `json:"dns"`
	HTTP struct {
		Host string `json:"hostname"`
	} `json:"http"`
	TLS struct {
		SNI string `json:"sni"`
	} `json:"tls"`
}

func (e *oracle) agrees(o *tallystick.Observation) bool {
	start := e.Timestamp
	if e.Flow.Start != "" {
		start = e.Flow.Start
	}
	when, err := time.Parse("2006-01-02T15:04:05.999999-0700", start)
	ends := o.Orig == tallystick.End{Addr: e.Src, Port: e.SrcPort} && o.Resp == tallystick.End{Addr: e.Dst, Port: e.DstPort}
	names := string(o.Name) == strings.ToLower(e.DNS.RRName+e.HTTP.Host+e.TLS.SNI) || e.Kind == "alert"
	return err == nil && when.Unix() == o.Start && ends && names
}

func TestRealEvents(t *testing.T) {
	folder := os.Getenv("TALLYSTICK_DATA")
	if folder == "" {
		t.Skip("TALLYSTICK_DATA is not set: no real events")
	}
	data, err := os.ReadFile(filepath.Join(folder, "eve", "slips-test6.eve.json"))
	if err != nil {
		t.Fatal(err)
	}
	r := New(lines.NewReader(bytes.NewReader(data)), nil)
	counts, sources := map[string]int{}, map[netip.Addr]bool{}
	var o tallystick.Observation
	for _, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		var e oracle
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		counts[e.Kind]++
		if err := r.Next(&o); err != nil {
			counts["skipped"]++
			continue
		}
		sources[o.Orig.Addr] = true
		if !e.agrees(&o) {
			t.Fatalf("%s\nread as %s", line, show(&o))
		}
		refused := e.Kind == "flow" && e.Flow.State == "new"
		if replied := o.Facts&tallystick.FactReplied != 0; refused && replied {
			t.Fatalf("a reply in %s", line)
		}
	}
	want := map[string]int{"flow": 3512, "alert": 745, "dns": 680, "http": 56, "tls": 1, "fileinfo": 3, "anomaly": 3, "skipped": 6}
	if !reflect.DeepEqual(counts, want) || len(sources) != 1059 || r.Next(&o) != io.EOF {
		t.Errorf("%v of %d sources", counts, len(sources))
	}
}

func TestRealPrettyAlerts(t *testing.T) {
	folder := os.Getenv("TALLYSTICK_DATA")
	if folder == "" {
		t.Skip("TALLYSTICK_DATA is not set: no real events")
	}
	for name, want := range map[string]int{ // counted independently: the data's README
		"first-org-conf-2015": 136, "honeypot-2018": 44, "wrccdc-2017": 161, "wrccdc-2018": 207,
	} {
		data, err := os.ReadFile(filepath.Join(folder, "eve", "suricata-sample-data", "samples", name, "alerts-only.json"))
		if err != nil {
			t.Fatal(err)
		}
		var list []oracle
		if err := json.Unmarshal(data, &list); err != nil || len(list) != want || !Sniff(data[:1000]) {
			t.Fatalf("%s: %d alerts, %v", name, len(list), err)
		}
		r := New(lines.NewReader(bytes.NewReader(data)), time.UTC)
		var o tallystick.Observation
		for i, e := range list {
			if err := r.Next(&o); err != nil || o.Record != tallystick.RecordAlert || o.Orig.Addr != e.Src || o.Resp.Addr != e.Dst {
				t.Fatalf("%s, alert %d: %v, %s", name, i, err, show(&o))
			}
		}
		if err := r.Next(&o); err != io.EOF {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func events(n int) []byte {
	return []byte(strings.Repeat(seeds[0].object+"\n"+seeds[8].object+"\n"+seeds[14].object+"\n"+seeds[19].object+"\n", n/4))
}

func TestNoAllocation(t *testing.T) {
	r := New(lines.NewReader(bytes.NewReader(events(4000))), nil)
	var o tallystick.Observation
	next := func() {
		if err := r.Next(&o); err != nil {
			t.Fatal(err)
		}
	}
	for range 8 {
		next()
	}
	if n := testing.AllocsPerRun(2000, next); n != 0 {
		t.Errorf("%v allocations a record", n)
	}
}

func BenchmarkNext(b *testing.B) {
	const n = 10000
	data := events(n)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var o tallystick.Observation
	for b.Loop() {
		r := New(lines.NewReader(bytes.NewReader(data)), nil)
		for range n {
			if err := r.Next(&o); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
