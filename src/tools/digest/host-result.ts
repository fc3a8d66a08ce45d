import { cell, quoteIfNeeded } from '../replies/cells.ts'

/** The result of one host of a run, without secrets and invisible characters. */
export interface HostResult {
  readonly assetJobId: string
  /** The name of the host, if Qualys sends one. The sample in list_asset_jobs.htm is cut off before it. */
  readonly host?: string
  readonly outcome: string
  readonly code?: string | number
  readonly text?: string
  /** The output of the script; absent if Qualys holds none, empty if the script printed nothing. */
  readonly output?: string
  /** Set if a field that nobody knows may hold the output. */
  readonly hidesOutput?: true
}

/** The name of a host, or the id of its asset job. */
export function hostNameOf({ host, assetJobId }: HostResult): string {
  return host ?? `asset job ${assetJobId}`
}

/** A value inside a sentence of the server, without anything that looks like a fence. */
export const inline = (value: unknown): string => quoteIfNeeded(cell(value))

/** `code 2 "File not found"`, as far as Qualys reports it. */
export function exitStatusOf({ code, text }: HostResult): string {
  const parts = [code === undefined ? '' : `code ${inline(code)}`, text ? inline(text) : '']
  return parts.filter((part) => part !== '').join(' ')
}
