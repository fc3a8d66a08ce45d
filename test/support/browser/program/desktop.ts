import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

/** The desktop of a person: programs open files and addresses on it, and the test shows them in its browser. */
export interface Desktop {
  /** What makes a program believe that it has a screen. */
  readonly environment: Readonly<Record<'PATH' | 'DISPLAY', string>>
  /** The files and addresses that were opened so far. */
  readonly opened: () => readonly string[]
  /** The next one, as soon as a program opens it, as an address for the browser. */
  readonly next: () => Promise<string>
}

/** A desktop in this folder, on which `xdg-open` notes what it is to open. */
export function openDesktop(folder: string): Desktop {
  const [list, bin] = [join(folder, 'opened'), join(folder, 'bin')]
  mkdirSync(bin, { recursive: true })
  writeFileSync(list, '')
  const command = join(bin, 'xdg-open')
  writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${list}'\n`)
  chmodSync(command, 0o755)
  const opened = (): readonly string[] => readFileSync(list, 'utf8').split('\n').slice(0, -1)
  let seen = 0
  return {
    environment: { PATH: bin, DISPLAY: ':0' },
    opened,
    next: async () => {
      const wanted = seen++
      await expect.poll(() => opened().length, { interval: 20, timeout: 30_000 }).toBeGreaterThan(wanted)
      const what = opened()[wanted] ?? ''
      return what.startsWith('/') ? `file://${what}` : what
    },
  }
}
