package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/ledger"
)

// served serves a witness on this machine, and returns it as others see it.
func served(t *testing.T, w *Witness) Peer {
	t.Helper()
	s := httptest.NewServer(w.Routes(func(err error) { t.Errorf("the witness: %v", err) }))
	t.Cleanup(s.Close)
	return peer(t, w.VerifierKey(), s.URL)
}

// TestHTTP: the answers over HTTP, byte by byte.
func TestHTTP(t *testing.T) {
	l := newLedger(t, durabletest.New())
	w := newWitness(t, durabletest.New(), l.VerifierKey())
	p := served(t, w)
	h := grow(t, l, "v", 5)
	for _, c := range []struct {
		name, method, path string
		body               []byte
		status             int
		kind, answer       string
	}{
		{"good", "POST", "/add-checkpoint", request(t, h, 0), 200, "text/plain; charset=utf-8", ""},
		{"known size", "POST", "/add-checkpoint", request(t, h, 0), 409, "text/x.tlog.size", "5\n"},
		{"malformed", "POST", "/add-checkpoint", []byte("x"), 400, "", ""},
		{"stranger", "POST", "/add-checkpoint", bytes.ReplaceAll(request(t, h, 0), []byte(origin), []byte("x.example")), 404, "", ""},
		{"unsigned", "POST", "/add-checkpoint", bytes.Replace(request(t, h, 5), []byte("\n5\n"), []byte("\n6\n"), 1), 403, "", ""},
		{"wrong proof", "POST", "/add-checkpoint", bytes.Replace(request(t, h, 5), []byte("\n\n"), []byte("\n"+other0+"\n\n"), 1), 422, "", ""},
		{"too long", "POST", "/add-checkpoint", make([]byte, MaxRequest+1), 413, "", ""},
		{"reading", "GET", "/add-checkpoint", nil, 405, "", ""},
		{"elsewhere", "POST", "/", nil, 404, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, p.URL+c.path, bytes.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(got.Body)
			if err := errors.Join(err, got.Body.Close()); err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != c.status || c.kind != "" && got.Header.Get("Content-Type") != c.kind || c.answer != "" && string(body) != c.answer {
				t.Errorf("status %d, %s, %q", got.StatusCode, got.Header.Get("Content-Type"), body)
			}
			if c.status == 200 {
				cosigned(t, w, h.Note, body)
			}
		})
	}
}

// TestServe: a witness whose disk fails says so to its owner and not to the asker, and it
// ends when it is told to.
func TestServe(t *testing.T) {
	l := newLedger(t, durabletest.New())
	fsys := durabletest.New()
	w := newWitness(t, fsys, l.VerifierKey())
	fsys.Judge = func(op durabletest.Op) durabletest.Fault {
		if op.Kind == "rename" {
			return durabletest.Fail
		}
		return durabletest.None
	}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	told := make(chan error, 1)
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, at, func(err error) { told <- err }) }()
	p := peer(t, w.VerifierKey(), "http://"+at.Addr().String())
	_, err = p.Ask(t.Context(), http.DefaultClient, grow(t, l, "v", 1), 0)
	if err == nil || !strings.Contains(err.Error(), "status 500") || strings.Contains(err.Error(), "injected") {
		t.Errorf("the asker is told %v", err)
	}
	if err := <-told; !errors.Is(err, durabletest.ErrInjected) {
		t.Errorf("the owner is told %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ending: %v", err)
	}
}

// TestAsk asks a witness over the life of a ledger, also after its ledger forgot what the
// witness knows, and after the witness went ahead.
func TestAsk(t *testing.T) {
	l := newLedger(t, durabletest.New())
	w := newWitness(t, durabletest.New(), l.VerifierKey())
	p := served(t, w)
	for _, c := range []struct{ size, old uint64 }{{1, 0}, {4, 1}, {4, 4}, {9, 0}, {20, 3}, {30, 999}} {
		h := grow(t, l, "v", c.size)
		lines, err := p.Ask(t.Context(), http.DefaultClient, h, c.old)
		if err != nil {
			t.Fatalf("size %d from %d: %v", c.size, c.old, err)
		}
		cosigned(t, w, h.Note, bytes.Join(lines, nil))
		if err := l.Cosign(h.Size, lines); err != nil {
			t.Fatal(err)
		}
		if known, err := KnownSize(l, p.Verifier); err != nil || known != c.size {
			t.Errorf("known size %d %v", known, err)
		}
	}
	other := newWitness(t, durabletest.New(), l.VerifierKey())
	if _, err := other.Add(request(t, headOf(l), 0)); err != nil {
		t.Fatal(err)
	}
	stranger := peer(t, mustCosigner(t, "stranger.example").VerifierKey(), "")
	if known, err := KnownSize(l, stranger.Verifier); err != nil || known != 0 {
		t.Errorf("of a stranger: %d %v", known, err)
	}
}

func mustCosigner(t *testing.T, name string) *Cosigner {
	t.Helper()
	c, err := newCosigner(name, zeros{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAskAfterRollback: attack table 4, "rollback, fork, split view": "witness 409/422". A
// ledger that was put back to an older copy of its folder cannot see it by itself; its
// witness does, before it has gone on (409) and after (422), whatever its owner remembers.
func TestAskAfterRollback(t *testing.T) {
	a, b := forked(t)
	w := newWitness(t, durabletest.New(), a.VerifierKey())
	p := served(t, w)
	if _, err := p.Ask(t.Context(), http.DefaultClient, grow(t, a, "v", 5), 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, says string
		size, old  uint64
	}{
		{"smaller", "cosigned it with 5 entries, and here are 3", 3, 3},
		{"smaller, nothing remembered", "cosigned it with 5 entries, and here are 3", 3, 0},
		{"of one size", "another history", 5, 3},
		{"of one size, remembered", "another history", 5, 5},
		{"larger", "another history", 9, 0},
	} {
		_, err := p.Ask(t.Context(), http.DefaultClient, grow(t, b, "w", c.size), c.old)
		if !errors.Is(err, ledger.ErrRollback) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := p.Ask(t.Context(), http.DefaultClient, grow(t, a, "v", 6), 5); err != nil {
		t.Errorf("the ledger that was not rolled back: %v", err)
	}
}

// TestAskAnswers: what a witness that is broken, or not honest, may answer.
func TestAskAnswers(t *testing.T) {
	l := newLedger(t, durabletest.New())
	h := grow(t, l, "v", 5)
	w := newWitness(t, durabletest.New())
	text, err := textOf(h.Note)
	if err != nil {
		t.Fatal(err)
	}
	good := string(w.cosigner.Line(text, w.opt.Now()))
	invented := string(mustCosigner(t, "invented.example").Line(text, w.opt.Now()))
	for _, c := range []struct {
		name   string
		status int
		kind   string
		body   string
		says   string // in the error; "" if the answer is good
	}{
		{"good", 200, "", good, ""},
		{"good among lines of others", 200, "", invented + good, ""},
		{"only an invented witness", 200, "", invented, "no line by its key"},
		{"nothing", 200, "", "", "no line by its key"},
		{"a line of another checkpoint", 200, "", string(w.cosigner.Line(sofa, w.opt.Now())), "invalid signature"},
		{"a page", 200, "", "<html>\n", "not a signature line"},
		{"endless", 200, "", strings.Repeat(good, 1000), "malformed"},
		{"elsewhere", 301, "", "", "status 301"},
		{"unknown log", 404, "", "", "does not know this ledger"},
		{"forbidden", 403, "", "no\n", "status 403"},
		{"broken", 500, "", "", "status 500"},
		{"a greater size", 409, typeSize, "6\n", "here are 5"},
		{"the same size, with parameters", 409, typeSize + "; charset=utf-8", "5\n", "another history"},
		{"size 0 again and again", 409, typeSize, "0\n", "status 409"},
		{"no size", 409, typeSize, "05\n", "status 409"},
		{"a size of another type", 409, "text/plain", "3\n", "status 409"},
		{"wrong proof, of a first request", 422, "", "no\n", "status 422"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if c.kind != "" {
					rw.Header().Set("Content-Type", c.kind)
				}
				rw.Header().Set("Location", "/elsewhere")
				rw.WriteHeader(c.status)
				fmt.Fprint(rw, c.body)
			}))
			defer s.Close()
			p := peer(t, w.VerifierKey(), s.URL)
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			lines, err := p.Ask(t.Context(), client, h, 0)
			if c.says == "" && (err != nil || len(lines) != 1) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("%q %v", lines, err)
			}
		})
	}
	flips := 0
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		flips++
		rw.Header().Set("Content-Type", typeSize)
		rw.WriteHeader(409)
		fmt.Fprintf(rw, "%d\n", 1+flips%2)
	}))
	defer s.Close()
	p := peer(t, w.VerifierKey(), s.URL)
	if _, err := p.Ask(t.Context(), http.DefaultClient, h, 0); err == nil || flips != maxTries {
		t.Errorf("another size each time: %d requests, %v", flips, err)
	}
}

// TestTake carries requests and answers by hand, late and out of order.
func TestTake(t *testing.T) {
	l := newLedger(t, durabletest.New())
	w := newWitness(t, durabletest.New(), l.VerifierKey())
	p := peer(t, w.VerifierKey(), "")
	two, err := w.Add(request(t, grow(t, l, "v", 2), 0))
	if err != nil {
		t.Fatal(err)
	}
	six, err := w.Add(request(t, grow(t, l, "v", 6), 2))
	if err != nil {
		t.Fatal(err)
	}
	grow(t, l, "v", 7)
	invented := mustCosigner(t, "invented.example").Line(sofa, w.opt.Now())
	sizes, err := Take(l, bytes.Join([][]byte{two, invented, six}, nil), p.Verifier)
	if err != nil || fmt.Sprint(sizes) != "[2 6]" {
		t.Fatalf("sizes %d, %v", sizes, err)
	}
	for size, line := range map[uint64][]byte{2: two, 6: six} {
		note, err := l.Cosigned(size)
		if err != nil || !bytes.HasSuffix(note, line) {
			t.Errorf("size %d: %q %v", size, note, err)
		}
	}
	elsewhere := w.cosigner.Line(sofa, w.opt.Now())
	for name, bad := range map[string][]byte{
		"nothing": nil, "an invented witness": invented, "another ledger's checkpoint": elsewhere,
		"a letter": []byte("Dear colleague,\n"), "cut off": two[:50], "without line end": two[:len(two)-1],
		"too long": bytes.Repeat([]byte("— a b\n"), MaxRequest/4),
	} {
		if sizes, err := Take(l, bad, p.Verifier); err == nil {
			t.Errorf("%s: taken for %d", name, sizes)
		}
	}
	if seven, err := l.Cosigned(7); err != nil || bytes.Count(seven, []byte("— ")) != 1 {
		t.Errorf("size 7: %q %v", seven, err)
	}
}
