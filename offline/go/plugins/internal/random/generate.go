package random

import (
	"crypto/rand"
	"math/big"
)

// below returns a number in [0, n), every one equally likely.
func below(n int) int {
	// Only a broken kernel fails here, and then no value is fit for use.
	number, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err)
	}
	return int(number.Int64())
}

func pick(from string, count int) []byte {
	picked := make([]byte, count)
	for i := range picked {
		picked[i] = from[below(len(from))]
	}
	return picked
}

func shuffle[T any](values []T) {
	for i := len(values) - 1; i > 0; i-- {
		j := below(i + 1)
		values[i], values[j] = values[j], values[i]
	}
}
