import { afterAll, beforeAll, test } from 'vitest'
import { lists } from '../../support/replies/lists.ts'
import { openSource } from '../../support/replies/row-server.ts'
import { expectHostileWalk } from '../../support/replies/walks.ts'

// Each kind of paging once over HTTP and the protocol: hostile rows, walked by tokens. Every cut and every budget:
// test/unit/replies, test/nightly/replies.

let source: Awaited<ReturnType<typeof openSource>>
beforeAll(async () => {
  source = await openSource()
})
afterAll(() => source.close())

test.each(lists)('$tool, $paging', (list) => expectHostileWalk(source, list, 5_000))
