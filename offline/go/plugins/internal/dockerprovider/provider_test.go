package dockerprovider

import (
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"

	"berth/offline/plugins/internal/npmtypes"
)

func TestEveryPropertyOfTheNpmPackageIsOffered(t *testing.T) {
	compared := npmtypes.Read(t, "docker").Compare(Schema(Info()), "docker:index/image:Image")
	if compared < 500 {
		t.Errorf("only %d properties were compared", compared)
	}
}

func TestUpstreamHasNothingThatIsNotMapped(t *testing.T) {
	info := Info()
	if mapped, upstream := len(info.Resources), info.P.ResourcesMap().Len(); mapped != upstream {
		t.Errorf("%d resources mapped, upstream has %d", mapped, upstream)
	}
	if mapped, upstream := len(info.DataSources), info.P.DataSourcesMap().Len(); mapped != upstream {
		t.Errorf("%d functions mapped, upstream has %d", mapped, upstream)
	}
}

func TestOnlyContainersAreDeletedBeforeTheyAreReplaced(t *testing.T) {
	for name, resource := range Info().Resources {
		if want := name == "docker_container"; resource.DeleteBeforeReplace != want {
			t.Errorf("%s: %v, want %v", name, resource.DeleteBeforeReplace, want)
		}
	}
}

func TestSecretsDataIsSecret(t *testing.T) {
	spec := Schema(Info())
	if !spec.Resources["docker:index/secret:Secret"].InputProperties["data"].Secret {
		t.Error("the data of a Secret is not secret")
	}
	if !spec.Types["docker:index/ProviderRegistryAuth:ProviderRegistryAuth"].Properties["password"].Secret {
		t.Error("the password of a registry is not secret")
	}
}

func TestNamesAreOptionalWhereTheyAreMadeUp(t *testing.T) {
	spec := Schema(Info())
	for token, want := range map[string]bool{
		"docker:index/container:Container":     false,
		"docker:index/network:Network":         false,
		"docker:index/volume:Volume":           false,
		"docker:index/remoteImage:RemoteImage": true,
	} {
		if got := requires(spec.Resources[token], "name"); got != want {
			t.Errorf("%s: name required: %v, want %v", token, got, want)
		}
	}
}

func requires(resource schema.ResourceSpec, name string) bool {
	for _, required := range resource.RequiredInputs {
		if required == name {
			return true
		}
	}
	return false
}
