// Package pluginmain runs a provider as a plugin of the engine.
package pluginmain

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	provider "github.com/pulumi/pulumi-go-provider"
)

// Run serves the provider until the engine ends it.
func Run(name, version string, made provider.Provider, err error) {
	log.SetFlags(0)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := provider.RunProvider(ctx, name, version, made); err != nil {
		log.Fatal(err)
	}
}
