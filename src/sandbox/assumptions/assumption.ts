/** One assumption: something that no page documents. */
export interface Assumption {
  /** `route …`, `field …`, `input …`, `token …`, `id …`, `spelling …`, `behaviour …`, `body …` */
  what: string
  where: string
  reason: string
}

/** The same reason for several names. */
export function assumeEach(kind: string, names: string, where: string, reason: string): Assumption[] {
  return names.split(/\s+/).map((name) => ({ what: `${kind} ${name}`, where, reason }))
}

export function assume(what: string, where: string, reason: string): Assumption {
  return { what, where, reason }
}
