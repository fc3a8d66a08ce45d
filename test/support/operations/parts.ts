import { existsSync } from 'node:fs'
import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import { isEffect, type Operation } from '../../../src/operations/operation.ts'
import manifests from '../../../src/tools/server/tool-manifest.json' with { type: 'json' }
import { carReads } from './car-reads.ts'
import { minimalArguments } from './minimal-arguments.ts'
import { carRequests, saqRequests } from './requests/all.ts'
import { saqReads } from './saq-reads.ts'

// The parts of an operation besides its declaration. A missing part fails one test, with a sentence that says what
// to add (test/integration/operations/parts.test.ts): all other tests take the operations that have every part.

const listed = new Set<string>(manifests.map(({ name }) => name))

/** True if the server lists the tool. */
export const isListed = (tool: string): boolean => listed.has(tool)

/** The operations that the server lists. A stale list fails one test (test/unit/house/tool-manifest.test.ts). */
export const listedOperations: readonly Operation[] = operations.filter(({ name }) => isListed(name))

/** Files below test/, by what they hold of a tool. */
const files = {
  sample: (tool: string) => `samples/${tool}.json`,
  snapshot: (tool: string) => `snapshots/${tool}.json`,
  preview: (tool: string) => `snapshots/previews/${tool}.txt`,
}

const hasFile = (path: string): boolean => existsSync(new URL(`../../${path}`, import.meta.url))

const requestsByTool: Readonly<Record<string, unknown>> = {
  ...carReads,
  ...saqReads,
  ...carRequests,
  ...saqRequests,
}

interface Part {
  readonly isMissing: (operation: Operation) => boolean
  /** What to do, with the name of the tool. */
  readonly advice: (operation: Operation) => string
}

const parts: readonly Part[] = [
  {
    isMissing: ({ name, evidence }) => evidence === 'documented' && !hasFile(files.sample(name)),
    advice: ({ name }) => `${name} has no sample: add what its page prints as test/${files.sample(name)}.`,
  },
  {
    isMissing: ({ name }) => !(name in requestsByTool),
    advice: (operation) =>
      isEffect(operation)
        ? `${operation.name} has no request: add its forms to test/support/operations/requests.`
        : `${operation.name} has no request: add one to test/support/operations/${operation.name.slice(0, 3)}-reads.ts.`,
  },
  {
    isMissing: (operation) =>
      (isEffect(operation) || !z.object(operation.input).safeParse({}).success) &&
      !(operation.name in minimalArguments),
    advice: ({ name }) =>
      `${name} has no minimal arguments: add them to test/support/operations/minimal-arguments.ts.`,
  },
  {
    isMissing: (operation) =>
      isListed(operation.name) && isEffect(operation) && !hasFile(files.preview(operation.name)),
    advice: ({ name }) =>
      `${name} has no preview: run npm run snapshots, and read test/${files.preview(name)}.`,
  },
  {
    isMissing: ({ name }) => isListed(name) && !hasFile(files.snapshot(name)),
    advice: ({ name }) =>
      `${name} has no snapshot: run npm run snapshots, and read test/${files.snapshot(name)}.`,
  },
]

/** What to add for each missing part of an operation. */
export function missingParts(operation: Operation): readonly string[] {
  return parts.filter(({ isMissing }) => isMissing(operation)).map(({ advice }) => advice(operation))
}

/** The operations that are listed and have every part, in the order of the declarations. */
export const completeOperations: readonly Operation[] = listedOperations.filter(
  (operation) => missingParts(operation).length === 0,
)

const completeNames = new Set<string>(completeOperations.map(({ name }) => name))

/** True unless this is an operation with a missing part. */
export const isComplete = (tool: string): boolean =>
  completeNames.has(tool) || !operations.some(({ name }) => name === tool)

/** Those of them with an effect. */
export const completeEffects = completeOperations.filter(isEffect)
