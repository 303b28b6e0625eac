package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestABrokenBackupLeavesNothingBehind: half an office is never left where somebody would serve it.
func TestABrokenBackupLeavesNothingBehind(t *testing.T) {
	dir, _ := folder(t)
	file := filepath.Join(t.TempDir(), "all.backup")
	loaRun(t, exitOK, nil, "backup", file, "--data", dir)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(t.TempDir(), "half.backup")
	if err := os.WriteFile(half, whole[:len(whole)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	there := t.TempDir() + "/new"
	if said := loaRun(t, exitUsage, nil, "restore", half, "--data", there); !strings.Contains(said, "Chưa có gì được khôi phục") {
		t.Error(said)
	}
	left, err := os.ReadDir(there)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if said := loaRun(t, exitOK, nil, "restore", file, "--data", there); !strings.Contains(said, "Đã khôi phục") || !strings.Contains(said, "liền mạch") {
		t.Error(said)
	}
	left, err = os.ReadDir(there)
	if err != nil || len(left) != 1 || left[0].Name() != "loa.db" {
		t.Errorf("in the folder: %v %v", left, err)
	}
	if info, err := os.Stat(there + "/loa.db"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the database: %v %v", info.Mode(), err)
	}
	loaRun(t, exitOK, nil, "doctor", "--data", there, "--key", dir+".key")
}
