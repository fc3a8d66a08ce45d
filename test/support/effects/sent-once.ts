import { expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import type { ToolReply } from '../assistant.ts'
import { minimalArgumentsOn } from '../operations/minimal-arguments.ts'
import type { TestSandbox } from '../sandbox.ts'
import { expectAdvice } from './advice.ts'
import { effectCalls, objectsOf } from './calls.ts'
import type { Faults } from './car-faults.ts'
import { effectTest } from './fixtures.ts'
import { effects } from './in-memory.ts'
import { saqCalls } from './saq/saq-objects.ts'
import { countRequests, requestOf } from './unattended.ts'

// Effects under faults of their one request: it is sent once, and the reply about it is true.

type Calls = Readonly<Record<string, object>>

/** By sandbox: a reset restores the same objects. */
const callsBySandbox = new Map<string, Promise<Calls>>()

async function callsOn({ control }: TestSandbox): Promise<Calls> {
  return {
    ...(await minimalArgumentsOn(control)),
    ...(await effectCalls(control, await objectsOf(control))),
    ...(await saqCalls(control)),
  }
}

function cachedCallsOn(sandbox: TestSandbox): Promise<Calls> {
  const known = callsBySandbox.get(sandbox.gatewayUrl)
  if (known) return known
  const found = callsOn(sandbox)
  callsBySandbox.set(sandbox.gatewayUrl, found)
  return found
}

/** The assistant's reply, and how often the request was sent. */
export type FaultedReply = ToolReply & { readonly times: number }

interface SentOnce {
  /** Arguments for every effect; with them, the call reaches the sandbox. */
  readonly calls: Calls
  /** Calls an effect while these faults are active on its route. */
  readonly callUnderFaults: (operation: Operation, faults: Faults) => Promise<FaultedReply>
}

export const test = effectTest({ jobs: 100, assets: 60 }).extend<SentOnce>({
  calls: async ({ sandbox }, use) => {
    await use(await cachedCallsOn(sandbox))
  },
  callUnderFaults: async ({ sandbox: { control }, server, calls }, use) => {
    await use(async (operation, faults) => {
      const { name, route } = operation
      const args = { ...calls[name] }
      const request = requestOf(operation, args)
      // Counted by the route's pattern if the sandbox serves it, else by its path.
      const routes = [...new Set([route, request])]
      await control.faults(routes.flatMap((route) => faults.map((fault) => ({ route, ...fault }))))
      return { ...(await server.call(name, args)), times: await countRequests(control, request) }
    })
  },
})

export const carEffects = effects.filter(({ name }) => name.startsWith('car_'))
export const saqEffects = effects.filter(({ name }) => name.startsWith('saq_'))

/** Some of these effects. */
export function pickOperations(
  operations: readonly Operation[],
  ...names: readonly string[]
): readonly Operation[] {
  const found = operations.filter(({ name }) => names.includes(name))
  if (found.length !== names.length) throw new Error(`not all of ${names.join(', ')} are effects`)
  return found
}

type Named<F> = readonly (readonly [name: string, fault: F])[]

/** One of these faults. */
export function pickFault<F>(faults: Named<F>, name: string): Named<F> {
  const found = faults.filter((fault) => fault[0] === name)
  if (found.length !== 1) throw new Error(`${found.length} faults are called ${name}`)
  return found
}

/** Each effect with each fault; the names come first. */
export const everyPair = <F>(operations: readonly Operation[], faults: Named<F>) =>
  operations.flatMap((operation) =>
    faults.map(([name, fault]) => [operation.name, name, operation, fault] as const),
  )

/** Expects an unclear outcome: the error says so, and where to look. */
export function expectUnclear(
  { name }: Operation,
  { text, error, times }: FaultedReply,
  status?: number,
): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind: 'unclear', ...(status !== undefined && { status }) })
  expect(text).toContain(`Whether ${name} took effect is not known.`)
  const next = String(error?.['next'])
  expect(text.endsWith(next)).toBe(true)
  expectAdvice(name, next)
  expect(text).not.toMatch(/did not happen|nothing happened|failed to|undefined|null|[<>]/)
}
