import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { type AddressInfo, connect, createServer } from 'node:net'
import { BehaviorSubject, EMPTY, lastValueFrom, NEVER, of, Subject } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { HeardDevice, States } from '../../src/plugin/surroundings.js'
import type { All, News } from '../../src/web/wire.js'
import { webConnection } from '../../src/web/webConnection.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { quietLog } from '../support/quietLog.js'
import { tcpServer } from '../support/tcpServer.js'
import { ask, openPage, posted, startPage } from './startPage.js'

const attic = { destination: 'attic/temp_c', value: 21.5, decimals: 1, device: 'attic' }

describe('the page', () => {
  it('is served with headers that let nothing run or load that is not of the page', async () => {
    const { url } = await startPage()
    const { status, headers, text } = await ask(url)
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(text).not.toMatch(/https?:|<script>|style=/)
    expect((await ask(`${url}page.js`)).headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  it('is not sent again to a browser that has it, and is compressed for one that has not', async () => {
    const { url } = await startPage()
    const { headers, text } = await ask(`${url}page.js`, { headers: { 'Accept-Encoding': 'gzip, br' } })
    expect(headers['content-encoding']).toBe('gzip')
    expect(text.length).toBeGreaterThan(0)
    const again = await ask(`${url}page.js`, { headers: { 'If-None-Match': headers.etag ?? '' } })
    expect(again).toMatchObject({ status: 304, text: '' })
  })

  it('begins with all that was said, and goes on with what is new', async () => {
    const { url, readings$ } = await startPage({ commandSources: ['lamp'] })
    readings$.next(attic)
    const { named } = await openPage(url)
    await vi.waitFor(() => expect(named('all')).toHaveLength(1))
    const [all] = named('all') as [All]
    expect(all.topics).toMatchObject([{ topic: 'attic/temp_c', text: '21.5', number: true }])
    expect(all.commandSources).toEqual(['lamp'])
    readings$.next({ ...attic, value: 22 })
    readings$.next({ destination: 'attic/button', value: 1, event: true })
    await vi.waitFor(() => expect(named('news')).toHaveLength(1))
    const [news] = named('news') as [News]
    expect(news.said?.map(([id, text]) => [id, text])).toEqual([
      [1, '22.0'],
      [2, '1'],
    ])
    expect(news.happened?.map(([topic, text]) => [topic, text])).toEqual([['attic/button', '1']])
  })

  it('is told of what is no longer true, and who comes later never hears of it', async () => {
    const { url, readings$ } = await startPage()
    readings$.next(attic)
    const { named } = await openPage(url)
    await vi.waitFor(() => expect(named('all')).toHaveLength(1))
    readings$.next({ destination: 'attic/status', value: 'OFFLINE', forgets: ['attic/temp_c'] })
    await vi.waitFor(() => expect(named('news')).toMatchObject([{ gone: [1] }]))
    const later = await openPage(url)
    await vi.waitFor(() => expect(later.named('all')).toHaveLength(1))
    const [all] = later.named('all') as [All]
    expect(all.topics.map(({ topic, text }) => [topic, text])).toEqual([
      ['attic/temp_c', undefined],
      ['attic/status', 'OFFLINE'],
    ])
  })

  it('shows what is addressed to it, and without a name everything', async () => {
    const [one, every] = [await startPage({ name: 'hall' }), await startPage({ name: null })]
    for (const { readings$ } of [one, every])
      for (const to of ['hall', 'MQTT']) readings$.next({ destination: to, value: 1, to: [to] })
    const shown = async (url: string) => {
      const { named } = await openPage(url)
      await vi.waitFor(() => expect(named('all')).toHaveLength(1))
      return (named('all')[0] as All).topics.map(({ topic }) => topic)
    }
    expect(await shown(one.url)).toEqual(['hall'])
    expect(await shown(every.url)).toEqual(['hall', 'MQTT'])
  })

  it('has the numbers of the last hour', async () => {
    const { url, readings$ } = await startPage({ historyStep: 1 })
    readings$.next(attic)
    const { text } = await ask(`${url}history?id=1&id=1&id=7&span=60000`)
    expect(JSON.parse(text)).toEqual([{ topic: 'attic/temp_c', times: [expect.any(Number)], values: [21.5] }])
  })

  it('listens to the radio only while somebody looks at what it hears', async () => {
    const heard$ = new Subject<readonly HeardDevice[]>()
    const { url } = await startPage({}, { heard$ })
    expect(heard$.observed).toBe(false)
    expect((await ask(`${url}heard`)).text).toBe('[]')
    expect(heard$.observed).toBe(true)
    heard$.next([
      {
        address: 'a4:c1:38:11:22:33',
        brand: 'Govee',
        at: 0,
        count: 1,
        readings: [],
        advice: [],
        lines: [],
        configured: false,
      },
    ])
    expect(JSON.parse((await ask(`${url}heard`)).text)).toMatchObject([{ brand: 'Govee' }])
  })

  it('says goodbye when the readings have completed, closes and completes', async () => {
    const { url, readings$, ended } = await startPage()
    const { named } = await openPage(url)
    readings$.complete()
    await vi.waitFor(() => expect(ended).toHaveBeenCalledExactlyOnceWith())
    expect(named('bye')).toHaveLength(1)
    await expect(ask(url)).rejects.toThrow('ECONNREFUSED')
  })

  it('is closed at once when it is unsubscribed from', async () => {
    const { url, page } = await startPage()
    await openPage(url)
    page.unsubscribe()
    await vi.waitFor(() => expect(ask(url)).rejects.toThrow('ECONNREFUSED'))
  })

  it('does not begin to listen when it was to end before its name was looked up', async () => {
    const { port } = await new Promise<AddressInfo>((resolve) => {
      const probe = createServer().listen(0, 'localhost', () => {
        const address = probe.address() as AddressInfo
        probe.close(() => resolve(address))
      })
    })
    const log = quietLog()
    await lastValueFrom(webConnection({ host: 'localhost', port }, log)(EMPTY), { defaultValue: 'closed' })
    await lookup('localhost')
    await expect(ask(`http://localhost:${port}/`)).rejects.toThrow('ECONNREFUSED')
    expect(log.info).not.toHaveBeenCalled()
  })

  it('says of a port that is taken what to do about it', async () => {
    const { port } = await tcpServer(() => undefined)
    await expect(
      lastValueFrom(webConnection({ port }, quietLog())(NEVER), { defaultValue: 'closed' }),
    ).rejects.toThrow(
      `the page cannot be served: port ${port} is taken by another program, choose another port`,
    )
  })
})

describe('commands', () => {
  it('go out as those of any connection, and only to topics on which somebody waits', async () => {
    const { url, commands } = await startPage({ name: 'hall', commandSources: of(['lamp']) })
    expect(await ask(`${url}command`, posted({ source: 'lamp', payload: 'ON' }))).toMatchObject({
      status: 202,
    })
    expect(await ask(`${url}command`, posted({ source: 'door', payload: 'ON' }))).toMatchObject({
      status: 404,
      text: 'Nobody takes commands on this topic.\n',
    })
    expect(commands).toEqual([{ source: 'lamp', payload: 'ON', from: 'hall' }])
  })

  it.each([
    ['another site, as the browser says', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another site of the same machine', { 'Sec-Fetch-Site': 'same-site' }],
    [
      'another site, where the browser only says which',
      { 'Sec-Fetch-Site': '', Origin: 'http://evil.example' },
    ],
    ['who says nothing of where it is', { 'Sec-Fetch-Site': '' }],
  ])('are refused from %s', async (_, headers) => {
    const { url, commands } = await startPage({ commandSources: ['lamp'] })
    const { 'Sec-Fetch-Site': site, ...others } = { Origin: '', ...headers }
    const post = posted({ source: 'lamp', payload: 'ON' })
    const sent = {
      'Content-Type': 'application/json',
      ...(site && { 'Sec-Fetch-Site': site }),
      ...(others.Origin && { Origin: others.Origin }),
    }
    expect(await ask(`${url}command`, { ...post, headers: sent })).toMatchObject({ status: 403 })
    expect(commands).toEqual([])
  })

  it('are taken from the page where the browser only says its address', async () => {
    const { url, port, commands } = await startPage({ commandSources: ['lamp'] })
    const headers = { 'Content-Type': 'application/json', Origin: `http://127.0.0.1:${port}` }
    const post = posted({ source: 'lamp', payload: 'ON' })
    expect(await ask(`${url}command`, { ...post, headers })).toMatchObject({ status: 202 })
    expect(commands).toHaveLength(1)
  })
})

describe('who asks for what should not be', () => {
  it('by a name that only leads here (DNS rebinding) is refused', async () => {
    const { url, port } = await startPage({ hostNames: ['sensors.example'] })
    const statusFor = async (Host: string) => (await ask(url, { headers: { Host } })).status
    expect(await statusFor('evil.example')).toBe(421)
    expect(await statusFor(`evil.example:${port}`)).toBe(421)
    expect(await statusFor('127.0.0.1.evil.example')).toBe(421)
    for (const Host of [
      'localhost',
      `127.0.0.1:${port}`,
      '[::1]:80',
      'sensors.example',
      'SENSORS.example.',
      hostname(),
    ])
      expect(await statusFor(Host), Host).toBe(200)
  })

  it('with too long a body, a body that is no JSON, or too many headers is refused', async () => {
    const { url } = await startPage({ commandSources: ['lamp'] })
    const long = posted({ source: 'lamp', payload: 'x'.repeat(5000) })
    expect((await ask(`${url}command`, long)).status).toBe(413)
    expect((await ask(`${url}command`, { ...posted({}), body: 'ON' })).status).toBe(400)
    expect((await ask(`${url}command`, posted({}, { 'Content-Type': 'text/plain' }))).status).toBe(415)
    expect((await ask(url, { headers: { Cookie: 'x'.repeat(9000) } })).status).toBe(431)
  })

  it.each(['nothing', '../package.json', '..%2f..%2fpackage.json', 'constructor', '__proto__', 'toString'])(
    'at %s finds nothing',
    async (path) => {
      const { url } = await startPage()
      expect((await ask(url, { path: `/${path}` })).status).toBe(404)
      expect((await ask(url, { ...posted({}), path: `/${path}` })).status).toBe(404)
    },
  )

  it('by another method is refused', async () => {
    const { url } = await startPage()
    expect((await ask(url, { method: 'DELETE' })).status).toBe(405)
  })

  it('opens no more pages than 50, and one more when one is closed', async () => {
    const { url } = await startPage()
    const pages = await Promise.all(Array.from({ length: 50 }, () => openPage(url)))
    expect(await ask(`${url}events`)).toMatchObject({ status: 503 })
    pages[0]?.response.destroy()
    await vi.waitFor(async () => expect((await openPage(url)).status).toBe(200))
  })

  it('and does not read what it is sent is dropped, while others go on', async () => {
    const { url, port, readings$ } = await startPage()
    const asleep = connect(port, '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void asleep.destroy())
    asleep.pause()
    asleep.write(`GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const awake = await openPage(url)
    const text = 'x'.repeat(900)
    let value = 0
    await vi.waitFor(
      async () => {
        for (let each = 0; each < 500; each += 1)
          readings$.next({ destination: `topic${each}`, value: `${text}${(value += 1)}` })
        expect((await ask(`${url}metrics`)).text).toContain('sensor_reporter_pages_dropped_total 1\n')
      },
      { timeout: 60_000, interval: 120 },
    )
    expect((await ask(`${url}metrics`)).text).toContain('sensor_reporter_pages 1\n')
    const before = awake.named('news').length
    readings$.next(attic)
    await vi.waitFor(() => expect(awake.named('news').length).toBeGreaterThan(before))
  })

  it('and reads slowly gets all that there is to begin with, however much that is', async () => {
    const { url, port, readings$ } = await startPage()
    for (let each = 0; each < 9000; each += 1)
      readings$.next({ destination: `topic${each}`, value: 'x'.repeat(1000) })
    const slow = connect(port, '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void slow.destroy())
    slow.pause()
    slow.write(`GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const { named } = await openPage(url)
    await vi.waitFor(() => expect(named('all')).toHaveLength(1))
    readings$.next(attic)
    await vi.waitFor(() => expect(named('news')).toHaveLength(1))
    let got = ''
    slow.on('data', (bytes) => (got = (got + bytes.toString()).slice(-1000))).resume()
    await vi.waitFor(() => expect(got).toMatch(/event: news.*"21\.5"/s), 10_000)
  })

  it('and goes away before it has said what, or asks for what is no path, is no error of ours', async () => {
    const { url, port, log } = await startPage({ password: 'right' })
    const leaving = connect(port, '127.0.0.1')
    leaving.write(
      'POST /login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{',
    )
    await once(leaving, 'ready')
    expect((await ask(url, { path: '//' })).status).toBe(400)
    leaving.resetAndDestroy()
    expect((await ask(`${url}health`)).status).toBe(200)
    expect(log.error).not.toHaveBeenCalled()
  })
})

describe('with a password', () => {
  const login = (url: string, password: string) => ask(`${url}login`, posted({ password }))

  it('shows nothing before it was typed, and all with the cookie that came for it', async () => {
    const { url, port, readings$, log } = await startPage({ password: 'p#ss' })
    readings$.next(attic)
    expect((await ask(`${url}events`)).status).toBe(401)
    expect((await ask(`${url}history?id=1`)).status).toBe(401)
    expect((await ask(`${url}command`, posted({ source: 'lamp', payload: 'ON' }))).status).toBe(401)
    expect((await ask(url)).status).toBe(200)
    const { status, headers } = await login(url, 'p#ss')
    expect(status).toBe(204)
    const [cookie = ''] = headers['set-cookie'] ?? []
    expect(cookie).toMatch(
      new RegExp(`^sensor_reporter_0=[\\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`),
    )
    const session = { Cookie: cookie.split(';')[0] ?? '' }
    const { named } = await openPage(url, session)
    await vi.waitFor(() => expect(named('all')).toMatchObject([{ hasPassword: true }]))
    expect((await ask(`${url}logout`, posted({}, session))).headers['set-cookie']?.[0]).toContain('Max-Age=0')
    expect((await ask(`${url}history`, { headers: session })).status).toBe(401)
    expect(port).toBeGreaterThan(0)
    expect(JSON.stringify(log)).not.toContain('p#ss')
  })

  it('refuses a wrong one, and the right one too soon after it', async () => {
    const { url, log } = await startPage({ password: 'right' })
    expect(await login(url, 'wrong')).toMatchObject({
      status: 403,
      text: '{"wait":1}',
      headers: { 'retry-after': '1' },
    })
    expect((await login(url, 'right')).status).toBe(403)
    expect(log.warn).toHaveBeenCalledExactlyOnceWith('a wrong password from 127.0.0.1')
  })

  it('is for cookies that somebody made up as for none', async () => {
    const { url } = await startPage({ password: 'right' })
    for (const Cookie of [
      'sensor_reporter_0=',
      'sensor_reporter_0=abc',
      'other=1; sensor_reporter_0=__proto__',
    ])
      expect((await ask(`${url}history`, { headers: { Cookie } })).status).toBe(401)
  })

  it('lets Prometheus in by the password, and everybody see whether all is well, but not what is not', async () => {
    const states$ = new BehaviorSubject<States>({})
    const { url } = await startPage({ password: 'right' }, { states$ })
    const basic = (password: string) => ({
      headers: { Authorization: `Basic ${Buffer.from(`any:${password}`).toString('base64')}` },
    })
    expect((await ask(`${url}metrics`)).headers['www-authenticate']).toBe('Basic realm="sensor-reporter"')
    expect((await ask(`${url}metrics`, basic('right'))).status).toBe(200)
    expect((await ask(`${url}metrics`, basic('wrong'))).status).toBe(401)
    expect(await ask(`${url}health`)).toMatchObject({ status: 200, text: 'All is well.\n' })
    states$.next({ Connection0: { text: 'no broker localhost:1883 (ECONNREFUSED)', ok: false } })
    expect(await ask(`${url}health`)).toMatchObject({ status: 503, text: 'Connection0 is not well\n' })
  })
})

describe('behind a reverse proxy', () => {
  it('is below BasePath, where its cookie is, too', async () => {
    const { url, readings$ } = await startPage({ basePath: '/sensors', password: 'right' })
    expect(url).toMatch(/\/sensors\/$/)
    expect(await ask(url.slice(0, -1))).toMatchObject({ status: 308, headers: { location: '/sensors/' } })
    expect((await ask(url.replace('sensors/', ''))).status).toBe(404)
    expect((await ask(`${url}page.css`)).status).toBe(200)
    const { headers } = await ask(`${url}login`, posted({ password: 'right' }))
    expect(headers['set-cookie']?.[0]).toContain('Path=/sensors/;')
    readings$.next(attic)
    const { named } = await openPage(url, { Cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' })
    await vi.waitFor(() => expect(named('all')).toHaveLength(1))
  })
})

describe.skipIf(opensslMissing)('with TLS', () => {
  const { selfSigned } = certificates()

  it('is encrypted, and its cookie goes over nothing else', async () => {
    const pair = selfSigned('page', '-addext', 'subjectAltName=IP:127.0.0.1')
    const tls = { cert: readFileSync(pair.cert, 'utf8'), key: readFileSync(pair.key, 'utf8') }
    const { url, port } = await startPage({ tls, password: 'right' })
    expect(url).toMatch(/^https:/)
    const { status, headers } = await ask(`${url}login`, { ...posted({ password: 'right' }), ca: tls.cert })
    expect(status).toBe(204)
    expect(headers['set-cookie']?.[0]).toMatch(/; Secure$/)
    await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  })
})
