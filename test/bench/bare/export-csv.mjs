import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { batches } from './batches.mjs'
import { measure, options } from './measure.mjs'

// Writes every row with all its fields as CSV, by hand. A baseline: later changes of the program do not change it.

const cell = (value) => {
  if (value === undefined || value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const columns = [
  'id',
  'created.dateTime',
  'title',
  'scriptId',
  'platform',
  'executionType',
  'updatedDateTime',
  'scriptType',
  'severity',
  'threshold',
  'test',
  'isTest',
  'correlationUuid',
  'schedulerId',
  'schedulerName',
  'category.id',
  'category.name',
  'customerUuid',
]

const line = ({ created, category, ...row }) =>
  `${cell(row.id)},${cell(created?.dateTime)},${cell(row.title)},${cell(row.scriptId)},${cell(row.platform)},${cell(row.executionType)},${cell(row.updatedDateTime)},${cell(row.scriptType)},${cell(row.severity)},${cell(row.threshold)},${cell(row.test)},${cell(row.isTest)},${cell(row.correlationUuid)},${cell(row.schedulerId)},${cell(row.schedulerName)},${cell(category?.id)},${cell(category?.name)},${cell(row.customerUuid)}\r\n`

await measure(async () => {
  const file = createWriteStream(options.file)
  file.write(`${columns.join(',')}\r\n`)
  let rows = 0
  for await (const list of batches(options)) {
    let text = ''
    for (const { data } of list) text += line(data)
    rows += list.length
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return { rows, bytes: file.bytesWritten }
}, options)
