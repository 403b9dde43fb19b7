package scenario

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestZZTry(t *testing.T) {
	dir := os.Getenv("TRYDIR")
	scale, _ := strconv.ParseFloat(os.Getenv("TRYSCALE"), 64)
	sc := Scenario{Scale: scale}
	if err := sc.Write(dir, nil); err != nil {
		t.Fatal(err)
	}
	var b, q strings.Builder
	intel := ""
	for _, f := range sc.Feeds() {
		h := ""
		if f.Hint != "" {
			h = f.Hint + ":"
		}
		intel += " --intel " + h + dir + "/" + f.Path
	}
	for _, p := range sc.PlaceTables() {
		intel += fmt.Sprintf(" --places %s@%s=%s/%s", p.Name, p.Day, dir, p.Path)
	}
	for _, s := range sc.Sensors() {
		fmt.Fprintf(&b, "/tmp/tsk ingest --ledger %s/ledger %s --sensor %s --role %s --as %d --treat-as-public 240.0.0.0/4,2001:db8::/32", dir, intel, s.Name, s.Role, s.AS)
		if s.Country != "" {
			fmt.Fprintf(&b, " --country %s", s.Country)
		}
		if s.Site != "" {
			fmt.Fprintf(&b, " --site %s", s.Site)
		}
		for _, n := range s.Networks {
			fmt.Fprintf(&b, " --networks %s", n)
		}
		fmt.Fprintf(&b, " %s/logs/%s\n", dir, s.Name)
	}
	tr := sc.Truth()
	all := append(append(tr.Headline, tr.Mirror...), tr.Others...)
	for _, x := range sc.Traps() {
		all = append(all, x.Want...)
	}
	for _, p := range all {
		v := p.Verdict
		if v == "" {
			v = "first"
		}
		fmt.Fprintf(&q, "%s %s %s %s %d %d\n", p.Measure, p.By, p.On, v, p.Value, p.Internal)
	}
	os.WriteFile(dir+"/ingest.sh", []byte(b.String()), 0o755)
	os.WriteFile(dir+"/want.txt", []byte(q.String()), 0o644)
}
