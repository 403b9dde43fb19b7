package witness

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/ledger"
)

// Refusal is the answer of a witness that does not cosign.
type Refusal struct {
	Status int    // of HTTP, by C2SP tlog-witness
	Size   uint64 // the size it cosigned last; told where Status is 409
	Why    string
}

func (r *Refusal) Error() string { return fmt.Sprintf("not cosigned (%d): %s", r.Status, r.Why) }

func refuse(status int, format string, args ...any) *Refusal {
	return &Refusal{Status: status, Why: fmt.Sprintf(format, args...)}
}

// Add is add-checkpoint of C2SP tlog-witness: it returns the cosignature lines of the
// checkpoint in a request, which the witness then remembers. It fails with *Refusal, or
// where the disk fails. After such a failure the checkpoint may be remembered; the same
// request with the size that the next refusal tells then gets the lines.
//
// C2SP leaves some cases open, or answered them in two ways: another root at the size
// cosigned last is 422 (409 in version 1.0.0), as is size 0 with a root that is not that of
// nothing; a checkpoint with extension lines is 400, because no witness could say what
// they mean.
func (w *Witness) Add(body []byte) ([]byte, error) {
	r, err := ParseRequest(body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%v", err)
	}
	s, err := w.authentic(r.Note)
	if err != nil {
		return nil, err
	}
	if r.Old > s.Size {
		return nil, refuse(http.StatusBadRequest, "old size %d, but the checkpoint is of size %d", r.Old, s.Size)
	}
	if s.Size == 0 && s.Root != sha256.Sum256(nil) {
		return nil, refuse(http.StatusUnprocessableEntity, "size 0, but not the root of nothing")
	}
	unlock, err := w.opt.FS.Lock(w.path(lockName))
	if err != nil {
		return nil, fmt.Errorf("locking: %w", err)
	}
	line, err := w.advance(r, s)
	if e := unlock(); e != nil && err == nil {
		err = fmt.Errorf("unlocking: %w", e)
	}
	if err != nil {
		return nil, err
	}
	return line, nil
}

// seen is a checkpoint that its log has signed.
type seen struct {
	ledger.Checkpoint
	text string
	note []byte // with the signatures of the log only
}

// authentic checks that a log which the witness was told of signed the note. Lines of
// others are left out, whatever they are.
func (w *Witness) authentic(signed []byte) (*seen, error) {
	text, err := textOf(signed)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%v", err)
	}
	c, err := ledger.ParseCheckpoint(text)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%v", err)
	}
	if len(w.logs[c.Origin]) == 0 {
		return nil, refuse(http.StatusNotFound, "log %.80q is not one that this witness was told of", c.Origin)
	}
	n, err := note.Open(signed, w.known(c.Origin))
	if err != nil {
		return nil, refuse(http.StatusForbidden, "not signed by a key of the log: %v", err)
	}
	alone, err := note.Sign(&note.Note{Text: text, Sigs: n.Sigs})
	return &seen{c, text, alone}, err
}

// advance checks that the checkpoint continues the one cosigned last, remembers it, and
// cosigns it. The caller holds the lock: a request checked against an older state must not
// overwrite a newer one.
func (w *Witness) advance(r Request, s *seen) ([]byte, error) {
	last, err := w.recall(s.Origin)
	if err != nil {
		return nil, err
	}
	if r.Old != last.Size {
		return nil, &Refusal{http.StatusConflict, last.Size, fmt.Sprintf("cosigned size %d last, not %d", last.Size, r.Old)}
	}
	if err := continues(r, s, last); err != nil {
		return nil, errors.Join(err, w.keepFork(s, last))
	}
	now := w.opt.Now()
	if now.Unix() < last.time || now.Unix() <= 0 {
		return nil, fmt.Errorf("the clock says %d, but the last cosignature was made at %d", now.Unix(), last.time)
	}
	if err := w.remember(s, now.Unix()); err != nil {
		return nil, err
	}
	return w.cosigner.Line(s.text, now), nil
}

// continues checks the proof from the checkpoint cosigned last.
func continues(r Request, s *seen, last *memory) error {
	if last.Size == 0 {
		if len(r.Proof) > 0 {
			return refuse(http.StatusUnprocessableEntity, "old size 0 with a proof")
		}
		return nil
	}
	if s.Size == last.Size && s.Root != last.Root {
		return refuse(http.StatusUnprocessableEntity, "another root was cosigned at size %d: the log has two histories", s.Size)
	}
	if err := tlog.CheckTree(r.Proof, int64(s.Size), s.Root, int64(last.Size), last.Root); err != nil {
		return refuse(http.StatusUnprocessableEntity, "the proof does not lead from size %d, cosigned last, to size %d", last.Size, s.Size)
	}
	return nil
}
