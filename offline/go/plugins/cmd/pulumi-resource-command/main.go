// Command pulumi-resource-command is the command plugin of the Pulumi engine.
package main

import (
	"berth/offline/plugins/internal/command"
	"berth/offline/plugins/internal/pluginmain"
	"berth/offline/plugins/internal/version"
)

func main() {
	made, err := command.Provider()
	pluginmain.Run(command.Name, version.Command, made, err)
}
