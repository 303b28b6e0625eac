//go:build linux && (amd64 || arm64)

package speech

import (
	"syscall"
	"time"
	"unsafe"
)

// limitProcess keeps a tool within so much memory and twice its time of one processor. A tool that is already gone needs none.
func limitProcess(pid int, memory uint64, limit time.Duration) {
	set := func(what int, most uint64) {
		r := syscall.Rlimit{Cur: most, Max: most}
		_, _, _ = syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), uintptr(what), uintptr(unsafe.Pointer(&r)), 0, 0, 0)
	}
	if memory > 0 {
		set(syscall.RLIMIT_AS, memory)
	}
	set(syscall.RLIMIT_CPU, uint64(2*limit/time.Second)+1)
	set(syscall.RLIMIT_CORE, 0)
}
