/** A value that a function can't take, of one record. Becomes a mistake of that record. */
export class Unfit extends Error {
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
  /** Columns of the innermost call that could not take its value. */
  columns: readonly string[] | undefined = undefined
  constructor(code: string, values: Readonly<Record<string, string | number>> = {}) {
    super(code)
    this.name = 'Unfit'
    this.code = code
    this.values = values
  }
}
