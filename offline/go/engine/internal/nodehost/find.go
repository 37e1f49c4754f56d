package nodehost

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// findUp looks for a path below a directory or any of its parents.
func findUp(directory, name string) (string, error) {
	for {
		candidate := filepath.Join(directory, name)
		if _, err := os.Stat(candidate); err == nil {
			return candidate, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return "", fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		}
		directory = parent
	}
}

// findNode prefers the project's own Node (the npm package "node") to that of
// the machine, which is often older than the SDK needs.
func findNode(directory string) (string, error) {
	if node, err := findUp(directory, "node_modules/.bin/node"); err == nil {
		return node, nil
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("no node found, neither in node_modules/.bin nor on PATH: run npm install")
	}
	return node, nil
}
