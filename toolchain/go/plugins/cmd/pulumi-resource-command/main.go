// Command pulumi-resource-command is the command plugin of the Pulumi engine.
package main

import (
	"berth/toolchain/plugins/internal/command"
	"berth/toolchain/plugins/internal/pluginmain"
	"berth/toolchain/plugins/internal/version"
)

func main() {
	made, err := command.Provider()
	pluginmain.Run(command.Name, version.Command, made, err)
}
