import { expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Heard } from '../assistant.ts'
import type { TestSandbox } from '../sandbox.ts'
import { expectAdvice } from './advice.ts'
import { effectCalls, objectsOf } from './calls.ts'
import type { Faults } from './car-faults.ts'
import { effectTest } from './fixtures.ts'
import { effects } from './in-memory.ts'
import { saqCalls } from './saq.ts'
import { requestOf, timesSeen } from './unattended.ts'

// An effect under what can happen to its one request: it is sent once, and what is said of it is true.

type Args = Readonly<Record<string, unknown>>
type Calls = Readonly<Record<string, Args>>

/** By sandbox: resetting one brings the same objects back. */
const callsBySandbox = new Map<string, Promise<Calls>>()

async function callsOn({ control }: TestSandbox): Promise<Calls> {
  return { ...(await effectCalls(control, await objectsOf(control))), ...(await saqCalls(control)) }
}

function knownCallsOn(sandbox: TestSandbox): Promise<Calls> {
  const known = callsBySandbox.get(sandbox.gatewayUrl)
  if (known) return known
  const found = callsOn(sandbox)
  callsBySandbox.set(sandbox.gatewayUrl, found)
  return found
}

/** What an assistant reads, and how often the request went out. */
export type Met = Heard & { readonly times: number }

interface SentOnce {
  /** Arguments for every effect, with which it reaches the sandbox. */
  readonly calls: Calls
  /** Calls an effect while these faults meet its request. */
  readonly meet: (operation: Operation, faults: Faults) => Promise<Met>
}

export const test = effectTest({ jobs: 100, assets: 60 }).extend<SentOnce>({
  calls: async ({ sandbox }, use) => {
    await use(await knownCallsOn(sandbox))
  },
  meet: async ({ sandbox: { control }, server, calls }, use) => {
    await use(async (operation, faults) => {
      const { name, route } = operation
      const args = calls[name] ?? {}
      const request = requestOf(operation, args)
      // By its pattern where the sandbox serves it, by its path where it does not.
      const routes = [...new Set([route, request])]
      await control.faults(routes.flatMap((route) => faults.map((fault) => ({ route, ...fault }))))
      return { ...(await server.call(name, args)), times: await timesSeen(control, request) }
    })
  },
})

export const carEffects = effects.filter(({ name }) => name.startsWith('car_'))
export const saqEffects = effects.filter(({ name }) => name.startsWith('saq_'))

/** Some of these effects. */
export function chosen(operations: readonly Operation[], ...names: readonly string[]): readonly Operation[] {
  const found = operations.filter(({ name }) => names.includes(name))
  if (found.length !== names.length) throw new Error(`not all of ${names.join(', ')} are effects`)
  return found
}

type Named<F> = readonly (readonly [name: string, fault: F])[]

/** One of these faults. */
export function only<F>(faults: Named<F>, name: string): Named<F> {
  const found = faults.filter((fault) => fault[0] === name)
  if (found.length !== 1) throw new Error(`${found.length} faults are called ${name}`)
  return found
}

/** Each effect with each fault, their names first. */
export const each = <F>(operations: readonly Operation[], faults: Named<F>) =>
  operations.flatMap((operation) =>
    faults.map(([name, fault]) => [operation.name, name, operation, fault] as const),
  )

/** Nobody knows whether it happened: the error says so, and where to look. */
export function expectUnclear({ name }: Operation, { text, error, times }: Met, status?: number): void {
  expect(times, text).toBe(1)
  expect(error, text).toMatchObject({ kind: 'unclear', ...(status !== undefined && { status }) })
  expect(text).toContain(`Whether ${name} took effect is not known.`)
  const next = String(error?.['next'])
  expect(text.endsWith(next)).toBe(true)
  expectAdvice(name, next)
  expect(text).not.toMatch(/did not happen|nothing happened|failed to|undefined|null|[<>]/)
}
