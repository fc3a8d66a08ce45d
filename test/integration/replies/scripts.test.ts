import { expect } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { allSlices } from '../../support/scripts/stored-script.ts'

// A stored script through the whole program: read to its end, in both forms, with the bytes that Qualys holds.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' })
const scriptId = '19218'

/** Stores a content as another client of Qualys would: these bytes, whatever they are. */
async function store({ gatewayUrl, username, password }: TestSandbox, bytes: Buffer): Promise<void> {
  const login = await fetch(`${gatewayUrl}/auth`, {
    method: 'POST',
    body: new URLSearchParams({ username, password, token: 'true' }),
  })
  const changed = await fetch(`${gatewayUrl}/sm/v4/script/${scriptId}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${await login.text()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: bytes.toString('base64'), comment: 'a test' }),
  })
  expect(changed.status, await changed.text()).toBe(200)
}

test('a long script with a mark, CR LF and invisible characters is read to its end', async ({
  sandbox,
  assistant,
}) => {
  const bytes = Buffer.from(`\ufeff${'Write-Output "\u001b[32mé 👩‍💻 \ue0b0"\r\n'.repeat(6_000)}exit 0`)
  await store(sandbox, bytes)
  const slices = await allSlices(
    async (args) =>
      (await assistant.call('car_get_script', { scriptId, ...args }, 'json')).structured.rows[0],
  )
  expect(slices.length).toBeGreaterThan(5)
  expect(Buffer.from(slices.map(({ content }) => content).join('')).equals(bytes)).toBe(true)
  expect(slices[0]).toMatchObject({ exact: true, bytes: bytes.length, lines: 6_001, sha256: sha256(bytes) })

  const { text } = await assistant.call('car_get_script', { scriptId })
  expect(text).toContain(
    'not shown: CR LF line ends; byte order mark; 12,000 invisible characters (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 5,990 more); 6,000 terminal sequences (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 5,990 more); no line break at the end',
  )
  const [, next = ''] = /Note: The next slice: the same arguments with from (\d+)\.$/.exec(text) ?? []
  const second = await assistant.call('car_get_script', { scriptId, from: next })
  expect(second.text).toContain(`\ncontent, lines ${Number(next)}-`)
  const behind = await assistant.call('car_get_script', { scriptId, from: 7_000 })
  expect(behind).toMatchObject({
    isError: true,
    text: 'from 7,000 lies behind the end of the content. It has 6,001 lines: pass a smaller from, or none.',
  })
  const reads = (await sandbox.control.requests()).filter(({ path }) => path === `/sm/v1/scripts/${scriptId}`)
  expect(reads.length).toBeGreaterThan(0)
  expect(reads.filter(({ query }) => Object.keys(query).length > 0)).toEqual([])
})

test('a script in Shift-JIS, and one with a secret, are not exact', async ({ sandbox, assistant }) => {
  const read = async () =>
    (await assistant.call('car_get_script', { scriptId }, 'json')).structured.rows[0] ?? {}
  await store(sandbox, Buffer.from('65630a23208365835883670a', 'hex'))
  expect(await read()).toMatchObject({ exact: false, encoding: 'windows-1252' })
  expect((await assistant.call('car_get_script', { scriptId })).text).toContain(
    'not shown: Shift-JIS or another encoding: bytes that are not UTF-8, read as windows-1252 (line 2)\n',
  )
  await store(sandbox, Buffer.from('a\ncurl https://svc:Secret12345@repo.example/x\n'))
  expect(await read()).toMatchObject({ exact: false, masked: [{ line: 2, values: 1 }] })
  expect((await assistant.call('car_get_script', { scriptId })).text).toContain(
    '\n1 value is masked (line 2): leave this line as it is, and change others with car_update_script edits\n',
  )
})
