import { afterAll, beforeAll, test } from 'vitest'
import { expectEveryRowOnce, expectNoFenceBroken } from '../../support/properties/replies.ts'
import { openSource } from '../../support/replies/row-server.ts'

// Over HTTP and the protocol; the nightly run asks for ten times as many. In memory: test/unit/properties/replies.test.ts.

let source: Awaited<ReturnType<typeof openSource>>
beforeAll(async () => {
  source = await openSource()
})
afterAll(() => source.close())

test('every row is shown once, within the budget, the same in both forms', () =>
  expectEveryRowOnce(source, 60))

test('no text of hosts or people ends its fence, or reads like ours', () => expectNoFenceBroken(source, 100))
