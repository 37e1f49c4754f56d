package random

import (
	"context"
	"crypto/rand"
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

// RandomUuid is a UUID of version 4.
type RandomUuid struct{}

// Annotate gives it its token.
func (r *RandomUuid) Annotate(a infer.Annotator) { token(a, "randomUuid", "RandomUuid") }

// RandomUuidInputs are the keepers.
type RandomUuidInputs struct{ Kept }

// RandomUuidOutputs is the UUID.
type RandomUuidOutputs struct {
	RandomUuidInputs
	Result string `pulumi:"result"`
}

// Create makes the UUID.
func (RandomUuid) Create(
	_ context.Context, request infer.CreateRequest[RandomUuidInputs],
) (infer.CreateResponse[RandomUuidOutputs], error) {
	output := RandomUuidOutputs{RandomUuidInputs: request.Inputs}
	if request.DryRun {
		return created("", output)
	}
	var value [16]byte
	if _, err := rand.Read(value[:]); err != nil {
		return infer.CreateResponse[RandomUuidOutputs]{}, err
	}
	// The standard's marks for "version 4" and "variant 1".
	value[6] = value[6]&0x0f | 0x40
	value[8] = value[8]&0x3f | 0x80
	output.Result = fmt.Sprintf("%x-%x-%x-%x-%x", value[:4], value[4:6], value[6:8], value[8:10], value[10:])
	return created(output.Result, output)
}
