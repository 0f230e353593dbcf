import type { Weights } from './ct2-model.ts'

/** int8 values and one scale per row: value = int8 · scale. */
export type Quantized = Readonly<{ values: Int8Array; scales: Float32Array; width: number }>

/** Rows `from`…`to` of a matrix, each scaled so that its largest weight becomes ±127. */
function quantize({ dims, values }: Weights, from: number, to: number): Quantized {
  const width = dims[1] ?? 1
  const quantized = new Int8Array((to - from) * width)
  const scales = new Float32Array(to - from)
  for (let row = from; row < to; row++) {
    const weights = values.subarray(row * width, (row + 1) * width)
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    scales[row - from] = largest / 127 || 1
    const scale = scales[row - from] ?? 1
    for (let column = 0; column < width; column++) {
      const scaled = Math.round((weights[column] ?? 0) / scale)
      quantized[(row - from) * width + column] = Math.max(-127, Math.min(127, scaled))
    }
  }
  return { values: quantized, scales, width }
}

/** As rows, for looking rows up. */
export const quantizeTable = (weights: Weights): Quantized => quantize(weights, 0, weights.dims[0] ?? 0)

/** Transposed to [width, rows], for multiplying from the left. */
export function quantizeRows(
  weights: Weights,
  from: number,
  to: number,
): Readonly<{ columns: Int8Array; scales: Float32Array; width: number }> {
  const { values, scales, width } = quantize(weights, from, to)
  const rows = to - from
  const columns = new Int8Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) columns[column * rows + row] = values[row * width + column] ?? 0
  }
  return { columns, scales, width }
}
