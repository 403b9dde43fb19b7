package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/proof"
)

func ruleCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "rule",
		Short:   "Say what will be counted, before it can be seen",
		Example: `  tallystick rule open control.hosts --by US --on CN --from 2027-01-01 --to 2027-01-31`,
		Args:    noCommand,
		RunE:    showHelp,
	}
	c.AddCommand(ruleOpenCommand(s))
	return c
}

func ruleOpenCommand(s streams) *cobra.Command {
	var q questionFlags
	var dir, ipv6, seal, source string
	var challengers []string
	c := &cobra.Command{
		Use:   "open MEASURE --from DAY --to DAY",
		Short: "Log the rule of a figure before its window opens",
		Long: `Log the rule by which a measure will be counted over a window. A rule that a witness dated
before the window opened cannot have been made to fit the data.`,
		Example: `  tallystick rule open control.hosts --by US --on CN --from 2027-01-01 --to 2027-01-31
  tallystick rule open backdoor.sites --on CZ --from 2027-01-01 --to 2027-12-31 --seal 2d`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if q.from == "" || q.to == "" {
				return usage(errors.New("want --from and --to: a rule is of a window"))
			}
			ask, err := q.ask(args[0], nil)
			if err != nil {
				return err
			}
			if ask.Verdict != place.First {
				return usage(errors.New("--verdict: only figures by the first-named data set of places can be proved"))
			}
			rule := publish.RuleOf(&ask.Measure, proof.Scope{Window: ask.Window, By: ask.By, On: ask.On})
			rule.PlaceSource, rule.Challengers = source, challengers
			if rule.Net64 = ipv6 == "64"; !rule.Net64 && ipv6 != "address" {
				return usage(fmt.Errorf("--ipv6 %q: want 64 or address", ipv6))
			}
			within, err := parseSpan(seal)
			if err != nil {
				return usage(fmt.Errorf("--seal: %w", err))
			}
			rule.Seal = uint64(within / time.Second)
			if _, err := rule.Build(); err != nil {
				return usage(err)
			}
			return openRule(s, dir, &rule)
		},
	}
	q.addWindow(c)
	ledgerFlag(c, &dir)
	f := c.Flags()
	f.Lookup("from").Usage = "first day, YYYY-MM-DD, UTC"
	f.Lookup("verdict").Hidden = true // only the first-named data set can be proved
	f.StringVar(&ipv6, "ipv6", "address", "count IPv6 by address, or by 64: its network")
	f.StringVar(&seal, "seal", "1d", "how long after its day a row must be committed to, such as 12h or 2d")
	f.StringVar(&source, "place-source", "", "name of the data set that must place the rows first (default: any)")
	f.StringArrayVar(&challengers, "challenger", nil, "verifier key of somebody for whom half of the budget of openings is kept")
	return c
}

func openRule(s streams, dir string, rule *proof.Rule) error {
	l, err := ledger.Open(dir, ledger.Options{})
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	index, existed, err := publish.OpenRule(l, rule)
	if err != nil {
		return err
	}
	if existed {
		fmt.Fprintf(s.out, "rule %s is there already, in entry %d\n", rule.ID, index)
		return nil
	}
	fmt.Fprintf(s.out, "rule %s is entry %d; it has no date until a witness cosigns the checkpoint (tallystick witness ask)\n", rule.ID, index)
	if time.Now().Unix() > rule.Window.From.Start() {
		fmt.Fprintf(s.errs, "it is LATE: the window opened on %s, and whoever checks a figure by it is told so\n", rule.Window.From)
	}
	return nil
}

// parseSpan reads a duration that may be in days.
func parseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	d, err := time.ParseDuration(text)
	if err == nil && d < 0 {
		err = errors.New("is negative")
	}
	return d, err
}
