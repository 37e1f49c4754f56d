// Package children ties the processes that the language host starts to its
// life: whatever they start themselves ends with them.
package children

import (
	"os/exec"
	"syscall"
	"time"
)

// Bind puts a command made by exec.CommandContext into a process group of its
// own, so that cancelling the context ends a whole pipeline and not only its shell.
func Bind(command *exec.Cmd) {
	command.SysProcAttr = attributes()
	command.Cancel = func() error {
		return syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	// A process that left the group may still hold our pipes open.
	command.WaitDelay = 2 * time.Second
}
