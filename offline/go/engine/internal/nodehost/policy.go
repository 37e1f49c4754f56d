package nodehost

import (
	"fmt"
	"os/exec"
	"strconv"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// RunPlugin runs a policy pack until the engine has no more questions.
//
// The SDK reads the stack's configuration from the environment when the pack is loaded, but the engine sends it to the
// running pack. The SDK's proxy takes that message, and forwards the others once the pack runs.
func (h *Host) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	if request.GetKind() != string(apitype.AnalyzerPlugin) {
		return status.Errorf(codes.Unimplemented, "%s plugins written for Node.js are not supported", request.GetKind())
	}
	command, err := policyPack(request, stream)
	if err != nil {
		return err
	}
	streams := &pluginStreams{stream: stream}
	proxy, stdout, err := sdk.NewPolicyProxy(stream.Context(), streamWriter(streams.stdout))
	if err != nil {
		return fmt.Errorf("starting the policy pack's proxy: %w", err)
	}
	command.Stdout, command.Stderr = stdout, streamWriter(streams.stderr)

	stack, err := proxy.AwaitConfiguration(stream.Context())
	if err != nil {
		return fmt.Errorf("waiting for the stack's configuration: %w", err)
	}
	environment, err := policyEnvironment(stack)
	if err != nil {
		return err
	}
	command.Env = append(command.Env, environment...)
	if err := command.Start(); err != nil {
		proxy.Abort(err)
		return err
	}
	return proxy.Attach(stream.Context(), command)
}

func policyPack(
	request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer,
) (*exec.Cmd, error) {
	runner, err := findRunner(request.GetInfo(), "run-policy-pack")
	if err != nil {
		return nil, err
	}
	directory := request.GetInfo().GetProgramDirectory()
	command := runner.command(stream.Context(), append(request.GetArgs(), directory)...)
	command.Dir = directory
	command.Env = append(request.GetEnv(), runner.environment()...)
	return command, nil
}

// policyEnvironment is empty for a pack without a stack, as in "pulumi policy publish".
func policyEnvironment(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	configuration, err := configuration(stack.GetConfig(), stack.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	return append(configuration,
		"PULUMI_NODEJS_ORGANIZATION="+stack.GetOrganization(),
		"PULUMI_NODEJS_PROJECT="+stack.GetProject(),
		"PULUMI_NODEJS_STACK="+stack.GetStack(),
		"PULUMI_NODEJS_DRY_RUN="+strconv.FormatBool(stack.GetDryRun()),
	), nil
}

// pluginStreams sends both outputs over one gRPC stream, one message at a time.
type pluginStreams struct {
	stream pulumirpc.LanguageRuntime_RunPluginServer
	lock   sync.Mutex
}

func (s *pluginStreams) stdout(text []byte) error {
	return s.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}})
}

func (s *pluginStreams) stderr(text []byte) error {
	return s.send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: text}})
}

func (s *pluginStreams) send(response *pulumirpc.RunPluginResponse) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.stream.Send(response)
}
