package random

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"golang.org/x/crypto/bcrypt"

	"berth/offline/plugins/internal/npmtypes"
	"berth/offline/plugins/internal/plugintest"
)

const passwordToken = "random:index/randomPassword:RandomPassword"

func start(t *testing.T) *plugintest.Plugin {
	t.Helper()
	made, err := Provider()
	return plugintest.Start(t, Name, made, err)
}

func TestEveryPropertyOfTheNpmPackageIsOffered(t *testing.T) {
	compared := npmtypes.Read(t, Name).Compare(start(t).Schema())
	if compared < 80 {
		t.Errorf("only %d properties were compared", compared)
	}
}

func TestAPasswordIsSecretAndUnknownBeforeItIsMade(t *testing.T) {
	plugin := start(t)
	inputs := plugintest.Values{"length": property.New(20.0)}
	made := plugin.Create(passwordToken, inputs)
	for _, name := range []string{"result", "bcryptHash"} {
		if value := made.Outputs.Get(name); !value.Secret() || value.AsString() == "" {
			t.Errorf("%s is not a secret string", name)
		}
		if value := plugin.Preview(passwordToken, inputs).Get(name); !value.IsComputed() {
			t.Errorf("%s is known in a preview", name)
		}
	}
	hash, result := made.Outputs.Get("bcryptHash").AsString(), made.Outputs.Get("result").AsString()
	if err := bcrypt.CompareHashAndPassword([]byte(hash), []byte(result)); err != nil {
		t.Errorf("the hash is not the password's: %v", err)
	}
}

func TestAPasswordHoldsWhatItIsToldTo(t *testing.T) {
	made := start(t).Create(passwordToken, plugintest.Values{
		"length": property.New(12.0), "upper": property.New(false), "minNumeric": property.New(5.0),
		"minSpecial": property.New(2.0), "overrideSpecial": property.New("#"),
	})
	result := made.Outputs.Get("result").AsString()
	if !regexp.MustCompile(`^[a-z0-9#]{12}$`).MatchString(result) {
		t.Errorf("%q has other characters than it should", result)
	}
	if digits := regexp.MustCompile(`[0-9]`).FindAllString(result, -1); len(digits) < 5 {
		t.Errorf("%q has %d digits", result, len(digits))
	}
	if strings.Count(result, "#") < 2 {
		t.Errorf("%q has too few special characters", result)
	}
}

func TestImpossiblePasswordsAreRefused(t *testing.T) {
	for name, inputs := range map[string]plugintest.Values{
		"too short for its minima": {"length": property.New(1.0), "minLower": property.New(2.0)},
		"of no characters": {
			"length": property.New(4.0), "lower": property.New(false), "upper": property.New(false),
			"number": property.New(false), "special": property.New(false),
		},
		"empty": {"length": property.New(0.0)},
	} {
		if _, err := start(t).TryCreate(passwordToken, inputs); err == nil {
			t.Errorf("a password %s was made", name)
		}
	}
}

func TestAChangedKeeperReplaces(t *testing.T) {
	plugin := start(t)
	inputs := func(keeper string) plugintest.Values {
		return plugintest.Values{
			"length":  property.New(8.0),
			"keepers": property.New(map[string]property.Value{"a": property.New(keeper)}),
		}
	}
	made := plugin.Create(passwordToken, inputs("one"))
	if plugin.Diff(passwordToken, made, inputs("one")).HasChanges {
		t.Error("nothing changed, and yet there is a difference")
	}
	change := plugin.Diff(passwordToken, made, inputs("two")).DetailedDiff["keepers.a"]
	if change.Kind != "update&replace" {
		t.Errorf("a changed keeper is %q", change.Kind)
	}
}

// O2: a stack may move between the official plugin and this one.
func TestNoPluginsStateReplacesASecret(t *testing.T) {
	plugin := start(t)
	program := plugintest.Values{"length": property.New(32.0), "special": property.New(false)}
	complete := plugintest.Values{
		"length": property.New(32.0), "special": property.New(false), "lower": property.New(true),
		"upper": property.New(true), "numeric": property.New(true), "number": property.New(true),
		"minLower": property.New(0.0), "minUpper": property.New(0.0), "minNumeric": property.New(0.0),
		"minSpecial": property.New(0.0),
	}
	state := func(inputs plugintest.Values) plugintest.State {
		outputs := property.NewMap(complete).Set("result", property.New("kept").WithSecret(true)).
			Set("bcryptHash", property.New("hash").WithSecret(true)).
			Set("id", property.New("none")).Set("__meta", property.New(`{"schema_version":"3"}`))
		return plugintest.State{ID: "none", Inputs: property.NewMap(inputs), Outputs: outputs}
	}
	for name, before := range map[string]plugintest.State{
		"the official plugin": state(program), "an earlier version": state(complete),
	} {
		for _, token := range []string{passwordToken, "random:index/randomString:RandomString"} {
			if change := plugin.Diff(token, before, program); change.HasChanges {
				t.Errorf("%s of %s: %v", token, name, change.DetailedDiff)
			}
			for property, value := range map[string]property.Value{
				"length": property.New(33.0), "upper": property.New(false), "number": property.New(false),
			} {
				changed := plugintest.Values{"length": program["length"], "special": program["special"]}
				changed[property] = value
				if kind := plugin.Diff(token, before, changed).DetailedDiff[property].Kind; kind != "update&replace" {
					t.Errorf("%s of %s: a change of %s is %q", token, name, property, kind)
				}
			}
		}
	}
	pet := plugintest.State{ID: "calm-owl", Inputs: property.Map{}, Outputs: property.Map{}}
	written := plugintest.Values{"length": property.New(2.0), "separator": property.New("-")}
	if change := plugin.Diff("random:index/randomPet:RandomPet", pet, written); change.HasChanges {
		t.Errorf("a pet: %v", change.DetailedDiff)
	}
}

func TestTheStateIsThatOfTheOfficialPlugin(t *testing.T) {
	plugin := start(t)
	for token, is := range map[string]struct {
		inputs plugintest.Values
		added  map[string]property.Value
	}{
		passwordToken: {
			plugintest.Values{"length": property.New(8.0), "number": property.New(false)},
			map[string]property.Value{
				"lower": property.New(true), "numeric": property.New(false), "minSpecial": property.New(0.0),
			},
		},
		"random:index/randomPet:RandomPet": {
			plugintest.Values{}, map[string]property.Value{"length": property.New(2.0), "separator": property.New("-")},
		},
	} {
		made := plugin.Create(token, is.inputs)
		if made.Inputs.Len() != len(is.inputs) {
			t.Errorf("%s: the inputs are %v", token, made.Inputs)
		}
		for name, value := range is.added {
			if got := made.Outputs.Get(name); !got.Equals(value) {
				t.Errorf("%s: the output %s is %v", token, name, got)
			}
		}
		for name, resource := range plugin.Schema().Resources {
			for property, spec := range resource.InputProperties {
				if spec.Default != nil {
					t.Errorf("%s.%s has a default, which the official schema lacks", name, property)
				}
			}
		}
	}
}

// O7: RandomUuid4 and RandomUuid7 are among them.
func TestTheOtherKinds(t *testing.T) {
	plugin := start(t)
	for token, check := range map[string]struct {
		inputs  plugintest.Values
		output  string
		matches string
	}{
		"randomId:RandomId":         {plugintest.Values{"byteLength": property.New(4.0), "prefix": property.New("a-")}, "hex", `^a-[0-9a-f]{8}$`},
		"randomBytes:RandomBytes":   {plugintest.Values{"length": property.New(3.0)}, "base64", `^[A-Za-z0-9+/]{4}$`},
		"randomString:RandomString": {plugintest.Values{"length": property.New(6.0), "special": property.New(false)}, "result", `^[A-Za-z0-9]{6}$`},
		"randomUuid4:RandomUuid4":   {plugintest.Values{}, "result", `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		"randomUuid7:RandomUuid7":   {plugintest.Values{}, "result", `^01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		"randomUuid:RandomUuid":     {plugintest.Values{}, "result", `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
	} {
		made := plugin.Create("random:index/"+token, check.inputs)
		if got := made.Outputs.Get(check.output).AsString(); !regexp.MustCompile(check.matches).MatchString(got) {
			t.Errorf("%s: %q does not look like %s", token, got, check.matches)
		}
	}
	pet := plugin.Create("random:index/randomPet:RandomPet", plugintest.Values{"length": property.New(3.0)})
	if !regexp.MustCompile(`^[a-z]+-[a-z]+-[a-z]+$`).MatchString(pet.ID) {
		t.Errorf("a pet is called %q", pet.ID)
	}
	integer := plugin.Create("random:index/randomInteger:RandomInteger",
		plugintest.Values{"min": property.New(7.0), "max": property.New(7.0)})
	if got := integer.Outputs.Get("result").AsNumber(); got != 7 {
		t.Errorf("a number from 7 to 7 is %v", got)
	}
	list := property.New([]property.Value{property.New("a"), property.New("b")})
	shuffled := plugin.Create("random:index/randomShuffle:RandomShuffle",
		plugintest.Values{"inputs": list, "resultCount": property.New(4.0)}).Outputs.Get("results").AsArray()
	counts := map[string]int{}
	for _, value := range shuffled.All {
		counts[value.AsString()]++
	}
	if counts["a"] != 2 || counts["b"] != 2 {
		t.Errorf("four of a and b are %v", counts)
	}
}
