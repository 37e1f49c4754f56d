package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"berth/offline/plugins/internal/command"
	"berth/offline/plugins/internal/plugintest"
)

const token = "command:local:Command"

func start(t *testing.T) *plugintest.Plugin {
	t.Helper()
	made, err := command.Provider()
	return plugintest.Start(t, command.Name, made, err)
}

func text(value string) property.Value { return property.New(value) }

func list(values ...string) property.Value {
	made := []property.Value{}
	for _, value := range values {
		made = append(made, property.New(value))
	}
	return property.New(made)
}

func TestACommandGetsStdinEnvironmentAndDirectory(t *testing.T) {
	directory := t.TempDir()
	made := start(t).Create(token, plugintest.Values{
		"create": text("cat; echo; echo $WHO; pwd; echo oops >&2"), "stdin": text("from stdin"), "dir": text(directory),
		"environment": property.New(map[string]property.Value{"WHO": text("me")}),
	})
	if got, want := made.Outputs.Get("stdout").AsString(), "from stdin\nme\n"+directory; got != want {
		t.Errorf("stdout is %q, want %q", got, want)
	}
	if got := made.Outputs.Get("stderr").AsString(); got != "oops" {
		t.Errorf("stderr is %q", got)
	}
}

func TestAnInterpreterRunsTheCommand(t *testing.T) {
	made := start(t).Create(token, plugintest.Values{"create": text("a b"), "interpreter": list("printf", "<%s>")})
	if got := made.Outputs.Get("stdout").AsString(); got != "<a b>" {
		t.Errorf("stdout is %q", got)
	}
}

func TestAFailureTellsWhatTheCommandPrinted(t *testing.T) {
	_, err := start(t).TryCreate(token, plugintest.Values{"create": text("echo reason >&2; exit 3")})
	if err == nil || !strings.Contains(err.Error(), "reason") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("the error is %v", err)
	}
}

func TestAnUpdateRunsUpdateOrElseCreateAndKnowsThePreviousOutput(t *testing.T) {
	plugin := start(t)
	const show = `echo "create after <$PULUMI_COMMAND_STDOUT>"`
	inputs := plugintest.Values{"create": text(show), "stdin": text("1")}
	first := plugin.Create(token, inputs)

	inputs["stdin"] = text("2")
	second := plugin.Update(token, first, inputs, false)
	if got := second.Outputs.Get("stdout").AsString(); got != "create after <create after <>>" {
		t.Errorf("without update: %q", got)
	}
	inputs["update"] = text(`echo "update after <$PULUMI_COMMAND_STDOUT>"`)
	third := plugin.Update(token, first, inputs, false)
	if got := third.Outputs.Get("stdout").AsString(); got != "update after <create after <>>" {
		t.Errorf("with update: %q", got)
	}
	inputs["addPreviousOutputInEnv"] = property.New(false)
	fourth := plugin.Update(token, first, inputs, false)
	if got := fourth.Outputs.Get("stdout").AsString(); got != "update after <>" {
		t.Errorf("without the previous output: %q", got)
	}
}

func TestDeletingRunsDelete(t *testing.T) {
	plugin := start(t)
	trace := filepath.Join(t.TempDir(), "trace")
	made := plugin.Create(token, plugintest.Values{"create": text("echo made"), "delete": text("echo $PULUMI_COMMAND_STDOUT > " + trace)})
	plugin.Delete(token, made)
	if got, err := os.ReadFile(trace); err != nil || string(got) != "made\n" {
		t.Errorf("delete left %q, %v", got, err)
	}
}

func TestAChangedTriggerReplacesAndOtherChangesUpdate(t *testing.T) {
	plugin := start(t)
	inputs := plugintest.Values{"create": text("true"), "triggers": list("a", "b")}
	made := plugin.Create(token, inputs)
	if plugin.Diff(token, made, inputs).HasChanges {
		t.Error("nothing changed, and yet there is a difference")
	}
	for name, triggers := range map[string]property.Value{
		"triggers[1]": list("a", "c"), "triggers[2]": list("a", "b", "c"),
	} {
		inputs["triggers"] = triggers
		if kind := plugin.Diff(token, made, inputs).DetailedDiff[name].Kind; !strings.HasSuffix(string(kind), "&replace") {
			t.Errorf("a change of %s is %q", name, kind)
		}
	}
	inputs = plugintest.Values{"create": text("false"), "triggers": list("a", "b")}
	if kind := plugin.Diff(token, made, inputs).DetailedDiff["create"].Kind; kind != provider.Update {
		t.Errorf("a change of create is %q", kind)
	}
}

func TestAPreviewRunsNothingAndDoesNotKnowTheOutput(t *testing.T) {
	plugin := start(t)
	trace := filepath.Join(t.TempDir(), "trace")
	inputs := plugintest.Values{"create": text("touch " + trace)}
	if !plugin.Preview(token, inputs).Get("stdout").IsComputed() {
		t.Error("stdout is known before the command has run")
	}
	if _, err := os.Stat(trace); err == nil {
		t.Fatal("a preview ran the command")
	}
	made := plugin.Create(token, inputs)
	changed := plugintest.Values{"create": inputs["create"], "stdin": text("new")}
	if !plugin.Update(token, made, changed, true).Outputs.Get("stdout").IsComputed() {
		t.Error("stdout is known though stdin changed")
	}
}

func TestASecretInputMakesTheOutputSecret(t *testing.T) {
	plugin := start(t)
	secret := plugin.Create(token, plugintest.Values{"create": text("cat"), "stdin": text("word").WithSecret(true)})
	if value := secret.Outputs.Get("stdout"); !value.Secret() || value.AsString() != "word" {
		t.Errorf("stdout of a secret is %v", value)
	}
	open := plugin.Create(token, plugintest.Values{"create": text("cat"), "stdin": text("word")})
	if open.Outputs.Get("stdout").Secret() {
		t.Error("stdout is secret without a reason")
	}
}

// O3: as in the official plugin, a command must end its own children.
func TestCancellingKillsTheShellAndAwaitsItsChildren(t *testing.T) {
	plugin := start(t)
	trace := filepath.Join(t.TempDir(), "trace")
	failed := make(chan error, 1)
	started := time.Now()
	go func() {
		_, err := plugin.TryCreate(token, plugintest.Values{"create": text("(sleep 2; touch " + trace + ") | cat; touch " + trace + "2")})
		failed <- err
	}()
	time.Sleep(300 * time.Millisecond)
	plugin.Cancel()
	if err := <-failed; err == nil {
		t.Error("a cancelled command succeeded")
	}
	if waited := time.Since(started); waited < 1500*time.Millisecond {
		t.Errorf("it did not wait for its children: %s", waited)
	}
	if _, err := os.Stat(trace); err != nil {
		t.Error("the children were killed, which the official plugin does not")
	}
	if _, err := os.Stat(trace + "2"); err == nil {
		t.Error("the shell went on")
	}
}

func TestALongLineEndsTheCommand(t *testing.T) {
	_, err := start(t).TryCreate(token, plugintest.Values{"create": text(`head -c 100000 /dev/zero | tr '\0' x`)})
	if err == nil || !strings.Contains(err.Error(), "64 KiB") {
		t.Errorf("the error is %.200v", err)
	}
}

// O2: a stack may move between the official plugin and this one.
func TestTheSchemaHasNoDefaultsAndCheckAddsNone(t *testing.T) {
	plugin := start(t)
	for name, resource := range plugin.Schema().Resources {
		for property, spec := range resource.InputProperties {
			if spec.Default != nil {
				t.Errorf("%s.%s has a default, which the official schema lacks", name, property)
			}
		}
	}
	inputs := plugintest.Values{"create": text("true")}
	if checked := plugin.Check(token, inputs); checked.Len() != 1 {
		t.Errorf("the inputs become %v", checked)
	}
}

func TestTheFunctionRunsACommand(t *testing.T) {
	result := start(t).Invoke("command:local:run", plugintest.Values{"command": text("echo $0 run")})
	if got := result.Get("stdout").AsString(); !strings.HasSuffix(got, "run") {
		t.Errorf("stdout is %q", got)
	}
}
