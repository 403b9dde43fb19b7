package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/tallystick/tallystick/internal/ingest"
)

func TestProgressText(t *testing.T) {
	p := &progressLine{total: 400 << 20}
	p.Bytes.Store(100 << 20)
	p.Records.Store(30_000)
	if got := p.text(10 * time.Second); got != "100 of 400 MB, 3,000 records/s, 30s left" {
		t.Error(got)
	}
	p.Bytes.Store(400 << 20)
	if got := p.text(10 * time.Second); got != "400 of 400 MB, 3,000 records/s" {
		t.Error(got)
	}
}

// In a pipe nothing is shown, and stopping does not wait.
func TestProgressIsQuietInAPipe(t *testing.T) {
	var errs bytes.Buffer
	startProgress(&errs, []ingest.Source{{Size: 1}}).stop()
	if errs.Len() > 0 {
		t.Errorf("%q", errs.String())
	}
}

func TestCells(t *testing.T) {
	if got := cells([]string{"=1+1", "@x", "plain", "", "a\x00"}); got[0] != "'=1+1" || got[1] != "'@x" || got[2] != "plain" || got[4] != "a\uFFFD" {
		t.Errorf("%q", got)
	}
}

func TestFolderName(t *testing.T) {
	for file, want := range map[string]string{
		"/logs/border/conn.log": "border", "/logs/border/2014-03-19/conn.00:00:00-01:00:00.log.gz": "border",
		"/opt/zeek/logs/current/dns.log": "logs", "/logs/2014/conn.log": "2014",
	} {
		if got := folderName(file); got != want {
			t.Errorf("folderName(%s) = %s, want %s", file, got, want)
		}
	}
}
