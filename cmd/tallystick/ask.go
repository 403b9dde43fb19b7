package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/policy"
	"github.com/tallystick/tallystick/internal/witness"
	"github.com/tallystick/tallystick/internal/wording"
)

// peers are the witnesses that a command line names.
type peers struct {
	keys   []string // VKEY or VKEY=URL
	policy string   // file
}

func (p *peers) flags(c *cobra.Command, meaning string) {
	c.Flags().StringArrayVar(&p.keys, "witness", nil, meaning+", repeatable")
	c.Flags().StringVar(&p.policy, "policy", "", "file of witnesses and quorum (C2SP tlog-policy)")
}

// read returns the witnesses, and the policy if there is one.
func (p *peers) read() ([]policy.Witness, *policy.Policy, error) {
	var list []policy.Witness
	var quorum *policy.Policy
	if p.policy != "" {
		text, err := os.ReadFile(p.policy)
		if err != nil {
			return nil, nil, err
		}
		parsed, err := policy.Parse(text)
		if err != nil {
			return nil, nil, usage(err)
		}
		quorum, list = &parsed, parsed.Witnesses
	}
	for _, arg := range p.keys {
		key, url := arg, ""
		if at := strings.LastIndex(arg, "=http"); at >= 0 {
			key, url = arg[:at], arg[at+1:]
		}
		w, err := policy.NewWitness("", key, url)
		if err != nil {
			return nil, nil, usage(err)
		}
		list = append(list, w)
	}
	if len(list) == 0 {
		return nil, nil, usage(errors.New("no witness is named: use --witness or --policy"))
	}
	return list, quorum, nil
}

// newest is the head of a ledger, as witnesses are asked about it.
func newest(l *ledger.Ledger) (witness.Head, error) {
	head := l.Head()
	if head.Size == 0 {
		return witness.Head{}, errors.New("nothing is signed yet")
	}
	prove := func(old uint64) (tlog.TreeProof, error) { return l.ProveConsistency(old, head.Size) }
	return witness.Head{Size: head.Size, Note: head.Note, Prove: prove}, nil
}

func witnessAskCommand(s streams) *cobra.Command {
	var dir string
	var asked peers
	var again bool
	var patience time.Duration
	c := &cobra.Command{
		Use:   "ask",
		Short: "Ask witnesses over HTTP to cosign the newest checkpoint, and keep what they answer",
		Long: `Ask witnesses to cosign the newest checkpoint. Exit code 0: each did, or with --policy its
quorum is met. A witness that saw more of the ledger, or another history of it, is told
aloud: then the ledger was put back to an older copy.`,
		Example: `  tallystick witness ask --ledger ledger --policy policy.txt
  tallystick witness ask --ledger ledger --witness 'accused.example/witness+93a1b2c3+BAbc…=http://127.0.0.1:7311'`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			list, quorum, err := asked.read()
			if err != nil {
				return err
			}
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			head, err := newest(l)
			if err != nil {
				return err
			}
			client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			var failed error
			for _, p := range list {
				failed = errors.Join(failed, askOne(c, s, client, l, head, p, again))
			}
			return tellQuorum(s, l, head.Size, quorum, failed)
		},
	}
	ledgerFlag(c, &dir)
	asked.flags(c, "VKEY=URL of a witness")
	c.Flags().BoolVar(&again, "again", false, "ask for a newer date where a witness has cosigned this checkpoint already")
	c.Flags().DurationVar(&patience, "patience", 30*time.Second, "how long to wait for each witness")
	return c
}

func askOne(c *cobra.Command, s streams, client *http.Client, l *ledger.Ledger, head witness.Head, p policy.Witness, again bool) error {
	known, err := witness.KnownSize(l, p.Verifier)
	if err != nil {
		return err
	}
	if known == head.Size && !again {
		fmt.Fprintf(s.out, "%s cosigned %s before\n", p.Name, wording.Plural(known, "entry", "entries"))
		return nil
	}
	if p.URL == "" {
		return fmt.Errorf("witness %s: no address is known", p.Name)
	}
	lines, err := witness.Peer{Witness: p}.Ask(c.Context(), client, head, known)
	if err == nil {
		err = l.Cosign(head.Size, lines)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s cosigned %s\n", p.Name, wording.Plural(head.Size, "entry", "entries"))
	return nil
}

// tellQuorum says whether a policy is satisfied. If it is, witnesses that failed do no
// harm, unless they told of a rollback.
func tellQuorum(s streams, l *ledger.Ledger, size uint64, quorum *policy.Policy, failed error) error {
	if quorum == nil || errors.Is(failed, ledger.ErrRollback) {
		return failed
	}
	cosigned, err := l.Cosigned(size)
	if err != nil {
		return err
	}
	if !quorum.Quorum.Satisfied(cosigned) {
		return errors.Join(failed, errors.New("the quorum of the policy is not met"))
	}
	if failed != nil {
		fmt.Fprintf(s.errs, "tallystick: %s\n", wording.Printable(failed.Error()))
	}
	fmt.Fprintln(s.out, "the quorum of the policy is met")
	return nil
}

func witnessRequestCommand(s streams) *cobra.Command {
	var dir string
	var old uint64
	c := &cobra.Command{
		Use:     "request",
		Short:   "Print the request to cosign the newest checkpoint, for a witness that is reached by mail or by hand",
		Example: "  tallystick witness request --ledger ledger --old 4 > request.txt",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			head, err := newest(l)
			if err != nil {
				return err
			}
			r, err := head.Request(old)
			if err != nil {
				return err
			}
			_, err = s.out.Write(r.Format())
			return err
		},
	}
	ledgerFlag(c, &dir)
	c.Flags().Uint64Var(&old, "old", 0, "size that the witness cosigned last; 0 for none")
	return c
}

func witnessTakeCommand(s streams) *cobra.Command {
	var dir string
	var from peers
	c := &cobra.Command{
		Use:     "take ANSWER",
		Short:   "Keep the cosignatures of an answer that came by mail or by hand",
		Example: "  tallystick witness take --ledger ledger --policy policy.txt answer.txt",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			list, _, err := from.read()
			if err != nil {
				return err
			}
			l, err := ledger.Open(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			answer, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			var keys []note.Verifier
			for _, p := range list {
				keys = append(keys, p.Verifier)
			}
			sizes, err := witness.Take(l, answer, keys...)
			for _, size := range sizes {
				fmt.Fprintf(s.out, "kept a cosignature of %s\n", wording.Plural(size, "entry", "entries"))
			}
			return err
		},
	}
	ledgerFlag(c, &dir)
	from.flags(c, "VKEY of the witness")
	return c
}
