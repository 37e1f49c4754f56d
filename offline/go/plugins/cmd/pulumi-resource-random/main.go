// Command pulumi-resource-random is the random plugin of the Pulumi engine.
package main

import (
	"berth/offline/plugins/internal/pluginmain"
	"berth/offline/plugins/internal/random"
	"berth/offline/plugins/internal/version"
)

func main() {
	made, err := random.Provider()
	pluginmain.Run(random.Name, version.Random, made, err)
}
