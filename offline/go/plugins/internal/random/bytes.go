package random

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"math/big"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomBytes are secret bytes.
type RandomBytes struct{}

// Annotate gives it its token.
func (r *RandomBytes) Annotate(a infer.Annotator) { token(a, "randomBytes", "RandomBytes") }

// RandomBytesInputs says how many.
type RandomBytesInputs struct {
	Kept
	Length int `pulumi:"length"`
}

// RandomBytesOutputs are the bytes in two forms.
type RandomBytesOutputs struct {
	RandomBytesInputs
	Base64 string `pulumi:"base64" provider:"secret"`
	Hex    string `pulumi:"hex" provider:"secret"`
}

// WireDependencies makes the outputs secret, whatever the inputs are.
func (RandomBytes) WireDependencies(f infer.FieldSelector, _ *RandomBytesInputs, state *RandomBytesOutputs) {
	f.OutputField(&state.Base64).AlwaysSecret()
	f.OutputField(&state.Hex).AlwaysSecret()
}

// Create makes the bytes.
func (RandomBytes) Create(
	_ context.Context, request infer.CreateRequest[RandomBytesInputs],
) (infer.CreateResponse[RandomBytesOutputs], error) {
	output := RandomBytesOutputs{RandomBytesInputs: request.Inputs}
	if request.DryRun {
		return created("", output)
	}
	value, err := randomBytes(request.Inputs.Length)
	if err != nil {
		return infer.CreateResponse[RandomBytesOutputs]{}, err
	}
	output.Base64, output.Hex = base64.StdEncoding.EncodeToString(value), hex.EncodeToString(value)
	return created("none", output)
}

// RandomId is an identifier, no secret.
type RandomId struct{}

// Annotate gives it its token.
func (r *RandomId) Annotate(a infer.Annotator) { token(a, "randomId", "RandomId") }

// RandomIdInputs says how long it is and what comes before it.
type RandomIdInputs struct {
	Kept
	ByteLength int     `pulumi:"byteLength"`
	Prefix     *string `pulumi:"prefix,optional"`
}

// RandomIdOutputs is the identifier in four forms.
type RandomIdOutputs struct {
	RandomIdInputs
	B64Std string `pulumi:"b64Std"`
	B64URL string `pulumi:"b64Url"`
	Dec    string `pulumi:"dec"`
	Hex    string `pulumi:"hex"`
}

// Create makes the identifier.
func (RandomId) Create(
	_ context.Context, request infer.CreateRequest[RandomIdInputs],
) (infer.CreateResponse[RandomIdOutputs], error) {
	output := RandomIdOutputs{RandomIdInputs: request.Inputs}
	if request.DryRun {
		return created("", output)
	}
	value, err := randomBytes(request.Inputs.ByteLength)
	if err != nil {
		return infer.CreateResponse[RandomIdOutputs]{}, err
	}
	prefix := or(request.Inputs.Prefix, "")
	id := base64.RawURLEncoding.EncodeToString(value)
	output.B64Std = prefix + base64.StdEncoding.EncodeToString(value)
	output.B64URL = prefix + id
	output.Dec = prefix + new(big.Int).SetBytes(value).String()
	output.Hex = prefix + hex.EncodeToString(value)
	return created(id, output)
}

func randomBytes(length int) ([]byte, error) {
	if length < 1 {
		return nil, errTooShort
	}
	value := make([]byte, length)
	_, err := rand.Read(value)
	return value, err
}
