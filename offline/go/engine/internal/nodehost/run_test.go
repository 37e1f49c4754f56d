package nodehost

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// project makes a program whose SDK is a shell script, and whose Node is sh.
func project(t *testing.T, runner string) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "node_modules/@pulumi/pulumi/cmd/run/index.js"), runner)
	write(t, filepath.Join(root, "node_modules/.bin/node"), "#!/bin/sh\nexec /bin/sh \"$@\"\n")
	if err := os.MkdirAll(filepath.Join(root, "program"), 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

func request(root string) *pulumirpc.RunRequest {
	directory := filepath.Join(root, "program")
	return &pulumirpc.RunRequest{
		Project: "p", Stack: "s", Pwd: directory, MonitorAddress: "monitor:1", DryRun: true, Parallel: 8,
		Info: &pulumirpc.ProgramInfo{RootDirectory: root, ProgramDirectory: directory, EntryPoint: "."},
	}
}

func run(t *testing.T, request *pulumirpc.RunRequest) *pulumirpc.RunResponse {
	t.Helper()
	response, err := New("engine:2", "1.0.0").Run(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestTheProgramGetsItsArgumentsAndConfiguration(t *testing.T) {
	root := project(t, `echo "$@" > seen; echo "$PULUMI_CONFIG $PULUMI_CONFIG_SECRET_KEYS $PULUMI_NODEJS_TYPESCRIPT" >> seen`)
	asked := request(root)
	asked.Config, asked.ConfigSecretKeys = map[string]string{"p:key": "value"}, []string{"p:key"}
	if response := run(t, asked); response.GetError() != "" || response.GetBail() {
		t.Fatalf("the program failed: %v", response)
	}
	seen, err := os.ReadFile(filepath.Join(root, "program/seen"))
	if err != nil {
		t.Fatal(err)
	}
	want := "--monitor monitor:1 --engine engine:2 --project p --root-directory " + root + " --stack s --pwd " +
		filepath.Join(root, "program") + " --parallel 8 --dry-run .\n" + `{"p:key":"value"} ["p:key"] true` + "\n"
	if string(seen) != want {
		t.Errorf("the program saw\n%s, want\n%s", seen, want)
	}
}

func TestConfigurationThatIsEmptyIsNotNull(t *testing.T) {
	root := project(t, `echo "$PULUMI_CONFIG $PULUMI_CONFIG_SECRET_KEYS" > seen`)
	run(t, request(root))
	if seen, err := os.ReadFile(filepath.Join(root, "program/seen")); err != nil || string(seen) != "{} []\n" {
		t.Errorf("the program saw %q, %v", seen, err)
	}
}

func TestExitCodesTellWhetherTheUserKnowsWhy(t *testing.T) {
	if response := run(t, request(project(t, "exit 32"))); !response.GetBail() || response.GetError() != "" {
		t.Errorf("32: %v", response)
	}
	if response := run(t, request(project(t, "exit 7"))); response.GetBail() || !strings.Contains(response.GetError(), "7") {
		t.Errorf("7: %v", response)
	}
	if response := run(t, request(project(t, "kill -9 $$"))); !strings.Contains(response.GetError(), "unexpectedly") {
		t.Errorf("killed: %v", response)
	}
}

func TestAMissingSDKSaysWhatToDo(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "node_modules/.bin/node"), "")
	if response := run(t, request(root)); !strings.Contains(response.GetError(), "npm install") {
		t.Errorf("%v", response)
	}
}

func TestRuntimeOptions(t *testing.T) {
	fields, err := structpb.NewStruct(map[string]any{"typescript": false, "nodeargs": "--a --b=c", "tsconfig": "ts.json"})
	if err != nil {
		t.Fatal(err)
	}
	read, err := readOptions(fields)
	if err != nil {
		t.Fatal(err)
	}
	if read.typescript || read.tsconfig != "ts.json" || !slices.Equal(read.nodeArgs, []string{"--a", "--b=c"}) {
		t.Errorf("%+v", read)
	}
	if _, err := readOptions(&structpb.Struct{Fields: map[string]*structpb.Value{"typescript": structpb.NewStringValue("yes")}}); err == nil {
		t.Error("typescript: yes was accepted")
	}
	if unset, err := readOptions(nil); err != nil || !unset.typescript {
		t.Errorf("without options: %+v, %v", unset, err)
	}
}
