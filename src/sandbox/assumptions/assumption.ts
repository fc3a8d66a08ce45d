/** One assumption: something that no page documents. */
export interface Invention {
  /** `route …`, `field …`, `input …`, `token …`, `id …`, `spelling …`, `behaviour …`, `body …` */
  what: string
  where: string
  reason: string
}

/** The same reason for several names. */
export function each(kind: string, names: string, where: string, reason: string): Invention[] {
  return names.split(/\s+/).map((name) => ({ what: `${kind} ${name}`, where, reason }))
}

export function one(what: string, where: string, reason: string): Invention {
  return { what, where, reason }
}
