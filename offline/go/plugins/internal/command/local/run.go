package local

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"berth/offline/plugins/internal/command/base"
	"berth/offline/plugins/internal/command/output"
)

// How says how to run a command on this machine.
type How struct {
	Interpreter  *[]string          `pulumi:"interpreter,optional"`
	Dir          *string            `pulumi:"dir,optional"`
	Environment  *map[string]string `pulumi:"environment,optional"`
	AssetPaths   *[]string          `pulumi:"assetPaths,optional"`
	ArchivePaths *[]string          `pulumi:"archivePaths,optional"`
}

// errNoAssets names the one thing the official plugin has and this one lacks.
var errNoAssets = errors.New(
	"assetPaths and archivePaths need Pulumi's official command plugin; this one, built from source, does not collect files")

// collected would be the files; it is here so that the types are complete.
type collected struct {
	Assets  *map[string]types.AssetOrArchive `pulumi:"assets,optional"`
	Archive *types.AssetOrArchive            `pulumi:"archive,optional"`
}

func (h *How) interpreter() []string {
	if h.Interpreter != nil && len(*h.Interpreter) > 0 {
		return *h.Interpreter
	}
	if runtime.GOOS == "windows" {
		return []string{"cmd", "/C"}
	}
	return []string{"/bin/sh", "-c"}
}

func (h *How) environment(previous map[string]string) []string {
	environment := os.Environ()
	if h.Environment != nil {
		for name, value := range *h.Environment {
			environment = append(environment, name+"="+value)
		}
	}
	for name, value := range previous {
		environment = append(environment, name+"="+value)
	}
	return environment
}

// execute runs one command to its end. Like the official plugin, it kills only its own child when it is cancelled, and
// then waits until no process holds the output open.
func (h *How) execute(
	ctx context.Context, command string, stdin *string, previous map[string]string, logging output.Logging,
) (base.Outputs, error) {
	if h.AssetPaths != nil || h.ArchivePaths != nil {
		return base.Outputs{}, errNoAssets
	}
	arguments := append(append([]string{}, h.interpreter()...), command)
	process := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	process.Env = h.environment(previous)
	if h.Dir != nil {
		process.Dir = *h.Dir
	}
	if stdin != nil {
		process.Stdin = strings.NewReader(*stdin)
	}
	collector := output.NewCollector(logging, provider.GetLogger(ctx).InfoStatus)
	process.Stdout, process.Stderr = collector.Stdout(), collector.Stderr()

	err := process.Run()
	stdout, stderr := collector.Finish()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	} else if tooLong := collector.Err(); tooLong != nil {
		err = tooLong
	}
	if err != nil {
		return base.Outputs{}, collector.Failure(err, command)
	}
	return base.Outputs{Stdout: stdout, Stderr: stderr}, nil
}
