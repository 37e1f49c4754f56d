package children

import "syscall"

// attributes also covers a plugin that is killed and cannot clean up.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
