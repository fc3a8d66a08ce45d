import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'

/** A request as the sandbox saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
}

/** The strings and knobs of a running sandbox, pulled over HTTP as any test program could. */
export interface Control {
  readonly requests: () => Promise<Seen[]>
  readonly forget: () => Promise<void>
  readonly faults: (faults: readonly object[]) => Promise<void>
  readonly knobs: (knobs: object) => Promise<void>
  readonly revoke: () => Promise<void>
  readonly truth: (collection: string) => Promise<Record<string, unknown>[]>
  /** As at the start: data, clock, knobs and faults; nothing seen. Who is logged in stays logged in. */
  readonly reset: () => Promise<void>
}

function controlOf(origin: string): Control {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${origin}/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  const done = async (...calls: Promise<unknown>[]): Promise<void> => void (await Promise.all(calls))
  return {
    requests: async () => (await ask('GET', 'requests')) as Seen[],
    forget: () => done(ask('DELETE', 'requests')),
    faults: (faults) => done(ask('PUT', 'faults', faults)),
    knobs: (knobs) => done(ask('PATCH', 'knobs', knobs)),
    revoke: () => done(ask('POST', 'revoke')),
    truth: async (collection) => (await ask('GET', `truth/${collection}`)) as Record<string, unknown>[],
    reset: () => done(ask('POST', 'reset')),
  }
}

/** A sandbox, and what tests control it with. */
export type TestSandbox = Sandbox & { readonly control: Control }

/** A sandbox of one's own on a free port. */
export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox(options)
  return { ...sandbox, control: controlOf(sandbox.gatewayUrl) }
}

/** Requests by which something was to be changed: neither a login, nor a search, nor a look. */
export async function effectsAt({ requests }: Control): Promise<Seen[]> {
  return (await requests()).filter(
    ({ method, path }) => method !== 'GET' && !path.endsWith('/search') && !path.startsWith('/auth'),
  )
}
