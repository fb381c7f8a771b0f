import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import type { Topic } from '../wire.js'
import type { Store } from './store.js'
import { labelOf, numberText, timeText, valueText } from './words.js'

const height = 170

/** What a number was in the last hour or day, and goes on to be. */
export function Graph({
  store,
  topic,
  span,
}: {
  readonly store: Store
  readonly topic: Topic
  readonly span: number
}) {
  const place = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<{ readonly time: number; readonly value: number }>()
  const newest = useRef(topic)
  newest.current = topic
  useEffect(() => {
    const box = place.current
    if (!box) return
    let plot: uPlot | undefined
    let [times, values]: [number[], number[]] = [[], []]
    const { step } = store.state
    const data = (): uPlot.AlignedData => {
      const { text, at } = newest.current
      return text === undefined
        ? [times, values]
        : [
            [...times, Math.max(at / 1000, (times.at(-1) ?? 0) + 0.001)],
            [...values, Number(text)],
          ]
    }
    const make = () => {
      plot?.destroy()
      plot = new uPlot(options(box.clientWidth, store, span, setAt), data(), box)
    }
    const fetching = async () => {
      const [points] = await store.history([newest.current], span)
      if (!points) return
      times = [...points.times]
      values = [...points.values]
      plot?.setData(data())
    }
    make()
    void fetching().catch(() => undefined)
    const clock = setInterval(() => void fetching().catch(() => undefined), Math.max(5000, step))
    const live = setInterval(() => plot?.setData(data()), 1000)
    const resized = new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height }))
    resized.observe(box)
    const darker = matchMedia('(prefers-color-scheme: dark)')
    darker.addEventListener('change', make)
    return () => {
      clearInterval(clock)
      clearInterval(live)
      resized.disconnect()
      darker.removeEventListener('change', make)
      plot?.destroy()
    }
  }, [topic.topic, span])
  const label = labelOf(topic)
  return (
    <figure class="graph">
      <figcaption>
        <span>{label}</span>
        <strong>{at ? valueText({ ...topic, text: String(at.value) }) : valueText(topic)}</strong>
        <small>{at ? timeText(at.time * 1000) : ''}</small>
      </figcaption>
      <div ref={place} role="img" aria-label={`Graph of ${label}, now ${valueText(topic)}`} />
    </figure>
  )
}

function options(
  width: number,
  store: Store,
  span: number,
  hover: (at: { readonly time: number; readonly value: number } | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--dim'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('--edge'), width: 1 },
    ticks: { show: false },
  }
  const hours = { hour: '2-digit', minute: '2-digit' } as const
  const clock = new Intl.DateTimeFormat(undefined, hours)
  const precise = new Intl.DateTimeFormat(undefined, { ...hours, second: '2-digit' })
  return {
    width,
    height,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: {
        // As much as there is of the span, so that a young graph is not a dot at its end.
        range: (_, min) => {
          const now = store.now() / 1000
          return [Math.max(now - span / 1000, Math.min(min, now - 60)), now]
        },
      },
      y: {
        range: (_, min, max) => {
          const room = Math.max((max - min) * 0.15, Math.abs(max) * 0.005, 0.25)
          return [min - room, max + room]
        },
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 70,
        values: (_, ticks, __, ___, increment) =>
          ticks.map((tick) => (increment < 60 ? precise : clock).format(tick * 1000)),
      },
      {
        ...axis,
        size: 52,
        space: 36,
        values: (_, ticks, __, ___, increment) => {
          const digits = String(increment).split('.')[1]?.length ?? 0
          return ticks.map((tick) => numberText(tick.toFixed(digits)))
        },
      },
    ],
    series: [
      {},
      {
        stroke: colour('--line'),
        width: 2,
        fill: colour('--under'),
        // Also where all is below zero.
        fillTo: ({ scales }) => scales['y']?.min ?? 0,
        points: { show: false },
        spanGaps: true,
      },
    ],
    hooks: {
      setCursor: [
        ({ cursor: { idx }, data: [times, values] }) => {
          const [time, value] = idx == null ? [] : [times[idx], values?.[idx]]
          hover(time === undefined || value == null ? undefined : { time, value })
        },
      ],
    },
  }
}
