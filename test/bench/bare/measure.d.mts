/** How often the work runs; `warmUp`: how often it runs before that, not measured. */
interface Rounds {
  readonly rounds?: number
  readonly warmUp?: number | boolean
}

export declare const options: unknown
export declare function measure(work: () => Promise<object>, rounds: Rounds): Promise<void>
