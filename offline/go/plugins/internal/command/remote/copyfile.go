package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"berth/offline/plugins/internal/command/base"
)

// CopyFile is the deprecated resource command:remote:CopyFile. It has no update: every change replaces it.
type CopyFile struct{}

// Annotate deprecates it, as upstream does.
func (c *CopyFile) Annotate(a infer.Annotator) { a.Deprecate(&c, "Use CopyToRemote.") }

// CopyFileInputs are its inputs.
type CopyFileInputs struct {
	Connection *Connection `pulumi:"connection" provider:"secret"`
	Triggers   *[]any      `pulumi:"triggers,optional"`
	LocalPath  string      `pulumi:"localPath"`
	RemotePath string      `pulumi:"remotePath"`
}

// CopyFileOutputs are its outputs.
type CopyFileOutputs struct{ CopyFileInputs }

// WireDependencies: every output is an input of the same name.
func (CopyFile) WireDependencies(infer.FieldSelector, *CopyFileInputs, *CopyFileOutputs) {}

// Create copies the file to the server.
func (CopyFile) Create(
	ctx context.Context, request infer.CreateRequest[CopyFileInputs],
) (infer.CreateResponse[CopyFileOutputs], error) {
	return base.Create(request, CopyFileOutputs{request.Inputs}, func(outputs *CopyFileOutputs) error {
		source, err := resource.NewPathAsset(outputs.LocalPath)
		if err != nil {
			return err
		}
		copied := CopyToRemoteInputs{
			Connection: outputs.Connection, RemotePath: outputs.RemotePath, Source: types.AssetOrArchive{Asset: source},
		}
		return copied.copy(ctx)
	})
}
