// Command pulumi-language-nodejs runs TypeScript and JavaScript programs for the Pulumi engine.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"berth/offline/engine/internal/nodehost"
)

func main() {
	log.SetFlags(0)
	// The engine passes these to every host; we keep no traces.
	flag.String("tracing", "", "ignored")
	flag.String("root", "", "ignored")
	flag.Parse()
	if err := serve(flag.Arg(0)); err != nil {
		log.Fatal(err)
	}
}

func serve(engine string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if engine != "" {
		// A killed engine cannot tell us to stop.
		if err := rpcutil.Healthcheck(ctx, engine, 5*time.Minute, stop); err != nil {
			return fmt.Errorf("the engine at %s does not answer: %w", engine, err)
		}
	}

	cancel := make(chan bool)
	host := nodehost.New(engine, version.Version)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)

	go func() {
		<-ctx.Done()
		close(cancel)
	}()
	return <-handle.Done
}
