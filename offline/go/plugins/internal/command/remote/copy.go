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
	return base.Create(request, CopyToRemoteOutputs{request.Inputs}, func(outputs *CopyToRemoteOutputs) error {
		return outputs.copy(ctx)
	})
}

// Update copies again. What an earlier path received stays there.
func (CopyToRemote) Update(
	ctx context.Context, request infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteOutputs],
) (infer.UpdateResponse[CopyToRemoteOutputs], error) {
	return base.Update(request, CopyToRemoteOutputs{request.Inputs}, func(outputs *CopyToRemoteOutputs) error {
		return outputs.copy(ctx)
	})
}
