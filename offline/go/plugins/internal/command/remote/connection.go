// Package remote runs commands and copies files over SSH.
package remote

import "github.com/pulumi/pulumi-go-provider/infer"

// Endpoint is one SSH server and how to log in to it.
type Endpoint struct {
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
}

// Connection is the server to work on, reached directly or through a proxy.
type Connection struct {
	Endpoint
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// ProxyConnection is a server that passes a connection on.
type ProxyConnection struct {
	Endpoint
}

// Annotate sets the defaults of the npm package.
func (e *Endpoint) Annotate(a infer.Annotator) {
	a.SetDefault(&e.Port, defaultPort)
	a.SetDefault(&e.User, defaultUser)
	a.SetDefault(&e.DialErrorLimit, defaultDialErrorLimit)
	a.SetDefault(&e.PerDialTimeout, defaultPerDialTimeout)
}

const (
	defaultPort           = 22.0
	defaultUser           = "root"
	defaultDialErrorLimit = 10
	// In seconds.
	defaultPerDialTimeout = 15
)

func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
