package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/wording"
)

func openCommand(s streams) *cobra.Command {
	var o openFlags
	c := &cobra.Command{
		Use:   "open --mine ADDRESSES REPORT --out FILE",
		Short: "Open all that the figures hold about somebody's own addresses, to him",
		Long: `Write every member of a report's figures that is or has an address of the given networks,
with a row behind each, and for single addresses that are no member, a proof of that. The
publisher runs it for an accused who has shown that the addresses are his; he checks the
file with tallystick-verify --openings. It tells him what was seen of his addresses: give
it to nobody else.

A wrong network would open others' members to him. So nothing is opened of a network wider
than /8 (IPv6: /16), nor where a figure has more members with such addresses than its budget
(publish --budget), which is how many of it strangers are ever shown. An abuse desk that has
shown that a large network is its own may have more: --no-limit opens all. The limit is of
one file; what was opened before is not remembered.`,
		Example: `  tallystick open --mine 240.0.0.0/24,2001:db8::/32 report/ --out mine.open
  tallystick open --mine 240.1.0.0/16 --no-limit report/ --out desk.open`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, s, args[0]) },
	}
	ledgerBesideFlag(c, &o.ledger)
	c.Flags().StringVar(&o.out, "out", "", "file of the openings")
	c.Flags().StringSliceVar(&o.mine, "mine", nil, "addresses or networks, such as 240.0.0.1,2001:db8::/32")
	c.Flags().BoolVar(&o.noLimit, "no-limit", false, "open more members of a figure than its budget, or of networks wider than /8 (IPv6: /16)")
	return c
}

// openFlags are those of open.
type openFlags struct {
	publishFlags
	mine    []string
	noLimit bool
}

func (o *openFlags) run(c *cobra.Command, s streams, report string) error {
	asked, err := parseMine(o.mine, o.noLimit)
	if err != nil {
		return usage(err)
	}
	if o.out == "" {
		return usage(errors.New("--out is missing"))
	}
	p, figures, err := o.open(s, report)
	if err != nil {
		return err
	}
	held, err := p.Held(c.Context(), figures, asked)
	if err == nil && !o.noLimit {
		err = withinBudgets(held)
	}
	if err != nil {
		return err
	}
	file, err := p.Disclose(c.Context(), figures, asked)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { _, err := w.Write(file); return err }
	if err := writeWhole(o.out, write); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s written: %s; check it: tallystick-verify --openings %s BUNDLE\n", o.out, openedWords(held), o.out)
	return nil
}

// withinBudgets fails where more of a figure would be opened than strangers are ever shown.
func withinBudgets(held []publish.Held) (err error) {
	for _, h := range held {
		if h.Members > h.Budget {
			err = errors.Join(err, fmt.Errorf("%s: %s of its %s members have such addresses, more than its budget of %s",
				h.Figure, wording.Thousands(h.Members), wording.Thousands(h.N), wording.Thousands(h.Budget)))
		}
	}
	if err != nil {
		err = fmt.Errorf("nothing was opened: is all of --mine his who asks? Then say --no-limit\n%w", err)
	}
	return err
}

// openedWords says how much was opened.
func openedWords(held []publish.Held) string {
	var members, figures uint64
	for _, h := range held {
		if members += h.Members; h.Members > 0 {
			figures++
		}
	}
	if members == 0 {
		return fmt.Sprintf("no member of %s has such an address", wording.Plural(uint64(len(held)), "figure", "figures"))
	}
	return fmt.Sprintf("%s opened, of %s of %d", wording.Plural(members, "member", "members"), wording.Plural(figures, "figure", "figures"), len(held))
}

// The widest networks of which somebody may say that they are his: none wider was ever given
// to one holder.
const (
	widest4 = 8
	widest6 = 16
)

// parseMine reads addresses and networks.
func parseMine(texts []string, wide bool) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, t := range texts {
		p, err := parseNetwork(strings.TrimSpace(t))
		if err != nil {
			return nil, fmt.Errorf("--mine: %w", err)
		}
		if most := map[bool]int{true: widest4, false: widest6}[p.Addr().Is4()]; p.Bits() < most && !wide {
			return nil, fmt.Errorf("--mine: %s is wider than /%d: nobody has so many addresses of his own; if he has, say --no-limit", p, most)
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, errors.New("--mine is missing: whose addresses?")
	}
	return list, nil
}

// parseNetwork reads a network, or an address as one of its own. IPv4 addresses that are
// written as IPv6 are IPv4: rows have them so.
func parseNetwork(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = ts.Canonical(a)
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, fmt.Errorf("%q is neither an address, such as 240.0.0.1, nor a network, such as 240.0.0.0/24", text)
	}
	if first := ts.Canonical(p.Addr()); first.Is4() && !p.Addr().Is4() && p.Bits() >= 96 {
		p = netip.PrefixFrom(first, p.Bits()-96)
	}
	return p.Masked(), nil
}
