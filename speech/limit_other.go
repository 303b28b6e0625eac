//go:build !(linux && (amd64 || arm64))

package speech

import "time"

// limitProcess can do nothing here: time and output are limited all the same.
func limitProcess(int, uint64, time.Duration) {}
