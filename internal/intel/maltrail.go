package intel

import (
	"io"
	"path"
	"strings"

	"github.com/tallystick/tallystick"
)

const reasonNoRole = "suspicious without a role"

// readMaltrail reads a trails file of github.com/stamparm/maltrail: one trail a line,
// whose meaning is the file's place and name.
func (f *file) readMaltrail(r io.Reader) error {
	f.feed = formatMaltrail
	meaning, used := trailMeaning(f.name)
	err := f.eachLine(r, func(line string) {
		line, _, _ = strings.Cut(line, "#")
		switch line = strings.TrimSpace(line); {
		case line == "":
		case !used:
			f.skip("", reasonNoRole)
		default:
			f.addTrail(line, meaning)
		}
	})
	if err == nil && meaning.Class != 0 {
		f.loader.trails[meaning.Family] = true
	}
	return err
}

// addTrail takes a trail. "http://ADDRESS" without a path stands for a server on the
// scheme's port.
func (f *file) addTrail(line string, meaning Indicator) {
	if host, ok := strings.CutPrefix(line, "http://"); ok {
		if v, _ := parseHost(host); v.kind == KindAddr {
			f.addValue(addrPortValue(v.addr, 80), meaning)
			return
		}
	}
	f.add(line, meaning)
}

// trailMeaning returns what the entries of a trails file mean; used is false for those
// that mean nothing here. A file outside the folders of the repository is taken for one
// of malware/, unless its name says more.
func trailMeaning(name string) (meaning Indicator, used bool) {
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	folder := path.Base(path.Dir(name))
	if role := trailRole(stem); role != 0 {
		return Indicator{Role: role}, true
	}
	switch {
	case stem == "web_shells":
		return Indicator{Class: tallystick.Backdoor}, true
	case folder == "suspicious":
		return Indicator{}, false
	case folder == "malicious":
		return Indicator{Class: maliciousClass(stem), Family: stem}, true
	}
	return Indicator{Class: tallystick.Control, Family: stem}, true
}

func trailRole(stem string) Role {
	switch {
	case strings.HasPrefix(stem, "sinkhole_"):
		return RoleSinkhole
	case strings.HasPrefix(stem, "mass_scanner"):
		return RoleScanner
	}
	switch stem {
	case "parking_site", "suspended_domain":
		return RoleParked
	case "anonymous_web_proxy", "i2p", "onion":
		return RoleEgress
	case "free_web_hosting":
		return RoleShared
	}
	return 0
}

// maliciousClass says what a file of maltrail's malicious/ lists: control servers of
// frameworks, phishing kits, or what attacks visitors and sites.
func maliciousClass(stem string) tallystick.Class {
	switch stem {
	case "brc4", "coreimpact", "covenant", "elf_reversessh", "havoc", "ligolo_tunnel", "metasploit",
		"mythic", "nighthawk", "nimplant", "phonyc2", "python_byob", "redguard", "redwarden",
		"shellcodec2", "sliver", "supremebot", "viper":
		return tallystick.Control
	case "evilginx", "georgeginx", "gophish", "perswaysion":
		return tallystick.Phishing
	}
	switch {
	case strings.HasSuffix(stem, "_c2"), stem == "c2_panel":
		return tallystick.Control
	case strings.Contains(stem, "phish"), strings.HasSuffix(stem, "_scamtool"):
		return tallystick.Phishing
	}
	return tallystick.Attempt
}

// joinTrails gives the entries of a trails file NAME-1 the family NAME where a file
// NAME was read too: maltrail splits long files so.
func (l *Loader) joinTrails(list []*Indicator) {
	joined := map[string]string{}
	for family := range l.trails {
		if stem, n, ok := cutLast(family, '-'); ok && digits(n) && l.trails[stem] {
			joined[family] = stem
		}
	}
	if len(joined) == 0 {
		return
	}
	for i := range list {
		if family, ok := joined[list[i].Family]; ok {
			list[i].Family = family
		}
	}
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
