// Package js knows verify.js, the checks of a published bundle written a second time, in
// JavaScript, for a browser and for Node, from the specification (doc/proof/spec.md) and
// without the Go code. It must never know what it checks: no Go program runs it, a report
// only carries it.
package js

import _ "embed"

// Source is verify.js as it stands: ASCII, without anything that ends a script element.
//
//go:embed verify.js
var Source string
