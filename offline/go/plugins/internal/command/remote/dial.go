package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

const (
	firstPause = 100 * time.Millisecond
	growth     = 1.5
	// Ten attempts take about 11 s, as with the official plugin.
	longestPause = 5 * time.Second
	// A link that is gone must not let a command hang for hours.
	keepAlive       = 15 * time.Second
	keepAliveMisses = 4
)

// client is an SSH connection with whatever it stands on.
type client struct {
	*ssh.Client
	below io.Closer
}

// Close ends the connection and the proxy's below it.
func (c *client) Close() error {
	err := c.Client.Close()
	if c.below != nil {
		err = errors.Join(err, c.below.Close())
	}
	return err
}

type dialer func(ctx context.Context, address string) (net.Conn, error)

// dial connects to the server, trying again as often as the connection allows.
func (c *Connection) dial(ctx context.Context) (*client, error) {
	if c.Proxy == nil {
		direct := net.Dialer{KeepAlive: keepAlive}
		return c.retry(ctx, func(ctx context.Context, address string) (net.Conn, error) {
			return direct.DialContext(ctx, "tcp", address)
		})
	}
	direct := Connection{Endpoint: c.Proxy.Endpoint}
	proxy, err := direct.dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	connected, err := c.retry(ctx, func(ctx context.Context, address string) (net.Conn, error) {
		return proxy.DialContext(ctx, "tcp", address)
	})
	if err != nil {
		_ = proxy.Close()
		return nil, err
	}
	connected.below = proxy
	return connected, nil
}

func (e *Endpoint) retry(ctx context.Context, dial dialer) (*client, error) {
	config, err := e.clientConfig()
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort(e.Host, strconv.Itoa(int(or(e.Port, defaultPort))))
	limit := or(e.DialErrorLimit, defaultDialErrorLimit)
	pause := firstPause
	for attempt := 1; ; attempt++ {
		connected, err := e.attempt(ctx, dial, address, config)
		if err == nil {
			return connected, nil
		}
		if errors.Is(err, errHostKey) {
			return nil, err
		}
		if limit >= 0 && attempt >= limit {
			return nil, fmt.Errorf("after %d attempts to reach %s: %w", attempt, address, err)
		}
		provider.GetLogger(ctx).InfoStatusf("waiting for %s (attempt %d): %v", address, attempt, err)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w while waiting for %s: %w", context.Cause(ctx), address, err)
		case <-time.After(pause):
		}
		pause = min(time.Duration(float64(pause)*growth), longestPause)
	}
}

// attempt dials once: the time limit covers the handshake, because a server
// that is starting may accept a connection long before it answers.
func (e *Endpoint) attempt(
	ctx context.Context, dial dialer, address string, config *ssh.ClientConfig,
) (*client, error) {
	if seconds := or(e.PerDialTimeout, defaultPerDialTimeout); seconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
		defer cancel()
	}
	connection, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	established, channels, requests, err := ssh.NewClientConn(connection, address, config)
	if !stop() {
		_ = connection.Close()
		return nil, errors.Join(context.Cause(ctx), err)
	}
	if err != nil {
		_ = connection.Close()
		return nil, err
	}
	connected := &client{Client: ssh.NewClient(established, channels, requests)}
	go connected.watch()
	return connected, nil
}

// watch closes a connection whose other end has stopped answering.
func (c *client) watch() {
	gone := make(chan struct{})
	go func() {
		_ = c.Wait()
		close(gone)
	}()
	answered := make(chan struct{}, 1)
	missed := 0
	for {
		select {
		case <-gone:
			return
		case <-answered:
			missed = 0
		case <-time.After(keepAlive):
			if missed++; missed > keepAliveMisses {
				_ = c.Client.Close()
				return
			}
			go c.ask(answered)
		}
	}
}

func (c *client) ask(answered chan<- struct{}) {
	if _, _, err := c.SendRequest("keepalive@openssh.com", true, nil); err != nil {
		return
	}
	select {
	case answered <- struct{}{}:
	default:
	}
}
