// Package local runs commands on the machine the engine runs on.
package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"berth/offline/plugins/internal/command/base"
)

// Command is the resource command:local:Command.
type Command struct{}

// CommandInputs are its inputs.
type CommandInputs struct {
	base.Inputs
	How
}

// CommandOutputs are its outputs.
type CommandOutputs struct {
	CommandInputs
	base.Outputs
	collected
}

// WireDependencies lets unknown and secret inputs pass to the outputs they decide.
func (Command) WireDependencies(f infer.FieldSelector, args *CommandInputs, state *CommandOutputs) {
	base.WireOutputs(f, &args.Inputs, &state.Outputs,
		f.InputField(&args.Interpreter), f.InputField(&args.Dir), f.InputField(&args.Environment))
}

// Create runs the create command.
func (Command) Create(
	ctx context.Context, request infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandOutputs], error) {
	response := infer.CreateResponse[CommandOutputs]{Output: CommandOutputs{CommandInputs: request.Inputs}}
	if request.DryRun {
		return response, nil
	}
	id, err := base.NewID(request.Name)
	if err != nil {
		return response, err
	}
	response.ID = id
	err = response.Output.run(ctx, request.Inputs.Create, nil)
	return response, err
}

// Update runs the update command, or create again where there is none.
func (Command) Update(
	ctx context.Context, request infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	next := CommandOutputs{CommandInputs: request.Inputs, Outputs: request.State.Outputs}
	if request.DryRun {
		return infer.UpdateResponse[CommandOutputs]{Output: next}, nil
	}
	err := next.run(ctx, request.Inputs.OnUpdate(), request.Inputs.PreviousOutput(request.State.Outputs))
	return infer.UpdateResponse[CommandOutputs]{Output: next}, err
}

// Delete runs the delete command.
func (Command) Delete(
	ctx context.Context, request infer.DeleteRequest[CommandOutputs],
) (infer.DeleteResponse, error) {
	state := request.State
	return infer.DeleteResponse{}, state.run(ctx, state.CommandInputs.Delete, state.PreviousOutput(state.Outputs))
}

func (o *CommandOutputs) run(ctx context.Context, command *string, previous map[string]string) error {
	if command == nil {
		return nil
	}
	outputs, err := o.execute(ctx, *command, o.Stdin, previous, o.LoggingOrDefault())
	if err != nil {
		return err
	}
	o.Outputs = outputs
	return nil
}
