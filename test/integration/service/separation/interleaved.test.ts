import { expect } from 'vitest'
import type { Json } from '../../../support/service/answer.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { BusyCaller, dealOut, faults, type Seen } from '../../../support/service/interleaved.ts'

const test = serviceTestOn({ jobs: 400 })

const callsOfEach = 500
const atOnce = 6

/** Works through the calls of one caller, several at once. */
async function work(caller: BusyCaller, each: () => Promise<void>): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  const worker = async (): Promise<void> => {
    while (seen.length < callsOfEach) {
      seen.push(await caller.next())
      if (seen.length % 100 === 0) await each()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return seen
}

test('two callers at once, a thousand calls under faults: nothing of the other in any answer', async ({
  serve,
  sandbox,
}) => {
  const [own, others] = await dealOut(sandbox.control)
  const service = await serve({
    callers: { ada: { role: 'operator', person: 'Ada L.' }, eve: { role: 'operator', person: 'Eve M.' } },
    settings: { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_CONCURRENCY: '4' },
  })
  const ada = new BusyCaller('zebra', service.client('ada', { revision: '2025-11-25' }), own)
  const eve = new BusyCaller('lemon', service.client('eve', { revision: '2026-07-28' }), others)
  const renew = (): Promise<void> => sandbox.control.faults(faults)
  await renew()
  const [ofAda, ofEve] = await Promise.all([work(ada, renew), work(eve, renew)])
  for (const [seen, name, other] of [
    [ofAda, 'zebra', 'lemon'],
    [ofEve, 'lemon', 'zebra'],
  ] as const) {
    expect(seen.length).toBeGreaterThanOrEqual(callsOfEach)
    expect(seen.filter(({ isOwn }) => !isOwn)).toEqual([])
    expect(seen.filter(({ answer }) => answer.body.toLowerCase().includes(other))).toEqual([])
    expect(seen.filter(({ answer }) => answer.status !== 200)).toEqual([])
    const tokens = seen.flatMap(({ answer }) =>
      answer.messages.flatMap(({ params }) => params?.['progressToken'] ?? []),
    )
    expect(tokens.filter((token) => !String(token).startsWith(`${name}-progress-`))).toEqual([])
    expect(tokens.length).toBeGreaterThan(0)
    expect(
      seen.filter(({ kind, answer }) => kind === 'runs' && answer.rows.length > 0).length,
    ).toBeGreaterThan(10)
    const ok = new Set(seen.flatMap(({ kind, answer }) => (answer.isError ? [] : kind)))
    expect([...ok].sort()).toEqual(['export', 'page', 'runs', 'script', 'user', 'users'])
    const kinds = new Set(seen.map(({ answer }) => answer.kind))
    for (const kind of ['busy', 'declined', 'input']) expect(kinds).toContain(kind)
    expect([...kinds]).not.toContain('bug')
    expect(
      seen.filter(({ answer }) => answer.kind === 'busy' || answer.kind === 'vendor').length,
    ).toBeGreaterThan(10)
  }
  // Each reads its exports, and finds only its own runs in them.
  await sandbox.control.faults([])
  for (const [name, { scripts }] of [
    ['ada', own],
    ['eve', others],
  ] as const) {
    const client = service.client(name)
    const { result } = await client.request('resources/list')
    const uris = ((result?.['resources'] ?? []) as readonly Json[]).map(({ uri }) => String(uri))
    const exported = uris.filter((uri) => uri.startsWith('qualys://exports/'))
    expect(exported.length).toBeGreaterThan(3)
    for (const uri of exported) {
      const contents = (await client.request('resources/read', { uri })).result?.['contents']
      const read = contents as readonly Json[]
      const rows = String(read[0]?.['text'])
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Json)
      expect(rows.filter((row) => !scripts.includes(String(row['scriptId'])))).toEqual([])
    }
  }
  const persons = new Set(service.audit().map(({ facts }) => JSON.stringify((facts as Json)['caller'])))
  expect(persons.size).toBeGreaterThan(1)
})
