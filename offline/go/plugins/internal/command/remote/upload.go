package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

func (i *CopyToRemoteInputs) copy(ctx context.Context) error {
	if err := i.check(); err != nil {
		return err
	}
	server, err := i.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	session, err := sftp.NewClient(server.Client)
	if err != nil {
		return fmt.Errorf("SFTP: %w", err)
	}
	defer func() { _ = session.Close() }()
	return uploader{session}.source(i)
}

func (i *CopyToRemoteInputs) check() error {
	switch asset, archive := i.Source.Asset, i.Source.Archive; {
	case asset != nil && (asset.IsPath() || asset.IsText()), archive != nil && archive.IsPath():
		return nil
	default:
		return errors.New("source must be a FileAsset, a StringAsset or a FileArchive")
	}
}

type uploader struct{ *sftp.Client }

func (u uploader) source(i *CopyToRemoteInputs) error {
	if i.Source.Asset != nil && i.Source.Asset.IsText() {
		return u.write(strings.NewReader(i.Source.Asset.Text), i.RemotePath)
	}
	local := ""
	if i.Source.Asset != nil {
		local = i.Source.Asset.Path
	} else {
		local = i.Source.Archive.Path
	}
	info, err := os.Stat(local)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return u.directory(local, i.RemotePath)
	}
	target := i.RemotePath
	if u.isDirectory(target) {
		target = path.Join(target, filepath.Base(local))
	}
	return u.file(local, target)
}

// directory copies a tree: into the target when that exists (under the source's
// name, unless the source ends with a slash), and as the target when not.
func (u uploader) directory(local, target string) error {
	if u.isDirectory(target) && !strings.HasSuffix(local, string(filepath.Separator)) {
		target = path.Join(target, filepath.Base(local))
	}
	return filepath.WalkDir(local, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(local, name)
		if err != nil {
			return err
		}
		remote := path.Join(target, filepath.ToSlash(relative))
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		if info.IsDir() {
			return u.makeDirectory(remote)
		}
		return u.file(name, remote)
	})
}

func (u uploader) isDirectory(name string) bool {
	info, err := u.Stat(name)
	return err == nil && info.IsDir()
}

func (u uploader) makeDirectory(name string) error {
	if err := u.MkdirAll(name); err != nil {
		return fmt.Errorf("making the directory %s: %w", name, err)
	}
	return nil
}

func (u uploader) file(local, target string) error {
	content, err := os.Open(local)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	return u.write(content, target)
}

func (u uploader) write(content io.Reader, target string) (err error) {
	if err := u.makeDirectory(path.Dir(target)); err != nil {
		return err
	}
	file, err := u.Create(target)
	if err != nil {
		return fmt.Errorf("creating %s: %w", target, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.ReadFrom(content); err != nil {
		return fmt.Errorf("writing %s: %w", target, err)
	}
	return nil
}
