package random

import (
	"errors"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

const (
	lowers   = "abcdefghijklmnopqrstuvwxyz"
	uppers   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits   = "0123456789"
	specials = "!@#$%&*()-_=+[]{}<>:?"
)

// Characters says what a password or string is made of.
type Characters struct {
	Kept
	Length          int     `pulumi:"length"`
	Lower           *bool   `pulumi:"lower,optional"`
	Upper           *bool   `pulumi:"upper,optional"`
	Numeric         *bool   `pulumi:"numeric,optional"`
	Number          *bool   `pulumi:"number,optional"`
	Special         *bool   `pulumi:"special,optional"`
	MinLower        *int    `pulumi:"minLower,optional"`
	MinUpper        *int    `pulumi:"minUpper,optional"`
	MinNumeric      *int    `pulumi:"minNumeric,optional"`
	MinSpecial      *int    `pulumi:"minSpecial,optional"`
	OverrideSpecial *string `pulumi:"overrideSpecial,optional"`
}

type kind struct {
	characters string
	wanted     bool
	least      int
}

func (c *Characters) kinds() []kind {
	special := specials
	if c.OverrideSpecial != nil && *c.OverrideSpecial != "" {
		special = *c.OverrideSpecial
	}
	return []kind{
		{lowers, or(c.Lower, true), or(c.MinLower, 0)},
		{uppers, or(c.Upper, true), or(c.MinUpper, 0)},
		{digits, c.numeric(), or(c.MinNumeric, 0)},
		{special, or(c.Special, true), or(c.MinSpecial, 0)},
	}
}

// numeric was once called number, and both are still accepted.
func (c *Characters) numeric() bool {
	return or(c.Numeric, or(c.Number, true))
}

// complete returns the characters with every default. As in the official plugin, a state's inputs have
// what the program sets, and its outputs have everything.
func (c Characters) complete() Characters {
	numeric := c.numeric()
	c.Numeric, c.Number = &numeric, &numeric
	for _, on := range []**bool{&c.Lower, &c.Upper, &c.Special} {
		*on = pointer(or(*on, true))
	}
	for _, least := range []**int{&c.MinLower, &c.MinUpper, &c.MinNumeric, &c.MinSpecial} {
		*least = pointer(or(*least, 0))
	}
	return c
}

// completeCharacters is the same for properties.
func completeCharacters(properties property.Map) property.Map {
	for _, pair := range [][2]string{{"numeric", "number"}, {"number", "numeric"}} {
		if other := properties.Get(pair[1]); properties.Get(pair[0]).IsNull() && !other.IsNull() {
			properties = properties.Set(pair[0], other)
		}
	}
	for _, on := range []string{"lower", "upper", "special", "numeric", "number"} {
		properties = withDefault(properties, on, property.New(true))
	}
	for _, least := range []string{"minLower", "minUpper", "minNumeric", "minSpecial"} {
		properties = withDefault(properties, least, property.New(0.0))
	}
	return properties
}

// generate puts the least number of each kind together with characters of all kinds.
func (c *Characters) generate() (string, error) {
	var all strings.Builder
	var value []byte
	for _, kind := range c.kinds() {
		if !kind.wanted {
			continue
		}
		all.WriteString(kind.characters)
		value = append(value, pick(kind.characters, kind.least)...)
	}
	rest := c.Length - len(value)
	switch {
	case c.Length < 1:
		return "", errors.New("length must be at least 1")
	case rest < 0:
		return "", errors.New("length must be at least minLower + minUpper + minNumeric + minSpecial")
	case rest > 0 && all.Len() == 0:
		return "", errors.New("at least one of lower, upper, numeric and special must be true")
	}
	value = append(value, pick(all.String(), rest)...)
	shuffle(value)
	return string(value), nil
}

func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}

func pointer[T any](value T) *T { return &value }
