// Package dockerprovider bridges the Terraform provider for Docker, the same
// code the official plugin wraps, under the tokens of the npm package.
package dockerprovider

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"

	"berth/offline/plugins/internal/version"
)

// Name is the package's name in tokens and in the name of the plugin.
const Name = "docker"

// Info maps what upstream offers to the npm package's names.
func Info() tfbridge.ProviderInfo {
	return tfbridge.ProviderInfo{
		P:            shimv2.NewProvider(shim.NewProvider(version.Docker)),
		Name:         Name,
		Version:      version.Docker,
		GitHubOrg:    "kreuzwerker",
		Description:  "Docker resources, bridged from the Terraform provider",
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		// A list the npm package has in the singular, like two of Container's.
		Config:      map[string]*tfbridge.SchemaInfo{"registry_auth": {Name: "registryAuth"}},
		Resources:   resources(),
		DataSources: dataSources(),
	}
}

func resources() map[string]*tfbridge.ResourceInfo {
	return map[string]*tfbridge.ResourceInfo{
		"docker_buildx_builder": {Tok: resource("BuildxBuilder"), Fields: autoNamed()},
		"docker_config":         {Tok: resource("ServiceConfig"), Fields: autoNamed()},
		"docker_container": {
			Tok:    resource("Container"),
			Fields: containerFields(),
			// Fixed names and ports would clash otherwise; a program says
			// deleteBeforeReplace: false where it wants the new one first.
			DeleteBeforeReplace: true,
		},
		"docker_image":          {Tok: resource("RemoteImage")},
		"docker_network":        {Tok: resource("Network"), Fields: autoNamed()},
		"docker_plugin":         {Tok: resource("Plugin"), Fields: autoNamed()},
		"docker_registry_image": {Tok: resource("RegistryImage"), Fields: autoNamed()},
		"docker_secret":         {Tok: resource("Secret"), Fields: autoNamed()},
		"docker_service":        {Tok: resource("Service"), Fields: autoNamed()},
		"docker_tag":            {Tok: resource("Tag")},
		"docker_volume":         {Tok: resource("Volume"), Fields: autoNamed()},
	}
}

func dataSources() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"docker_image":                    {Tok: function("getRemoteImage")},
		"docker_logs":                     {Tok: function("getLogs")},
		"docker_network":                  {Tok: function("getNetwork")},
		"docker_plugin":                   {Tok: function("getPlugin")},
		"docker_registry_image":           {Tok: function("getRegistryImage")},
		"docker_registry_image_manifests": {Tok: function("getRegistryImageManifests")},
	}
}

func autoNamed() map[string]*tfbridge.SchemaInfo {
	return map[string]*tfbridge.SchemaInfo{"name": tfbridge.AutoName("name", 255, "-")}
}

// containerFields keeps two lists in the singular, as the npm package has them.
func containerFields() map[string]*tfbridge.SchemaInfo {
	fields := autoNamed()
	fields["command"] = &tfbridge.SchemaInfo{Name: "command"}
	fields["networks_advanced"] = &tfbridge.SchemaInfo{Name: "networksAdvanced"}
	return fields
}

func resource(name string) tokens.Type {
	return tfbridge.MakeResource(Name, "index", name)
}

func function(name string) tokens.ModuleMember {
	return tfbridge.MakeDataSource(Name, "index", name)
}
