//go:build slow

package ingest

// Every one of the 43,000 states takes over an hour: set 1 to see that once.
const stride = 31
