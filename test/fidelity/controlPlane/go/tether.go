package main

import (
	"io"
	"os"
)

// dieWithParent ends a component with the process that started it, however that one ends: it holds the other end of
// the component's standard input, which nobody writes to.
func dieWithParent() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
}
