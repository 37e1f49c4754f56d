package remote_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"berth/offline/plugins/internal/command"
	"berth/offline/plugins/internal/npmtypes"
	"berth/offline/plugins/internal/plugintest"
)

const (
	commandToken = "command:remote:Command"
	copyToken    = "command:remote:CopyToRemote"
)

func plugin(t *testing.T) *plugintest.Plugin {
	t.Helper()
	// The tests bring their own keys.
	t.Setenv("SSH_AUTH_SOCK", "")
	made, err := command.Provider()
	return plugintest.Start(t, command.Name, made, err)
}

func text(value string) property.Value { return property.New(value) }

// to is a connection to the server, with changes.
func to(s *server, changes plugintest.Values) property.Value {
	connection := plugintest.Values{
		"host": text(s.host), "port": property.New(s.port), "hostKey": text(s.hostKey), "privateKey": text(s.clientKey),
	}
	for name, value := range changes {
		connection[name] = value
	}
	return property.New(connection)
}

func TestEveryPropertyOfTheNpmPackageIsOffered(t *testing.T) {
	compared := npmtypes.Read(t, command.Name).Compare(plugin(t).Schema())
	if compared < 60 {
		t.Errorf("only %d properties were compared", compared)
	}
}

func TestACommandRunsWithStdinAndEnvironment(t *testing.T) {
	made := plugin(t).Create(commandToken, plugintest.Values{
		"connection":  to(start(t), nil),
		"create":      text("cat; echo $LC_WHO; echo oops >&2"),
		"stdin":       text("from stdin\n"),
		"environment": property.New(plugintest.Values{"LC_WHO": text("me")}),
	})
	if got := made.Outputs.Get("stdout").AsString(); got != "from stdin\nme" {
		t.Errorf("stdout is %q", got)
	}
	if got := made.Outputs.Get("stderr").AsString(); got != "oops" {
		t.Errorf("stderr is %q", got)
	}
}

func TestTheConnectionIsSecretAndTheOutputIsNot(t *testing.T) {
	made := plugin(t).Create(commandToken, plugintest.Values{"connection": to(start(t), nil), "create": text("echo out")})
	if !made.Inputs.Get("connection").Secret() || !made.Outputs.Get("connection").Secret() {
		t.Error("the connection is not secret")
	}
	if made.Outputs.Get("stdout").Secret() {
		t.Error("stdout is secret")
	}
}

func TestAVariableTheServerRefusesIsAnErrorThatSaysWhatToDo(t *testing.T) {
	_, err := plugin(t).TryCreate(commandToken, plugintest.Values{
		"connection": to(start(t), nil), "create": text("true"),
		"environment": property.New(plugintest.Values{"WHO": text("me")}),
	})
	if err == nil || !strings.Contains(err.Error(), "AcceptEnv") {
		t.Errorf("the error is %v", err)
	}
}

func TestAFailureTellsWhatTheCommandPrinted(t *testing.T) {
	_, err := plugin(t).TryCreate(commandToken, plugintest.Values{
		"connection": to(start(t), nil), "create": text("echo reason >&2; exit 3"),
	})
	if err == nil || !strings.Contains(err.Error(), "reason") || !strings.Contains(err.Error(), "status 3") {
		t.Errorf("the error is %v", err)
	}
}

func TestUpdateFallsBackToCreateAndDeleteRuns(t *testing.T) {
	p, s := plugin(t), start(t)
	trace := filepath.Join(t.TempDir(), "trace")
	inputs := plugintest.Values{
		"connection": to(s, nil), "create": text("echo made >> " + trace), "delete": text("echo gone >> " + trace),
	}
	made := p.Create(commandToken, inputs)
	inputs["stdin"] = text("changed")
	p.Delete(commandToken, p.Update(commandToken, made, inputs, false))
	if got, err := os.ReadFile(trace); err != nil || string(got) != "made\nmade\ngone\n" {
		t.Errorf("the commands left %q, %v", got, err)
	}
}

func TestDiallingGoesOnUntilTheServerIsThere(t *testing.T) {
	late := newServer(t)
	reserved := listen(t, "127.0.0.1:0")
	address := reserved.Addr().(*net.TCPAddr)
	late.host, late.port = address.IP.String(), float64(address.Port)
	connection := to(late, nil)
	_ = reserved.Close()
	time.AfterFunc(700*time.Millisecond, func() { late.serve(listen(t, address.String())) })

	made := plugin(t).Create(commandToken, plugintest.Values{"connection": connection, "create": text("echo here")})
	if got := made.Outputs.Get("stdout").AsString(); got != "here" {
		t.Errorf("stdout is %q", got)
	}
}

func TestDiallingStopsAtItsLimit(t *testing.T) {
	closed := listen(t, "127.0.0.1:0")
	address := closed.Addr().(*net.TCPAddr)
	_ = closed.Close()
	_, err := plugin(t).TryCreate(commandToken, plugintest.Values{
		"connection": property.New(plugintest.Values{
			"host": text(address.IP.String()), "port": property.New(float64(address.Port)), "dialErrorLimit": property.New(2.0),
		}),
		"create": text("true"),
	})
	if err == nil || !strings.Contains(err.Error(), "after 2 attempts") {
		t.Errorf("the error is %v", err)
	}
}

func TestADialThatHangsEndsAfterItsTime(t *testing.T) {
	silent := listen(t, "127.0.0.1:0")
	address := silent.Addr().(*net.TCPAddr)
	began := time.Now()
	_, err := plugin(t).TryCreate(commandToken, plugintest.Values{
		"connection": property.New(plugintest.Values{
			"host": text(address.IP.String()), "port": property.New(float64(address.Port)),
			"dialErrorLimit": property.New(1.0), "perDialTimeout": property.New(1.0),
		}),
		"create": text("true"),
	})
	if took := time.Since(began); err == nil || took > 3*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

func TestAnotherHostKeyIsRefusedAtOnce(t *testing.T) {
	s := start(t)
	other, _ := newKey(t)
	_, err := plugin(t).TryCreate(commandToken, plugintest.Values{
		"connection": to(s, plugintest.Values{"hostKey": text(authorized(other))}), "create": text("true"),
	})
	if err == nil || !strings.Contains(err.Error(), "host key mismatch") {
		t.Errorf("the error is %v", err)
	}
	if count := s.connections.Load(); count != 1 {
		t.Errorf("it dialled %d times", count)
	}
}

func TestAPrivateKeyThatCannotBeReadIsNotPrinted(t *testing.T) {
	_, err := plugin(t).TryCreate(commandToken, plugintest.Values{
		"connection": to(start(t), plugintest.Values{"privateKey": text("-----BEGIN hush-hush")}), "create": text("true"),
	})
	if err == nil || !strings.Contains(err.Error(), "privateKey") || strings.Contains(err.Error(), "hush-hush") {
		t.Errorf("the error is %v", err)
	}
}

func TestAPasswordAndAProxyWork(t *testing.T) {
	proxy, s := start(t), start(t)
	via := property.New(plugintest.Values{
		"host": text(proxy.host), "port": property.New(proxy.port), "hostKey": text(proxy.hostKey), "password": text("open sesame"),
	})
	made := plugin(t).Create(commandToken, plugintest.Values{
		"connection": to(s, plugintest.Values{"proxy": via}), "create": text("echo through"),
	})
	if got := made.Outputs.Get("stdout").AsString(); got != "through" {
		t.Errorf("stdout is %q", got)
	}
	if proxy.connections.Load() != 1 || s.connections.Load() != 1 {
		t.Error("the connection did not go through the proxy")
	}
}

func TestAFileAStringAndADirectoryAreCopied(t *testing.T) {
	p, s := plugin(t), start(t)
	local, target := t.TempDir(), filepath.Join(t.TempDir(), "made/on/the/way")
	if err := os.MkdirAll(filepath.Join(local, "tree/branch"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(local, "tree/branch/leaf"), []byte("green"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := asset.FromPath(filepath.Join(local, "tree/branch/leaf"))
	if err != nil {
		t.Fatal(err)
	}
	word, err := asset.FromText("word")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := archive.FromPath(filepath.Join(local, "tree"))
	if err != nil {
		t.Fatal(err)
	}
	for _, copied := range []struct {
		source        property.Value
		path          string
		left, content string
	}{
		{property.New(file), "file", "file", "green"},
		{property.New(file), ".", "leaf", "green"},
		{property.New(word), "word", "word", "word"},
		{property.New(tree), "fresh", "fresh/branch/leaf", "green"},
		{property.New(tree), ".", "tree/branch/leaf", "green"},
	} {
		p.Create(copyToken, plugintest.Values{
			"connection": to(s, nil), "source": copied.source, "remotePath": text(target + "/" + copied.path),
		})
		got, err := os.ReadFile(filepath.Join(target, copied.left))
		if err != nil || string(got) != copied.content {
			t.Errorf("%s to %s left %q, %v", copied.left, copied.path, got, err)
		}
	}
}

func TestAChangedTriggerCopiesAgain(t *testing.T) {
	p, s := plugin(t), start(t)
	word, err := asset.FromText("word")
	if err != nil {
		t.Fatal(err)
	}
	inputs := plugintest.Values{
		"connection": to(s, nil), "source": property.New(word),
		"remotePath": text(filepath.Join(t.TempDir(), "word")), "triggers": property.New([]property.Value{text("a")}),
	}
	made := p.Create(copyToken, inputs)
	if p.Diff(copyToken, made, inputs).HasChanges {
		t.Error("nothing changed, and yet there is a difference")
	}
	inputs["triggers"] = property.New([]property.Value{text("b")})
	if kind := p.Diff(copyToken, made, inputs).DetailedDiff["triggers[0]"].Kind; kind != "update&replace" {
		t.Errorf("a changed trigger is %q", kind)
	}
}

// O7: the official plugin has it.
func TestTheDeprecatedCopyFileCopiesAFileAndReplacesOnChanges(t *testing.T) {
	p, s := plugin(t), start(t)
	directory := t.TempDir()
	local, target := filepath.Join(directory, "local"), filepath.Join(directory, "target")
	if err := os.WriteFile(local, []byte("word"), 0o600); err != nil {
		t.Fatal(err)
	}
	inputs := plugintest.Values{"connection": to(s, nil), "localPath": text(local), "remotePath": text(target)}
	made := p.Create("command:remote:CopyFile", inputs)
	if got, err := os.ReadFile(target); err != nil || string(got) != "word" {
		t.Errorf("it left %q, %v", got, err)
	}
	inputs["remotePath"] = text(target + "2")
	if kind := p.Diff("command:remote:CopyFile", made, inputs).DetailedDiff["remotePath"].Kind; kind != "update&replace" {
		t.Errorf("a changed path is %q", kind)
	}
}
