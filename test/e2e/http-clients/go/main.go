// Fetches BASE/0 to BASE/N-1 with Go's net/http and prints what became of each, a line of JSON each.
package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

type outcome struct {
	Status int    `json:"status,omitempty"`
	Bytes  int    `json:"bytes"`
	Error  string `json:"error,omitempty"`
}

func main() {
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	client := &http.Client{
		Timeout:       20 * time.Second,
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	lines := json.NewEncoder(os.Stdout)
	for i := range count {
		if err := lines.Encode(fetch(client, os.Args[1]+"/"+strconv.Itoa(i))); err != nil {
			panic(err)
		}
	}
}

func fetch(client *http.Client, url string) outcome {
	response, err := client.Get(url)
	if err != nil {
		return outcome{Error: err.Error()}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return outcome{Error: err.Error()}
	}
	return outcome{Status: response.StatusCode, Bytes: len(body)}
}
