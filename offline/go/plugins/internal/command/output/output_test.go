package output

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLinesAreShownAsTheyEnd(t *testing.T) {
	var shown []string
	collector := NewCollector(StdoutAndStderr, func(line string) { shown = append(shown, line) })
	stdout, stderr := collector.Stdout(), collector.Stderr()
	for _, text := range []string{"on", "e\ntw", "o\n10%\r20%\r30%\n\nrest"} {
		fmt.Fprint(stdout, text)
	}
	fmt.Fprint(stderr, "bad \xff\n")
	if want := []string{"one", "two", "30%", "bad \uFFFD"}; !slices.Equal(shown, want) {
		t.Errorf("shown before the end: %q, want %q", shown, want)
	}
	out, errors := collector.Finish()
	if shown[len(shown)-1] != "rest" {
		t.Errorf("the line without an end was not shown: %q", shown)
	}
	if out != "one\ntwo\n10%\r20%\r30%\n\nrest" || errors != "bad \uFFFD" {
		t.Errorf("collected %q and %q", out, errors)
	}
}

func TestLoggingChoosesWhatIsShown(t *testing.T) {
	for logging, want := range map[Logging]string{Stdout: "o", Stderr: "e", StdoutAndStderr: "oe", None: ""} {
		shown := ""
		collector := NewCollector(logging, func(line string) { shown += line })
		fmt.Fprintln(collector.Stdout(), "o")
		fmt.Fprintln(collector.Stderr(), "e")
		if out, errors := collector.Finish(); out != "o" || errors != "e" {
			t.Errorf("%s: collected %q and %q", logging, out, errors)
		}
		if shown != want {
			t.Errorf("%s: shown %q, want %q", logging, shown, want)
		}
	}
}

// O5: a long command hides the reason, so it must be seen in tests.
func TestAFailureQuotesAllOfCommandAndOutput(t *testing.T) {
	collector := NewCollector(None, nil)
	fmt.Fprint(collector.Stderr(), strings.Repeat("é", 20_000), "the reason")
	command := strings.Repeat("x", 1000)
	message := collector.Failure(errors.New("exit status 1"), command).Error()
	want := `exit status 1: running "` + command + "\":\n" + strings.Repeat("é", 20_000) + "the reason"
	if message != want {
		t.Errorf("%d bytes that end in %q", len(message), message[len(message)-20:])
	}
}

// O1: the official plugin waits forever.
func TestALineOf64KiBEndsTheCommandIfItIsShown(t *testing.T) {
	longest := strings.Repeat("x", 1<<16-1)
	for _, text := range []string{longest + "x", longest + "x\nmore", "first\n" + longest + "x\n"} {
		collector := NewCollector(StdoutAndStderr, func(string) {})
		_, err := fmt.Fprint(collector.Stderr(), text)
		if !errors.Is(err, ErrLongLine) || !errors.Is(collector.Err(), ErrLongLine) {
			t.Errorf("a long line: %v", err)
		}
	}
	for logging, text := range map[Logging]string{StdoutAndStderr: longest + "\n" + longest + "\n", Stderr: longest + "x"} {
		collector := NewCollector(logging, func(string) {})
		if _, err := fmt.Fprint(collector.Stdout(), text); err != nil || collector.Err() != nil {
			t.Errorf("%s: %v", logging, err)
		}
	}
}
