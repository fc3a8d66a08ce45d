import type { spawn } from 'node:child_process'
import { createRequire } from 'node:module'

/** Starts a program without a shell; false if it could not be started, or ended at once with an error. */
export type StartProgram = (
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
) => Promise<boolean>

/** How long a program that opens files may take to say that it cannot, in ms. */
const patienceMs = 1_500

/** Loaded with its first use: most servers start nothing. */
const load = () => createRequire(import.meta.url)('node:child_process') as { readonly spawn: typeof spawn }

export const startProgram: StartProgram = (command, args, environment) =>
  new Promise((resolve) => {
    const child = load().spawn(command, args, {
      detached: true,
      stdio: 'ignore',
      shell: false,
      windowsHide: true,
      env: environment,
    })
    // What still runs is the browser itself.
    const timer = setTimeout(() => resolve(true), patienceMs)
    const settle = (isStarted: boolean): void => {
      clearTimeout(timer)
      resolve(isStarted)
    }
    child.once('error', () => settle(false))
    child.once('exit', (code) => settle(code === 0))
    child.unref()
  })
