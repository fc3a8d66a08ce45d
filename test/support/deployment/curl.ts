/** A request of curl, for what is reached from a network of its own. */
interface CurlRequest {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is sent by POST; without it the request is a GET. */
  readonly message?: unknown
  /** Other flags, such as `--cacert`. */
  readonly flags?: readonly string[]
}

/** The words of a call of curl. */
export function curl({ url, headers = {}, message, flags = [] }: CurlRequest): string[] {
  const ofMessage = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }
  const all = { ...(message !== undefined && ofMessage), ...headers }
  return [
    ...['curl', '--silent', '--show-error', '--max-time', '10', ...flags],
    ...Object.entries(all).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(message === undefined ? [] : ['--data', JSON.stringify(message)]),
    url,
  ]
}
