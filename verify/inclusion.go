package verify

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// maxProofPath bounds the hashes of an inclusion proof (proof protocol 3.0), and
// maxProofHead what stands before the checkpoint in a tlog-proof.
const (
	maxProofPath = 64
	maxProofHead = 100 + 45*maxProofPath
)

// checkInclusion checks that the checkpoint commits to the files of the report.
func checkInclusion(r *Result, report Report, c *claim, signed *head) {
	const what = "the checkpoint commits to report.html, figures.json and figures.csv"
	p, err := parseProof(report.Proof)
	if err != nil {
		r.add(Malformed, "report.tlog-proof", "%v", err)
		return
	}
	if !bytes.Equal(p.checkpoint, report.Checkpoint) {
		r.add(False, "report.tlog-proof is of the checkpoint beside it", "it holds another checkpoint")
		return
	}
	if signed == nil {
		r.add(NotChecked, what, "no good checkpoint")
		return
	}
	if p.index >= signed.size || c.Checkpoint.Size > p.index || c.Checkpoint.Origin != signed.origin {
		r.add(False, what, "entry %d, counted from %d entries of %.60q, checkpoint of %d entries of %.60q",
			p.index, c.Checkpoint.Size, c.Checkpoint.Origin, signed.size, signed.origin)
		return
	}
	err = tlog.CheckRecord(p.path, int64(signed.size), signed.root, int64(p.index), tlog.RecordHash(c.entry))
	r.check(err == nil, what, "a file was changed, or never published: %v", err)
}

// inclusion is a C2SP tlog-proof without extra data.
type inclusion struct {
	index      uint64
	path       tlog.RecordProof
	checkpoint []byte
}

// parseProof reads a tlog-proof, in its one spelling.
func parseProof(b []byte) (p inclusion, err error) {
	text, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(text), "\n")
	if !ok || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return p, errors.New("not a tlog-proof")
	}
	if len(lines) > 2+maxProofPath {
		return p, fmt.Errorf("a path of %d hashes: more than %d", len(lines)-2, maxProofPath)
	}
	digits, ok := strings.CutPrefix(lines[1], "index ")
	if p.index, err = parseDecimal(digits); !ok || err != nil {
		return p, fmt.Errorf("index line %.40q", lines[1])
	}
	for _, line := range lines[2:] {
		h, err := parseHash(line)
		if err != nil {
			return p, err
		}
		p.path = append(p.path, h)
	}
	p.checkpoint = checkpoint
	return p, nil
}
