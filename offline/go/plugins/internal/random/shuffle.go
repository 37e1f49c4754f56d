package random

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomShuffle puts a list into another order.
type RandomShuffle struct{}

// Annotate gives it its token.
func (r *RandomShuffle) Annotate(a infer.Annotator) { token(a, "randomShuffle", "RandomShuffle") }

// RandomShuffleInputs are the list and how many of it to return.
type RandomShuffleInputs struct {
	Kept
	Inputs      []string `pulumi:"inputs"`
	ResultCount *int     `pulumi:"resultCount,optional"`
	Seed        *string  `pulumi:"seed,optional"`
}

// RandomShuffleOutputs is the new list.
type RandomShuffleOutputs struct {
	RandomShuffleInputs
	Results []string `pulumi:"results"`
}

// Create makes the new list. One longer than the old has every member before any repeats.
func (RandomShuffle) Create(
	_ context.Context, request infer.CreateRequest[RandomShuffleInputs],
) (infer.CreateResponse[RandomShuffleOutputs], error) {
	inputs := request.Inputs
	output := RandomShuffleOutputs{RandomShuffleInputs: inputs, Results: []string{}}
	switch {
	case request.DryRun:
		return created("", output)
	case inputs.Seed != nil:
		return infer.CreateResponse[RandomShuffleOutputs]{}, errSeed
	}
	count := or(inputs.ResultCount, len(inputs.Inputs))
	for len(output.Results) < count && len(inputs.Inputs) > 0 {
		round := append([]string{}, inputs.Inputs...)
		shuffle(round)
		output.Results = append(output.Results, round[:min(len(round), count-len(output.Results))]...)
	}
	return created("-", output)
}
