import type { Fault } from '../../../src/sandbox/faults/faults.ts'

/** A fault that answers with a secret, for any route, and its name in a failure. */
export type Echo = readonly [label: string, fault: Omit<Fault, 'route'>]

const refusal = (label: string, status: number, body: object): Echo => [
  label,
  { kind: 'status', status, body },
]
const answer = (label: string, body: unknown, more: Partial<Fault> = {}): Echo => [
  label,
  { kind: 'reply', body, ...more },
]
const rows = (list: readonly object[]) => ({ errorCode: null, message: null, body: { totalCount: 99, list } })
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Answers with a text in every place that a reply is built from. */
export function echoes(secret: string): readonly Echo[] {
  const row = {
    ...{ id: 7, title: secret, name: secret, fileUuid: secret, reportName: secret, commands: [secret] },
    created: { dateTime: secret },
    output: { code: 1, text: `x ${secret} y` },
    scriptResult: base64(`line\n${secret}\n`),
    content: base64(secret),
    params: [{ key: secret, value: base64(secret) }],
    tags: [{ id: 1, name: secret }],
    [secret]: { [secret]: secret },
  }
  return [
    ...[400, 401, 403, 404, 405, 409, 410, 415, 422, 429, 500, 503].map((status) =>
      refusal(`message of ${status}`, status, { status, error: secret, message: `You sent ${secret}.` }),
    ),
    refusal('error code', 400, { errorCode: secret, message: secret, body: null }),
    refusal('inner error', 400, { _error: { errorCode: 17, message: secret } }),
    refusal('login exceptions', 401, { authentication_exceptions: [[secret]] }),
    ['HTML', { kind: 'status', status: 400, body: `<body>${secret}</body>`, contentType: 'text/html' }],
    ['header of a web page', { kind: 'html', status: 200, headers: { 'x-echo': secret } }],
    ['wait hint', { kind: 'status', status: 429, body: secret, headers: { 'retry-after': secret } }],
    answer('plain text', secret, { contentType: 'text/plain' }),
    answer('error inside a success', { errorCode: secret, message: secret, body: null }),
    answer('rows', rows([row, row])),
    answer('ids of rows', rows([{ ...row, id: secret }])),
    answer('record', { ...rows([]), body: row }),
    answer('rows without envelope', { totalCount: 1, list: [row] }),
    answer('limit header', rows([]), { headers: { 'x-ratelimit-remaining': secret } }),
    answer('file, its type and its name', `id,name\n1,${secret}\n`, {
      contentType: `text/csv; name=${secret}`,
      headers: { 'content-disposition': `attachment; filename=${secret}` },
    }),
    answer('binary file', `PK ${secret}`, { contentType: 'application/zip' }),
    [
      'redirect',
      { kind: 'redirect', location: `https://login.example.com/?p=${encodeURIComponent(secret)}` },
    ],
  ]
}

/** The same where long texts are truncated: no part of the secret may remain. */
export function cutEchoes(secret: string): readonly Echo[] {
  const across = (size: number) => `${'x'.repeat(Math.max(0, size - (secret.length >> 1)))}${secret}`
  const texts = [40, 160, 200, 2000, 4000].map((size) => [`at ${size}`, across(size)] as const)
  const everywhere = ['anywhere', `${secret} `.repeat(Math.ceil(100_000 / secret.length))] as const
  return [
    ...texts.map(([at, text]) => refusal(`message ${at}`, 400, { errorCode: text, message: text })),
    ...texts.map(([at, text]) => answer(`error inside a success ${at}`, { errorCode: text, message: text })),
    ...[...texts, everywhere].map(([at, text]) => {
      const row = { id: 7, title: text, name: text, output: { code: 1, text }, extra: [{ text }] }
      return answer(`rows ${at}`, rows([row, row]))
    }),
    ...[...texts, everywhere].map(([at, text]) =>
      answer(`record ${at}`, { body: { id: 7, content: text, text, inner: [{ text }] } }),
    ),
    answer('file anywhere', everywhere[1], { contentType: 'text/plain' }),
  ]
}
