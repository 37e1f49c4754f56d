// Command pulumi-resource-random is the random plugin of the Pulumi engine.
package main

import (
	"berth/toolchain/internal/pluginmain"
	"berth/toolchain/internal/random"
	"berth/toolchain/internal/version"
)

func main() {
	made, err := random.Provider()
	pluginmain.Run(random.Name, version.Random, made, err)
}
