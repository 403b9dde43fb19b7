package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// plainDraw is Draw as the protocol words it, with big numbers.
func plainDraw(seed [32]byte, n, k uint64) []uint64 {
	positions := []uint64{}
	if k >= n {
		for i := range n {
			positions = append(positions, i)
		}
		return positions
	}
	all := new(big.Int).Lsh(big.NewInt(1), 64)
	size := new(big.Int).SetUint64(n)
	edge := new(big.Int).Sub(all, new(big.Int).Mod(all, size))
	for ctr := 0; uint64(len(positions)) < k; ctr++ {
		mac := hmac.New(sha256.New, seed[:])
		mac.Write(append([]byte("tally-index/v1\x00"), u64(ctr)...))
		v := new(big.Int).SetBytes(mac.Sum(nil)[:8])
		if v.Cmp(edge) >= 0 {
			continue
		}
		if p := v.Mod(v, size).Uint64(); !slices.Contains(positions, p) {
			positions = append(positions, p)
		}
	}
	return positions
}

// TestDraw compares with the plain draw, where next to no value is dropped, where half of
// them are, and where n is a power of two.
func TestDraw(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 7, 8, 1000, 1 << 32, MaxMembers, 1<<63 - 1, 1 << 63, 1<<63 + 1, 3 << 62, ^uint64(0)} {
		for _, k := range []uint64{0, 1, 5, 40} {
			if k >= n && n > 1000 {
				continue
			}
			seed := sha256.Sum256(binary.BigEndian.AppendUint64(u64(int(k)), n))
			got, want := Draw(seed, n, k), plainDraw(seed, n, k)
			if !slices.Equal(got, want) {
				t.Errorf("%d of %d: %v, want %v", k, n, got, want)
			}
			slices.Sort(got)
			if uint64(len(got)) != min(k, n) || len(slices.Compact(got)) != len(want) {
				t.Errorf("%d of %d: %d positions", k, n, len(want))
			}
		}
	}
}

// TestDrawIsUniform: over 6,000 seeds, each of 12 positions is drawn first about equally
// often: chi-square with 11 degrees of freedom is below 31.26 with probability 0.999, and the
// seeds are fixed.
func TestDrawIsUniform(t *testing.T) {
	const n, draws = 12, 6000
	var first, ever [n]float64
	for i := range draws {
		positions := Draw(sha256.Sum256(u64(i)), n, 4)
		first[positions[0]]++
		for _, p := range positions {
			ever[p]++
		}
	}
	for what, counts := range map[string][n]float64{"first": first, "ever": ever} {
		want, chi := 0.0, 0.0
		for _, c := range counts {
			want += c / n
		}
		for _, c := range counts {
			chi += (c - want) * (c - want) / want
		}
		if chi > 31.26 {
			t.Errorf("drawn %s: %v, chi-square %.1f", what, counts, chi)
		}
	}
}

// TestSeedBindsEverything, attack "grinding the seed": neither side chooses, since the
// seed changes with each part of it, and with the order of the challenges.
func TestSeedBindsEverything(t *testing.T) {
	seen := map[[32]byte]string{}
	for what, seed := range map[string][32]byte{
		"plain":              Seed(ts.Digest{1}, 1000, nil, [32]byte{2}),
		"another figure":     Seed(ts.Digest{2}, 1000, nil, [32]byte{2}),
		"another round":      Seed(ts.Digest{1}, 1001, nil, [32]byte{2}),
		"another randomness": Seed(ts.Digest{1}, 1000, nil, [32]byte{3}),
		"a challenge":        Seed(ts.Digest{1}, 1000, []ts.Digest{{2}}, [32]byte{2}),
		"two":                Seed(ts.Digest{1}, 1000, []ts.Digest{{2}, {3}}, [32]byte{2}),
		"two in other order": Seed(ts.Digest{1}, 1000, []ts.Digest{{3}, {2}}, [32]byte{2}),
		"count without":      Seed(ts.Digest{1}, 1000, []ts.Digest{{}}, [32]byte{2}),
	} {
		if other, ok := seen[seed]; ok {
			t.Errorf("%s and %s have one seed", what, other)
		}
		seen[seed] = what
	}
}
