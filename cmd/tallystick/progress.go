package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/tallystick/tallystick/internal/ingest"
	"github.com/tallystick/tallystick/internal/wording"
)

// progressLine shows how far reading is, on a terminal only.
type progressLine struct {
	ingest.Progress
	out   io.Writer
	total int64
	begun time.Time
	done  chan struct{}
	ended chan struct{}
}

func startProgress(errs io.Writer, sources []ingest.Source) *progressLine {
	p := &progressLine{out: errs, begun: time.Now(), done: make(chan struct{}), ended: make(chan struct{})}
	for i := range sources {
		p.total += sources[i].Size
	}
	f, ok := errs.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		close(p.ended)
		return p
	}
	go p.show()
	return p
}

func (p *progressLine) stop() {
	close(p.done)
	<-p.ended
}

func (p *progressLine) show() {
	defer close(p.ended)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			fmt.Fprint(p.out, "\r\x1b[K")
			return
		case <-tick.C:
			fmt.Fprintf(p.out, "\r\x1b[K%s", p.text(time.Since(p.begun)))
		}
	}
}

// text says what was read after a time, and how much longer it will take.
func (p *progressLine) text(spent time.Duration) string {
	bytes, records := p.Bytes.Load(), p.Records.Load()
	s := fmt.Sprintf("%s of %s MB, %s records/s", wording.Thousands(uint64(bytes>>20)), wording.Thousands(uint64(p.total>>20)),
		wording.Thousands(uint64(float64(records)/max(spent.Seconds(), 0.001))))
	if bytes > 0 && p.total > bytes {
		left := time.Duration(float64(spent) * float64(p.total-bytes) / float64(bytes))
		s += ", " + left.Round(time.Second).String() + " left"
	}
	return s
}
