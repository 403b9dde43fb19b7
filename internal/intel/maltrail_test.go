package intel

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

const maltrailHead = "# Copyright (c) 2014-2026 Maltrail developers (https://github.com/stamparm/maltrail/)\n"

func TestTrailMeaning(t *testing.T) {
	cases := []struct {
		name  string
		class tallystick.Class
		role  Role
		fam   string
		used  bool
	}{
		{"trails/static/malware/simda.txt", tallystick.Control, 0, "simda", true},
		{"simda.txt", tallystick.Control, 0, "simda", true},
		{"malware/sinkhole_abuse.txt", 0, RoleSinkhole, "", true},
		{"static/mass_scanner_cidr.txt", 0, RoleScanner, "", true},
		{"suspicious/parking_site.txt", 0, RoleParked, "", true},
		{"suspicious/anonymous_web_proxy.txt", 0, RoleEgress, "", true},
		{"suspicious/free_web_hosting.txt", 0, RoleShared, "", true},
		{"suspicious/web_shells.txt", tallystick.Backdoor, 0, "", true},
		{"suspicious/pua.txt", 0, 0, "", false},
		{"malicious/supershell_c2.txt", tallystick.Control, 0, "supershell_c2", true},
		{"malicious/sliver.txt", tallystick.Control, 0, "sliver", true},
		{"malicious/gophish.txt", tallystick.Phishing, 0, "gophish", true},
		{"malicious/ek_rig.txt", tallystick.Attempt, 0, "ek_rig", true},
	}
	for _, c := range cases {
		got, used := trailMeaning(c.name)
		want := Indicator{Class: c.class, Role: c.role, Family: c.fam}
		if got != want || used != c.used {
			t.Errorf("%s: %+v, used %v; want %+v, %v", c.name, got, used, want, c.used)
		}
	}
}

func TestMaltrailFile(t *testing.T) {
	s := load(t, map[string]string{
		"malware/bad.txt":             maltrailHead + "\nbad.example.net # a comment\n240.0.0.1:1177\nhttp://240.0.0.2\n240.0.0.3/24\n/gate.php\n[a-z]+\\.example\\.net\n",
		"malware/bad-1.txt":           maltrailHead + "more.example.net\n",
		"malware/lone-1.txt":          maltrailHead + "lone.example.net\n",
		"malware/sinkhole_x.txt":      maltrailHead + "240.0.0.2\n",
		"suspicious/web_shells.txt":   maltrailHead + "/shell.php\n",
		"suspicious/pua.txt":          maltrailHead + "pua.example.net\n",
		"suspicious/parking_site.txt": maltrailHead + "240.0.1.1\n",
	})
	var got []string
	for _, i := range s.indicators {
		got = append(got, strings.Join([]string{i.Kind.String(), i.Value, i.Class.String(), i.Role.String(), i.Family}, " "))
	}
	slices.Sort(got)
	want := []string{
		"addr 240.0.0.2  sinkhole ",
		"addr 240.0.1.1  parked ",
		"addrport 240.0.0.1:1177 control  bad",
		"addrport 240.0.0.2:80 control  bad",
		"domain bad.example.net control  bad",
		"domain lone.example.net control  lone-1",
		"domain more.example.net control  bad",
		"path /shell.php backdoor  ",
		"prefix 240.0.0.0/24 control  bad",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	f := s.Feeds()[0]
	if f.Name != "maltrail" || f.Files != 7 || !f.Tally.Balanced() || f.Used != 9 {
		t.Errorf("feed %+v", f)
	}
	for reason, n := range map[string]uint64{ReasonPath: 1, reasonPattern: 1, reasonNoRole: 1} {
		if f.Tally.Skipped[reason] != n {
			t.Errorf("skipped %q: %d, want %d", reason, f.Tally.Skipped[reason], n)
		}
	}
	m := s.Addr(netip.MustParseAddr("240.0.0.2"), 80, 0)
	if m.Indicator == nil || m.Indicator.Family != "bad" || m.Role != RoleSinkhole || m.RoleValue != "240.0.0.2" {
		t.Errorf("family and sinkhole together: %+v", m)
	}
}
