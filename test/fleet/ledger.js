/**
 * Judges what arrives on each topic by the numbers in it, which are offered in rising order: what is missing, what came
 * again, what came for the first time after a later one, and what nobody had offered.
 */
export function ledger() {
  const pages = new Map()
  const pageOf = (topic) => {
    const page = pages.get(topic) ?? { offered: new Set(), arrived: new Set(), latest: -Infinity }
    pages.set(topic, page)
    return page
  }
  const figures = { offered: 0, lost: 0, duplicated: 0, outOfOrder: 0, strange: 0 }
  return {
    offer: (topic, number) => {
      pageOf(topic).offered.add(number)
      figures.offered += 1
      figures.lost += 1
    },
    arrive: (topic, number) => {
      const page = pageOf(topic)
      if (!page.offered.has(number)) figures.strange += 1
      else if (page.arrived.has(number)) figures.duplicated += 1
      else {
        page.arrived.add(number)
        figures.lost -= 1
        if (number < page.latest) figures.outOfOrder += 1
        page.latest = Math.max(page.latest, number)
      }
    },
    /** Readings; `lost` is what has not arrived yet. */
    figures,
  }
}
