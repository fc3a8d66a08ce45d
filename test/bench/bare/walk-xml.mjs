import { SaxesParser } from 'saxes'
import { Agent, request } from 'undici'
import { measure, options } from './measure.mjs'

// Reads every questionnaire with undici, a decoder and saxes, as plain objects, and drops it. A baseline: later changes
// of the program do not change it.

const { apiUrl, username, password } = options
const batchSize = 1_000
const url = new URL('/qps/rest/1.0/search/saq/questionnaire', apiUrl)
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
const dispatcher = new Agent()

function openReader() {
  const path = [{ name: '', children: {}, text: '' }]
  const parser = new SaxesParser({ position: false })
  parser.on('opentag', ({ name }) => void path.push({ name, children: undefined, text: '' }))
  parser.on('text', (text) => {
    path[path.length - 1].text += text.trim()
  })
  parser.on('cdata', (text) => {
    path[path.length - 1].text += text
  })
  parser.on('closetag', () => {
    const { name, children, text } = path.pop()
    const parent = path[path.length - 1]
    const value = children ?? text
    parent.children ??= {}
    const known = parent.children[name]
    if (known === undefined) parent.children[name] = value
    else if (Array.isArray(known)) known.push(value)
    else parent.children[name] = [known, value]
  })
  return { parser, value: () => path[0].children }
}

async function readBatch(offset) {
  const preferences = `${offset > 0 ? `<startFromOffset>${offset + 1}</startFromOffset>` : ''}<limitResults>${batchSize}</limitResults>`
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceRequest><preferences>${preferences}</preferences></ServiceRequest>`
  const headers = { authorization, accept: 'application/xml', 'content-type': 'text/xml' }
  const answer = await request(url, { method: 'POST', headers, body, dispatcher })
  const decoder = new TextDecoder()
  const { parser, value } = openReader()
  for await (const chunk of answer.body) parser.write(decoder.decode(chunk, { stream: true }))
  parser.write(decoder.decode()).close()
  const { data, hasMoreRecords } = value().ServiceResponse
  const objects = data?.Questionnaire ?? data?.list?.Questionnaire ?? []
  return { rows: Array.isArray(objects) ? objects : [objects], hasMore: hasMoreRecords === 'true' }
}

await measure(async () => {
  let rows = 0
  for (let hasMore = true; hasMore; ) {
    const batch = await readBatch(rows)
    rows += batch.rows.length
    hasMore = batch.hasMore && batch.rows.length > 0
  }
  return { rows }
}, options)
await dispatcher.close()
