package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"

	"github.com/spf13/cobra"
)

func openCommand(s streams) *cobra.Command {
	var f publishFlags
	var mine []string
	c := &cobra.Command{
		Use:   "open --mine ADDRESSES REPORT --out FILE",
		Short: "Open all that the figures hold about somebody's own addresses, to him",
		Long: `Write every member of a report's figures that is or has an address of the given networks,
with a row behind each, and for single addresses that are no member, a proof of that. The
publisher runs it for an accused who has shown that the addresses are his; he checks the
file with tallystick-verify --openings. It tells him what was seen of his addresses: give
it to nobody else.`,
		Example: `  tallystick open --mine 240.0.0.0/24,2001:db8::/32 report/ --out mine.open`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asked, err := parseMine(mine)
			if err != nil {
				return usage(err)
			}
			if f.out == "" {
				return usage(errors.New("--out is missing"))
			}
			p, figures, err := f.open(s, args[0])
			if err != nil {
				return err
			}
			file, err := p.Disclose(c.Context(), figures, asked)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error { _, err := w.Write(file); return err }
			if err := writeWhole(f.out, write); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s written; check it: tallystick-verify --openings %s BUNDLE\n", f.out, f.out)
			return nil
		},
	}
	ledgerBesideFlag(c, &f.ledger)
	c.Flags().StringVar(&f.out, "out", "", "file of the openings")
	c.Flags().StringSliceVar(&mine, "mine", nil, "addresses or networks, such as 240.0.0.1,2001:db8::/32")
	return c
}

// parseMine reads addresses and networks.
func parseMine(texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, t := range texts {
		if a, err := netip.ParseAddr(t); err == nil {
			list = append(list, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(t)
		if err != nil {
			return nil, fmt.Errorf("--mine: %w", err)
		}
		list = append(list, p.Masked())
	}
	if len(list) == 0 {
		return nil, errors.New("--mine is missing: whose addresses?")
	}
	return list, nil
}
