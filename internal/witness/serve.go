package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// maxConnections bounds the clients that are served at once; others wait.
const maxConnections = 64

// Serve answers add-checkpoint (POST /add-checkpoint, C2SP tlog-witness) on l until ctx
// ends. failed is told of what is nobody's request to blame for, such as a full disk; it
// may be called by several goroutines.
func (w *Witness) Serve(ctx context.Context, l net.Listener, failed func(error)) error {
	s := &http.Server{
		Handler:           w.Routes(failed),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(grace); err != nil {
			failed(err)
		}
	})
	defer stop()
	err := s.Serve(netutil.LimitListener(l, maxConnections))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Routes answers requests as Serve does.
func (w *Witness) Routes(failed func(error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", func(rw http.ResponseWriter, r *http.Request) {
		if err := w.answer(rw, r); err != nil {
			failed(err)
		}
	})
	return mux
}

// answer writes the answer to one request, and returns what is not its fault.
func (w *Witness) answer(rw http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, MaxRequest))
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		http.Error(rw, fmt.Sprintf("more than %d bytes", MaxRequest), http.StatusRequestEntityTooLarge)
		return nil
	}
	if err != nil {
		return nil // whoever asked is gone
	}
	lines, err := w.Add(body)
	var no *Refusal
	switch {
	case err == nil:
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := rw.Write(lines)
		return err
	case errors.As(err, &no) && no.Status == http.StatusConflict:
		rw.Header().Set("Content-Type", typeSize)
		rw.WriteHeader(no.Status)
		_, err := fmt.Fprintf(rw, "%d\n", no.Size)
		return err
	case errors.As(err, &no):
		http.Error(rw, no.Why, no.Status)
		return nil
	default:
		http.Error(rw, "the witness failed", http.StatusInternalServerError)
		return err
	}
}

// typeSize is the content type of the answer 409.
const typeSize = "text/x.tlog.size"
