import { expectIntact, test } from '../../support/audit/servers.ts'

test('two servers, a thousand effects together, one file: intact', async ({ sandbox, serve, file }) => {
  await expectIntact(sandbox, serve, file, 500)
})
