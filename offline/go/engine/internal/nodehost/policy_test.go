package nodehost

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// pack answers as a running policy pack does.
type pack struct {
	pulumirpc.UnimplementedAnalyzerServer
}

func (pack) GetAnalyzerInfo(context.Context, *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	return &pulumirpc.AnalyzerInfo{Name: "the pack"}, nil
}

func serve(t *testing.T, register func(*grpc.Server)) int {
	t.Helper()
	cancel := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init:   func(server *grpc.Server) error { register(server); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close(cancel) })
	return handle.Port
}

func dial(t *testing.T, port int) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", port),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

// runPlugin asks a host for a plugin in the folder policy, as the engine does.
func runPlugin(t *testing.T, root, kind string) pulumirpc.LanguageRuntime_RunPluginClient {
	t.Helper()
	directory := filepath.Join(root, "policy")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	port := serve(t, func(server *grpc.Server) {
		pulumirpc.RegisterLanguageRuntimeServer(server, New("engine:2", "1.0.0"))
	})
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	stream, err := pulumirpc.NewLanguageRuntimeClient(dial(t, port)).RunPlugin(ctx, &pulumirpc.RunPluginRequest{
		Kind: kind, Args: []string{"engine:2"}, Env: []string{"PATH=" + os.Getenv("PATH"), "ENGINE=env"},
		Info: &pulumirpc.ProgramInfo{RootDirectory: directory, ProgramDirectory: directory, EntryPoint: "."},
	})
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// analyzer connects to the port that the plugin prints first.
func analyzer(t *testing.T, stream pulumirpc.LanguageRuntime_RunPluginClient) pulumirpc.AnalyzerClient {
	t.Helper()
	response, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(strings.TrimSpace(string(response.GetStdout())))
	if err != nil {
		t.Fatal(err)
	}
	return pulumirpc.NewAnalyzerClient(dial(t, port))
}

func configure(t *testing.T, analyzer pulumirpc.AnalyzerClient) {
	t.Helper()
	_, err := analyzer.ConfigureStack(context.Background(), &pulumirpc.AnalyzerStackConfigureRequest{
		Organization: "o", Project: "p", Stack: "s", DryRun: true,
		Config: map[string]string{"p:key": "value"}, ConfigSecretKeys: []string{"p:key"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func policyProject(t *testing.T, runner string) string {
	t.Helper()
	root := project(t, "")
	write(t, filepath.Join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js"), runner)
	return root
}

func TestAPolicyPackGetsTheStackItsConfigurationAndWhichOfItIsSecret(t *testing.T) {
	port := serve(t, func(server *grpc.Server) { pulumirpc.RegisterAnalyzerServer(server, pack{}) })
	root := policyProject(t, fmt.Sprintf(`
		{
			echo "$@"
			echo "$PULUMI_CONFIG $PULUMI_CONFIG_SECRET_KEYS $PULUMI_NODEJS_TYPESCRIPT $ENGINE"
			echo "$PULUMI_NODEJS_ORGANIZATION $PULUMI_NODEJS_PROJECT $PULUMI_NODEJS_STACK $PULUMI_NODEJS_DRY_RUN"
		} > seen
		echo %d
		exec sleep 60`, port))
	analyzer := analyzer(t, runPlugin(t, root, "analyzer"))
	configure(t, analyzer)
	info, err := analyzer.GetAnalyzerInfo(context.Background(), &emptypb.Empty{})
	if err != nil || info.GetName() != "the pack" {
		t.Fatalf("the pack says %v, %v", info, err)
	}
	seen, err := os.ReadFile(filepath.Join(root, "policy/seen"))
	if err != nil {
		t.Fatal(err)
	}
	want := "engine:2 " + filepath.Join(root, "policy") + "\n" + `{"p:key":"value"} ["p:key"] true env` + "\no p s true\n"
	if string(seen) != want {
		t.Errorf("the pack saw\n%s, want\n%s", seen, want)
	}
}

func TestAPolicyPackThatFailsToStartFailsTheEnginesQuestionAndShowsWhatItSaid(t *testing.T) {
	root := policyProject(t, "echo a mistake in the pack >&2; exit 7")
	stream := runPlugin(t, root, "analyzer")
	analyzer := analyzer(t, stream)
	configure(t, analyzer)
	if _, err := analyzer.GetAnalyzerInfo(context.Background(), &emptypb.Empty{}); err == nil {
		t.Error("a pack that does not run answers")
	}
	var said strings.Builder
	for {
		response, err := stream.Recv()
		if err != nil {
			break
		}
		said.Write(response.GetStderr())
	}
	if !strings.Contains(said.String(), "a mistake in the pack") {
		t.Errorf("the pack's error is lost; the engine sees %q", said.String())
	}
}

func TestAPolicyPackWithoutTheSDKSaysWhatToDo(t *testing.T) {
	root := project(t, "")
	if _, err := runPlugin(t, root, "analyzer").Recv(); err == nil || !strings.Contains(err.Error(), "npm install") {
		t.Errorf("%v", err)
	}
}

func TestOtherPluginsWrittenForNodeAreRefused(t *testing.T) {
	_, err := runPlugin(t, policyProject(t, ""), "resource").Recv()
	if status.Code(err) != codes.Unimplemented || !strings.Contains(err.Error(), "resource plugins") {
		t.Errorf("%v", err)
	}
}
