package lines

import (
	"crypto/sha256"
	"hash"
)

// digest is the SHA-256 of the stream up to a point. Large pieces are hashed beside the
// caller, one at a time: hashing costs about as much as parsing.
type digest struct {
	hash hash.Hash
	end  uint64        // of the bytes that were given to hash
	busy chan struct{} // closed when the piece being hashed is done; nil if none is
}

func newDigest() digest { return digest{hash: sha256.New()} }

// wait returns when no piece is being hashed.
func (d *digest) wait() {
	if d.busy != nil {
		<-d.busy
		d.busy = nil
	}
}

// write hashes the bytes that follow end.
func (d *digest) write(piece []byte) {
	d.wait()
	d.hash.Write(piece) // a hash.Hash never returns an error
	d.end += uint64(len(piece))
}

// start is write, but returns at once. The piece must not change until wait has
// returned, which whoever calls a method here next does first.
func (d *digest) start(piece []byte) {
	d.wait()
	done := make(chan struct{})
	d.busy = done
	d.end += uint64(len(piece))
	go func() {
		d.hash.Write(piece)
		close(done)
	}()
}

// sum returns the digest of what was written and started.
func (d *digest) sum() [sha256.Size]byte {
	d.wait()
	return [sha256.Size]byte(d.hash.Sum(nil))
}
