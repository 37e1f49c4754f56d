// Command pulumi-resource-random is the random plugin of the Pulumi engine.
package main

import (
	"berth/toolchain/plugins/internal/pluginmain"
	"berth/toolchain/plugins/internal/random"
	"berth/toolchain/plugins/internal/version"
)

func main() {
	made, err := random.Provider()
	pluginmain.Run(random.Name, version.Random, made, err)
}
