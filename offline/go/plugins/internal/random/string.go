package random

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomString is a string that is no secret.
type RandomString struct{}

// Annotate gives it its token.
func (r *RandomString) Annotate(a infer.Annotator) { token(a, "randomString", "RandomString") }

// RandomStringOutputs is the string.
type RandomStringOutputs struct {
	Characters
	Result string `pulumi:"result"`
}

// Create makes the string.
func (RandomString) Create(
	_ context.Context, request infer.CreateRequest[Characters],
) (infer.CreateResponse[RandomStringOutputs], error) {
	output := RandomStringOutputs{Characters: request.Inputs.complete()}
	if request.DryRun {
		return created("", output)
	}
	result, err := request.Inputs.generate()
	if err != nil {
		return infer.CreateResponse[RandomStringOutputs]{}, err
	}
	output.Result = result
	return created(result, output)
}
