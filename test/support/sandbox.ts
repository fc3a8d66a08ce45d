import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'

/** A request as the sandbox received it. */
export interface SandboxRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
}

/** The controls of a running sandbox, over HTTP as any test program could use them. */
export interface Control {
  readonly requests: () => Promise<SandboxRequest[]>
  readonly clearRequests: () => Promise<void>
  readonly faults: (faults: readonly object[]) => Promise<void>
  readonly knobs: (knobs: object) => Promise<void>
  readonly revoke: () => Promise<void>
  readonly dump: (collection: string) => Promise<Record<string, unknown>[]>
  /** Moves the clock of the platform forward. */
  readonly advance: (seconds: number) => Promise<void>
  /** The shares of hosts that fail in the next runs, one after the other. */
  readonly failures: (shares: readonly number[]) => Promise<void>
  /** The hosts that never report. */
  readonly silent: (assetIds: readonly number[]) => Promise<void>
  /** A run that a colleague starts in the portal. */
  readonly portalRun: (run: object) => Promise<Record<string, unknown>>
  /** Restores data, clock, settings and faults, and forgets the requests. Logins stay valid. */
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
    requests: async () => (await ask('GET', 'requests')) as SandboxRequest[],
    clearRequests: () => done(ask('DELETE', 'requests')),
    faults: (faults) => done(ask('PUT', 'faults', faults)),
    knobs: (knobs) => done(ask('PATCH', 'knobs', knobs)),
    revoke: () => done(ask('POST', 'revoke')),
    dump: async (collection) => (await ask('GET', `truth/${collection}`)) as Record<string, unknown>[],
    advance: (seconds) => done(ask('POST', 'advance', { seconds })),
    failures: (shares) => done(ask('PUT', 'failures', shares)),
    silent: (assetIds) => done(ask('PUT', 'silent', assetIds)),
    portalRun: async (run) => (await ask('POST', 'portal-run', run)) as Record<string, unknown>,
    reset: () => done(ask('POST', 'reset')),
  }
}

/** A sandbox, and the controls for tests. */
export type TestSandbox = Sandbox & { readonly control: Control }

/** A sandbox on a free port. */
export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox(options)
  return { ...sandbox, control: controlOf(sandbox.gatewayUrl) }
}

/** Requests that change something: neither logins nor reads. */
export async function effectRequests({ requests }: Control): Promise<SandboxRequest[]> {
  return (await requests()).filter(
    ({ method, path }) => method !== 'GET' && !path.endsWith('/search') && !path.startsWith('/auth'),
  )
}
