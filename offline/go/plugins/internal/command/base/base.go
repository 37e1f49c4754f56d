// Package base holds what local and remote commands have in common.
package base

import (
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"berth/offline/plugins/internal/command/output"
)

// Inputs are the properties every command has. They have no defaults, as in the official schema: a default would be
// a change of every command when a stack moves between the plugins.
type Inputs struct {
	Triggers               *[]any          `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Create                 *string         `pulumi:"create,optional"`
	Update                 *string         `pulumi:"update,optional"`
	Delete                 *string         `pulumi:"delete,optional"`
	Stdin                  *string         `pulumi:"stdin,optional"`
	Logging                *output.Logging `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool           `pulumi:"addPreviousOutputInEnv,optional"`
}

// Outputs are what every command leaves behind.
type Outputs struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// OnUpdate is the command to run when inputs changed.
func (i *Inputs) OnUpdate() *string {
	if i.Update != nil {
		return i.Update
	}
	return i.Create
}

// PreviousOutput is what a run learns of the run before it.
func (i *Inputs) PreviousOutput(previous Outputs) map[string]string {
	if i.AddPreviousOutputInEnv != nil && !*i.AddPreviousOutputInEnv {
		return nil
	}
	return map[string]string{
		"PULUMI_COMMAND_STDOUT": previous.Stdout,
		"PULUMI_COMMAND_STDERR": previous.Stderr,
	}
}

// LoggingOrDefault is the kind of output to show as it comes.
func (i *Inputs) LoggingOrDefault() output.Logging {
	if i.Logging == nil {
		return output.StdoutAndStderr
	}
	return *i.Logging
}

// WireOutputs says which inputs decide what a command prints: a change of them
// makes the output unknown in a preview, a secret among them makes it secret.
func WireOutputs(f infer.FieldSelector, inputs *Inputs, outputs *Outputs, more ...infer.InputField) {
	decisive := append([]infer.InputField{
		f.InputField(&inputs.Create),
		f.InputField(&inputs.Update),
		f.InputField(&inputs.Stdin),
		f.InputField(&inputs.AddPreviousOutputInEnv),
		f.InputField(&inputs.Triggers).Computed(),
	}, more...)
	f.OutputField(&outputs.Stdout).DependsOn(decisive...)
	f.OutputField(&outputs.Stderr).DependsOn(decisive...)
}

// Create runs what creates a resource, except in a preview. The resource's identifier begins with its name.
func Create[I, O any](
	request infer.CreateRequest[I], outputs O, run func(outputs *O) error,
) (infer.CreateResponse[O], error) {
	response := infer.CreateResponse[O]{Output: outputs}
	if request.DryRun {
		return response, nil
	}
	id, err := resource.NewUniqueHex(request.Name, 8, 0)
	if err != nil {
		return response, err
	}
	response.ID = id
	err = run(&response.Output)
	return response, err
}

// Update runs what updates a resource, except in a preview.
func Update[I, O any](
	request infer.UpdateRequest[I, O], outputs O, run func(outputs *O) error,
) (infer.UpdateResponse[O], error) {
	response := infer.UpdateResponse[O]{Output: outputs}
	if request.DryRun {
		return response, nil
	}
	err := run(&response.Output)
	return response, err
}
