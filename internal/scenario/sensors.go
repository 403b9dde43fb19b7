package scenario

import (
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// The sensors, by the names of their folders under logs/.
const (
	cnNorth    = "cn-north"
	cnEast     = "cn-east"
	cnSouth    = "cn-south"
	cnBranch1  = "cn-branch-1"
	cnBranch2  = "cn-branch-2"
	cnHoneypot = "cn-honeypot"
	cnWeb      = "cn-hosting"
	cnShop     = "cn-shop"
	usWeb      = "us-hosting"
	hkTransit  = "hk-transit"
	sinkhole   = "sinkhole"
)

// cnSensors are the three that share the traffic of CN's lines.
var cnSensors = [...]string{cnNorth, cnEast, cnSouth}

// Sensors declares every sensor. Its logs lie in the folder logs/NAME.
//
// No sensor of the network kind stands in US: its machines are seen where they contact
// CN through hk-transit and at its own web servers, and nothing sees them open a
// phishing page. The mirror of the phishing figures is therefore not observable.
func (s Scenario) Sensors() []ts.Sensor {
	list := []ts.Sensor{
		{Name: cnNorth, Role: ts.RoleNetwork, Country: "CN", AS: 64512, Networks: chinese()},
		{Name: cnEast, Role: ts.RoleNetwork, Country: "CN", AS: 64513, Networks: chinese()},
		{Name: cnSouth, Role: ts.RoleNetwork, Country: "CN", AS: 64514, Networks: chinese()},
		{Name: cnBranch1, Role: ts.RoleNetwork, Country: "CN", AS: 64512},
		{Name: cnBranch2, Role: ts.RoleNetwork, Country: "CN", AS: 64513},
		{Name: cnHoneypot, Role: ts.RoleHoneypot, Country: "CN", AS: uint32(asOf(cnHosting, 0))},
		{Name: cnWeb, Role: ts.RoleWebserver, Country: "CN", AS: uint32(asOf(cnHosting, 1))},
		{Name: cnShop, Role: ts.RoleWebserver, Country: "CN", AS: uint32(asOf(cnHosting, 2)), Site: "shop.example",
			Networks: []netip.Prefix{netip.MustParsePrefix("243.0.1.0/24")}},
		{Name: usWeb, Role: ts.RoleWebserver, Country: "US", AS: uint32(asOf(usHosting, 1))},
		{Name: hkTransit, Role: ts.RoleNetwork, Country: "HK", AS: uint32(asOf(hkBlock, 0))},
		{Name: sinkhole, Role: ts.RoleSinkhole},
	}
	for i := range list {
		list[i].Named = true
		list[i].TreatAsPublic = []netip.Prefix{
			netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2001:db8::/32"),
		}
	}
	return list
}

func chinese() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("240.0.0.0/8"), netip.MustParsePrefix("243.0.0.0/8"),
		netip.MustParsePrefix("2001:db8:c000::/40"),
	}
}
