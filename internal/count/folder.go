package count

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Folder is a Cache in a folder, which is made when it is first written to.
type Folder string

// Open opens a file of the folder.
func (f Folder) Open(name string) (File, error) {
	file, err := os.Open(filepath.Join(string(f), name+".parquet"))
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, joinClose(err, file)
	}
	return folderFile{file, info.Size()}, nil
}

type folderFile struct {
	*os.File
	size int64
}

func (f folderFile) Size() int64 { return f.size }

// Create writes beside the file and renames: a file with the name is whole.
func (f Folder) Create(name string, write func(io.Writer) error) error {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(string(f), "building-*")
	if err != nil {
		return err
	}
	err = write(temp)
	if err == nil {
		err = temp.Sync()
	}
	err = joinClose(err, temp)
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(string(f), name+".parquet"))
	}
	if err != nil {
		return fmt.Errorf("cache %s: %w", f, errors.Join(err, os.Remove(temp.Name())))
	}
	return nil
}
