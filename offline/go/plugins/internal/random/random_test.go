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
	compared := npmtypes.Read(t, Name).Compare(start(t).Schema(),
		"random:index/randomUuid4:RandomUuid4", "random:index/randomUuid7:RandomUuid7")
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
