package remote_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// server is an SSH server within the test that runs commands on this machine.
type server struct {
	host        string
	port        float64
	hostKey     string
	clientKey   string
	connections atomic.Int32
	config      *ssh.ServerConfig
}

// newServer makes a server; it answers once it is given a listener.
func newServer(t *testing.T) *server {
	t.Helper()
	hostSigner, _ := newKey(t)
	clientSigner, clientPEM := newKey(t)
	made := &server{hostKey: authorized(hostSigner), clientKey: clientPEM}
	made.config = &ssh.ServerConfig{
		PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if bytes.Equal(key.Marshal(), clientSigner.PublicKey().Marshal()) {
				return nil, nil
			}
			return nil, errors.New("unknown key")
		},
		PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if string(password) == "open sesame" {
				return nil, nil
			}
			return nil, errors.New("wrong password")
		},
	}
	made.config.AddHostKey(hostSigner)
	return made
}

func newKey(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, string(pem.EncodeToMemory(block))
}

func authorized(signer ssh.Signer) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
}

func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// start serves on a free port.
func start(t *testing.T) *server {
	t.Helper()
	made := newServer(t)
	made.serve(listen(t, "127.0.0.1:0"))
	return made
}

func (s *server) serve(listener net.Listener) {
	address := listener.Addr().(*net.TCPAddr)
	s.host, s.port = address.IP.String(), float64(address.Port)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			go s.handle(connection)
		}
	}()
}

func (s *server) handle(connection net.Conn) {
	_, channels, requests, err := ssh.NewServerConn(connection, s.config)
	if err != nil {
		_ = connection.Close()
		return
	}
	go ssh.DiscardRequests(requests)
	for offered := range channels {
		switch offered.ChannelType() {
		case "session":
			channel, requests, err := offered.Accept()
			if err == nil {
				go session(channel, requests)
			}
		case "direct-tcpip":
			go forward(offered)
		default:
			_ = offered.Reject(ssh.UnknownChannelType, "")
		}
	}
}

func session(channel ssh.Channel, requests <-chan *ssh.Request) {
	var environment []string
	for request := range requests {
		switch request.Type {
		case "env":
			var variable struct{ Name, Value string }
			_ = ssh.Unmarshal(request.Payload, &variable)
			accepted := strings.HasPrefix(variable.Name, "LC_")
			if accepted {
				environment = append(environment, variable.Name+"="+variable.Value)
			}
			_ = request.Reply(accepted, nil)
		case "exec":
			var command struct{ Line string }
			_ = ssh.Unmarshal(request.Payload, &command)
			_ = request.Reply(true, nil)
			go run(channel, command.Line, environment)
		case "subsystem":
			_ = request.Reply(true, nil)
			go files(channel)
		default:
			_ = request.Reply(false, nil)
		}
	}
}

func run(channel ssh.Channel, line string, environment []string) {
	command := exec.Command("/bin/sh", "-c", line)
	command.Env = append(command.Environ(), environment...)
	command.Stdin, command.Stdout, command.Stderr = channel, channel, channel.Stderr()
	status := uint32(0)
	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		status = uint32(exit.ExitCode())
	}
	_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
	_ = channel.Close()
}

func files(channel ssh.Channel) {
	served, err := sftp.NewServer(channel)
	if err == nil {
		_ = served.Serve()
	}
	_ = channel.Close()
}

func forward(offered ssh.NewChannel) {
	var target struct {
		Host       string
		Port       uint32
		OriginHost string
		OriginPort uint32
	}
	_ = ssh.Unmarshal(offered.ExtraData(), &target)
	onward, err := net.Dial("tcp", net.JoinHostPort(target.Host, strconv.Itoa(int(target.Port))))
	if err != nil {
		_ = offered.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	go func() { _, _ = io.Copy(onward, channel); _ = onward.Close() }()
	_, _ = io.Copy(channel, onward)
	_ = channel.Close()
}
