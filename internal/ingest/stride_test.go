//go:build !slow

package ingest

const stride = 11 // a prime: every kind of state has its turn
