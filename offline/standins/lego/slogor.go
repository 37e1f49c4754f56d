// Package slogor stands in for gitlab.com/greyxor/slogor, which only the colored format of lego's log uses, and which the
// module proxy does not have.
package slogor

import (
	"io"
	"log/slog"
)

// OptionFn changes an option of the handler.
type OptionFn func(*slog.HandlerOptions)

// SetLevel sets the least level that is logged.
func SetLevel(level slog.Leveler) OptionFn {
	return func(options *slog.HandlerOptions) { options.Level = level }
}

// SetTimeFormat has no effect: the times are those of slog.
func SetTimeFormat(string) OptionFn { return func(*slog.HandlerOptions) {} }

// DisableColor has no effect: there are no colors.
func DisableColor() OptionFn { return func(*slog.HandlerOptions) {} }

// NewHandler returns slog's own handler for text.
func NewHandler(writer io.Writer, change ...OptionFn) slog.Handler {
	options := &slog.HandlerOptions{}
	for _, one := range change {
		one(options)
	}
	return slog.NewTextHandler(writer, options)
}
