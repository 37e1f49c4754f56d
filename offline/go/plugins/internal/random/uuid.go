package random

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomUuid is a UUID of version 4.
type RandomUuid struct{}

// Annotate gives it its token.
func (r *RandomUuid) Annotate(a infer.Annotator) { token(a, "randomUuid", "RandomUuid") }

// Create makes the UUID.
func (RandomUuid) Create(_ context.Context, request infer.CreateRequest[UuidInputs]) (infer.CreateResponse[UuidOutputs], error) {
	return createUuid(request, randomUuid)
}

// RandomUuid4 is the same under its later name.
type RandomUuid4 struct{}

// Annotate gives it its token.
func (r *RandomUuid4) Annotate(a infer.Annotator) { token(a, "randomUuid4", "RandomUuid4") }

// Create makes the UUID.
func (RandomUuid4) Create(_ context.Context, request infer.CreateRequest[UuidInputs]) (infer.CreateResponse[UuidOutputs], error) {
	return createUuid(request, randomUuid)
}

// RandomUuid7 is a UUID of version 7, which begins with the time.
type RandomUuid7 struct{}

// Annotate gives it its token.
func (r *RandomUuid7) Annotate(a infer.Annotator) { token(a, "randomUuid7", "RandomUuid7") }

// Create makes the UUID.
func (RandomUuid7) Create(_ context.Context, request infer.CreateRequest[UuidInputs]) (infer.CreateResponse[UuidOutputs], error) {
	return createUuid(request, timedUuid)
}

// UuidInputs are the keepers.
type UuidInputs struct{ Kept }

// UuidOutputs is the UUID.
type UuidOutputs struct {
	UuidInputs
	Result string `pulumi:"result"`
}

func createUuid(
	request infer.CreateRequest[UuidInputs], generate func() ([16]byte, error),
) (infer.CreateResponse[UuidOutputs], error) {
	output := UuidOutputs{UuidInputs: request.Inputs}
	if request.DryRun {
		return created("", output)
	}
	value, err := generate()
	if err != nil {
		return infer.CreateResponse[UuidOutputs]{}, err
	}
	output.Result = fmt.Sprintf("%x-%x-%x-%x-%x", value[:4], value[4:6], value[6:8], value[8:10], value[10:])
	return created(output.Result, output)
}

func randomUuid() ([16]byte, error) { return marked(4) }

// timedUuid has the milliseconds since 1970 in its first 48 bits.
func timedUuid() ([16]byte, error) {
	value, err := marked(7)
	var now [8]byte
	binary.BigEndian.PutUint64(now[:], uint64(time.Now().UnixMilli()))
	copy(value[:6], now[2:])
	return value, err
}

// marked are random bytes with the standard's marks for the version and "variant 1".
func marked(version byte) ([16]byte, error) {
	var value [16]byte
	_, err := rand.Read(value[:])
	value[6] = value[6]&0x0f | version<<4
	value[8] = value[8]&0x3f | 0x80
	return value, err
}
