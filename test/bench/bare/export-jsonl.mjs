import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { batches } from './batches.mjs'
import { measure, options } from './measure.mjs'

// Writes every row with all its fields as JSON Lines. A baseline: later changes of the program do not change it.

await measure(async () => {
  const file = createWriteStream(options.file)
  let rows = 0
  for await (const list of batches(options)) {
    let text = ''
    for (const { data } of list) text += `${JSON.stringify(data)}\n`
    rows += list.length
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return { rows, bytes: file.bytesWritten }
}, options)
