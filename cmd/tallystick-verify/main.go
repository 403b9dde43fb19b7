// Command tallystick-verify checks a published bundle: the accused's own program, small,
// without network, and with nobody to trust but whom its user names. It also hands out the
// second verifier, verify.js.
//
// It knows flags and exit codes. It must never know how a check is made.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/tallystick/tallystick/verify/bundle"
	"github.com/tallystick/tallystick/verify/js"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = `usage: tallystick-verify [--key VKEY] [--policy FILE] [--openings FILE] [--challenge FILE]
       [--peer BUNDLE --peer-key VKEY] [--canary FILE] BUNDLE
       tallystick-verify --js > verify.js
       tallystick-verify --page > verify.html

  tallystick-verify --key csirt.example/ledger+530d903a+Aeky... --policy policy.txt bundle.tar

Check the figures of a bundle offline. The ledger's key and the policy (C2SP tlog-policy:
whose witnesses you believe) must come from a source that you trust, never from the bundle
or its publisher; what needs them reads NOT CHECKED without them. Exit code 0: every check
was made and is true; 1: something is false; 2: something is malformed or was not checked.
A policy names witnesses by their keys, and how many of them must have seen a checkpoint:

  witness ours accused.example/witness+93a1b2c3+BAbc... https://witness.accused.example/
  quorum ours

The checks exist a second time, in JavaScript, for whoever has Node or a browser and nothing
else: --js writes them as a script for Node, --page as a page that needs no network.

`

// run is the program; it returns the exit code.
func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("tallystick-verify", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	key := flags.String("key", "", "verifier key of the ledger")
	policy := flags.String("policy", "", "file with the policy of witnesses")
	openings := flags.String("openings", "", "file that the publisher opened for you (tallystick open)")
	challenge := flags.String("challenge", "", "file of a challenge that you sent to the publisher in time")
	canary := flags.String("canary", "", "file of canaries that were planted (tallystick canary)")
	peer := flags.String("peer", "", "bundle of the other side of an overlap")
	peerKey := flags.String("peer-key", "", "verifier key of the other side's ledger")
	script := flags.Bool("js", false, "write verify.js, and check nothing")
	page := flags.Bool("page", false, "write the page with verify.js in it, and check nothing")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if (*script || *page) && flags.NFlag() == 1 && flags.NArg() == 0 {
		return hand(out, errs, *page)
	}
	if flags.NArg() != 1 || *script || *page {
		flags.Usage()
		return 2
	}
	files := bundle.Files{Key: *key, Policy: *policy, Openings: *openings, Challenge: *challenge, Canary: *canary, Peer: *peer, PeerKey: *peerKey}
	code, err := check(flags.Arg(0), files, out)
	return failed(errs, err, code)
}

// hand writes the second verifier.
func hand(out, errs io.Writer, page bool) int {
	text := js.Source()
	if page {
		text = js.Page()
	}
	_, err := io.WriteString(out, text)
	return failed(errs, err, 0)
}

// failed tells an error, if there is one; it returns the exit code.
func failed(errs io.Writer, err error, code int) int {
	if err == nil {
		return code
	}
	fmt.Fprintf(errs, "tallystick-verify: %q\n", err.Error())
	return 2
}

func check(path string, files bundle.Files, out io.Writer) (int, error) {
	result, err := bundle.CheckFile(path, files)
	if err != nil {
		return 2, err
	}
	return result.ExitCode(), result.Print(out, false)
}
