package remote

import (
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// errHostKey ends the dialling at once: a wrong key does not become right by waiting.
var errHostKey = errors.New("host key mismatch")

// errSettings marks settings that no attempt can make work.
var errSettings = errors.New("invalid connection")

func (e *Endpoint) clientConfig() (*ssh.ClientConfig, error) {
	config := &ssh.ClientConfig{User: or(e.User, defaultUser), HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	if err := e.pinHostKey(config); err != nil {
		return nil, err
	}
	if e.PrivateKey != nil {
		signer, err := e.signer()
		if err != nil {
			return nil, err
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if e.Password != nil {
		config.Auth = append(config.Auth, ssh.Password(*e.Password), ssh.KeyboardInteractive(e.answer))
	}
	if socket := or(e.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK")); socket != "" {
		// Asked again at every dial: an agent may be started, or a key added, meanwhile.
		config.Auth = append(config.Auth, ssh.PublicKeysCallback(func() ([]ssh.Signer, error) {
			return agentSigners(socket)
		}))
	}
	return config, nil
}

func (e *Endpoint) pinHostKey(config *ssh.ClientConfig) error {
	if e.HostKey == nil {
		return nil
	}
	expected, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*e.HostKey))
	if err != nil {
		return fmt.Errorf("%w: hostKey must look like \"ssh-ed25519 AAAA…\": %w", errSettings, err)
	}
	fixed := ssh.FixedHostKey(expected)
	config.HostKeyCallback = func(host string, remote net.Addr, got ssh.PublicKey) error {
		if err := fixed(host, remote, got); err != nil {
			return fmt.Errorf("%w: %s presents %s %s, but hostKey is %s %s", errHostKey, host,
				got.Type(), ssh.FingerprintSHA256(got), expected.Type(), ssh.FingerprintSHA256(expected))
		}
		return nil
	}
	// A server has keys of several types: ask for the pinned one.
	config.HostKeyAlgorithms = algorithms(expected.Type())
	return nil
}

func algorithms(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSA}
	}
	return []string{keyType}
}

func (e *Endpoint) signer() (ssh.Signer, error) {
	var signer ssh.Signer
	var err error
	if e.PrivateKeyPassword != nil && *e.PrivateKeyPassword != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(*e.PrivateKey), []byte(*e.PrivateKeyPassword))
	} else {
		signer, err = ssh.ParsePrivateKey([]byte(*e.PrivateKey))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: privateKey cannot be read: %w", errSettings, err)
	}
	return signer, nil
}

// answer gives the password to servers that ask for it as a question.
func (e *Endpoint) answer(_, _ string, questions []string, _ []bool) ([]string, error) {
	answers := make([]string, len(questions))
	for i := range answers {
		answers[i] = *e.Password
	}
	return answers, nil
}

func agentSigners(socket string) ([]ssh.Signer, error) {
	connection, err := net.Dial("unix", socket)
	if err != nil {
		return nil, fmt.Errorf("SSH agent: %w", err)
	}
	return agent.NewClient(connection).Signers()
}
