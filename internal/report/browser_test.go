//go:build chromium

package report

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// These tests need Debian's chromium in the path; .ci/run builds them with -tags chromium.

// pageRequest finds what a page asked for; the requests of the browser itself have another
// network isolation key.
var pageRequest = regexp.MustCompile(`"network_isolation_key":"file:[^\n]*?"url":"([a-z]+://[^"]*)"`)

// browse opens the page and returns what its console says and which addresses it asked for.
func browse(t *testing.T, path string) (console, requests []string) {
	t.Helper()
	dir := t.TempDir()
	netLog := filepath.Join(dir, "net.json")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--enable-logging=stderr", "--v=0", "--log-net-log="+netLog,
		"--screenshot="+filepath.Join(dir, "page.png"), "--window-size=1200,3000", "file://"+path).CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "CONSOLE") {
			console = append(console, strings.TrimSpace(line))
		}
	}
	log, err := os.ReadFile(netLog)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range pageRequest.FindAllStringSubmatch(string(log), -1) {
		if !strings.HasPrefix(m[1], "file:") {
			requests = append(requests, m[1])
		}
	}
	return console, requests
}

func TestBrowserIsQuiet(t *testing.T) {
	for _, request := range []Request{{Window: testWindow, By: us, On: cn}, {Window: testWindow}} {
		path := filepath.Join(t.TempDir(), "report.html")
		if err := os.WriteFile(path, []byte(pageOf(t, madeReport(t, request))), 0o600); err != nil {
			t.Fatal(err)
		}
		if console, requests := browse(t, path); len(console)+len(requests) > 0 {
			t.Errorf("by %v: console %q, requests %q", request.By, console, requests)
		}
	}
}

// TestBrowserHears shows that a page that speaks and loads would be heard.
func TestBrowserHears(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loud.html")
	page := `<!DOCTYPE html><title>x</title><img src="http://240.0.0.1/x.png"><script>console.error("boom")</script>`
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if console, requests := browse(t, path); len(console) == 0 || len(requests) == 0 {
		t.Errorf("console %q, requests %q; want both", console, requests)
	}
}
