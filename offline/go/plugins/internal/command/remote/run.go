package remote

import (
	"context"
	"fmt"
	"strings"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"berth/offline/plugins/internal/command/base"
	"berth/offline/plugins/internal/command/output"
)

// graceAfterCancel is how long a cancelled command gets to end after SIGTERM.
const graceAfterCancel = 2 * time.Second

type script struct {
	command     string
	stdin       *string
	environment map[string]string
	previous    map[string]string
	logging     output.Logging
}

// run runs a script on the server, over a connection of its own.
func (c *Connection) run(ctx context.Context, script script) (base.Outputs, error) {
	server, err := c.dial(ctx)
	if err != nil {
		return base.Outputs{}, err
	}
	defer func() { _ = server.Close() }()
	session, err := server.NewSession()
	if err != nil {
		return base.Outputs{}, err
	}
	defer func() { _ = session.Close() }()
	if err := script.setEnvironment(ctx, session); err != nil {
		return base.Outputs{}, err
	}

	collector := output.NewCollector(script.logging, provider.GetLogger(ctx).InfoStatus)
	session.Stdout, session.Stderr = collector.Stdout(), collector.Stderr()
	if script.stdin != nil {
		session.Stdin = strings.NewReader(*script.stdin)
	}
	stop := context.AfterFunc(ctx, func() {
		_ = session.Signal(ssh.SIGTERM)
		time.Sleep(graceAfterCancel)
		_ = server.Close()
	})
	defer stop()

	err = session.Run(script.command)
	stdout, stderr := collector.Finish()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	} else if tooLong := collector.Err(); tooLong != nil {
		err = tooLong
	}
	if err != nil {
		return base.Outputs{}, collector.Failure(err, script.command)
	}
	return base.Outputs{Stdout: stdout, Stderr: stderr}, nil
}

func (s *script) setEnvironment(ctx context.Context, session *ssh.Session) error {
	for name, value := range s.environment {
		if err := session.Setenv(name, value); err != nil {
			return fmt.Errorf("the server does not accept the environment variable %s (AcceptEnv in its sshd_config): %w",
				name, err)
		}
	}
	for name, value := range s.previous {
		// Nobody asked for these by name, so a server that refuses them is no failure.
		if err := session.Setenv(name, value); err != nil {
			provider.GetLogger(ctx).Debugf("the server does not accept %s: %v", name, err)
		}
	}
	return nil
}
