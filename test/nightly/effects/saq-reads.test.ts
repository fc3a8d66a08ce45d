import { expect } from 'vitest'
import { notRead, readFailures, readsAfter } from '../../support/effects/saq/saq-states.ts'
import { stateTest as test } from '../../support/effects/saq/state-test.ts'

// Each failure of the one read after each effect of SAQ: the effect does not look failed.

test.for(readsAfter)('$tool, answered with $answers', async ({ state, answers }, { run, sandbox }) => {
  for (const [what, fault] of readFailures) {
    await sandbox.control.reset()
    const { reply, line, after } = await run(state, answers, fault)
    expect(reply.isError, `${what}: ${reply.text}`).toBe(false)
    expect(line, what).toMatch(notRead)
    expect(line, what).not.toMatch(/BUT|gone:/)
    expect(after.length, what).toBeLessThanOrEqual(1)
  }
})
