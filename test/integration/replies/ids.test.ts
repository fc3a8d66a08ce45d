import { describe, expect } from 'vitest'
import { isIdName } from '../../../src/tools/replies/ids.ts'
import { testOn } from '../../support/fixtures.ts'
import { callOfEveryTool, unattendedSettings } from '../../support/tool-calls.ts'

// Every input takes ids as text, so every reply gives them as text.

const test = testOn({ jobs: 100 }, unattendedSettings)

/** The paths of the ids in a value that are numbers, and of all ids. */
function idsIn(value: unknown, name = ''): { path: string; isNumber: boolean }[] {
  const isId = isIdName(name.split('.').at(-1) ?? '')
  if (Array.isArray(value)) return value.flatMap((part) => idsIn(part, name))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([member, part]) => idsIn(part, `${name}.${member}`))
  return isId ? [{ path: name, isNumber: typeof value === 'number' }] : []
}

describe('the reply of every tool', () => {
  test('has ids as text', async ({ sandbox, assistant }) => {
    const calls = await callOfEveryTool(sandbox.control)
    const withIds: string[] = []
    for (const [tool, args] of calls) {
      await sandbox.control.reset()
      const { structured } = await assistant.call(tool, args, 'json')
      const ids = idsIn(structured?.rows)
      expect(
        ids.filter(({ isNumber }) => isNumber),
        tool,
      ).toEqual([])
      if (ids.length > 0) withIds.push(tool)
    }
    expect(withIds.length).toBeGreaterThan(calls.length / 2)
  })
})
