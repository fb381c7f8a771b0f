const sorted = (values) => values.toSorted((a, b) => a - b)

/** The value that a part `p` of all lies below. */
export const percentile = (values, p) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * p))]

/** Collects figures with their goals, `≥ 1.3` or `≤ 5 ms`; without a goal for comparison only. */
export function table() {
  const rows = []
  const add = (what, goal, values) => {
    const [, sign, number, unit = ''] = /^([≤≥]) ([\d.]+)( .+)?$/.exec(goal) ?? []
    const median = percentile(values, 0.5)
    const reached = sign && (sign === '≥' ? median >= Number(number) : median <= Number(number))
    rows.push({ what, goal, median, min: Math.min(...values), max: Math.max(...values), unit, reached })
  }
  const markdown = () =>
    [
      ['what', 'goal', 'median', 'min', 'max', 'reached'],
      Array.from({ length: 6 }, () => '---'),
      ...rows.map(({ what, goal, median, min, max, unit, reached }) => [
        what,
        goal,
        ...[median, min, max].map((value) => `${value.toFixed(2)}${unit}`),
        reached === undefined ? '' : reached ? 'yes' : 'no',
      ]),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')
  return { add, rows, markdown }
}
