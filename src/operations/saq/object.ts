import type { z } from 'zod'
import { oneRecord } from '../fields.ts'
import type { Operation } from '../operation.ts'
import { count, countRecord, longId, search } from './fields.ts'

/** What describes a call; anything else of it may differ from the rule as well. */
type Described<Required extends keyof Operation> = Pick<Operation, Required> & Partial<Operation>

/** Objects that are searched, counted and read alike. */
interface SaqObject {
  readonly noun: 'template' | 'campaign' | 'questionnaire' | 'user'
  /** How the paths spell the noun. */
  readonly path: string
  readonly filters: z.ZodRawShape
  readonly record: z.ZodObject
  readonly search: Described<'description' | 'source' | 'columns'>
  /** `inGroups`: its tool also counts the rows of the search in groups. */
  readonly count: Described<'evidence' | 'source'> & { readonly inGroups?: true }
  readonly get: Described<'description' | 'evidence' | 'source'>
}

/** A search with named inputs. */
export const searchOf = (filters: z.ZodRawShape) =>
  ({
    effect: 'read',
    evidence: 'documented',
    input: filters,
    request: search,
    returns: 'rows',
    paging: { kind: 'qps', by: 'offset' },
  }) as const

/** How one kind of objects is searched, counted and read. */
export type SaqReads = readonly [search: Operation, count: Operation, get: Operation]

/** The three reads of one kind of objects. */
export function saqObject(spec: SaqObject): SaqReads {
  const { noun, path, filters, record } = spec
  const { inGroups, ...described } = spec.count
  const idName = `${noun}Id`
  const searchRows: Operation = {
    name: `saq_search_${noun}s`,
    title: `Search ${noun}s`,
    route: `POST /qps/rest/1.0/search/saq/${path}`,
    ...searchOf(filters),
    record,
    ...spec.search,
  }
  return [
    searchRows,
    {
      name: `saq_count_${noun}s`,
      title: `Count ${noun}s`,
      description: `How many ${noun}s a search finds`,
      route: `POST /qps/rest/1.0/count/saq/${path}`,
      effect: 'read',
      input: filters,
      request: count,
      returns: 'record',
      record: countRecord,
      columns: ['count'],
      ...(inGroups && { counts: searchRows }),
      ...described,
    },
    {
      name: `saq_get_${noun}`,
      title: `Get a ${noun}`,
      route: `GET /qps/rest/1.0/get/saq/${path}/{${idName}}`,
      effect: 'read',
      input: { [idName]: longId(`from saq_search_${noun}s`) },
      ...oneRecord(record),
      ...spec.get,
    },
  ]
}
