package web

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/store"
)

type backupPage struct {
	Tabs    []tabLine
	Files   []backupFile
	Folder  string
	Can     bool // backups are made here
	Problem string
}

type backupFile struct {
	Name, When, Size string
	at               time.Time
}

// backupList shows the backups beside the data, newest first.
func (s *Server) backupList(w http.ResponseWriter, r *http.Request) error {
	return s.backupDraw(w, r, "", 0)
}

func (s *Server) backupDraw(w http.ResponseWriter, r *http.Request, problem string, status int) error {
	b := backupPage{Tabs: adminTabs(r, "backups"), Folder: s.backupFolder(), Can: s.Backup != nil, Problem: problem}
	files, err := s.backupFiles(r)
	if err != nil {
		return err
	}
	context := t(r, "backup.context_none")
	if len(files) > 0 {
		context = t(r, "backup.context", files[0].When, len(files))
	}
	b.Files = files[:min(len(files), 100)]
	return s.render(w, r, "admin_backups", page{Title: t(r, "backup.title"), Context: context, Active: "admin", Status: status, Body: b})
}

func (s *Server) backupFolder() string {
	if s.DataDir == "" {
		return ""
	}
	return filepath.Join(s.DataDir, "backups")
}

func (s *Server) backupFiles(r *http.Request) ([]backupFile, error) {
	if s.DataDir == "" {
		return nil, nil
	}
	found, err := os.ReadDir(s.backupFolder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &view{Lang: langOf(r)}
	var out []backupFile
	for _, f := range found {
		info, err := f.Info()
		if err != nil || !info.Mode().IsRegular() || !isBackup(f.Name()) {
			continue // removed meanwhile, or none of ours
		}
		out = append(out, backupFile{Name: f.Name(), When: moment(info.ModTime()), Size: v.Tenths(info.Size()*10>>20) + " MB", at: info.ModTime()})
	}
	slices.SortFunc(out, func(a, b backupFile) int { return b.at.Compare(a.at) })
	return out, nil
}

func isBackup(name string) bool {
	return strings.HasSuffix(name, ".backup") && !strings.HasPrefix(name, ".")
}

// backupMake makes one now, while everybody works on.
func (s *Server) backupMake(w http.ResponseWriter, r *http.Request) error {
	if s.Backup == nil {
		return loa.Refuse(loa.Conflict, "", "no_backup")
	}
	path, err := s.Backup(r.Context())
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "backed_up", "backup", "", name); err != nil {
		return err
	}
	return s.done(w, r, "/admin/backups", t(r, "backup.made", name), "")
}

// backupOpen opens a backup by its name, and nothing else of this computer.
func (s *Server) backupOpen(name string) (*os.File, error) {
	if s.DataDir == "" || name != filepath.Base(name) || !isBackup(name) {
		return nil, loa.ErrNotFound
	}
	f, err := os.Open(filepath.Join(s.backupFolder(), name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, loa.ErrNotFound
	}
	return f, err
}

// backupFile hands a backup over, to be kept away from this computer.
func (s *Server) backupFile(w http.ResponseWriter, r *http.Request) error {
	name := r.FormValue("name")
	if name == "" {
		return s.backupList(w, r)
	}
	f, err := s.backupOpen(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "backup", "", name); err != nil {
		return err
	}
	download(w, name, "application/octet-stream")
	http.ServeContent(w, r, name, info.ModTime(), f)
	return nil
}

// backupCheck reads a backup from end to end and says whether it is whole.
func (s *Server) backupCheck(w http.ResponseWriter, r *http.Request) error {
	name := r.FormValue("name")
	f, err := s.backupOpen(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, proofs, err := store.ReadBackup(f)
	if err != nil {
		s.Log.Error("backup cannot be read", "name", name, "error", err)
		return s.backupDraw(w, r, t(r, "error.backup_broken"), http.StatusUnprocessableEntity)
	}
	var rows int64
	for _, p := range proofs {
		rows += p.Rows
	}
	v := &view{Lang: langOf(r)}
	return s.done(w, r, "/admin/backups", t(r, "backup.checked", name, v.N(rows), len(proofs)), "")
}
