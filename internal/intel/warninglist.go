package intel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const (
	reasonRegexp  = "regular expression"
	reasonDynamic = "dynamic DNS"
)

// readWarningList reads a list.json of github.com/MISP/misp-warninglists. A list whose
// name tells a role gives the role; any other holds what is known to be good and
// vetoes, but for dynamic DNS, which is neither.
func (f *file) readWarningList(doc json.RawMessage) error {
	var w struct {
		Name string
		Type string
		List []flexible
	}
	if err := json.Unmarshal(doc, &w); err != nil {
		return fmt.Errorf("warning list: %w", err)
	}
	if len(w.List) == 0 {
		return errors.New("warning list without entries")
	}
	f.feed = w.Name
	i := Indicator{Role: warningRole(w.Name)}
	i.Veto = i.Role == 0
	for _, entry := range w.List {
		f.addWarning(string(entry), w.Type, w.Name, i)
	}
	return nil
}

// addWarning takes one entry. By the type of its list a name stands for itself
// ("string") or for its subdomains too ("hostname"); "substring" lists of names are
// taken as the latter. A dot before the name means its subdomains everywhere.
func (f *file) addWarning(text, kind, list string, i Indicator) {
	switch {
	case kind == "regex":
		f.skip("", reasonRegexp)
		return
	case strings.Contains(strings.ToLower(list), "dynamic dns"):
		f.skip("", reasonDynamic)
		return
	}
	i.Exact = kind == "string" && !strings.HasPrefix(text, ".")
	v, reason := parseValue(text)
	if reason != "" {
		f.skip("", reason)
		return
	}
	i.Exact = i.Exact && v.kind == KindDomain
	f.addValue(v, i)
}

// warningRole reads the role of what a list holds from its name; 0 for what is known to
// be good.
func warningRole(name string) Role {
	name = strings.ToLower(name)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(name, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("sinkhole"):
		return RoleSinkhole
	case has("scanning", "scanner", "census", "connection-attempt", "cortex xpanse", "tenable cloud sensor"):
		return RoleScanner
	case has("parking"):
		return RoleParked
	case has("datacenters"):
		return RoleShared // the "VPN providers and datacenters" lists are mostly the latter
	case has("vpn", " tor ", "private relay", "zscaler", "mdca"):
		return RoleEgress
	case has("public dns resolver"):
		return RoleResolver
	case has("amazon aws", "akamai", "azure datacenter", "azure china", "azure germany", "azure us gov",
		"cloudflare ip", "fastly", "gcp", "oracle cloud", "stackpath", "bunny.net", "ovh cluster",
		"github ip", "ipfs gateway", "link in bio", "url shortener", "lots"):
		return RoleShared
	}
	return 0
}
