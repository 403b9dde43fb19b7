//go:build slow

package ingest

const stride = 1 // every state
