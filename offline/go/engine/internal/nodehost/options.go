package nodehost

import (
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
)

// options are what Pulumi.yaml may say under runtime.options.
type options struct {
	typescript     bool
	tsconfig       string
	nodeArgs       []string
	packageManager string
}

func readOptions(fields *structpb.Struct) (options, error) {
	read := options{typescript: true, packageManager: "npm"}
	for key, value := range fields.AsMap() {
		switch key {
		case "typescript":
			on, ok := value.(bool)
			if !ok {
				return read, fmt.Errorf("runtime option typescript must be true or false, not %v", value)
			}
			read.typescript = on
		case "tsconfig", "nodeargs", "packagemanager":
			text, ok := value.(string)
			if !ok {
				return read, fmt.Errorf("runtime option %s must be a string, not %v", key, value)
			}
			read.setText(key, text)
		}
	}
	return read, nil
}

func (o *options) setText(key, text string) {
	switch key {
	case "tsconfig":
		o.tsconfig = text
	case "nodeargs":
		o.nodeArgs = strings.Fields(text)
	case "packagemanager":
		o.packageManager = text
	}
}

// environment is how the SDK's runners get these options.
func (o options) environment() []string {
	environment := []string{"PULUMI_NODEJS_TYPESCRIPT=" + strconv.FormatBool(o.typescript)}
	if o.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+o.tsconfig)
	}
	return environment
}
