import type { ServerServices, Tool, ToolManifest } from '../tool.ts'
import type { EndedCall } from './calls/call-log.ts'

/** The dependencies of the server. */
export interface ServerOptions extends ServerServices {
  /** The tools that are listed. */
  readonly manifests: readonly ToolManifest[]
  /** The tools that can be called; loaded at the first call. */
  readonly loadTools: () => Promise<ReadonlyMap<string, Tool>>
  /** Told of the outcome of each call. */
  readonly onCallEnded?: (call: EndedCall) => void
}
