package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/witness"
	"github.com/tallystick/tallystick/internal/wording"
)

func witnessCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "witness",
		Short: "Cosign what others' ledgers say, or have others cosign yours",
		Long: `A witness remembers the last state of a ledger that it saw, and cosigns each later one that
continues it. What it cosigned can be neither rewritten nor backdated. It learns sizes and
times, and no entry. It answers over HTTP (C2SP tlog-witness) or file by file.`,
		Example: `  tallystick witness key accused.example/witness --dir witness
  tallystick witness serve --dir witness --log 'csirt.example/ledger+530d903a+Aeky…'
  tallystick witness ask --ledger ledger --policy policy.txt`,
		Args: noCommand,
		RunE: showHelp,
	}
	c.AddCommand(witnessKeyCommand(s), witnessServeCommand(s), witnessSignCommand(s),
		witnessAskCommand(s), witnessRequestCommand(s), witnessTakeCommand(s))
	return c
}

func witnessFolder(c *cobra.Command, dir *string, logs *[]string) {
	c.Flags().StringVar(dir, "dir", "witness", "folder of the witness")
	if logs != nil {
		c.Flags().StringArrayVar(logs, "log", nil, "verifier key of a ledger to cosign (its keys/log.pub), repeatable")
	}
}

func witnessKeyCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "key NAME",
		Short:   "Make a witness with a new key, and print the key that others check it by",
		Example: "  tallystick witness key accused.example/witness --dir witness",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			vkey, err := witness.CreateKey(dir, args[0], witness.Options{})
			if err != nil {
				return err
			}
			fmt.Fprintln(s.out, vkey)
			return nil
		},
	}
	witnessFolder(c, &dir, nil)
	return c
}

func witnessServeCommand(s streams) *cobra.Command {
	var dir, listen string
	var logs []string
	c := &cobra.Command{
		Use:   "serve --log VKEY…",
		Short: "Answer requests over HTTP until interrupted",
		Long: `Answer POST /add-checkpoint of C2SP tlog-witness. The first line of output is the address.
It listens on this machine only unless told otherwise; put a proxy with TLS before it.`,
		Example: "  tallystick witness serve --dir witness --listen 127.0.0.1:7311 --log 'csirt.example/ledger+530d903a+Aeky…'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			w, err := openWitness(dir, logs)
			if err != nil {
				return err
			}
			l, err := net.Listen("tcp", listen)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.errs, "witness %s\n", w.VerifierKey())
			fmt.Fprintf(s.out, "http://%s\n", l.Addr())
			return w.Serve(c.Context(), l, func(err error) { fmt.Fprintf(s.errs, "tallystick: %s\n", wording.Printable(err.Error())) })
		},
	}
	witnessFolder(c, &dir, &logs)
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:7311", "address to listen on; port 0 is any that is free")
	return c
}

func openWitness(dir string, logs []string) (*witness.Witness, error) {
	if len(logs) == 0 {
		return nil, usage(errors.New("--log is missing: a witness cosigns the ledgers that it was told of"))
	}
	return witness.Open(dir, logs, witness.Options{})
}

func witnessSignCommand(s streams) *cobra.Command {
	var dir string
	var logs []string
	c := &cobra.Command{
		Use:     "sign --log VKEY… REQUEST",
		Short:   "Answer a request in a file, and print the cosignature",
		Example: "  tallystick witness sign --dir witness --log 'csirt.example/ledger+530d903a+Aeky…' request.txt > answer.txt",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			w, err := openWitness(dir, logs)
			if err != nil {
				return err
			}
			request, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			lines, err := w.Add(request)
			var no *witness.Refusal
			if errors.As(err, &no) && no.Status == http.StatusConflict {
				return fmt.Errorf("%w\nhave the request made again, with: tallystick witness request --old %d", err, no.Size)
			}
			if err != nil {
				return err
			}
			_, err = s.out.Write(lines)
			return err
		},
	}
	witnessFolder(c, &dir, &logs)
	return c
}
