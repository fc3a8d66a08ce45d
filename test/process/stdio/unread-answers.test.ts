import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { RawServer } from '../../support/stdio/raw-server.ts'

// A client that sends requests and reads no answer: the server kept all of them, until the memory was full.

const requests = 20_000
const list = (id: string) => ({ jsonrpc: '2.0', id, method: 'tools/list' })

/** Megabytes in use, as Linux counts them. */
const memoryOf = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

async function pausedServer(count: number): Promise<RawServer> {
  const server = await new RawServer({ QUALYS_LOG_LEVEL: 'silent' }, ['--sandbox']).initialize()
  server.child.stdout.pause()
  for (let id = 0; id < count; id++) server.send(list(`list ${id}`))
  // All of them are read: what the server does not take stays in this process.
  await vi.waitFor(() => expect(server.child.stdin.writableLength).toBe(0), { timeout: 30_000 })
  return server
}

test.runIf(process.platform === 'linux')('its requests take no more memory than their own text', async () => {
  const server = await pausedServer(requests)
  // Their answers would take a gigabyte.
  expect(memoryOf(server.child.pid)).toBeLessThan(400)
  server.child.kill('SIGKILL')
  server.child.stdout.resume()
  await server.ended
})

test('all are answered once it reads', async () => {
  const server = await pausedServer(2_000)
  server.child.stdout.resume()
  await vi.waitFor(() => expect(server.lines.length).toBeGreaterThan(2_000), { timeout: 50_000 })
  const { out } = await server.finish()
  const ids = new Set(out.split('\n').map((line) => /"id":"(list \d+)"/.exec(line)?.[1]))
  expect(ids.size - 1).toBe(2_000)
})

test.each([
  ['SIGTERM', (server: RawServer) => server.child.kill('SIGTERM')],
  ['the end of its stdin', (server: RawServer) => server.child.stdin.end()],
])('the server still ends with %s', async (_how, end) => {
  const server = await pausedServer(2_000)
  const exited = new Promise((resolve) => server.child.once('exit', resolve))
  end(server)
  expect(await exited).toBe(0)
  server.child.stdout.resume()
  await server.ended
})
