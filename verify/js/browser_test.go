//go:build chromium

package js

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These tests need Debian's chromium in the path; .ci/run builds them with -tags chromium.

// dump opens a page without network, waits until it is still, and returns what its title
// has become.
func dump(t *testing.T, page string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--virtual-time-budget=600000", "--dump-dom", "file://"+path).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	_, rest, _ := strings.Cut(string(out), "<title>")
	title, _, _ := strings.Cut(rest, "</title>")
	return title
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestVectorsInBrowser runs the test vectors in a page.
func TestVectorsInBrowser(t *testing.T) {
	var files strings.Builder
	for _, name := range []string{"points", "dleq", "trie", "merkle", "notes", "rows", "objects", "draw", "openings", "bounds", "beacon", "ends"} {
		fmt.Fprintf(&files, "%s: %s,\n", name, read(t, "..", "..", "doc", "proof", "vectors", name+".json"))
	}
	got := dump(t, fmt.Sprintf(`<!DOCTYPE html><meta charset="utf-8"><title>nothing ran</title><script>%s</script><script>%s</script><script>
	const { wrong, made } = runVectors({%s}, 100);
	document.title = wrong.length === 0 && made > 500 ? "PASS" : made + " made, wrong: " + wrong.join("; ");
	</script>`, Source(), read(t, "testdata", "vectors.js"), files.String()))
	if got != "PASS" {
		t.Errorf("the page says %q", got)
	}
}

// TestPanel chooses a bundle in the panel of the page, which may load nothing, presses the
// button, and reads what it says, without key and policy and with them.
func TestPanel(t *testing.T) {
	bundle := base64.StdEncoding.EncodeToString([]byte(read(t, "..", "bundle", "testdata", "small.tar")))
	trust, err := json.Marshal([]string{read(t, "..", "bundle", "testdata", "small.key"), read(t, "..", "bundle", "testdata", "small.policy")})
	if err != nil {
		t.Fatal(err)
	}
	got := dump(t, Page()+fmt.Sprintf(`<script>
	const [file, key] = document.querySelectorAll("input"), policy = document.querySelector("textarea");
	const button = document.querySelector("button"), out = document.querySelector("pre");
	const given = new DataTransfer(), said = [];
	given.items.add(new File([Uint8Array.from(atob("%s"), (c) => c.charCodeAt(0))], "small.tar"));
	file.files = given.files;
	async function press() {
		button.click();
		while (button.disabled) await new Promise((resolve) => setTimeout(resolve, 50));
		const count = (word) => out.textContent.split("\n").filter((line) => line.startsWith(word)).length;
		said.push(count("true") + " true, " + count("NOT CHECKED") + " not checked, " + count("FALSE") + " false");
	}
	press().then(() => {
		[key.value, policy.value] = %s;
		return press();
	}).then(() => { document.title = said.join("; "); }, (e) => { document.title = String(e); });
	</script>`, bundle, trust))
	if want := "7 true, 9 not checked, 0 false; 16 true, 6 not checked, 0 false"; got != want {
		t.Errorf("the panel says %q, want %q", got, want)
	}
}
