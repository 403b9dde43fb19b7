//go:build !slow

package ingest

const stride = 401 // a prime: every kind of state has its turn
