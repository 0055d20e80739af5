/** Which column of a file is meant by a name in a design. */

/** Columns are the same when they differ by case and by spaces around them only. */
export function sameColumn(one: string, other: string): boolean {
  return normalColumn(one) === normalColumn(other)
}

/** Places of columns by name; a name that stands twice in the file has the first place. */
export function columnFinder(columns: readonly string[]): (name: string) => number | undefined {
  const places = new Map<string, number>()
  columns.forEach((column, index) => {
    const name = normalColumn(column)
    if (!places.has(name)) places.set(name, index)
  })
  return (name) => places.get(normalColumn(name))
}

function normalColumn(name: string): string {
  return name.trim().toLowerCase().normalize('NFC')
}
