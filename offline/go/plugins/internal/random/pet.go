package random

import (
	"context"
	"strings"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// RandomPet is a name that people can remember and say.
type RandomPet struct{}

// Annotate gives it its token.
func (r *RandomPet) Annotate(a infer.Annotator) { token(a, "randomPet", "RandomPet") }

// RandomPetInputs say how many words and what stands between them.
type RandomPetInputs struct {
	Kept
	Length    *int    `pulumi:"length,optional"`
	Prefix    *string `pulumi:"prefix,optional"`
	Separator *string `pulumi:"separator,optional"`
}

// completePet adds the defaults to properties.
func completePet(properties property.Map) property.Map {
	return withDefault(withDefault(properties, "length", property.New(2.0)), "separator", property.New("-"))
}

// RandomPetOutputs are the inputs: the name is the resource's id.
type RandomPetOutputs struct{ RandomPetInputs }

var (
	adverbs    = strings.Fields("boldly calmly duly early easily evenly firmly freely gladly kindly lightly mainly neatly openly plainly quietly rarely safely surely warmly")
	adjectives = strings.Fields("able bold brave bright calm clever eager fair fast gentle glad grand happy keen kind light lively lucky merry mighty neat noble polite proud quick quiet ready sharp steady sunny swift tidy vast warm wise witty")
	animals    = strings.Fields("ant badger bat bear bee beaver bison bobcat buck crab crane crow deer dove duck eagle eel elk falcon finch fox frog gecko goose hare hawk heron ibex jay koala lark lynx mole moose moth newt otter owl panda puma quail raven robin seal shark shrew sloth snail stork swan tapir tiger toad trout turtle viper whale wolf wren yak zebra")
)

// Create makes the name: adverbs, an adjective, an animal.
func (RandomPet) Create(
	_ context.Context, request infer.CreateRequest[RandomPetInputs],
) (infer.CreateResponse[RandomPetOutputs], error) {
	output := RandomPetOutputs{request.Inputs}
	output.Length = pointer(or(output.Length, 2))
	output.Separator = pointer(or(output.Separator, "-"))
	if request.DryRun {
		return created("", output)
	}
	length := *output.Length
	if length < 1 {
		return infer.CreateResponse[RandomPetOutputs]{}, errTooShort
	}
	words := []string{animals[below(len(animals))]}
	if length > 1 {
		words = append([]string{adjectives[below(len(adjectives))]}, words...)
	}
	for len(words) < length {
		words = append([]string{adverbs[below(len(adverbs))]}, words...)
	}
	if prefix := or(request.Inputs.Prefix, ""); prefix != "" {
		words = append([]string{prefix}, words...)
	}
	return created(strings.Join(words, *output.Separator), output)
}
