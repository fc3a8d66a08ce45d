import { spawnSync } from 'node:child_process'

/** Builds the program once, before the tests that run it. */
export function setup(): void {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'build'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The build failed: ${stderr}`)
}
