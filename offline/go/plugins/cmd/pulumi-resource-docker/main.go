// Command pulumi-resource-docker is the Docker plugin of the Pulumi engine.
package main

import (
	"encoding/json"
	"log"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"berth/offline/plugins/internal/dockerprovider"
)

func main() {
	info := dockerprovider.Info()
	schema, err := json.Marshal(dockerprovider.Schema(info))
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(dockerprovider.Name, info.Version, info, schema)
}
