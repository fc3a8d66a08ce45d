import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { refusal, row, success } from '../../support/session/qps.ts'
import { operationNamed } from '../../support/waiting/gateway.ts'
import { assetJobs } from '../../support/workflows/runs.ts'

// Answers and outputs in the encodings that hosts and old parts of Qualys use, through the whole stack.

const test = testOn({ jobs: 100 }, { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_UNVERIFIED: 'all' })

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
const base64 = (bytes: Buffer): string => bytes.toString('base64')

describe('a JSON answer', () => {
  const answer = JSON.stringify({ body: { totalCount: 1, list: [{ id: 1, name: 'Prüfung €' }] } })
  const encoded: readonly (readonly [string, Buffer])[] = [
    ['with a byte order mark', Buffer.from(`\ufeff${answer}`)],
    ['in UTF-16', utf16(`\ufeff${answer}`)],
    ['in UTF-16 of the other order', utf16(`\ufeff${answer}`).swap16()],
  ]
  test.for(encoded)('%s is read', async ([, bytes], { sandbox, assistant }) => {
    const { route } = operationNamed('car_list_script_types')
    await sandbox.control.faults([
      { route, kind: 'reply', base64: base64(bytes), contentType: 'application/json' },
    ])
    expect((await assistant.call('car_list_script_types')).text).toContain('1\tPrüfung €')
  })
})

describe('an output', () => {
  const outputs: readonly (readonly [string, Buffer, string])[] = [
    [
      'in UTF-8, cut in a letter',
      Buffer.from('prix 5 €, café, cafÃ').subarray(0, -1),
      'prix 5 €, café, caf\ufffd',
    ],
    ['in the code page of Windows', Buffer.from([0x80, 0x20, 0xe9, 0x92]), '€ é’'],
    ['in UTF-16 without a mark', utf16('Größe'), 'Größe'],
    ['of find -print0', Buffer.from('./a\0./b\0'), './a\n./b'],
  ]
  test.for(outputs)('%s is shown', async ([, bytes, shown], { sandbox, assistant }) => {
    const data = { id: '7', created: { dateTime: 1 }, scriptResult: base64(bytes) }
    const body = { body: { totalCount: 1, list: [{ sortValues: [1], data }] } }
    await sandbox.control.faults([{ route: assetJobs, kind: 'reply', body }])
    for (const [tool, args] of [
      ['car_get_output', { jobId: 1, assetJobId: 7 }],
      ['car_search_asset_jobs', { jobId: 1, includeOutput: true }],
    ] as const)
      expect((await assistant.call(tool, args)).text, tool).toContain(shown)
  })
})

describe('a report', () => {
  test.for([
    ['in UTF-16', utf16('\ufeffhost,state\r\nGröße,ok\r\n')],
    ['in the code page of Windows', Buffer.from('host,state\r\nGröße,ok\r\n', 'latin1')],
  ] as const)('%s is shown', async ([, bytes], { sandbox, assistant }) => {
    const route = 'GET /sm/v1/reports/{reportId}/download'
    await sandbox.control.faults([{ route, kind: 'reply', base64: base64(bytes), contentType: 'text/csv' }])
    const { text } = await assistant.call('car_download_report', { reportId: 1 })
    expect(text).toContain('host,state\nGröße,ok\n')
  })
})

describe('an XML answer', () => {
  const declared = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'

  test.for([200, 400])(
    'with a refusal in ISO-8859-1, with status %i, is quoted',
    async (status, { sandbox, assistant }) => {
      const bytes = Buffer.from(declared + refusal('INVALID_REQUEST', 'Größe ungültig'), 'latin1')
      await sandbox.control.faults([
        { route: '*', kind: 'reply', status, base64: base64(bytes), contentType: 'text/xml' },
      ])
      expect((await assistant.call('saq_search_users')).text).toContain('"Größe ungültig"')
    },
  )

  test('with a bare ampersand, a forbidden character and a bad byte is read', async ({
    sandbox,
    assistant,
  }) => {
    const user = (id: number, name: string): string => row('User', id, `<lastName>${name}</lastName>`)
    const body = success(`<data>${user(1, 'R & D &#8;')}${user(2, 'né \0')}${user(3, 'x')}</data>`)
    const bytes = Buffer.from(body)
    bytes[bytes.indexOf('>x<') + 1] = 0xff
    await sandbox.control.faults([
      { route: '*', kind: 'reply', base64: base64(bytes), contentType: 'text/xml' },
    ])
    const { text } = await assistant.call('saq_search_users')
    for (const name of ['R & D \ufffd', 'né \ufffd', '\ufffd']) expect(text).toContain(name)
  })
})
