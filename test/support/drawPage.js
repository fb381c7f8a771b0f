// npm run picture, the second half: draws config/page*.webp, what a browser shows of `demo --web`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

/** So long (ms) the demo runs before it is looked at: an hour a minute. */
const history = 75_000

const port = 8137
const folder = process.argv[2]
const root = fileURLToPath(new URL('../../', import.meta.url))
const demo = spawn(process.execPath, ['dist/cli.js', 'demo', '--web', String(port)], {
  cwd: root,
  stdio: 'ignore',
})
const ended = once(demo, 'exit')
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })

/** Takes a picture of a view, once it shows what it should. */
async function draw(file, view, selector, { width, height, colorScheme, prepare }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: 'en-GB',
  })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}/#/${view}`)
  await page.waitForSelector(selector)
  await page.waitForTimeout(prepare ?? 1500)
  // Less than half of what the same is as PNG, and it is in the package.
  const session = await context.newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 75,
    clip: { x: 0, y: 0, width, height, scale: 1.5 },
  })
  writeFileSync(file, data, 'base64')
  await context.close()
  console.log(file)
}

await new Promise((resolve) => setTimeout(resolve, folder ? 20_000 : history))
const wide = { width: 1240, height: 700 }
for (const colorScheme of ['light', 'dark']) {
  const name = colorScheme === 'light' ? '' : '-dark'
  if (!folder) {
    await draw(`${root}config/page${name}.webp`, 'devices', '.spark', { ...wide, colorScheme })
    await draw(`${root}config/page-marbles${name}.webp`, 'marbles', '.marble', {
      ...wide,
      colorScheme,
      prepare: 45_000,
    })
    continue
  }
  // Every view at two widths, to be looked at by who changes the page.
  for (const [size, box] of [
    ['', wide],
    ['-phone', { width: 390, height: 844 }],
  ]) {
    await draw(`${folder}/devices${name}${size}.webp`, 'devices', '.spark', { ...box, colorScheme })
    await draw(`${folder}/device${name}${size}.webp`, 'device/balcony', '.u-wrap', { ...box, colorScheme })
    await draw(`${folder}/marbles${name}${size}.webp`, 'marbles', '.marble', {
      ...box,
      colorScheme,
      prepare: 15_000,
    })
    await draw(`${folder}/events${name}${size}.webp`, 'events', '.events li', { ...box, colorScheme })
    await draw(`${folder}/heard${name}${size}.webp`, 'heard', '.heard li', {
      ...box,
      colorScheme,
      prepare: 4000,
    })
  }
}
await browser.close()
demo.kill('SIGTERM')
await ended
