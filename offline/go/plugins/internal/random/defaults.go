package random

import (
	"context"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// completions add the defaults to the properties of the resources that have any.
var completions = map[tokens.Type]func(property.Map) property.Map{
	"random:index/randomPassword:RandomPassword": completeCharacters,
	"random:index/randomString:RandomString":     completeCharacters,
	"random:index/randomPet:RandomPet":           completePet,
}

type diff = func(context.Context, provider.DiffRequest) (provider.DiffResponse, error)

// regardlessOfDefaults compares complete properties. Plugins differ in what they write to the state: the official
// one writes the inputs of the program, earlier versions of this one added the defaults. None of it is a change, and
// each would replace a secret.
func regardlessOfDefaults(inner diff) diff {
	return func(ctx context.Context, request provider.DiffRequest) (provider.DiffResponse, error) {
		if complete, has := completions[request.Urn.Type()]; has {
			request.State = complete(request.State)
			request.OldInputs = complete(request.OldInputs)
			request.Inputs = complete(request.Inputs)
		}
		return inner(ctx, request)
	}
}

func withDefault(properties property.Map, name string, fallback property.Value) property.Map {
	if properties.Get(name).IsNull() {
		return properties.Set(name, fallback)
	}
	return properties
}
