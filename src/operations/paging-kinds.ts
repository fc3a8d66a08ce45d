/** The order of a list's rows, in this program's notation `field:asc|desc`. */
export interface SortRule {
  readonly default: readonly [string, ...string[]]
  /**
   * A field with a unique value in every row; added after the sort keys so that equal rows keep their order.
   */
  readonly unique: string
  /**
   * The wire format: a JSON array, or a string that holds one (CAR, getting started; list_script_jobs.htm).
   */
  readonly as: 'array' | 'text'
}

/** How a list is paged. session/paging.ts has one pure reader per kind. */
export type Paging =
  | { readonly kind: 'whole' }
  | { readonly kind: 'searchAfter'; readonly sort: SortRule }
  | { readonly kind: 'pageNumber'; readonly sort?: SortRule }
  | { readonly kind: 'offset' }
  /** `id`: only if the page of the object lists GREATER for it. */
  | { readonly kind: 'qps'; readonly by: 'offset' | 'id' }
