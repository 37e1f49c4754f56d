package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"berth/offline/plugins/internal/command/base"
	"berth/offline/plugins/internal/command/output"
)

// Run is the function command:local:run: it runs at every preview and update.
type Run struct{}

// RunInputs are its arguments.
type RunInputs struct {
	How
	Command                string          `pulumi:"command"`
	Stdin                  *string         `pulumi:"stdin,optional"`
	Logging                *output.Logging `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool           `pulumi:"addPreviousOutputInEnv,optional"`
}

// RunOutputs are its results.
type RunOutputs struct {
	RunInputs
	base.Outputs
	collected
}

// Invoke runs the command.
func (Run) Invoke(
	ctx context.Context, request infer.FunctionRequest[RunInputs],
) (infer.FunctionResponse[RunOutputs], error) {
	input := request.Input
	logging := output.StdoutAndStderr
	if input.Logging != nil {
		logging = *input.Logging
	}
	outputs, err := input.execute(ctx, input.Command, input.Stdin, nil, logging)
	return infer.FunctionResponse[RunOutputs]{Output: RunOutputs{RunInputs: input, Outputs: outputs}}, err
}
