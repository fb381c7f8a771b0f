import { describe, expect, it } from 'vitest'
import { faultsOfDocument } from '../support/discoveryRules.js'
import { program, temporaryFile } from '../support/program.js'

const connection = [
  ...[
    '[Connection1]',
    'Class = mqtt.mqtt_conn.MqttConnection',
    'Name = MQTT',
    'Client = test',
    'User =',
    'Password =',
  ],
  ...['Host = 127.0.0.1', 'Port = 1', 'Keepalive = 60', 'RootTopic = a/b ü'],
]
const sensors = [
  ...['[Sensor1]', 'Class = ble.ble_sensor.BleSensor', 'Destination = air'],
  ...[
    '[Sensor2]',
    'Class = exec.exec_sensor.ExecSensor',
    'Script = false',
    'Poll = 9',
    'Destination = load',
    'Unit = %',
  ],
  ...[
    '[Sensor3]',
    'Class = exec.exec_sensor.ExecSensor',
    'Script = false',
    'Poll = 9',
    'Destination = own',
    'HomeAssistant = NO',
  ],
]

describe('sensor-reporter discovery', () => {
  it('prints what Home Assistant would be told, and runs nothing', async () => {
    const file = temporaryFile('c.ini', [...connection, 'HomeAssistant = YES', ...sensors].join('\n'))
    const shown = program(['discovery', file, '--replay', 'config/demo.jsonl'])
    expect(await shown.exit).toBe(0)
    const documents = shown.lines.filter((line) => line.startsWith('homeassistant/'))
    expect(documents.length).toBeGreaterThan(5)
    for (const line of documents) {
      const [topic = ''] = line.split(' ')
      expect(faultsOfDocument(topic, line.slice(topic.length + 1))).toEqual([])
    }
    expect(shown.lines.join('\n')).toContain('"unit_of_measurement":"%"')
    expect(shown.lines.join('\n')).not.toContain('/own')
    expect(documents[0]).toContain('"name":"sensor-reporter a/b ü"')
  })

  it('says when nobody is to be told', async () => {
    const file = temporaryFile('c.ini', [...connection, ...sensors].join('\n'))
    const shown = program(['discovery', file])
    expect(await shown.exit).toBe(1)
    expect(shown.lines.join('\n')).toContain('says HomeAssistant = YES: Home Assistant is told nothing.')
  })
})
