package nodehost

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"berth/offline/children"
)

// InstallDependencies installs the program's packages, showing how it goes.
func (h *Host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	settings, err := readOptions(request.GetInfo().GetOptions())
	if err != nil {
		return err
	}
	command := exec.CommandContext(stream.Context(), settings.packageManager, "install")
	children.Bind(command)
	command.Dir = request.GetInfo().GetProgramDirectory()
	command.Stdout = streamWriter(func(text []byte) error {
		return stream.Send(&pulumirpc.InstallDependenciesResponse{Stdout: text})
	})
	// One writer for both: a gRPC stream must not be written to from two sides.
	command.Stderr = command.Stdout
	return command.Run()
}

type streamWriter func([]byte) error

func (send streamWriter) Write(text []byte) (int, error) {
	return len(text), send(slices.Clone(text))
}

// GetProgramDependencies lists what package.json asks for, with the installed versions.
func (h *Host) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	directory := request.GetInfo().GetProgramDirectory()
	manifest, err := findUp(directory, "package.json")
	if err != nil {
		return nil, err
	}
	var wanted struct{ Dependencies, DevDependencies map[string]string }
	if err := readJSON(manifest, &wanted); err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, group := range []map[string]string{wanted.Dependencies, wanted.DevDependencies} {
		for name, version := range group {
			response.Dependencies = append(response.Dependencies,
				&pulumirpc.DependencyInfo{Name: name, Version: installedVersion(directory, name, version)})
		}
	}
	slices.SortFunc(response.Dependencies, func(a, b *pulumirpc.DependencyInfo) int {
		return strings.Compare(a.GetName(), b.GetName())
	})
	return response, nil
}

func installedVersion(directory, name, wanted string) string {
	var installed struct{ Version string }
	manifest, err := findUp(directory, "node_modules/"+name+"/package.json")
	if err != nil || readJSON(manifest, &installed) != nil {
		return wanted
	}
	return installed.Version
}

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}

// About tells which Node runs the program.
func (h *Host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := findNode(request.GetInfo().GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	version, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(version))}, nil
}
