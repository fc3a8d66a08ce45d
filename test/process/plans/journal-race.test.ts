import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import type { PlanLine } from '../../../src/tools/plans/plan.ts'
import { bundleScript, runConcurrently } from '../../support/audit/processes.ts'
import {
  hostIds,
  intentFor,
  planId,
  proposed,
  sampleApproval,
  samplePlan,
} from '../../support/plans/plan-lines.ts'

const appender = new URL('../../support/plans/appender.ts', import.meta.url)

test('two processes append 100 lines each to one journal: no number is given twice, and none is left out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-plans-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const stateDir = join(folder, 'state')
  const journals = openPlanFiles(stateDir)
  const first: PlanLine[] = []
  for (const event of [
    proposed(samplePlan()),
    { kind: 'approved', approval: sampleApproval() } as const,
    intentFor(0, hostIds(2)),
    { kind: 'sent', wave: 0 } as const,
  ]) {
    const line = journals.append(planId, first, event, 'somebody')
    if (line) first.push(line)
  }
  const script = await bundleScript(appender, folder)
  const outputs = await runConcurrently(script, 2, [stateDir, planId, '100', 'runner'])
  const [one = [], other = []] = outputs.map((output) => JSON.parse(output) as number[])
  const numbers = Array.from({ length: 200 }, (_, index) => first.length + 1 + index)
  expect([...one, ...other].sort((a, b) => a - b)).toEqual(numbers)
  // They took turns: otherwise nothing was tried.
  expect(Math.min(...one)).toBeLessThan(Math.max(...other))
  expect(Math.min(...other)).toBeLessThan(Math.max(...one))
  expect(journals.read(planId).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, ...numbers])
  expect(readdirSync(join(stateDir, 'plans', planId))).toHaveLength(204)
})
