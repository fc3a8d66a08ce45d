// The batches of a list as a plain loop reads them. A baseline: later changes of the program do not change it.

/** The header of a logged-in client. */
export async function logIn({ gatewayUrl, username, password }) {
  const login = await fetch(new URL('/auth', gatewayUrl), {
    method: 'POST',
    body: new URLSearchParams({ username, password, token: 'true' }),
  })
  return `Bearer ${await login.text()}`
}

/** Yields the rows of all runs of scripts, a thousand a request. */
export async function* batches({ gatewayUrl, username, password }) {
  const authorization = await logIn({ gatewayUrl, username, password })
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
