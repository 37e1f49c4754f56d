package nodehost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// exitedAfterReport is the SDK's exit code for "failed, and the user was told why".
const exitedAfterReport = 32

// Run runs the program to its end.
func (h *Host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	command, err := h.program(ctx, request)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return response(command.Run()), nil
}

func response(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == exitedAfterReport:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit) && exit.Exited():
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited unexpectedly: %v", err)}
	}
}

func (h *Host) program(ctx context.Context, request *pulumirpc.RunRequest) (*exec.Cmd, error) {
	runner, err := findRunner(request.GetInfo(), "run")
	if err != nil {
		return nil, err
	}
	environment, err := configuration(request.GetConfig(), request.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	command := runner.command(ctx, h.arguments(request)...)
	command.Dir = request.GetPwd()
	command.Env = slices.Concat(os.Environ(), environment, runner.environment())
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command, nil
}

func (h *Host) arguments(request *pulumirpc.RunRequest) []string {
	var arguments []string
	flag := func(name, value string) {
		if value != "" {
			arguments = append(arguments, "--"+name, value)
		}
	}
	flag("monitor", request.GetMonitorAddress())
	flag("engine", h.engine)
	flag("organization", request.GetOrganization())
	flag("project", request.GetProject())
	flag("root-directory", request.GetInfo().GetRootDirectory())
	flag("stack", request.GetStack())
	flag("pwd", request.GetPwd())
	flag("parallel", strconv.Itoa(int(request.GetParallel())))
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	arguments = append(arguments, request.GetInfo().GetEntryPoint())
	return append(arguments, request.GetArgs()...)
}

// configuration goes into the environment: on the command line, every user of
// the machine could read its secrets.
func configuration(values map[string]string, secretKeys []string) ([]string, error) {
	config, err := json.Marshal(orEmpty(values, map[string]string{}))
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(orEmpty(secretKeys, []string{}))
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + string(config), "PULUMI_CONFIG_SECRET_KEYS=" + string(secrets)}, nil
}

// orEmpty stands in for what gRPC leaves out: the SDK cannot read "null".
func orEmpty[T []string | map[string]string](value, empty T) T {
	if value == nil {
		return empty
	}
	return value
}
