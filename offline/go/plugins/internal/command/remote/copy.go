package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"berth/offline/plugins/internal/command/base"
)

// CopyToRemote is the resource command:remote:CopyToRemote.
type CopyToRemote struct{}

// CopyToRemoteInputs are its inputs.
type CopyToRemoteInputs struct {
	Connection *Connection          `pulumi:"connection" provider:"secret"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
}

// CopyToRemoteOutputs are its outputs.
type CopyToRemoteOutputs struct {
	CopyToRemoteInputs
}

// WireDependencies: every output is an input of the same name.
func (CopyToRemote) WireDependencies(infer.FieldSelector, *CopyToRemoteInputs, *CopyToRemoteOutputs) {
}

// Create copies the source to the server.
func (CopyToRemote) Create(
	ctx context.Context, request infer.CreateRequest[CopyToRemoteInputs],
) (infer.CreateResponse[CopyToRemoteOutputs], error) {
	response := infer.CreateResponse[CopyToRemoteOutputs]{
		Output: CopyToRemoteOutputs{CopyToRemoteInputs: request.Inputs},
	}
	if request.DryRun {
		return response, nil
	}
	id, err := base.NewID(request.Name)
	if err != nil {
		return response, err
	}
	response.ID = id
	return response, request.Inputs.copy(ctx)
}

// Update copies again. What an earlier path received stays there.
func (CopyToRemote) Update(
	ctx context.Context, request infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteOutputs],
) (infer.UpdateResponse[CopyToRemoteOutputs], error) {
	response := infer.UpdateResponse[CopyToRemoteOutputs]{
		Output: CopyToRemoteOutputs{CopyToRemoteInputs: request.Inputs},
	}
	if request.DryRun {
		return response, nil
	}
	return response, request.Inputs.copy(ctx)
}
