import { expect } from 'vitest'
import { connectTo } from '../../../support/listener/client.ts'
import { tokenOf } from '../../../support/service/callers.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'

// Bodies that are read at the same time are bounded: a caller may declare many large ones, and send none of them.

const test = serviceTestOn()

test('beyond 256 MiB of bodies that are being read, a request is refused for a moment', async ({ serve }) => {
  const service = await serve({ callers: { ada: { role: 'viewer' } } })
  const begin = (bytes: number) => {
    const client = connectTo(service.port)
    client.write(
      [
        'POST /mcp HTTP/1.1',
        `Host: localhost:${service.port}`,
        `Authorization: Bearer ${tokenOf('ada')}`,
        'Content-Type: application/json',
        'Expect: 100-continue',
        `Content-Length: ${bytes}`,
        '\r\n',
      ].join('\r\n'),
    )
    return client
  }
  const large = 10 * 1024 * 1024
  const open = Array.from({ length: 25 }, () => begin(large))
  // Each is asked for its body, and sends none.
  for (const client of open) await client.received(/100 Continue/)
  expect(await begin(large).received(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1/i)
  const { status } = await service.client('ada').request('tools/list')
  expect(status).toBe(200)
})
