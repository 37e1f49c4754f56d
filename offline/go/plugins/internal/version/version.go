// Package version holds the plugins' versions: those of the npm packages in
// package.json, put in when building (see offline/engine.sh), so that the
// engine takes the plugins for the ones those packages ask for.
package version

// What a build by hand gets.
var (
	Docker  = "0.0.0"
	Command = "0.0.0"
	Random  = "0.0.0"
)
