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

func TestAFailureQuotesTheEndOfALongOutput(t *testing.T) {
	collector := NewCollector(None, nil)
	fmt.Fprint(collector.Stderr(), strings.Repeat("é", longestOutput), "the reason")
	message := collector.Failure(errors.New("exit status 1"), strings.Repeat("x", 1000)).Error()
	if !strings.HasSuffix(message, "the reason") || len(message) > longestOutput+longestQuote+100 {
		t.Errorf("%d bytes that end in %q", len(message), message[len(message)-20:])
	}
}
