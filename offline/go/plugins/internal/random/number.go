package random

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-go-provider/infer"
)

var (
	errTooShort = errors.New("length must be at least 1")
	// errSeed: upstream's seeds promise nothing about their results, and nobody should use them for secrets.
	errSeed = errors.New("seed needs Pulumi's official random plugin; this one, built from source, has none")
)

// RandomInteger is a number within bounds.
type RandomInteger struct{}

// Annotate gives it its token.
func (r *RandomInteger) Annotate(a infer.Annotator) { token(a, "randomInteger", "RandomInteger") }

// RandomIntegerInputs are the bounds, both included.
type RandomIntegerInputs struct {
	Kept
	Min  int     `pulumi:"min"`
	Max  int     `pulumi:"max"`
	Seed *string `pulumi:"seed,optional"`
}

// RandomIntegerOutputs is the number.
type RandomIntegerOutputs struct {
	RandomIntegerInputs
	Result int `pulumi:"result"`
}

// Create makes the number.
func (RandomInteger) Create(
	_ context.Context, request infer.CreateRequest[RandomIntegerInputs],
) (infer.CreateResponse[RandomIntegerOutputs], error) {
	inputs := request.Inputs
	output := RandomIntegerOutputs{RandomIntegerInputs: inputs}
	switch {
	case request.DryRun:
		return created("", output)
	case inputs.Seed != nil:
		return infer.CreateResponse[RandomIntegerOutputs]{}, errSeed
	case inputs.Max < inputs.Min:
		return infer.CreateResponse[RandomIntegerOutputs]{}, fmt.Errorf("max %d is below min %d", inputs.Max, inputs.Min)
	}
	output.Result = inputs.Min + below(inputs.Max-inputs.Min+1)
	return created(strconv.Itoa(output.Result), output)
}
