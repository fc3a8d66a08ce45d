import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import type { Pace } from '../../../src/shared/clock.ts'
import type { Heard } from '../assistant.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'
import { type Objects, objectsOf } from './calls.ts'
import { hurried, type Line, linesOf, temporary, type Unattended, unattended } from './unattended.ts'

/** The audit log of a test. */
export interface Audit {
  /** The folder it lies in, which can be taken away. */
  readonly folder: string
  readonly file: string
  readonly lines: () => Line[]
  readonly events: (from?: number) => string[]
  /** Of the first line with this event. */
  readonly factsOf: (event: string) => Line['facts'] | undefined
}

/** What a test of effects is given besides the sandbox. */
export interface EffectFixtures {
  /** A state folder of its own. */
  readonly folder: string
  readonly audit: Audit
  /** Hosts, tags, a schedule and a script of the sandbox that effects can be tried on. */
  readonly objects: Objects
  /** Opens a server that asks nobody and writes the log, on a clock that hurries; closed when the test is over. */
  readonly serve: (extra?: Environment, pace?: Pace) => Promise<Unattended>
  /** Such a server. */
  readonly server: Unattended
  /** What is to be closed when the test is over, the last one first. */
  readonly closing: { close: () => Promise<void> }[]
}

/** What every effect that is sent leaves in the log. */
export const sentEvents = ['asked', 'approved', 'sent', 'answered']

/** Settings of a server in a test: the log in its file, no waiting for a turn. */
export function auditedEnvironment(
  sandbox: Parameters<typeof environmentFor>[0],
  audit: Audit,
  extra: Environment = {},
): Environment {
  return environmentFor(sandbox, {
    ...{ QUALYS_AUDIT_FILE: audit.file, QUALYS_MAX_WAIT_SECONDS: '0' },
    ...extra,
  })
}

/** A `test` for effects on a sandbox of these data. */
export function effectTest(options: SandboxOptions = { jobs: 200, assets: 60 }) {
  return testOn(options).extend<EffectFixtures>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    folder: async ({}, use) => {
      const folder = temporary()
      await use(folder.path)
      folder.remove()
    },
    audit: async ({ folder: parent }, use) => {
      const folder = join(parent, 'logs')
      mkdirSync(folder)
      const file = join(folder, 'audit.jsonl')
      const lines = (): Line[] => linesOf(file)
      await use({
        folder,
        file,
        lines,
        events: (from = 0) =>
          lines()
            .slice(from)
            .map(({ event }) => event),
        factsOf: (wanted) => lines().find(({ event }) => event === wanted)?.facts,
      })
    },
    objects: async ({ sandbox }, use) => use(await objectsOf(sandbox.control)),
    // biome-ignore lint/correctness/noEmptyPattern: as above
    closing: async ({}, use) => {
      const things: { close: () => Promise<void> }[] = []
      await use(things)
      for (const thing of things.splice(0).reverse()) await thing.close()
    },
    serve: async ({ sandbox, folder, audit, closing }, use) => {
      await use(async (extra, pace = hurried()) => {
        const server = await unattended(auditedEnvironment(sandbox, audit, extra), folder, pace)
        closing.push(server)
        return server
      })
    },
    server: async ({ serve }, use) => use(await serve()),
  })
}

/** A run of a script on some hosts. */
export const runOn = ({ hosts, script }: Objects, from = 0, count = 1) => ({
  scriptId: script,
  assetIds: hosts.slice(from, from + count),
})

/** A call of which it is known how it came out. */
export const executeOn = (server: Unattended, objects: Objects, from = 0, count = 1): Promise<Heard> =>
  server.call('car_execute_script', runOn(objects, from, count))
