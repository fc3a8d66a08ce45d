import { z } from 'zod'

// What failed against what may fail: both must be the same.

/** A check that failed in one suite, or a scenario that did not end. */
export interface Failure {
  /** `scenario:check`, as the suites name them. */
  readonly name: string
  readonly message: string
}

/** The built program, and the same from its source with the fixtures of the suites. */
const serverNames = ['production', 'fixtures'] as const

/** The suites by version; those of 0.2 by the requirements of a revision, too. */
const suiteNames = ['0.1', '0.2 2025-11-25', '0.2 2026-07-28'] as const

export type ServerName = (typeof serverNames)[number]
export type SuiteName = (typeof suiteNames)[number]

const expectedSchema = z.array(
  z.strictObject({
    reason: z.string().min(20),
    servers: z.array(z.enum(serverNames)).min(1),
    suites: z.array(z.enum(suiteNames)).min(1),
    failures: z.array(z.string().regex(/^[\w.-]+:[\w.$-]+$/)).min(1),
  }),
)

/** Checks that may fail, in these suites against these servers, for one reason. */
export type ExpectedFailures = z.infer<typeof expectedSchema>[number]

/** Reads expected failures. Throws for a name that is expected twice in one place, and for unknown names. */
export function readExpectedFailures(value: unknown): readonly ExpectedFailures[] {
  const entries = expectedSchema.parse(value)
  const seen = new Set<string>()
  for (const { servers, suites, failures } of entries)
    for (const place of servers.flatMap((server) => suites.map((suite) => `${server}, ${suite}`)))
      for (const name of failures) {
        const line = `${place}: ${name}`
        if (seen.has(line)) throw new Error(`${line} is expected twice`)
        seen.add(line)
      }
  return entries
}

/** How the failures of one suite differ from the expected ones. */
export interface Comparison {
  readonly asExpected: number
  readonly unexpected: readonly Failure[]
  /** Expected ones that did not fail. */
  readonly outdated: readonly string[]
}

/** Compares the failures of a suite against a server with those that are expected there. */
export function compare(
  failures: readonly Failure[],
  expected: readonly ExpectedFailures[],
  { server, suite }: { readonly server: ServerName; readonly suite: SuiteName },
): Comparison {
  const names = new Set(
    expected
      .filter(({ servers, suites }) => servers.includes(server) && suites.includes(suite))
      .flatMap((entry) => entry.failures),
  )
  const failed = new Set(failures.map(({ name }) => name))
  return {
    asExpected: [...names].filter((name) => failed.has(name)).length,
    unexpected: failures.filter(({ name }) => !names.has(name)),
    outdated: [...names].filter((name) => !failed.has(name)),
  }
}
