package nodehost

import (
	"context"
	"fmt"
	"os/exec"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"berth/offline/children"
)

// runner is a program of the SDK that loads and runs a Pulumi program or a policy pack, and what Pulumi.yaml says of it.
type runner struct {
	options

	node, script string
}

// findRunner finds Node and a program of the SDK, e.g. "run", for a Pulumi program or a policy pack.
func findRunner(info *pulumirpc.ProgramInfo, name string) (runner, error) {
	directory := info.GetProgramDirectory()
	settings, err := readOptions(info.GetOptions())
	if err != nil {
		return runner{}, err
	}
	node, err := findNode(directory)
	if err != nil {
		return runner{}, err
	}
	script, err := findUp(directory, "node_modules/@pulumi/pulumi/cmd/"+name+"/index.js")
	if err != nil {
		return runner{}, fmt.Errorf("the Pulumi SDK is not installed in %s or above it: run npm install", directory)
	}
	return runner{options: settings, node: node, script: script}, nil
}

// command ends with this process.
func (r runner) command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, r.node, slices.Concat(r.nodeArgs, []string{r.script}, arguments)...)
	children.Bind(command)
	return command
}
