import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { derivedLists, operations } from '../../../src/operations/index.ts'
import { carReads } from '../../support/operations/car-reads.ts'
import { declaredOperations } from '../../support/operations/declared.ts'
import { minimalArguments } from '../../support/operations/minimal-arguments.ts'
import { carRequests, saqRequests } from '../../support/operations/requests/all.ts'
import { saqReads } from '../../support/operations/saq-reads.ts'

// What is declared is listed, and nothing is left of an operation that was removed. That no part of an operation is
// missing: test/integration/operations/parts.test.ts.

const declared = await declaredOperations()
const workflows =
  /^(qualys_|car_(follow|get_output|count|compare|\w+_rollouts?$|plan_rerun)|saq_(campaign_status|list_recipients))/

/** The names of the files in a folder below test/, without what follows the name of the tool. */
const filesIn = (folder: string): string[] =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url))
    .filter((file) => file.includes('.'))
    .map((file) => file.replace(/(-\d)?\.\w+$/, ''))

test('every declared operation is in a toolset', () => {
  const listed = [...operations, ...derivedLists].map(({ name }) => name as string)
  expect(declared.length).toBeGreaterThanOrEqual(listed.length)
  const unlisted = declared.filter((name) => !listed.includes(name))
  const advice = unlisted.map((name) => `${name} is in no toolset: add it to src/operations/index.ts.`)
  expect(unlisted, advice.join('\n')).toEqual([])
})

test.each([
  ['the samples', filesIn('samples')],
  ['the snapshots', filesIn('snapshots')],
  ['the previews', filesIn('snapshots/previews')],
  ['the minimal arguments', Object.keys(minimalArguments)],
  ['the requests', [carReads, saqReads, carRequests, saqRequests].flatMap((table) => Object.keys(table))],
])('%s are of declared operations', (_what, names) => {
  expect(names.length).toBeGreaterThan(30)
  expect(names.filter((name) => !declared.includes(name) && !workflows.test(name))).toEqual([])
})
