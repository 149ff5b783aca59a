package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// Connections to one address from 28,000 ports last half a minute at 1,000 a second; more addresses, more ports.
const addresses = 20

// serve answers probes until it is killed; its first line on stdout is JSON that says where.
func serve(folder string) error {
	all := make([]net.IP, addresses)
	for i := range all {
		all[i] = net.IPv4(127, 0, 0, byte(i+1))
	}
	rootFile := filepath.Join(folder, "root.pem")
	cert, err := certificate(rootFile, all)
	if err != nil {
		return err
	}
	book := newBook()
	config := &tls.Config{Certificates: []tls.Certificate{cert}, VerifyConnection: book.handshake}
	plain, err := listenOn(all, book.server(nil))
	if err != nil {
		return err
	}
	secure, err := listenOn(all, book.server(config))
	if err != nil {
		return err
	}
	control, err := listenOn(all[:1], &http.Server{Handler: http.HandlerFunc(book.report)})
	if err != nil {
		return err
	}
	where := map[string]any{"http": plain, "https": secure, "control": control[0], "rootFile": rootFile}
	line, err := json.Marshal(where)
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	select {}
}

func listenOn(all []net.IP, server *http.Server) ([]string, error) {
	authorities := make([]string, 0, len(all))
	for _, ip := range all {
		listener, err := net.Listen("tcp", net.JoinHostPort(ip.String(), "0"))
		if err != nil {
			return nil, err
		}
		authorities = append(authorities, listener.Addr().String())
		if server.TLSConfig != nil {
			go func() { fail(server.ServeTLS(listener, "", "")) }()
		} else {
			go func() { fail(server.Serve(listener)) }()
		}
	}
	return authorities, nil
}

func (book *book) server(config *tls.Config) *http.Server {
	server := &http.Server{
		Handler:   http.HandlerFunc(book.answer),
		TLSConfig: config,
		ErrorLog:  log.New(io.Discard, "", 0),
		ConnState: book.connection,
		// HTTP/1.1 for everybody: with HTTP/2 the peers would measure something else.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	// Every probe pays for a connection, also by a client that would keep it.
	server.SetKeepAlivesEnabled(false)
	return server
}

func (book *book) answer(response http.ResponseWriter, request *http.Request) {
	switch {
	case strings.HasPrefix(request.URL.Path, "/slow"):
		book.slow(response, request)
	case request.URL.Path == "/v1/metrics":
		size, _ := io.Copy(io.Discard, request.Body)
		book.pushed(size)
	default:
		book.requests.Add(1)
		_, _ = io.WriteString(response, "ok\n")
	}
}

// slow answers after 100 ms, and notes how long it really took, from the request that was read to the write that is done.
func (book *book) slow(response http.ResponseWriter, request *http.Request) {
	began := time.Now()
	book.requests.Add(1)
	time.Sleep(100 * time.Millisecond)
	response.Header().Set("Content-Length", "3")
	_, _ = io.WriteString(response, "ok\n")
	_ = http.NewResponseController(response).Flush()
	book.served(request.URL.Path, time.Now(), time.Since(began))
}
