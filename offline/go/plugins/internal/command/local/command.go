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
	return base.Create(request, CommandOutputs{CommandInputs: request.Inputs}, func(outputs *CommandOutputs) error {
		return outputs.run(ctx, request.Inputs.Create, nil)
	})
}

// Update runs the update command, or create again where there is none.
func (Command) Update(
	ctx context.Context, request infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	previous := request.State.Outputs
	next := CommandOutputs{CommandInputs: request.Inputs, Outputs: previous}
	return base.Update(request, next, func(outputs *CommandOutputs) error {
		return outputs.run(ctx, request.Inputs.OnUpdate(), request.Inputs.PreviousOutput(previous))
	})
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
