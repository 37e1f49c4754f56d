// Package npmtypes reads the type declarations of the npm packages, so that
// tests can hold the plugins against what programs are written with.
package npmtypes

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Package is an npm package of Pulumi's.
type Package struct {
	t *testing.T
	// Interfaces and classes by name; properties with the interface they refer to.
	objects map[string]map[string]string
	// Tokens with the name of their class.
	tokens map[string]string
}

var (
	objectStart = regexp.MustCompile(`^( *)(?:export )?(?:declare )?(?:interface|class) (\w+)`)
	property    = regexp.MustCompile(`^( *)(?:readonly )?(\w+)\??: (.*)$`)
	reference   = regexp.MustCompile(`(?:inputs|outputs)\.(?:\w+\.)*(\w+)`)
	typeToken   = regexp.MustCompile(`__pulumiType = '(\w+:[\w/]+:(\w+))'`)
)

// Read reads the installed package @pulumi/name.
func Read(t *testing.T, name string) *Package {
	t.Helper()
	root, err := packageDirectory(name)
	if err != nil {
		t.Fatal(err)
	}
	read := &Package{t, map[string]map[string]string{}, map[string]string{}}
	err = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch {
		case strings.HasSuffix(path, ".d.ts"):
			return read.declarations(path, filepath.Dir(relative))
		case strings.HasSuffix(path, ".js"):
			return read.classes(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func packageDirectory(name string) (string, error) {
	directory, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; directory != filepath.Dir(directory); directory = filepath.Dir(directory) {
		candidate := filepath.Join(directory, "node_modules/@pulumi", name)
		if _, err := os.Stat(candidate); err == nil {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("@pulumi/%s is not installed: run npm install", name)
}

// declarations puts the folder before a name: local and remote each have a Command.
func (p *Package) declarations(path, folder string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	prefix := ""
	if folder != "." && folder != "types" {
		prefix = folder + "/"
	}
	var object map[string]string
	var indent, last string
	for _, line := range strings.Split(string(content), "\n") {
		if found := objectStart.FindStringSubmatch(line); found != nil {
			indent, last = found[1]+"    ", ""
			object = map[string]string{}
			// The outputs' interfaces have the inputs' names and come second.
			if key := prefix + found[2]; p.objects[key] == nil {
				p.objects[key] = object
			}
			continue
		}
		if object == nil {
			continue
		}
		if found := property.FindStringSubmatch(line); found != nil && found[1] == indent {
			last = found[2]
			object[last] = ""
		}
		if found := reference.FindStringSubmatch(line); found != nil && last != "" {
			object[last] = found[1]
		}
	}
	return nil
}

func (p *Package) classes(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if found := typeToken.FindStringSubmatch(string(content)); found != nil {
		p.tokens[found[1]] = found[2]
	}
	return nil
}

// Compare fails the test for every resource and property the schema lacks, and
// returns how many properties it compared.
func (p *Package) Compare(spec schema.PackageSpec, leftOut ...string) int {
	p.t.Helper()
	skip := map[string]bool{}
	for _, token := range leftOut {
		skip[token] = true
	}
	compared := p.object(spec, "Provider", "ProviderArgs", spec.Provider.InputProperties)
	for token, class := range p.tokens {
		resource, offered := spec.Resources[token]
		if skip[token] {
			if offered {
				p.t.Errorf("%s is offered, though the test says it is left out", token)
			}
			continue
		}
		if !offered {
			p.t.Errorf("%s is missing", token)
			continue
		}
		name := class
		if parts := strings.Split(token, ":"); parts[1] == "local" || parts[1] == "remote" {
			name = parts[1] + "/" + class
		}
		compared += p.object(spec, token, name+"Args", resource.InputProperties)
		compared += p.object(spec, token, name, resource.Properties)
	}
	return compared
}

func (p *Package) object(
	spec schema.PackageSpec, where, name string, properties map[string]schema.PropertySpec,
) int {
	p.t.Helper()
	object, known := p.objects[name]
	if !known {
		p.t.Errorf("%s: the npm package declares no %s", where, name)
		return 0
	}
	compared := 0
	for property, refers := range object {
		found, offered := properties[property]
		if !offered {
			p.t.Errorf("%s.%s is missing", where, property)
			continue
		}
		compared++
		if refers == "" {
			continue
		}
		token := referred(found.TypeSpec)
		nested, exists := spec.Types[token]
		if !exists {
			p.t.Errorf("%s.%s should be an object like %s", where, property, refers)
			continue
		}
		compared += p.object(spec, where+"."+property, refers, nested.Properties)
	}
	return compared
}

// referred finds the object in a list of objects, a map of objects or an object.
func referred(spec schema.TypeSpec) string {
	switch {
	case spec.Items != nil:
		return referred(*spec.Items)
	case spec.AdditionalProperties != nil:
		return referred(*spec.AdditionalProperties)
	default:
		return strings.TrimPrefix(spec.Ref, "#/types/")
	}
}
