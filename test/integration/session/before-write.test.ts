import { describe, expect } from 'vitest'
import { cloneScript } from '../../../src/operations/car/script-changes.ts'
import { BusyError } from '../../../src/shared/errors.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests } from '../../support/sandbox.ts'

const test = testOn({ jobs: 100 })

describe('right before a request is written', () => {
  test.for([
    ['over a new connection', 0],
    ['over one that is open already', 1],
  ] as const)('what throws there sends nothing, %s', async ([, before], { sandbox, session }) => {
    for (let count = 0; count < before; count++) await session.call(cloneScript, { scriptId: '16515' })
    const steps: string[] = []
    const call = session.call(
      cloneScript,
      { scriptId: '16515' },
      {
        onBeforeSend: () => void steps.push('send'),
        onBeforeWrite: () => {
          steps.push('write')
          throw new BusyError('It is too late.', 'Do it again.')
        },
      },
    )
    await expect(call).rejects.toThrow('It is too late.')
    expect(steps).toEqual(['send', 'write'])
    expect(await effectRequests(sandbox.control)).toHaveLength(before)
  })

  test('what throws nothing sends once', async ({ sandbox, session }) => {
    const steps: string[] = []
    await session.call(cloneScript, { scriptId: '16515' }, { onBeforeWrite: () => void steps.push('write') })
    expect(steps).toEqual(['write'])
    expect(await effectRequests(sandbox.control)).toHaveLength(1)
  })
})
