import { logIn } from './batches.mjs'
import { measure, options } from './measure.mjs'

// Requests one page of twenty rows, and parses it. A baseline: later changes of the program do not change it.

const authorization = await logIn(options)

await measure(async () => {
  const response = await fetch(new URL('/sm/v2/jobs/search', options.gatewayUrl), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ sort: [{ 'created.dateTime': 'desc' }, { id: 'desc' }], pageSize: 20 }),
  })
  const { body } = await response.json()
  return { rows: body.list.length }
}, options)
