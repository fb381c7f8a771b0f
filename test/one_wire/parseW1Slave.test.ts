import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPowerOnValue } from '../../src/one_wire/isPowerOnValue.js'
import { parseW1Slave } from '../../src/one_wire/parseW1Slave.js'

/** As w1_therm writes it. */
const slave = (bytes: string, verdict: string, thousandths: number) =>
  `${bytes} : crc=${bytes.slice(-2)} ${verdict}\n${bytes} t=${thousandths}\n`

describe('parseW1Slave', () => {
  it.each([
    ['a warm room', '57 01 4b 46 7f ff 09 10 70', 21437, 21.437],
    ['frost', 'f8 ff 4b 46 7f ff 08 10 b8', -500, -0.5],
    ['freezing point', '00 00 4b 46 7f ff 10 10 1d', 0, 0],
    ['the coldest', '90 fc 4b 46 7f ff 10 10 4a', -55000, -55],
    ['the hottest', 'd0 07 4b 46 7f ff 10 10 f3', 125000, 125],
  ])('reads %s', (_, bytes, thousandths, celsius) => {
    expect(parseW1Slave(slave(bytes, 'YES', thousandths))).toBe(celsius)
  })

  it.each([
    ['a wrong checksum', slave('57 01 4b 46 7f ff 09 10 70', 'NO', 21437), 'checksum'],
    ['a sensor that was pulled off', slave('ff ff ff ff ff ff ff ff ff', 'NO', -62), 'checksum'],
    ['a shorted bus', slave('00 00 00 00 00 00 00 00 00', 'YES', 0), 'shorted to ground'],
    ['what it cannot measure', slave('57 01 4b 46 7f ff 09 10 70', 'YES', 127937), 'expected -55 to 125 °C'],
    ['an empty file', '', 'expected lines with crc= and t=, got ""'],
    ['something else', 'hello\x1b[2J', 'got "hello\\u{1b}[2J"'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseW1Slave(text)).toThrow(message)
  })

  it('says a temperature or why there is none, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0f :=crctYESNO-59\n'.split('')) }), (text) => {
        try {
          expect(parseW1Slave(text)).toBeGreaterThanOrEqual(-55)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
  })
})

describe('isPowerOnValue', () => {
  it.each([
    [85, undefined, true],
    [85, 21.4, true],
    [85, 84.9, false],
    [84.937, 21.4, false],
  ])('takes %d °C after %d °C for a power loss: %s', (celsius, before, expected) => {
    expect(isPowerOnValue(celsius, before)).toBe(expected)
  })
})
