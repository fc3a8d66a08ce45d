type Input = Readonly<Record<string, unknown>>

/** A column of a CSV file, or a member of the objects in a JSON file. */
export interface ImportColumn {
  /** The input that it gives. */
  readonly input: string
  /** Other names for it, in the languages that lists are kept in. Letters and digits alone are compared. */
  readonly names: readonly string[]
  readonly isRequired?: true
  /**
   * How a cell of a CSV file is read, if it is no text: `list` has values between commas, semicolons or line breaks,
   * `options` between semicolons or line breaks, `flag` yes or no.
   */
  readonly cell?: 'list' | 'options' | 'flag'
}

/** What is wrong with one row; `row` counts from 0. */
export interface RowProblem {
  readonly row: number
  /** Continues "Row 3 …". */
  readonly problem: string
}

/** An input made of the rows of a CSV file. */
export interface ImportedRows {
  readonly value: readonly Input[]
  /** The row, from 0, that the value at a path within the input comes from. */
  rowAt(path: readonly PropertyKey[]): number | undefined
  readonly problems: readonly RowProblem[]
}

/**
 * An input that may come from a file of the operator's folder. The tool then takes `file`, and what the file gives is
 * checked, shown and approved as if it had been passed.
 */
export type FileImport = {
  /** The input that the file gives: a list. */
  readonly into: string
  readonly columns: readonly ImportColumn[]
} & (
  | {
      /** Each row is one object, and a call takes some of them: the tool takes `from`, too. */
      readonly by: 'rows'
      /** The most rows of one call. */
      readonly most: number
      /** The column that tells the objects apart, whatever its case. */
      readonly unique: string
    }
  | {
      /** The file is one object, and the call takes all of it. */
      readonly by: 'whole'
      /** Other inputs that a JSON file may give. What is passed beside the file wins. */
      readonly members: readonly string[]
      /** Members that a read of such an object shows and no input takes. */
      readonly ignored: readonly string[]
      /** The input, made of the rows of a CSV file. */
      fromRows(rows: readonly Input[]): ImportedRows
    }
)
