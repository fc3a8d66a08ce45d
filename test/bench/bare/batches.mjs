// The batches of a list as a plain loop reads them. A baseline: later changes of the program do not change it.

/** Yields the rows of all runs of scripts, a thousand a request. */
export async function* batches({ gatewayUrl, username, password }) {
  const login = await fetch(new URL('/auth', gatewayUrl), {
    method: 'POST',
    body: new URLSearchParams({ username, password, token: 'true' }),
  })
  const authorization = `Bearer ${await login.text()}`
  for (let searchAfter; ; ) {
    const response = await fetch(new URL('/sm/v2/jobs/search', gatewayUrl), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        sort: [{ 'created.dateTime': 'desc' }, { id: 'desc' }],
        pageSize: 1_000,
        ...(searchAfter !== undefined && { searchAfter }),
      }),
    })
    const { body } = await response.json()
    yield body.list
    if (body.list.length < 1_000) return
    searchAfter = body.list.at(-1).sortValues
  }
}

/** Runs some work several times, and prints what each time took as one line of JSON. */
export async function measure(work, { rounds = 1, warmUp = false }) {
  if (warmUp) await work()
  const ms = []
  const cpuMs = []
  let result
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    const cpuBefore = process.cpuUsage()
    result = await work()
    const { user, system } = process.cpuUsage(cpuBefore)
    ms.push(performance.now() - began)
    cpuMs.push((user + system) / 1_000)
  }
  const peakMiB = process.resourceUsage().maxRSS / 1_024
  console.log(JSON.stringify({ ...result, ms, cpuMs, peakMiB }))
}

/** The options of a program: one argument, a JSON object. */
export const options = JSON.parse(process.argv[2])
