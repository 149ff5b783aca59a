package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// drive calls URLs at a steady rate until it is killed, `#` in the URL standing for a number up to COUNT, in turn.
// With `new` each call has a connection of its own, and a line on stdout has its number and how long it took.
func drive(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("usage: target drive RATE URL COUNT [new]")
	}
	rate, err := strconv.ParseFloat(args[0], 64)
	if err != nil {
		return err
	}
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	timed := len(args) > 3 && args[3] == "new"
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives:   timed,
			MaxIdleConnsPerHost: 1000,
			DisableCompression:  true,
		},
	}
	began := time.Now()
	for calls := 0; ; calls++ {
		time.Sleep(time.Until(began.Add(time.Duration(float64(calls) / rate * float64(time.Second)))))
		go call(client, strings.Replace(args[1], "#", strconv.Itoa(calls%count), 1), calls, timed)
	}
}

func call(client *http.Client, url string, number int, timed bool) {
	began := time.Now()
	response, err := client.Get(url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	if timed {
		fmt.Printf("%d %.3f\n", number, float64(time.Since(began).Nanoseconds())/1e6)
	}
}
