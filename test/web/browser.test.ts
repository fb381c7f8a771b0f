import axe from 'axe-core'
import { existsSync, readFileSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { BehaviorSubject, of } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  describe as describeTopic,
  describeLight,
  describeStatus,
  type DescribedDevice,
  deviceAt,
} from '../../src/description.js'
import { parseDiagram } from '../../src/testing/parseDiagram.js'
import type { States } from '../../src/plugin/surroundings.js'
import type { WebObserved, WebOptions } from '../../src/web/webConnection.js'
import { ask, startPage } from './startPage.js'

const executablePath = '/usr/bin/chromium'
const isMissing = !existsSync(executablePath)
if (isMissing) {
  const advice = `${executablePath} is not installed: the tests in a browser cannot run`
  if (process.env['CI'] === 'true') throw new Error(advice)
  console.warn(advice)
}

const attic: DescribedDevice = {
  topic: 'attic',
  identity: 'a4c138112233',
  name: 'attic',
  address: 'A4:C1:38:11:22:33',
  brand: 'Govee',
  model: 'H5075',
}
const temperature = describeTopic(attic, 'attic/temp_c', 'temperature_c', {
  unit: '°C',
  deviceClass: 'temperature',
})
const battery = describeTopic(attic, 'attic/battery', 'battery', { unit: '%', diagnostic: true })
const status = describeStatus(attic, 'attic/status')
const lamp: DescribedDevice = { topic: 'lamp', identity: 'lamp', name: 'lamp' }
const lampState = describeTopic(
  lamp,
  'lamp',
  'switch',
  { words: ['ON', 'OFF'] },
  { commands: { topic: 'lamp', words: ['ON', 'OFF'] } },
)

const degrees = (value: number) => ({
  destination: 'attic/temp_c',
  value,
  decimals: 1,
  device: 'attic',
  about: temperature,
})

describe.skipIf(isMissing)('in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    // CI runs as root, for whom Chromium has no sandbox.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  /** A page, what it is told, and all that it complained about. */
  async function look(
    options: WebOptions = {},
    {
      observed = {},
      path = '',
      clock = false,
      ...context
    }: BrowserContextOptions & {
      readonly observed?: WebObserved
      readonly path?: string
      /** Time can be made to pass. */
      readonly clock?: boolean
    } = {},
  ) {
    const served = await startPage(options, observed)
    const opened = await browser.newContext({ locale: 'en-GB', ...context })
    const page = await opened.newPage()
    // So that what is not there is said, before the test is only said to take too long.
    page.setDefaultTimeout(20_000)
    const complaints: string[] = []
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    const elsewhere: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(served.url)) elsewhere.push(request.url())
    })
    onTestFinished(() => opened.close())
    if (clock) await page.clock.install()
    await page.goto(served.url + path)
    if (options.password === undefined) await page.locator('.chip.well', { hasText: 'live' }).waitFor()
    return { ...served, page, complaints, elsewhere }
  }

  /** What the accessibility rules find that keeps somebody from using the page. */
  async function serious(page: Page) {
    // The page lets no script in but its own; what a debugger says is no script of the page.
    const session = await page.context().newCDPSession(page)
    await session.send('Runtime.evaluate', { expression: axe.source })
    const { result } = await session.send('Runtime.evaluate', {
      expression:
        'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations))',
      awaitPromise: true,
    })
    const violations = JSON.parse(String(result.value)) as {
      id: string
      impact: string
      nodes: { html: string }[]
    }[]
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }

  const card = (page: Page, topic = 'attic') => page.locator(`.card[data-device="${topic}"]`)

  it('values arrive with their units and go on, without a complaint and with nothing from elsewhere', async () => {
    const { page, readings$, complaints, elsewhere } = await look()
    await page.getByText('No sensor has said anything yet').waitFor()
    readings$.next(degrees(21.5))
    await card(page).getByText('21.5 °C').waitFor()
    readings$.next({ destination: 'attic/battery', value: 87, device: 'attic', about: battery })
    readings$.next(degrees(22))
    await card(page).getByText('22.0 °C').waitFor()
    await card(page).getByText('87 %').waitFor()
    await card(page).getByText('Govee H5075').waitFor()
    expect(complaints).toEqual([])
    expect(elsewhere).toEqual([])
  })

  it('numbers have the comma of the browser’s language, and °F where people read that', async () => {
    const german = await look({}, { locale: 'de-DE' })
    german.readings$.next(degrees(-21.5))
    await card(german.page).getByText('−21,5 °C').waitFor()
    const american = await look({}, { locale: 'en-US' })
    const inF = describeTopic(attic, 'attic/temp_f', 'temperature_f', {
      unit: '°F',
      deviceClass: 'temperature',
      again: true,
    })
    american.readings$.next(degrees(21.5))
    american.readings$.next({ destination: 'attic/temp_f', value: 70.7, decimals: 1, about: inF })
    await card(american.page).getByText('70.7 °F').waitFor()
    expect(await card(american.page).getByText('21.5').count()).toBe(0)
  })

  it('a card grows old, and is grey when its device is OFFLINE', async () => {
    const { page, readings$ } = await look()
    readings$.next(degrees(21.5))
    await card(page).getByText('2 s', { exact: true }).waitFor()
    readings$.next({
      destination: 'attic/status',
      value: 'OFFLINE',
      retain: true,
      forgets: ['attic/temp_c'],
      about: status,
    })
    await card(page).getByText('OFFLINE').waitFor()
    await expect.poll(() => card(page).getAttribute('class')).toContain('away')
    expect(await card(page).getByText('21.5').count()).toBe(0)
  })

  it('a graph is drawn of each number, and goes on', async () => {
    const { page, readings$, complaints } = await look({ historyStep: 200 })
    for (const value of [20, 21, 22, 21]) {
      readings$.next(degrees(value))
      await page.waitForTimeout(250)
    }
    await card(page).getByRole('link', { name: 'attic' }).click()
    const graph = page.getByRole('img', { name: 'Graph of Temperature, now 21.0 °C' })
    await graph.locator('canvas').waitFor()
    /** Pixels that are not as the paper. */
    const inked = () =>
      graph.locator('canvas').evaluate(
        (canvas: {
          width: number
          height: number
          getContext(kind: '2d'): {
            getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray }
          }
        }) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
          let count = 0
          for (let at = 0; at < data.length; at += 4)
            if ((data[at + 3] ?? 0) > 200 && (data[at] ?? 255) < 60) count += 1
          return count
        },
      )
    await expect.poll(inked).toBeGreaterThan(20)
    await page.getByRole('button', { name: 'Last day' }).click()
    await expect.poll(inked).toBeGreaterThan(20)
    expect(complaints).toEqual([])
  })

  it('a switch commands, and shows the state that comes back, not the one that was asked for', async () => {
    const { page, readings$, commands } = await look({ commandSources: ['lamp'] })
    const state = (value: string) => readings$.next({ destination: 'lamp', value, about: lampState })
    state('OFF')
    const light = card(page, 'lamp').getByRole('switch')
    await light.click()
    await expect.poll(() => commands).toEqual([{ source: 'lamp', payload: 'ON', from: 'web' }])
    expect(await light.getAttribute('aria-checked')).toBe('false')
    state('ON')
    await card(page, 'lamp').getByText('ON', { exact: true }).waitFor()
    expect(await light.getAttribute('aria-checked')).toBe('true')
    await light.press('Space')
    await expect.poll(() => commands.at(-1)?.payload).toBe('OFF')
  })

  it('a light is switched on and off, whatever its colour and its brightness', async () => {
    const { page, readings$, commands } = await look({ commandSources: ['strip'] })
    const about = describeLight(deviceAt('strip'), 'strip', 'strip', 'color')
    const state = (value: string) => readings$.next({ destination: 'strip', value, about })
    state('120,100,0')
    const light = card(page, 'strip').getByRole('switch')
    await light.click()
    await expect.poll(() => commands.at(-1)?.payload).toBe('ON')
    expect(await light.getAttribute('class')).toBe('waiting')
    state('120,100,30')
    await expect.poll(() => light.getAttribute('aria-checked')).toBe('true')
    expect(await light.getAttribute('class')).toBe('')
    await light.click()
    await expect.poll(() => commands.at(-1)?.payload).toBe('OFF')
    state('120,100,0')
    await expect.poll(() => light.getAttribute('aria-checked')).toBe('false')
  })

  it('what takes commands and has no state is a card with buttons', async () => {
    const { page, commands } = await look({ commandSources: ['garage'] })
    await page.getByRole('button', { name: 'TOGGLE to garage' }).click()
    await expect.poll(() => commands).toEqual([{ source: 'garage', payload: 'TOGGLE', from: 'web' }])
  })

  it('marbles arrive, move, can be held and picked, and be copied as a diagram that can be read', async () => {
    const { page, readings$, complaints } = await look({}, { path: '#/marbles' })
    readings$.next(degrees(21.5))
    const line = page.locator('.line[data-device="attic"]')
    const marble = line.locator('.marble').first()
    await marble.waitFor()
    const place = async () => (await marble.boundingBox())?.x ?? NaN
    const first = await place()
    await expect.poll(place).toBeLessThan(first - 10)
    await page.getByRole('button', { name: '15 s' }).click()
    await page.waitForTimeout(1000)
    readings$.next(degrees(21.5))
    await line.locator('.marble.small').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.waitForTimeout(100)
    const held = await place()
    await page.waitForTimeout(300)
    expect(await place()).toBe(held)
    await marble.click()
    await page.locator('.picked', { hasText: 'attic/temp_c 21.5 °C' }).waitFor()
    await page.getByRole('button', { name: 'copy as .txt of attic' }).click()
    const { inputs, expected } = parseDiagram(
      await page.getByRole('textbox', { name: 'The text of the diagram' }).inputValue(),
    )
    expect(inputs).toMatchObject([
      { title: 'attic', values: { a: { destination: 'attic/temp_c', value: 21.5 } } },
    ])
    expect(expected.marbles).toMatch(/^-(\(aa\)|a-*a)--$/)
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(place).toBeLessThan(held - 5)
    expect(complaints).toEqual([])
  })

  it('the keyboard goes from marble to marble', async () => {
    const { page, readings$ } = await look({}, { path: '#/marbles' })
    readings$.next(degrees(21.5))
    readings$.next(degrees(22.5))
    const line = page.getByRole('application', { name: /Readings of attic/ })
    await page.locator('.marble').first().waitFor()
    await line.press('ArrowLeft')
    await page.locator('.picked', { hasText: '22.5 °C' }).waitFor()
    await line.press('ArrowLeft')
    await page.locator('.picked', { hasText: '21.5 °C' }).waitFor()
  })

  it('events are listed as they happen', async () => {
    const { page, readings$ } = await look({}, { path: '#/events' })
    await page.getByText('Nothing has happened yet').waitFor()
    readings$.next({ destination: 'bell/button', value: 1, event: true })
    await page.locator('.events li', { hasText: 'bell/button' }).waitFor()
  })

  it('how the radio and the brokers are doing stands above all, and what is wrong in a sentence', async () => {
    const states$ = new BehaviorSubject<States>({ Bluetooth: { text: 'LISTENING', ok: true } })
    const { page } = await look({}, { observed: { states$ } })
    await page.locator('.chip.well', { hasText: 'Bluetooth listening' }).waitFor()
    states$.next({ Bluetooth: { text: 'DEAF since 2026-01-31T06:30:00.000Z', ok: false } })
    await page.getByRole('status').getByText('Bluetooth: DEAF since 2026-01-31T06:30:00.000Z').waitFor()
  })

  it('what the radio hears stands there with the lines to paste for it', async () => {
    const device = {
      address: 'a4:c1:38:11:22:33',
      brand: 'Govee',
      model: 'H5075',
      rssi: -61,
      at: Date.now(),
      count: 3,
    }
    const said = {
      readings: ['21.7 °C'],
      advice: ['has a low battery (9 %): change it soon'],
      configured: false,
    }
    const lines = ['Address1 = a4:c1:38:11:22:33', 'Destination1 = GVH5075_2233']
    const heard$ = of([{ ...device, ...said, name: 'GVH5075_2233', lines }])
    const { page } = await look({}, { observed: { heard$ }, path: '#/heard' })
    const row = page.locator('.heard li', { hasText: 'GVH5075_2233' })
    await row.getByText('It has a low battery (9 %): change it soon.').waitFor()
    await row.getByText('Lines for the configuration').click()
    await row.locator('pre', { hasText: 'Destination1 = GVH5075_2233' }).waitFor()
    expect(await serious(page)).toEqual([])
  })

  it('a wrong password is refused, the right one opens the page, and signing out closes it', async () => {
    const { page, readings$ } = await look({ password: 'right' })
    readings$.next(degrees(21.5))
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Try again in 1 s').waitFor()
    expect(await serious(page)).toEqual([])
    await expect
      .poll(
        async () => {
          if (await page.getByLabel('Password').isVisible()) {
            await page.getByLabel('Password').fill('right')
            await page.getByRole('button', { name: 'Sign in' }).click()
          }
          return card(page).count()
        },
        { interval: 1100 },
      )
      .toBe(1)
    await page.reload()
    await card(page).getByText('21.5 °C').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    expect(await card(page).count()).toBe(0)
  })

  it.each([
    ['markup', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['300 letters', 'x'.repeat(300), 'x'.repeat(300)],
    ['letters that turn the others around', 'attic\u202egnp.exe', 'attic�gnp.exe'],
  ])('a name of %s is text, and pushes nothing off the page', async (_, name, shown) => {
    const { page, readings$, complaints } = await look({}, { viewport: { width: 390, height: 800 } })
    const device = { ...attic, topic: name, name, model: name }
    const about = describeTopic(device, `${name}/temp_c`, 'temperature_c', { unit: '°C' })
    readings$.next({ destination: about.topic, value: 21.5, about })
    readings$.next({
      destination: `${name}/text`,
      value: name,
      about: describeTopic(device, `${name}/text`, name, { text: true }),
    })
    readings$.next({ destination: `${name}/button`, value: name, event: true })
    await page.getByRole('link', { name: shown }).waitFor()
    const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    for (const view of ['devices', 'marbles', 'events', `device/${encodeURIComponent(name)}`]) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${view}`)}`)
      await page.getByText(shown).first().waitFor()
      expect(await overflow(), view).toBeLessThanOrEqual(0)
    }
    expect(await page.locator('main img').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('a page whose program has gone says so, and goes on by itself when it is back', async () => {
    const first = await look({})
    first.readings$.next(degrees(21.5))
    await card(first.page).getByText('21.5 °C').waitFor()
    const { port } = first
    first.readings$.complete()
    await first.page.getByText('The program has stopped').waitFor()
    const second = await startPage({ port })
    second.readings$.next(degrees(23.5))
    await card(first.page).getByText('23.5 °C').waitFor()
  })

  it('a page that nobody has looked at for an hour is told nothing, and catches up when somebody does', async () => {
    const { page, readings$, url } = await look({}, { clock: true })
    const becomes = (state: string) =>
      page.evaluate(
        `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
      )
    readings$.next(degrees(21.5))
    await card(page).getByText('21.5 °C').waitFor()
    await becomes('hidden')
    await page.clock.fastForward(3_600_000)
    await expect.poll(async () => (await ask(`${url}metrics`)).text).toContain('sensor_reporter_pages 0\n')
    readings$.next(degrees(23.5))
    await becomes('visible')
    await card(page).getByText('23.5 °C').waitFor()
    readings$.next(degrees(24))
    await card(page).getByText('24.0 °C').waitFor()
    expect(await page.locator('.chip.well', { hasText: 'live' }).count()).toBe(1)
  })

  it('a page on a computer that slept asks for all again', async () => {
    const { page, readings$ } = await look({}, { clock: true })
    readings$.next(degrees(21.5))
    await card(page).getByText('21.5 °C').waitFor()
    const again = page.waitForRequest(/\/events$/)
    await page.clock.fastForward(3_600_000)
    await again
    await card(page).getByText('21.5 °C').waitFor()
    await page.locator('.chip.well', { hasText: 'live' }).waitFor()
  })

  it.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    '%s and %i px wide it can be read by everybody: axe finds nothing serious',
    async (colorScheme, width) => {
      const states$ = of({ Connection0: { text: 'no broker localhost:1883 (ECONNREFUSED)', ok: false } })
      const { page, readings$ } = await look(
        { commandSources: ['lamp', 'garage'] },
        { colorScheme, viewport: { width, height: 800 }, observed: { states$ } },
      )
      readings$.next(degrees(21.5))
      readings$.next({ destination: 'attic/battery', value: 9, device: 'attic', about: battery })
      readings$.next({
        destination: 'cellar/temp_c',
        value: 9,
        about: describeTopic(
          { ...attic, topic: 'cellar', name: 'cellar' },
          'cellar/temp_c',
          'temperature_c',
          { unit: '°C' },
        ),
      })
      readings$.next({
        destination: 'cellar/status',
        value: 'OFFLINE',
        retain: true,
        about: describeStatus({ ...attic, topic: 'cellar', name: 'cellar' }, 'cellar/status'),
      })
      readings$.next({ destination: 'lamp', value: 'ON', about: lampState })
      readings$.next({ destination: 'attic/button', value: 1, event: true })
      await card(page, 'lamp').waitFor()
      for (const view of ['devices', 'marbles', 'events', 'device/attic']) {
        await page.evaluate(`location.hash = '#/${view}'`)
        await page.waitForTimeout(150)
        expect(await serious(page), view).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), view).toBe(0)
      }
    },
  )

  it('all of it is less than 120 kB, compressed', async () => {
    const { url } = await startPage()
    const sizes = await Promise.all(
      ['', 'page.js', 'page.css', 'icon.svg'].map(async (name) => {
        const { headers } = await fetch(url + name, { headers: { 'Accept-Encoding': 'gzip' } })
        return Number(headers.get('content-length'))
      }),
    )
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(120_000)
    expect(readFileSync('dist/web/page.js').length).toBeGreaterThan(sizes[1] ?? 0)
  })
})
