package dockerprovider

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Schema describes the package to the engine: enough to check the types of a
// program's inputs. The bridge's own generator, made for whole SDKs with their
// documentation, takes far longer than a plugin may take to start.
func Schema(info tfbridge.ProviderInfo) schema.PackageSpec {
	spec := schema.PackageSpec{
		Name:        Name,
		Version:     info.Version,
		Description: info.Description,
		Meta:        &schema.MetadataSpec{ModuleFormat: "(.*)(?:/[^/]*)"},
		Types:       map[string]schema.ComplexTypeSpec{},
		Resources:   map[string]schema.ResourceSpec{},
		Functions:   map[string]schema.FunctionSpec{},
	}
	d := describer{types: spec.Types}
	config := d.object("Provider", info.P.Schema(), info.Config, whatever)
	spec.Config = schema.ConfigSpec{Variables: config.Properties}
	spec.Provider = schema.ResourceSpec{InputProperties: config.Properties}
	for name, resource := range info.Resources {
		spec.Resources[string(resource.Tok)] = d.resource(resource, info.P.ResourcesMap().Get(name).Schema())
	}
	for name, function := range info.DataSources {
		spec.Functions[string(function.Tok)] = d.function(function, info.P.DataSourcesMap().Get(name).Schema())
	}
	return spec
}

// describer translates schemas, collecting nested types as it goes.
type describer struct {
	types map[string]schema.ComplexTypeSpec
}

func whatever(shim.Schema) bool { return true }

// settable tells what a program may set from what it may only read.
func settable(s shim.Schema) bool { return s.Optional() || s.Required() }

func (d describer) resource(info *tfbridge.ResourceInfo, properties shim.SchemaMap) schema.ResourceSpec {
	name := string(info.Tok.Name())
	inputs := d.object(name, properties, info.Fields, settable)
	return schema.ResourceSpec{
		ObjectTypeSpec:  d.object(name, properties, info.Fields, whatever),
		InputProperties: inputs.Properties,
		RequiredInputs:  inputs.Required,
	}
}

func (d describer) function(info *tfbridge.DataSourceInfo, properties shim.SchemaMap) schema.FunctionSpec {
	name := string(info.Tok.Name())
	inputs := d.object(name, properties, info.Fields, settable)
	outputs := d.object(name, properties, info.Fields, whatever)
	return schema.FunctionSpec{Inputs: &inputs, Outputs: &outputs}
}

func (d describer) object(
	owner string, properties shim.SchemaMap, infos map[string]*tfbridge.SchemaInfo, include func(shim.Schema) bool,
) schema.ObjectTypeSpec {
	object := schema.ObjectTypeSpec{Type: "object", Properties: map[string]schema.PropertySpec{}}
	properties.Range(func(key string, property shim.Schema) bool {
		if !include(property) {
			return true
		}
		info := infos[key]
		name := tfbridge.TerraformToPulumiNameV2(key, properties, infos)
		object.Properties[name] = schema.PropertySpec{
			TypeSpec: d.property(owner+strings.ToUpper(name[:1])+name[1:], property, info),
			Secret:   property.Sensitive(),
		}
		autoNamed := info != nil && info.HasDefault()
		if property.Required() && !autoNamed {
			object.Required = append(object.Required, name)
		}
		return true
	})
	return object
}

func (d describer) property(name string, property shim.Schema, info *tfbridge.SchemaInfo) schema.TypeSpec {
	switch property.Type() {
	case shim.TypeBool:
		return schema.TypeSpec{Type: "boolean"}
	case shim.TypeInt:
		return schema.TypeSpec{Type: "integer"}
	case shim.TypeFloat:
		return schema.TypeSpec{Type: "number"}
	case shim.TypeMap:
		element := d.element(name, property)
		return schema.TypeSpec{Type: "object", AdditionalProperties: &element}
	case shim.TypeList, shim.TypeSet:
		element := d.element(name, property)
		if tfbridge.IsMaxItemsOne(property, info) {
			return element
		}
		return schema.TypeSpec{Type: "array", Items: &element}
	default:
		return schema.TypeSpec{Type: "string"}
	}
}

func (d describer) element(name string, property shim.Schema) schema.TypeSpec {
	switch element := property.Elem().(type) {
	case shim.Schema:
		return d.property(name, element, nil)
	case shim.Resource:
		token := Name + ":index/" + name + ":" + name
		d.types[token] = schema.ComplexTypeSpec{ObjectTypeSpec: d.object(name, element.Schema(), nil, whatever)}
		return schema.TypeSpec{Type: "object", Ref: "#/types/" + token}
	default:
		return schema.TypeSpec{Type: "string"}
	}
}
