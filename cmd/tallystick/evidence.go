package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/witness"
	"github.com/tallystick/tallystick/internal/wording"
)

func evidenceCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "evidence",
		Short: "Prove, or check a proof, that a ledger's key signed two histories",
		Example: `  tallystick evidence fork checkpoint-a checkpoint-b --key 'csirt.example/ledger+530d903a+Aeky…' > fork.txt
  tallystick evidence check fork.txt --key 'csirt.example/ledger+530d903a+Aeky…'`,
		Args: noCommand,
		RunE: showHelp,
	}
	c.AddCommand(evidenceForkCommand(s), evidenceCheckCommand(s), evidenceProveCommand(s))
	return c
}

// sideFiles are the files of one side of a fork.
type sideFiles struct{ proof, entry string }

func (f *sideFiles) flags(c *cobra.Command, name string) {
	c.Flags().StringVar(&f.proof, "proof-"+name, "", "proof of an entry in the checkpoint (C2SP tlog-proof)")
	c.Flags().StringVar(&f.entry, "entry-"+name, "", "file of the entry that --proof-"+name+" is of, unless the proof tells")
}

func (f *sideFiles) read(checkpoint string) ([]byte, error) {
	var content [3][]byte
	for i, name := range []string{checkpoint, f.proof, f.entry} {
		if name == "" {
			continue
		}
		var err error
		if content[i], err = readBounded(name); err != nil {
			return nil, err
		}
	}
	side, err := witness.Side(content[0], content[1], content[2])
	if err != nil {
		err = fmt.Errorf("%s: %w: %w", checkpoint, witness.ErrNoEvidence, err)
	}
	return side, err
}

func evidenceForkCommand(s streams) *cobra.Command {
	var key string
	var a, b sideFiles
	c := &cobra.Command{
		Use:   "fork CHECKPOINT-A CHECKPOINT-B --key VKEY",
		Short: "Prove from two signed checkpoints that a ledger has two histories",
		Long: `Prove a split view: two checkpoints of one size with different roots, or two checkpoints
and proofs of different entries at one index. Anything else is no evidence (exit code 1): two
checkpoints of different sizes are none, and neither is a proof that was refused. What is
printed can be checked by anybody who has the ledger's key.`,
		Example: `  tallystick evidence fork checkpoint-a checkpoint-b --key 'csirt.example/ledger+530d903a+Aeky…' > fork.txt
  tallystick evidence fork a b --proof-a a.tlog-proof --proof-b b.tlog-proof --key 'csirt.example/ledger+530d903a+Aeky…'`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if key == "" {
				return usage(errors.New("--key is missing: a checkpoint does not hold the key that signed it"))
			}
			first, err := a.read(args[0])
			if err != nil {
				return err
			}
			second, err := b.read(args[1])
			if err != nil {
				return err
			}
			f := witness.Fork{Key: key, A: first, B: second}
			found, err := f.Check()
			if err != nil {
				return fmt.Errorf("%s and %s: %w", args[0], args[1], err)
			}
			if f, err = f.Bare(); err != nil {
				return err
			}
			fmt.Fprintln(s.errs, wording.Printable(found))
			_, err = s.out.Write(f.Format())
			return err
		},
	}
	c.Flags().StringVar(&key, "key", "", "verifier key of the ledger (its keys/log.pub)")
	a.flags(c, "a")
	b.flags(c, "b")
	return c
}

func evidenceCheckCommand(s streams) *cobra.Command {
	var key string
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Check evidence of a fork that somebody else found",
		Long: `Check evidence of a fork. Anybody can make a key of any name: with --key, the key that you
know to be the ledger's, exit code 0 says that its holder signed two histories; without it,
2: it was not checked whose key it is.`,
		Example: "  tallystick evidence check fork.txt --key 'csirt.example/ledger+530d903a+Aeky…'",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readBounded(args[0])
			if err != nil {
				return exitCode{2, err}
			}
			f, err := witness.ParseFork(text)
			if err != nil {
				return exitCode{2, fmt.Errorf("%s: %w", args[0], err)}
			}
			found, err := f.Check()
			if err != nil {
				return fmt.Errorf("%s %w", args[0], err)
			}
			if key != "" && key != f.Key {
				return fmt.Errorf("%s is of another key, %s: it %w of yours", args[0], f.Key, witness.ErrNoEvidence)
			}
			fmt.Fprintf(s.out, "%-11s  %s\n%-11s  %s\n", "TRUE", wording.Printable(found), "", wording.Printable(f.Key))
			if key == "" {
				fmt.Fprintf(s.out, "%-11s  that this is the ledger's key: give the key that you know, with --key\n", "NOT CHECKED")
				return exitCode{code: 2}
			}
			return nil
		},
	}
	c.Flags().StringVar(&key, "key", "", "verifier key of the ledger, from a source that you trust")
	return c
}

func evidenceProveCommand(s streams) *cobra.Command {
	var dir string
	var size, index uint64
	c := &cobra.Command{
		Use:     "prove --entry INDEX",
		Short:   "Print the proof that an entry of a ledger at hand is in one of its checkpoints",
		Example: "  tallystick evidence prove --ledger ledger --entry 3 > entry-3.tlog-proof",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			l, err := ledger.OpenReadOnly(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			proof, err := proveEntry(l, index, max(size, index+1))
			if err != nil {
				return err
			}
			_, err = s.out.Write(proof)
			return err
		},
	}
	ledgerFlag(c, &dir)
	c.Flags().Uint64Var(&index, "entry", 0, "index of the entry, counted from 0")
	c.Flags().Uint64Var(&size, "size", 0, "least size of the checkpoint")
	return c
}

// proveEntry proves an entry in the first checkpoint of at least the size.
func proveEntry(l *ledger.Ledger, index, size uint64) ([]byte, error) {
	head, err := l.HeadAt(size)
	if err != nil {
		return nil, err
	}
	entry, err := l.Entry(index)
	if err != nil {
		return nil, err
	}
	path, err := l.ProveInclusion(index, head.Size)
	if err != nil {
		return nil, err
	}
	return witness.FormatProof(index, tlog.RecordHash(entry), path, head.Note), nil
}
