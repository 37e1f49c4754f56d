// Package random is a plugin with the resources of the npm package @pulumi/random.
package random

import (
	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Name is the package's name in tokens and in the name of the plugin.
const Name = "random"

// Provider makes the plugin. No resource has an update: a change of any input
// makes a new value, keepers included, which is what they are for.
func Provider() (provider.Provider, error) {
	made, err := infer.NewProviderBuilder().
		WithDisplayName("Random").
		WithDescription("Random values that stay the same from one update to the next").
		WithResources(
			infer.Resource(RandomBytes{}),
			infer.Resource(RandomId{}),
			infer.Resource(RandomInteger{}),
			infer.Resource(RandomPassword{}),
			infer.Resource(RandomPet{}),
			infer.Resource(RandomShuffle{}),
			infer.Resource(RandomString{}),
			infer.Resource(RandomUuid{}),
			infer.Resource(RandomUuid4{}),
			infer.Resource(RandomUuid7{}),
		).
		Build()
	if err != nil {
		return provider.Provider{}, err
	}
	made.Diff = regardlessOfDefaults(made.Diff)
	return made, nil
}

// Kept has the keepers: values that, when they change, call for a new random value.
type Kept struct {
	Keepers *map[string]string `pulumi:"keepers,optional"`
}

// token gives a resource its own module, as in the npm package.
func token(a infer.Annotator, module tokens.ModuleName, name tokens.TypeName) {
	a.SetToken("index/"+module, name)
}

func created[O any](id string, output O) (infer.CreateResponse[O], error) {
	return infer.CreateResponse[O]{ID: id, Output: output}, nil
}
