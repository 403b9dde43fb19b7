package proof

import (
	"runtime"
	"sync"

	"github.com/cloudflare/circl/group"
)

const (
	hashToGroupDST = "HashToGroup-OPRFV1-\x01-ristretto255-SHA512" // RFC 9497, 3.1 and 4.1, mode VOPRF
	secretDST      = "tally-secret/v1\x00"
)

// Secret is the key k of one report's tags. Who holds it can find every member by trying
// all addresses: it is kept as a signing key is, and destroyed after the audits.
type Secret struct {
	k      group.Scalar
	public Point
}

// NewSecret derives a key from 32 random bytes.
func NewSecret(seed [32]byte) *Secret {
	return secretOf(group.Ristretto255.HashToScalar(seed[:], []byte(secretDST)))
}

func secretOf(k group.Scalar) *Secret {
	return &Secret{k, pointOf(group.Ristretto255.NewElement().MulGen(k))}
}

// Public returns K = k·G.
func (s *Secret) Public() Point { return s.public }

// HashMember maps a member to the group: HashToGroup of RFC 9497 in mode VOPRF.
func HashMember(member []byte) Point { return pointOf(hashMember(member)) }

func hashMember(member []byte) group.Element {
	return group.Ristretto255.HashToElement(member, []byte(hashToGroupDST))
}

// Tag returns T = k·H(member). One member has one tag under one key, and nobody without
// the key can tell of whom it is.
func (s *Secret) Tag(member []byte) Point { return s.times(hashMember(member)) }

func (s *Secret) times(e group.Element) Point {
	return pointOf(group.Ristretto255.NewElement().Mul(e, s.k))
}

// Tags returns the tag of each member, in their order, on all processors: some 60
// microseconds each on one.
func (s *Secret) Tags(members [][]byte) []Point {
	tags := make([]Point, len(members))
	inShares(len(members), func(from, to int) {
		for i := from; i < to; i++ {
			tags[i] = s.Tag(members[i])
		}
	})
	return tags
}

// inShares calls f for consecutive shares of 0 to n-1, one a processor, and waits.
func inShares(n int, f func(from, to int)) {
	shares := min(runtime.GOMAXPROCS(0), max(n, 1))
	var work sync.WaitGroup
	for i := range shares {
		work.Go(func() { f(n*i/shares, n*(i+1)/shares) })
	}
	work.Wait()
}
