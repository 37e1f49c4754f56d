// Package command is a plugin with the resources of the npm package @pulumi/command.
package command

import (
	"context"
	"strings"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"berth/offline/plugins/internal/command/local"
	"berth/offline/plugins/internal/command/remote"
)

// Name is the package's name in tokens and in the name of the plugin.
const Name = "command"

// Provider makes the plugin.
func Provider() (provider.Provider, error) {
	made, err := infer.NewProviderBuilder().
		WithDisplayName("Command").
		WithDescription("Commands and copies, on this machine and over SSH").
		WithResources(
			infer.Resource(local.Command{}),
			infer.Resource(remote.Command{}),
			infer.Resource(remote.CopyToRemote{}),
			infer.Resource(&remote.CopyFile{}),
		).
		WithFunctions(infer.Function(local.Run{})).
		Build()
	if err != nil {
		return provider.Provider{}, err
	}
	made.Diff = replaceOnTriggers(made.Diff)
	made.Update = unknownUntilRun(made.Update)
	return made, nil
}

type diff = func(context.Context, provider.DiffRequest) (provider.DiffResponse, error)

// replaceOnTriggers makes a change of a single trigger replace the resource:
// the schema's mark covers the list as a whole only.
func replaceOnTriggers(inner diff) diff {
	return func(ctx context.Context, request provider.DiffRequest) (provider.DiffResponse, error) {
		response, err := inner(ctx, request)
		for property, change := range response.DetailedDiff {
			if strings.HasPrefix(property, "triggers") {
				change.Kind = replacing(change.Kind)
				response.DetailedDiff[property] = change
			}
		}
		return response, err
	}
}

func replacing(kind provider.DiffKind) provider.DiffKind {
	switch kind {
	case provider.Add:
		return provider.AddReplace
	case provider.Delete:
		return provider.DeleteReplace
	case provider.Update:
		return provider.UpdateReplace
	default:
		return kind
	}
}

type update = func(context.Context, provider.UpdateRequest) (provider.UpdateResponse, error)

// unknownUntilRun makes the output unknown in the preview of an update: whatever
// changed, the command will run again.
func unknownUntilRun(inner update) update {
	return func(ctx context.Context, request provider.UpdateRequest) (provider.UpdateResponse, error) {
		response, err := inner(ctx, request)
		runs := !request.Inputs.Get("update").IsNull() || !request.Inputs.Get("create").IsNull()
		if err != nil || !request.DryRun || !runs {
			return response, err
		}
		for _, name := range []string{"stdout", "stderr"} {
			if value, prints := response.Properties.GetOk(name); prints {
				unknown := property.WithGoValue(value, property.Computed)
				response.Properties = response.Properties.Set(name, unknown)
			}
		}
		return response, nil
	}
}
