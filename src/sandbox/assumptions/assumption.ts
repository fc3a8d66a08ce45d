/** Something that no page documents, as `GET /_sandbox/invented` shows it. */
export interface Assumption {
  /** `route …`, `field …`, `input …`, `token …`, `id …`, `spelling …`, `behaviour …`, `body …` */
  what: string
  where: string
  reason: string
}

/** Place to what is assumed there to its reason. */
export type AssumptionTable = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The names that a page documents, and those that are assumed. */
export interface Names<Table> {
  documented: Table
  assumed?: { reason: string; names: Table }
}
