package segment

import (
	"runtime"
	"sync"
)

// numShares is in how many parts a long list is worked on.
func numShares() int { return runtime.GOMAXPROCS(0) }

// inShares divides n things, in their order, and calls f for every share at a time.
func inShares(n int, f func(share, from, to int)) {
	shares := numShares()
	size := (n + shares - 1) / shares
	var work sync.WaitGroup
	for share := range shares {
		from := min(share*size, n)
		work.Go(func() { f(share, from, min(from+size, n)) })
	}
	work.Wait()
}
