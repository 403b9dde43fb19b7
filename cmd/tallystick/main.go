// Command tallystick counts cross-border cyber attacks from telemetry and publishes
// figures that the accused can check.
//
// It knows flags, wiring and messages, one file a subcommand. It must never know a rule
// of the subject.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/wording"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program. It returns the exit code: 0, 1 where something could not be
// done or is false, 2 for wrong usage or, with verify, something not checked.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	defer context.AfterFunc(ctx, func() {
		stop() // the next signal ends the program, which harms nothing that is committed
		fmt.Fprintln(errs, "tallystick: stopping at the next safe place; once more stops at once")
	})()
	root := command(streams{in: in, out: out, errs: errs})
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var code exitCode
	if errors.As(err, &code) && code.err == nil {
		return code.code
	}
	for line := range strings.Lines(wording.Printable(err.Error())) {
		fmt.Fprintf(errs, "tallystick: %s\n", strings.TrimSuffix(line, "\n"))
	}
	if errors.As(err, &code) {
		return code.code
	}
	return 1
}

// streams are what the program reads and writes.
type streams struct {
	in        io.Reader
	out, errs io.Writer
}

// exitCode carries an exit code; without err there is nothing more to say.
type exitCode struct {
	code int
	err  error
}

func (e exitCode) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e exitCode) Unwrap() error { return e.err }

// usage marks an error of the one who typed the command.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return exitCode{2, err}
}

func command(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "tallystick",
		Short: "Count cross-border cyber attacks from telemetry, in figures that the accused can check",
		Long: `Tallystick reads logs that you already have, decides who did what to whom, keeps the
evidence in an append-only signed ledger, counts distinct things over any window, and
publishes a report that somebody else can check. It attacks, probes and wiretaps nothing.

Exit code 0: done; 1: something could not be done, or not wholly; 2: wrong usage. Of commands
that check, 0: all was checked and is true; 1: something is false; 2: something is malformed
or was not checked.`,
		Example: `  tallystick demo
  tallystick run --country CZ --intel FEEDS/ --out report/ LOGS/
  tallystick verify report/`,
		Args:          noCommand,
		RunE:          showHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.Version = tool()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.errs)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetHelpCommand(helpCommand())
	root.AddCommand(runCommand(s), ingestCommand(s), reportCommand(s), figureCommand(s), listCommand(s),
		matrixCommand(s), intelCommand(s), placeCommand(s), excludeCommand(s), checkCommand(s),
		showCommand(s), verifyCommand(s), demoCommand(s), witnessCommand(s), evidenceCommand(s), exportCommand(s),
		ruleCommand(s), publishCommand(s), challengeCommand(s), openCommand(s),
		overlapCommand(s), canaryCommand(s))
	root.InitDefaultHelpCmd()
	wrongArgsAreUsage(root)
	return root
}

// noCommand refuses the arguments of a command that has others below it: they name none.
func noCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q for %q", args[0], c.CommandPath())
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		text += ": meant " + strings.Join(near, " or ") + "?"
	}
	return errors.New(text)
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show the help of a command",
		Example: "  tallystick help intel add",
		RunE: func(c *cobra.Command, args []string) error {
			asked, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usage(fmt.Errorf("unknown command %q", strings.Join(args, " ")))
			}
			return asked.Help()
		},
	}
}

func showHelp(c *cobra.Command, _ []string) error { return c.Help() }

// wrongArgsAreUsage gives cobra's complaints about arguments the exit code of usage.
func wrongArgsAreUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error { return usage(check(c, args)) }
	}
	for _, sub := range c.Commands() {
		wrongArgsAreUsage(sub)
	}
}
