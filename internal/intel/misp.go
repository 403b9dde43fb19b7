package intel

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/tallystick/tallystick"
)

const (
	reasonNoIDS   = "not for detection"
	reasonDeleted = "deleted"
)

// The parts of a MISP event (github.com/MISP/misp-rfc, core format) that mean something
// here.
type (
	mispTag     struct{ Name string }
	mispCluster struct{ Value string }
	mispGalaxy  struct {
		Type          string
		GalaxyCluster []mispCluster
	}
	mispAttribute struct {
		Type           string
		Value          flexible
		ObjectRelation string   `json:"object_relation"`
		ToIDs          flexible `json:"to_ids"`
		Deleted        flexible
		FirstSeen      flexible `json:"first_seen"`
		LastSeen       flexible `json:"last_seen"`
		Tag            []mispTag
		Galaxy         []mispGalaxy
	}
	mispObject struct {
		Name      string
		Deleted   flexible
		FirstSeen flexible `json:"first_seen"`
		LastSeen  flexible `json:"last_seen"`
		Attribute []mispAttribute
	}
	mispEvent struct {
		Info      string
		Orgc      struct{ Name string }
		Tag       []mispTag
		Galaxy    []mispGalaxy
		Attribute []mispAttribute
		Object    []mispObject
	}
	mispDocument struct {
		Event    *mispEvent
		Response json.RawMessage
		mispEvent
	}
)

// brandPrefix tells the family that is a brand, as a feed names whom a page imitates, from a
// phishing kit.
const brandPrefix = "brand:"

// readMISP reads an event as MISP exports it: {"Event": …}, {"response": …} or bare.
func (f *file) readMISP(doc json.RawMessage) error {
	var d mispDocument
	if err := json.Unmarshal(doc, &d); err != nil {
		return fmt.Errorf("event: %w", err)
	}
	switch {
	case d.Event != nil:
		f.addEvent(d.Event)
		return nil
	case len(d.Response) == 0:
		f.addEvent(&d.mispEvent)
		return nil
	case d.Response[0] == '[':
		return f.readResponses(d.Response)
	}
	return f.readMISP(d.Response)
}

func (f *file) readResponses(doc json.RawMessage) error {
	var events []json.RawMessage
	if err := json.Unmarshal(doc, &events); err != nil {
		return fmt.Errorf("response: %w", err)
	}
	for _, e := range events {
		if err := f.readMISP(e); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) addEvent(e *mispEvent) {
	base := Indicator{Feed: e.Orgc.Name, Family: galaxyFamily(e.Tag, e.Galaxy)}
	base.Class, base.Role = meaning(tagText(e.Tag))
	if base.Class == 0 && base.Role == 0 {
		if class := classWords(wordsOf(e.Info)); class == tallystick.Spyware || class == tallystick.Phishing {
			base.Class = class
		}
	}
	for n := range e.Attribute {
		f.addAttribute(&e.Attribute[n], base)
	}
	for n := range e.Object {
		f.addObject(&e.Object[n], base)
	}
}

// addObject adds the attributes of an object, which share its times; an Android
// application's name is the family, and of a phishing page the brand that it imitates.
// Ports of the destination are part of the addresses beside them.
func (f *file) addObject(o *mispObject, base Indicator) {
	if o.Name == "phishing" && base.Role == 0 {
		base.Class = tallystick.Phishing
	}
	for n := range o.Attribute {
		switch a := &o.Attribute[n]; {
		case o.Name == "android-app" && a.ObjectRelation == "name":
			base.Family = string(a.Value)
		case o.Name == "phishing" && a.ObjectRelation == "target" && base.Family == "":
			base.Family = brandPrefix + string(a.Value)
		}
	}
	ports := targetPorts(o)
	for n := range o.Attribute {
		a := &o.Attribute[n]
		if ports != nil && a.isPort() {
			continue
		}
		a.FirstSeen, a.LastSeen = cmp.Or(a.FirstSeen, o.FirstSeen), cmp.Or(a.LastSeen, o.LastSeen)
		if o.Deleted.yes() {
			a.Deleted = o.Deleted
		}
		f.addOf(a, ports, base)
	}
}

// targetPorts returns the destination ports of an object that names an address of a
// destination, as MISP's ip-port does; nil for none.
func targetPorts(o *mispObject) (ports []string) {
	target := false
	for n := range o.Attribute {
		a := &o.Attribute[n]
		target = target || a.Type == "ip-dst"
		if a.isPort() {
			ports = append(ports, string(a.Value))
		}
	}
	if !target {
		return nil
	}
	return ports
}

func (a *mispAttribute) isPort() bool {
	return a.ObjectRelation == "dst-port" && a.Type == "port" && !a.Deleted.yes()
}

// addOf adds an attribute of an object with these destination ports.
func (f *file) addOf(a *mispAttribute, ports []string, base Indicator) {
	if a.Type != "ip-dst" || len(ports) == 0 {
		f.addAttribute(a, base)
		return
	}
	for _, port := range ports {
		b := *a
		b.Type, b.Value = "ip-dst|port", a.Value+"|"+flexible(port)
		f.addAttribute(&b, base)
	}
}

func (f *file) addAttribute(a *mispAttribute, i Indicator) {
	switch {
	case a.Deleted.yes():
		f.skip(i.Feed, reasonDeleted)
		return
	case !a.ToIDs.yes():
		f.skip(i.Feed, reasonNoIDS)
		return
	}
	if class, role := meaning(tagText(a.Tag)); class != 0 || role != 0 {
		i.Class, i.Role = class, role
	}
	i.Family = cmp.Or(galaxyFamily(a.Tag, a.Galaxy), i.Family)
	i.From, i.To = day(string(a.FirstSeen)), dayAfter(string(a.LastSeen))
	f.addTyped(a.Type, string(a.Value), i)
}

// addTyped adds a value of a MISP attribute type. Sources of attacks (ip-src) are
// attempts, whatever else the event is about; their port is not theirs to keep.
func (f *file) addTyped(kind, text string, i Indicator) {
	first, second, _ := strings.Cut(text, "|")
	switch kind {
	case "ip-dst", "domain", "hostname", "ip", "ipv4", "ipv6":
		f.add(text, i)
	case "url":
		f.addURL(text, i)
	case "ip-dst|port":
		f.addTarget(first, second, i)
	case "ip-src", "ip-src|port":
		if i.Role == 0 {
			i.Class = tallystick.Attempt
		}
		f.add(first, i)
	case "hostname|port":
		f.add(first, i)
	case "domain|ip":
		f.add(first, i)
		f.add(second, i)
	default:
		f.skipType(i.Feed, kind)
	}
}

// addTarget adds an address and port, parted by MISP's "|".
func (f *file) addTarget(address, port string, i Indicator) {
	if strings.Contains(address, ":") {
		address = "[" + address + "]"
	}
	f.add(address+":"+port, i)
}

func tagText(tags []mispTag) string {
	var b strings.Builder
	for _, t := range tags {
		if !strings.HasPrefix(t.Name, "misp-galaxy:") {
			b.WriteString(t.Name + " ")
		}
	}
	return b.String()
}

// galaxyFamily returns the first malware that the galaxies, or tags that stand for
// them, name.
func galaxyFamily(tags []mispTag, galaxies []mispGalaxy) string {
	for _, g := range galaxies {
		if malwareGalaxy(g.Type) && len(g.GalaxyCluster) > 0 {
			return clusterName(g.GalaxyCluster[0].Value)
		}
	}
	for _, t := range tags {
		kind, value, _ := strings.Cut(strings.TrimPrefix(t.Name, "misp-galaxy:"), "=")
		if strings.HasPrefix(t.Name, "misp-galaxy:") && malwareGalaxy(kind) {
			return clusterName(strings.Trim(value, `"`))
		}
	}
	return ""
}

func malwareGalaxy(kind string) bool {
	switch kind {
	case "malpedia", "mitre-malware", "mitre-enterprise-attack-malware", "mitre-mobile-attack-malware",
		"rat", "banker", "botnet", "ransomware", "stealer", "backdoor", "android", "exploit-kit", "tool", "mitre-tool":
		return true
	}
	return false
}

// clusterName drops the ATT&CK number: "Emotet - S0367".
func clusterName(s string) string {
	name, number, ok := strings.Cut(s, " - S")
	if ok && digits(number) {
		return name
	}
	return s
}

// readTyped reads a table with a column of MISP attribute types, as MISP's CSV export.
func (f *file) readTyped(r io.Reader) error {
	return f.eachRecord(r, isTyped, func(r record) {
		if r.get("to_ids") == "0" {
			f.skip("", reasonNoIDS)
			return
		}
		i := Indicator{Family: r.get("app")}
		f.addTyped(r.get("type"), r.get("value", "indicator"), i)
	})
}
