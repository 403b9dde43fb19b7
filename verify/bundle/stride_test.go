//go:build !slow

package bundle

// stride is the distance between bytes of a bundle that are damaged in turn: all of them
// take minutes.
const stride = 31
