// Command pulumi-resource-command is the command plugin of the Pulumi engine.
package main

import (
	"berth/toolchain/internal/command"
	"berth/toolchain/internal/pluginmain"
	"berth/toolchain/internal/version"
)

func main() {
	made, err := command.Provider()
	pluginmain.Run(command.Name, version.Command, made, err)
}
