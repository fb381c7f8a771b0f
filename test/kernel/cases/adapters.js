import { expect } from '../waiting.js'

/** Adapters that come, go, and come back. */
export const adapters = {
  'a named adapter that is pulled and put back within a second': async ({
    plug,
    replug,
    daemon,
    hears,
    pause,
    topics,
  }) => {
    const dongle = await plug()
    const program = daemon({ Adapter: 'hci0', Restart: 0 })
    await hears()
    dongle.unplug()
    await topics.becomes('bluetooth', /^NO ADAPTER/)
    await replug(dongle)
    expect('its number', dongle.number, 0)
    await hears()
    await topics.becomes('bluetooth', 'LISTENING')
    expect(
      'deafness',
      topics.valuesOf('bluetooth').filter((state) => state.startsWith('DEAF')),
      [],
    )
    expect('the log', program.said(/Nothing has been heard/), [])
  },
}
