package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
)

// sensorFlags declare the sensor whose logs are read.
type sensorFlags struct {
	name, role, country, site string
	as                        uint32
	sampling                  uint32
	networks, public          []string
}

func (f *sensorFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.name, "sensor", "", "name of the sensor (default: the folder's)")
	flags.StringVar(&f.role, "role", "network", "network, honeypot, sinkhole, webserver or resolver")
	flags.StringVar(&f.country, "country", "", "country of what stands behind the sensor, as CZ: the place of internal addresses")
	flags.Var(asNumber{&f.as}, "as", "AS number of what stands behind the sensor")
	flags.StringSliceVar(&f.networks, "networks", nil, "CIDRs that stand behind the sensor; a web server's own proxies")
	flags.StringVar(&f.site, "site", "", "host name of the site, for access logs that hold none")
	flags.Uint32Var(&f.sampling, "sampling", 1, "1 in N records was kept")
	flags.StringSliceVar(&f.public, "treat-as-public", nil, "non-global CIDRs to count as public, for laboratories")
}

// declare returns the declaration for logs in a folder.
func (f *sensorFlags) declare(folder string) (*ts.Sensor, error) {
	s := &ts.Sensor{Name: f.name, Named: f.name != "", Role: ts.Role(f.role), AS: f.as,
		Site: strings.ToLower(strings.TrimSuffix(f.site, ".")), Sampling: f.sampling}
	if !s.Named {
		s.Name = folder
	}
	if len(s.Name) > 200 {
		return nil, fmt.Errorf("sensor name of %d bytes: at most 200", len(s.Name))
	}
	if s.Sampling == 0 {
		return nil, errors.New("--sampling 0: 1 in 0 records is none; 1 keeps all")
	}
	if !slices.Contains(ts.Roles(), s.Role) {
		return nil, fmt.Errorf("role %q is none of %v", f.role, ts.Roles())
	}
	var err error
	if f.country != "" {
		if s.Country, err = ts.ParseCountry(f.country); err != nil {
			return nil, err
		}
		if err = knownCountry(s.Country); err != nil {
			return nil, fmt.Errorf("--country: %w", err)
		}
	}
	if s.Networks, err = parseNetworks(f.networks); err != nil {
		return nil, err
	}
	s.TreatAsPublic, err = parseNetworks(f.public)
	return s, err
}

func parseNetworks(texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, t := range texts {
		p, err := netip.ParsePrefix(t)
		if err != nil {
			return nil, fmt.Errorf("network %q: want a CIDR such as 10.0.0.0/8", t)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}
