package main

import (
	"fmt"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
)

// questionFlags say which rows a figure is about.
type questionFlags struct {
	from, to, by, on, verdict string
	byAS, onAS                uint32
	sensor, site, family      string
}

func (f *questionFlags) add(c *cobra.Command) {
	f.addWindow(c)
	flags := c.Flags()
	flags.Var(asNumber{&f.byAS}, "by-as", "AS number of the perpetrator end")
	flags.Var(asNumber{&f.onAS}, "on-as", "AS number of the victim end")
	flags.StringVar(&f.sensor, "sensor", "", "only what this sensor saw")
	flags.StringVar(&f.site, "site", "", "only this site (registrable domain)")
	flags.StringVar(&f.family, "family", "", "only this malware family")
}

func (f *questionFlags) addWindow(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.from, "from", "", "first day, YYYY-MM-DD, UTC (default: all days)")
	flags.StringVar(&f.to, "to", "", "last day, inclusive")
	flags.StringVar(&f.by, "by", "", "country of the perpetrator end, or a group: US, CN+HK (default: any)")
	flags.StringVar(&f.on, "on", "", "country of the victim end, or a group (default: any)")
	flags.StringVar(&f.verdict, "verdict", "first", "where place data sets differ: first (the first-named), L, P or U")
}

// asked is what the flags ask.
type asked struct {
	window  ts.Window
	by, on  []ts.Country
	verdict place.Verdict
}

func (f *questionFlags) parse() (a asked, err error) {
	if a.window, err = ts.ParseWindow(f.from, f.to); err != nil {
		return a, usage(err)
	}
	if a.by, err = parseCountries("--by", f.by); err != nil {
		return a, usage(err)
	}
	if a.on, err = parseCountries("--on", f.on); err != nil {
		return a, usage(err)
	}
	a.verdict, err = place.ParseVerdict(f.verdict)
	return a, usage(err)
}

// parseCountries reads a group of countries, all of which there are.
func parseCountries(flag, group string) ([]ts.Country, error) {
	list, err := ts.ParseCountries(group)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	for _, c := range list {
		if err := knownCountry(c); err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
	}
	return list, nil
}

// knownCountry refuses what ISO 3166-1 does not list: no address is placed there, so every
// figure of it would be 0.
func knownCountry(c ts.Country) error {
	if place.IsCountry(c) {
		return nil
	}
	meant := map[ts.Country]string{"UK": ": meant GB?", "EL": ": meant GR?"}[c]
	return fmt.Errorf("%s is no country of ISO 3166-1%s", c, meant)
}
