import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import type { Clock } from '../../../src/shared/clock.ts'
import type { ToolReply } from '../assistant.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'
import { type Objects, objectsOf } from './calls.ts'
import {
  type AuditLine,
  createTemporaryFolder,
  instantClock,
  openUnattendedServer,
  readAuditLines,
  type UnattendedServer,
} from './unattended.ts'

/** The audit log of a test. */
export interface Audit {
  /** The folder of the log; a test can remove it. */
  readonly folder: string
  readonly file: string
  /** The lines about effects: all but the first of each chain. */
  readonly lines: () => AuditLine[]
  readonly events: (from?: number) => string[]
  /** A field of the first line with this event. */
  readonly factsOf: (event: string) => AuditLine['facts'] | undefined
}

/** Fixtures of a test of effects, besides the sandbox. */
export interface EffectFixtures {
  /** A state folder for this test alone. */
  readonly folder: string
  readonly audit: Audit
  /** Hosts, tags, a schedule and a script of the sandbox that effects can be tried on. */
  readonly objects: Objects
  /** Opens an unattended server that writes the log, on an instant clock; closed after the test. */
  readonly serve: (extra?: Environment, clock?: Clock) => Promise<UnattendedServer>
  /** Such a server. */
  readonly server: UnattendedServer
  /** What to close after the test; the last entry is closed first. */
  readonly closing: { close: () => Promise<void> }[]
}

/** The events in the log of every effect that is sent. */
export const sentEvents = ['asked', 'approved', 'sent', 'answered']

/** Settings of a server in a test: an audit log in a file, and no rate limit. */
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
      const folder = createTemporaryFolder()
      await use(folder.path)
      folder.remove()
    },
    audit: async ({ folder: parent }, use) => {
      const folder = join(parent, 'logs')
      mkdirSync(folder)
      const file = join(folder, 'audit.jsonl')
      const lines = (): AuditLine[] => readAuditLines(file).filter(({ event }) => event !== 'start')
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
      await use(async (extra, clock = instantClock()) => {
        const server = await openUnattendedServer(auditedEnvironment(sandbox, audit, extra), folder, clock)
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

/** Calls a tool and asserts the outcome. */
export const executeOn = (
  server: UnattendedServer,
  objects: Objects,
  from = 0,
  count = 1,
): Promise<ToolReply> => server.call('car_execute_script', runOn(objects, from, count))
