// Package plugintest drives a provider in tests the way the engine does.
package plugintest

import (
	"encoding/json"
	"testing"

	"github.com/blang/semver"
	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Values are inputs as a test writes them.
type Values = map[string]property.Value

// Plugin is one running provider.
type Plugin struct {
	t        *testing.T
	provider integration.Server
}

// State is what the engine would keep of a resource.
type State struct {
	ID              string
	Inputs, Outputs property.Map
}

// Start makes the plugin, under the name in its tokens.
func Start(t *testing.T, name string, made provider.Provider, err error) *Plugin {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	server, err := integration.NewServer(t.Context(), name, semver.MustParse("1.0.0"), integration.WithProvider(made))
	if err != nil {
		t.Fatal(err)
	}
	return &Plugin{t, server}
}

// URN names a resource of the type.
func URN(token string) resource.URN {
	return resource.URN("urn:pulumi:test::test::" + token + "::thing")
}

// Check returns the inputs as the provider completes them.
func (p *Plugin) Check(token string, inputs Values) property.Map {
	p.t.Helper()
	checked, err := p.provider.Check(provider.CheckRequest{Urn: URN(token), Inputs: property.NewMap(inputs)})
	if err != nil || len(checked.Failures) > 0 {
		p.t.Fatalf("check: %v %v", err, checked.Failures)
	}
	return p.sent(checked.Inputs)
}

// sent is what arrives at the other end of gRPC, where assets get back the form
// that they lose on the way.
func (p *Plugin) sent(values property.Map) property.Map {
	p.t.Helper()
	options := plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true}
	message, err := plugin.MarshalProperties(resource.ToResourcePropertyValue(property.New(values)).ObjectValue(), options)
	if err != nil {
		p.t.Fatal(err)
	}
	arrived, err := plugin.UnmarshalProperties(message, options)
	if err != nil {
		p.t.Fatal(err)
	}
	return resource.FromResourcePropertyValue(resource.NewProperty(arrived)).AsMap()
}

// TryCreate checks and creates.
func (p *Plugin) TryCreate(token string, inputs Values) (State, error) {
	p.t.Helper()
	checked := p.Check(token, inputs)
	made, err := p.provider.Create(provider.CreateRequest{Urn: URN(token), Properties: checked})
	return State{made.ID, checked, p.sent(made.Properties)}, err
}

// Create is TryCreate for a test that expects no failure.
func (p *Plugin) Create(token string, inputs Values) State {
	p.t.Helper()
	state, err := p.TryCreate(token, inputs)
	if err != nil {
		p.t.Fatal(err)
	}
	return state
}

// Preview is what a preview of the creation says.
func (p *Plugin) Preview(token string, inputs Values) property.Map {
	p.t.Helper()
	made, err := p.provider.Create(provider.CreateRequest{Urn: URN(token), Properties: p.Check(token, inputs), DryRun: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return made.Properties
}

// Update changes a resource to new inputs.
func (p *Plugin) Update(token string, old State, inputs Values, dryRun bool) State {
	p.t.Helper()
	checked := p.Check(token, inputs)
	made, err := p.provider.Update(provider.UpdateRequest{
		ID: old.ID, Urn: URN(token), State: old.Outputs, OldInputs: old.Inputs, Inputs: checked, DryRun: dryRun,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return State{old.ID, checked, p.sent(made.Properties)}
}

// Cancel is what the engine calls when a user presses Ctrl-C.
func (p *Plugin) Cancel() {
	p.t.Helper()
	if err := p.provider.Cancel(); err != nil {
		p.t.Fatal(err)
	}
}

// Delete takes a resource away.
func (p *Plugin) Delete(token string, old State) {
	p.t.Helper()
	err := p.provider.Delete(provider.DeleteRequest{ID: old.ID, Urn: URN(token), Properties: old.Outputs, OldInputs: old.Inputs})
	if err != nil {
		p.t.Fatal(err)
	}
}

// Diff tells what new inputs would change.
func (p *Plugin) Diff(token string, old State, inputs Values) provider.DiffResponse {
	p.t.Helper()
	response, err := p.provider.Diff(provider.DiffRequest{
		ID: old.ID, Urn: URN(token), State: old.Outputs, OldInputs: old.Inputs, Inputs: p.Check(token, inputs),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return response
}

// Invoke calls a function.
func (p *Plugin) Invoke(token string, arguments Values) property.Map {
	p.t.Helper()
	response, err := p.provider.Invoke(provider.InvokeRequest{Token: URN(token).Type(), Args: property.NewMap(arguments)})
	if err != nil || len(response.Failures) > 0 {
		p.t.Fatalf("invoke: %v %v", err, response.Failures)
	}
	return response.Return
}

// Schema is the provider's description of itself.
func (p *Plugin) Schema() schema.PackageSpec {
	p.t.Helper()
	response, err := p.provider.GetSchema(provider.GetSchemaRequest{})
	if err != nil {
		p.t.Fatal(err)
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(response.Schema), &spec); err != nil {
		p.t.Fatal(err)
	}
	return spec
}
