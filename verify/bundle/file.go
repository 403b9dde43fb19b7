package bundle

import (
	"errors"
	"fmt"
	"io"
	"os"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// Files are what the user gives beside a bundle. "" is none.
type Files struct {
	Key       string // verifier key of the ledger, itself
	Policy    string // path of a policy of witnesses
	Openings  string // path of what the publisher opened for the user
	Challenge string // path of a challenge that was sent to the publisher
	Canary    string // path of the reveal of a list of canaries
	Peer      string // path of the bundle of the other side of an overlap
	PeerKey   string // verifier key of the other side's ledger, itself
}

// Trust reads the key and the policy.
func (f *Files) Trust() (Trust, error) {
	if f.Policy == "" {
		return ParseTrust(f.Key, nil)
	}
	policy, err := readBounded(f.Policy, maxPolicy)
	if err != nil {
		return Trust{}, err
	}
	return ParseTrust(f.Key, policy)
}

// CheckFile checks a bundle on disk as Check does. An error says that the user's own files
// could not be read.
func CheckFile(path string, files Files) (*Result, error) {
	trust, err := files.Trust()
	if err != nil {
		return nil, err
	}
	var beside Beside
	if beside.Opened, err = readIfNamed(files.Openings, maxAnswer); err != nil {
		return nil, err
	}
	if beside.Challenge, err = readIfNamed(files.Challenge, maxNote); err != nil {
		return nil, err
	}
	if beside.Canary, err = readIfNamed(files.Canary, maxNote); err != nil {
		return nil, err
	}
	var r *Result
	err = withFile(path, func(file io.ReaderAt, size int64) error {
		if files.Peer == "" {
			r = CheckBeside(file, size, trust, beside)
			return nil
		}
		return withFile(files.Peer, func(peer io.ReaderAt, peerSize int64) error {
			beside.Peer = &Peer{peer, peerSize, Trust{files.PeerKey, trust.Policy}}
			r = CheckBeside(file, size, trust, beside)
			return nil
		})
	})
	return r, err
}

// DemandsOf returns what Demands finds in a bundle on disk.
func DemandsOf(path string, trust Trust) (list []Demand, err error) {
	err = withFile(path, func(file io.ReaderAt, size int64) error {
		list, err = Demands(file, size, trust)
		return err
	})
	return list, err
}

// ExhibitOfFile returns what ExhibitOf finds in a bundle on disk.
func ExhibitOfFile(path string, trust Trust, wanted func(*proof.Statement, ts.Digest) bool) (e *Exhibit, err error) {
	err = withFile(path, func(file io.ReaderAt, size int64) error {
		if e, err = ExhibitOf(file, size, trust, wanted); err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
		return err
	})
	return e, err
}

func withFile(path string, f func(io.ReaderAt, int64) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = f(file, info.Size())
	}
	return errors.Join(err, file.Close())
}

func readIfNamed(path string, limit int64) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	return readBounded(path, limit)
}

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errors.New(path + " is too large")
	}
	return b, errors.Join(err, f.Close())
}
