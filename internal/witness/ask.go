package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/policy"
)

// Head is the signed state of a ledger that a witness is asked to cosign.
type Head struct {
	Size  uint64
	Note  []byte
	Prove func(old uint64) (tlog.TreeProof, error) // of the step from size old ≥ 1
}

// Request returns the request for a witness that cosigned size old last.
func (h Head) Request(old uint64) (Request, error) {
	r := Request{Old: old, Note: h.Note}
	if old == 0 {
		return r, nil
	}
	var err error
	r.Proof, err = h.Prove(old)
	return r, err
}

// maxTries bounds how often a witness may say that it knows another size: somebody else
// may ask it meanwhile.
const maxTries = 3

// Peer is a witness as those see it who ask.
type Peer struct{ policy.Witness }

// Ask has the witness cosign the head, which it cosigned at size old before (0: never, or
// not known), and returns the lines by its key. It fails with ledger.ErrRollback where the
// witness saw more of the ledger than there is, or another history of it.
func (p Peer) Ask(ctx context.Context, c *http.Client, h Head, old uint64) ([][]byte, error) {
	for range maxTries {
		r, err := h.Request(min(old, h.Size))
		if err != nil {
			return nil, err
		}
		a, err := p.post(ctx, c, r.Format())
		if err != nil {
			return nil, err
		}
		if a.status != http.StatusConflict || a.size == nil || *a.size == r.Old {
			return p.settle(a, h, r.Old)
		}
		if old = *a.size; old > h.Size {
			return nil, fmt.Errorf("%w: witness %s cosigned it with %d entries, and here are %d: the folder was put back to an older copy; nothing may be added to it",
				ledger.ErrRollback, p.Name, old, h.Size)
		}
	}
	return nil, fmt.Errorf("witness %s says another size at each of %d requests", p.Name, maxTries)
}

// settle reads the last answer to a request from size old.
func (p Peer) settle(a answer, h Head, old uint64) ([][]byte, error) {
	switch a.status {
	case http.StatusOK:
		text, err := textOf(h.Note)
		if err != nil {
			return nil, err
		}
		lines, err := Cosignatures(text, a.body, p.Verifier)
		if err == nil && len(lines) == 0 {
			err = errors.New("its answer holds no line by its key")
		}
		if err != nil {
			return nil, fmt.Errorf("witness %s: %w", p.Name, err)
		}
		return lines, nil
	case http.StatusConflict, http.StatusUnprocessableEntity:
		if old > 0 { // the proof is that of the entries here, so the witness saw others
			return nil, fmt.Errorf("%w: witness %s cosigned another history of it, of %d entries: the folder was put back to an older copy and went on otherwise, or somebody else has its key (the witness says: %s)",
				ledger.ErrRollback, p.Name, old, a.why())
		}
	case http.StatusNotFound:
		return nil, fmt.Errorf("witness %s does not know this ledger: give its key, keys/log.pub, to whoever runs the witness", p.Name)
	}
	return nil, fmt.Errorf("witness %s: status %d: %s", p.Name, a.status, a.why())
}

// answer is what a witness sent.
type answer struct {
	status int
	body   []byte
	size   *uint64 // of a 409 that tells one
}

// why returns the first line of the answer, for people.
func (a answer) why() string {
	line, _, _ := strings.Cut(string(a.body), "\n")
	return fmt.Sprintf("%.200q", line)
}

func (p Peer) post(ctx context.Context, c *http.Client, body []byte) (a answer, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(p.URL, "/")+"/add-checkpoint", bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	got, err := c.Do(r)
	if err != nil {
		return a, fmt.Errorf("witness %s: %w", p.Name, err)
	}
	defer func() { err = errors.Join(err, got.Body.Close()) }()
	a.status = got.StatusCode
	if a.body, err = io.ReadAll(io.LimitReader(got.Body, MaxRequest)); err != nil {
		return a, fmt.Errorf("witness %s: %w", p.Name, err)
	}
	if kind, _, err := mime.ParseMediaType(got.Header.Get("Content-Type")); err == nil && kind == typeSize {
		line, ok := strings.CutSuffix(string(a.body), "\n")
		if n, err := parseSize(line); ok && err == nil {
			a.size = &n
		}
	}
	return a, nil
}
