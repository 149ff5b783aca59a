package main

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// book is what the server knows of those who called.
type book struct {
	requests, connections, pushes, pushedBytes atomic.Int64

	mutex  sync.Mutex
	groups map[string]int64
	// For each path the moments (Unix milliseconds) at which an answer was written, and how long each took.
	slowAnswers map[string][][2]float64
}

func newBook() *book {
	return &book{groups: map[string]int64{}, slowAnswers: map[string][][2]float64{}}
}

func (book *book) connection(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		book.connections.Add(1)
	}
}

func (book *book) handshake(state tls.ConnectionState) error {
	name := state.CurveID.String()
	if state.DidResume {
		name = "resumed"
	}
	book.mutex.Lock()
	defer book.mutex.Unlock()
	book.groups[name]++
	return nil
}

func (book *book) pushed(size int64) {
	book.pushes.Add(1)
	book.pushedBytes.Add(size)
}

func (book *book) served(path string, at time.Time, took time.Duration) {
	book.mutex.Lock()
	defer book.mutex.Unlock()
	answer := [2]float64{float64(at.UnixMicro()) / 1e3, float64(took.Nanoseconds()) / 1e6}
	book.slowAnswers[path] = append(book.slowAnswers[path], answer)
}

// report answers on the control port: /counts, and /served, whose log begins again once it was read.
func (book *book) report(response http.ResponseWriter, request *http.Request) {
	book.mutex.Lock()
	defer book.mutex.Unlock()
	var facts any
	switch request.URL.Path {
	case "/counts":
		facts = map[string]any{
			"requests":    book.requests.Load(),
			"connections": book.connections.Load(),
			"pushes":      book.pushes.Load(),
			"pushedBytes": book.pushedBytes.Load(),
			"groups":      book.groups,
		}
	case "/served":
		facts = book.slowAnswers
		defer func() { book.slowAnswers = map[string][][2]float64{} }()
	default:
		http.NotFound(response, request)
		return
	}
	_ = json.NewEncoder(response).Encode(facts)
}
