package main

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Upper bounds of the histogram's buckets, in seconds.
var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

const longestDownload = 10 * time.Minute

// operated adds permits, a deadline, a request ID, a log line and meters to each download.
type operated struct {
	permits chan struct{}
	log     *slog.Logger
	bytes   atomic.Int64
	refused atomic.Int64
	counts  sync.Map // status to *atomic.Int64
	buckets [12]atomic.Int64
	micros  atomic.Int64
}

func newOperated(permits int) *operated {
	lines := &bufferedLines{writer: bufio.NewWriterSize(os.Stdout, 64*1024)}
	go lines.flushEach(100 * time.Millisecond)
	return &operated{permits: make(chan struct{}, permits), log: slog.New(slog.NewJSONHandler(lines, nil))}
}

// counted remembers what was sent.
type counted struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(part []byte) (int, error) {
	count, err := c.ResponseWriter.Write(part)
	c.bytes += int64(count)
	return count, err
}

func (o *operated) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		id := r.Header.Get("X-Request-Id")
		if len(id) == 0 || len(id) > 64 {
			var made [16]byte
			rand.Read(made[:])
			id = hex.EncodeToString(made[:])
		}
		w.Header().Set("X-Request-Id", id)
		select {
		case o.permits <- struct{}{}:
			defer func() { <-o.permits }()
		default:
			o.refused.Add(1)
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		http.NewResponseController(w).SetWriteDeadline(begin.Add(longestDownload))
		sent := &counted{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(sent, r)
		took := time.Since(begin)
		o.record(sent, took)
		o.log.LogAttrs(r.Context(), slog.LevelInfo, "download",
			slog.String("requestId", id), slog.String("client", r.RemoteAddr), slog.String("path", r.URL.Path),
			slog.String("appKey", r.Header.Get("x-app-key")), slog.Int("status", sent.status),
			slog.Int64("bytes", sent.bytes), slog.Float64("ms", float64(took.Microseconds())/1000))
	})
}

func (o *operated) record(sent *counted, took time.Duration) {
	count, known := o.counts.Load(sent.status)
	if !known {
		count, _ = o.counts.LoadOrStore(sent.status, new(atomic.Int64))
	}
	count.(*atomic.Int64).Add(1)
	o.bytes.Add(sent.bytes)
	o.micros.Add(took.Microseconds())
	bucket := 0
	for bucket < len(bounds) && took.Seconds() > bounds[bucket] {
		bucket++
	}
	o.buckets[bucket].Add(1)
}

func (o *operated) metrics(w http.ResponseWriter, _ *http.Request) {
	o.counts.Range(func(status, count any) bool {
		fmt.Fprintf(w, "downloads_total{status=\"%d\"} %d\n", status, count.(*atomic.Int64).Load())
		return true
	})
	fmt.Fprintf(w, "downloads_refused_total %d\nresponse_bytes_total %d\n", o.refused.Load(), o.bytes.Load())
	total := int64(0)
	for i := range o.buckets {
		total += o.buckets[i].Load()
		bound := "+Inf"
		if i < len(bounds) {
			bound = strconv.FormatFloat(bounds[i], 'g', -1, 64)
		}
		fmt.Fprintf(w, "download_seconds_bucket{le=\"%s\"} %d\n", bound, total)
	}
	fmt.Fprintf(w, "download_seconds_count %d\ndownload_seconds_sum %g\n", total, float64(o.micros.Load())/1e6)
}

// bufferedLines keeps lines of the log for a moment, so that a download does not wait for a system call.
type bufferedLines struct {
	lock   sync.Mutex
	writer *bufio.Writer
}

func (b *bufferedLines) Write(line []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.writer.Write(line)
}

func (b *bufferedLines) flushEach(interval time.Duration) {
	for range time.Tick(interval) {
		b.lock.Lock()
		b.writer.Flush()
		b.lock.Unlock()
	}
}
