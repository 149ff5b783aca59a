// The server that is probed in the benchmarks, and a client that calls at a steady rate; no more than Go brings.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: target serve FOLDER | target drive RATE URL COUNT [new]"))
	}
	switch os.Args[1] {
	case "serve":
		fail(serve(os.Args[2]))
	case "drive":
		fail(drive(os.Args[2:]))
	default:
		fail(fmt.Errorf("unknown command %q", os.Args[1]))
	}
}

func fail(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "target:", err)
	os.Exit(1)
}
