#!/usr/bin/env node
// The only file that uses `process`. An older Node must be able to read it: it loads nothing before the check,
// and is written as Node 14 reads it.

/** As `engines` in package.json says. */
const [neededMajor, neededMinor] = [20, 19]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) {
  const { runCommand } = await import('./cli/program.ts')
  await runCommand(process)
} else {
  process.exitCode = 2
  process.stderr.write(
    `qualys-mcp: This is Node ${process.versions.node} (${process.execPath}), but qualys-mcp needs Node ${neededMajor}.${neededMinor} or newer: install it, or name the full path of a newer node as the command of your client.\n`,
  )
}
