// Package output collects what a command prints and shows it while it runs.
package output

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Logging says what to show of a command's output while it runs.
type Logging string

// The values are those of the npm package.
const (
	Stdout          Logging = "stdout"
	Stderr          Logging = "stderr"
	StdoutAndStderr Logging = "stdoutAndStderr"
	None            Logging = "none"
)

// Values lists them for the schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "Stdout", Value: Stdout, Description: "Show stdout only"},
		{Name: "Stderr", Value: Stderr, Description: "Show stderr only"},
		{Name: "StdoutAndStderr", Value: StdoutAndStderr, Description: "Show both"},
		{Name: "None", Value: None, Description: "Show nothing"},
	}
}

// Collector gathers both streams of one command.
type Collector struct {
	mutex          sync.Mutex
	stdout, stderr bytes.Buffer
	both           bytes.Buffer
	show           func(line string)
	logging        Logging
	pending        [2]bytes.Buffer
	tooLong        error
}

// ErrLongLine ends a command where the official plugin waits forever, so that a test notices.
var ErrLongLine = errors.New("the command printed a line of 64 KiB or more, " +
	"after which Pulumi's official command plugin waits forever")

// longestLine is the limit of the scanner that the official plugin reads with.
const longestLine = bufio.MaxScanTokenSize

// NewCollector makes a collector that passes whole lines on to show.
func NewCollector(logging Logging, show func(line string)) *Collector {
	return &Collector{logging: logging, show: show}
}

type stream struct {
	collector *Collector
	index     int
	shown     bool
	into      *bytes.Buffer
}

// Stdout is where the command writes its standard output.
func (c *Collector) Stdout() *stream {
	return &stream{c, 0, c.logging == Stdout || c.logging == StdoutAndStderr, &c.stdout}
}

// Stderr is where the command writes its errors.
func (c *Collector) Stderr() *stream {
	return &stream{c, 1, c.logging == Stderr || c.logging == StdoutAndStderr, &c.stderr}
}

// Write takes a piece of output, of whatever length.
func (s *stream) Write(text []byte) (int, error) {
	c := s.collector
	c.mutex.Lock()
	defer c.mutex.Unlock()
	s.into.Write(text)
	c.both.Write(text)
	if !s.shown {
		return len(text), nil
	}
	pending := &c.pending[s.index]
	pending.Write(text)
	for {
		end := bytes.IndexByte(pending.Bytes(), '\n')
		if end >= longestLine || end < 0 && pending.Len() >= longestLine {
			c.tooLong = ErrLongLine
			return 0, ErrLongLine
		}
		if end < 0 {
			return len(text), nil
		}
		c.showLine(string(pending.Next(end + 1)))
	}
}

func (c *Collector) showLine(line string) {
	// Progress bars draw over their line again and again: show the last state.
	line = strings.TrimRight(line, "\r\n")
	line = line[strings.LastIndexByte(line, '\r')+1:]
	if line != "" {
		c.show(strings.ToValidUTF8(line, "\uFFFD"))
	}
}

// Finish shows lines without an end and returns both outputs without their last newline.
func (c *Collector) Finish() (stdout, stderr string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for i := range c.pending {
		c.showLine(c.pending[i].String())
		c.pending[i].Reset()
	}
	return trimmed(c.stdout.String()), trimmed(c.stderr.String())
}

func trimmed(text string) string {
	return strings.TrimSuffix(strings.ToValidUTF8(text, "\uFFFD"), "\n")
}

// Err is ErrLongLine once a line was too long.
func (c *Collector) Err() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.tooLong
}

// Failure explains why a command failed, in the form of the official plugin: the whole command, then all it printed.
func (c *Collector) Failure(cause error, command string) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return fmt.Errorf("%w: running %q:\n%s", cause, command, trimmed(c.both.String()))
}
