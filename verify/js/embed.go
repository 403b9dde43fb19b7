// Package js knows verify.js, the checks of a published bundle written a second time, in
// JavaScript, for a browser and for Node, from the specification (doc/proof/spec.md) and
// without the Go code. It must never know what it checks: no Go program runs it, a report
// carries it, and tallystick-verify hands it out.
package js

import (
	"embed"
	"strings"
)

//go:embed src/*.js
var files embed.FS

//go:embed verify.html
var page string

// parts are the files of src in the order in which they make verify.js: none knows a later
// one.
const parts = `head
	bytes sha2 field curve ristretto dleq
	trie merkle objects notes policy
	addresses rows rules statements overlaps
	bounds archive ledger
	result rounds openings audits sentence figures elsewhere check
	panel main`

// Source is verify.js: one script for Node and, without modules, for a page that was opened
// from a file; ASCII, without anything that ends a script element.
func Source() string {
	var texts []string
	for _, part := range strings.Fields(parts) {
		text, err := files.ReadFile("src/" + part + ".js")
		if err != nil {
			panic(err) // a part that is not embedded: TestParts
		}
		texts = append(texts, string(text))
	}
	return strings.Join(texts, "\n")
}

// Page is an HTML page that holds verify.js and checks the bundles that its reader chooses.
func Page() string {
	return strings.Replace(page, ` src="verify.js">`, ">\n"+Source(), 1)
}
