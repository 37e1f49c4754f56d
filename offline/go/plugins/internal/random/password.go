package random

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/bcrypt"
)

// RandomPassword is a secret string.
type RandomPassword struct{}

// Annotate gives it its token.
func (r *RandomPassword) Annotate(a infer.Annotator) { token(a, "randomPassword", "RandomPassword") }

// RandomPasswordOutputs are the password and a hash of it.
type RandomPasswordOutputs struct {
	Characters
	Result     string `pulumi:"result" provider:"secret"`
	BcryptHash string `pulumi:"bcryptHash" provider:"secret"`
}

// WireDependencies makes the outputs secret, whatever the inputs are.
func (RandomPassword) WireDependencies(f infer.FieldSelector, _ *Characters, state *RandomPasswordOutputs) {
	f.OutputField(&state.Result).AlwaysSecret()
	f.OutputField(&state.BcryptHash).AlwaysSecret()
}

// Create makes the password.
func (RandomPassword) Create(
	_ context.Context, request infer.CreateRequest[Characters],
) (infer.CreateResponse[RandomPasswordOutputs], error) {
	output := RandomPasswordOutputs{Characters: request.Inputs.complete()}
	if request.DryRun {
		return created("", output)
	}
	result, err := request.Inputs.generate()
	if err != nil {
		return infer.CreateResponse[RandomPasswordOutputs]{}, err
	}
	// bcrypt reads no further than this.
	hash, err := bcrypt.GenerateFromPassword([]byte(result[:min(len(result), 72)]), bcrypt.DefaultCost)
	if err != nil {
		return infer.CreateResponse[RandomPasswordOutputs]{}, err
	}
	output.Result, output.BcryptHash = result, string(hash)
	return created("none", output)
}
