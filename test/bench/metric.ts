/** One measured figure beside its limit, which is measured in the same run or is the machine model's own. */
export interface Metric {
  name: string
  value: number
  unit: string
  limit: number
  /** Always value ÷ limit, also where smaller is better. */
  ratio: number
}

export function metric(name: string, value: number, unit: string, limit: number): Metric {
  return { name, value, unit, limit, ratio: value / limit }
}
