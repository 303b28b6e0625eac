package store

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	pooledPages = 16_000     // what the writer keeps, and a page of a reader now and then
	pooledBytes = 4096 + 384 // a page and what SQLite notes about it
)

// poolPages gives SQLite one piece of memory for its pages. Without it every page is asked for and given back one by one, and each
// giving back interrupts all cores: letting a full cache go takes longer than filling it. It can only be said before a process opens
// its first database, and whoever reads for a moment, as a report on the command line, is quicker without.
var poolPages = sync.OnceFunc(func() {
	tls := libc.NewTLS()
	defer tls.Close()
	pool := libc.Xmalloc(tls, pooledPages*pooledBytes) // for as long as the process runs
	if pool == 0 {
		return
	}
	args := libc.NewVaList(pool, int32(pooledBytes), int32(pooledPages))
	defer libc.Xfree(tls, args)
	if sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_PAGECACHE, args) != sqlite3.SQLITE_OK {
		libc.Xfree(tls, pool) // too late: slower, and just as right
	}
})
