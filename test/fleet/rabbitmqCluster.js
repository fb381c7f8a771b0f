import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { connect } from 'mqtt'

/** Debian's; the one in /usr/sbin is a wrapper that wants to be another user. */
export const rabbitmqServer = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const rabbitmqctl = '/usr/lib/rabbitmq/bin/rabbitmqctl'

const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
const names = ['fleet1@localhost', 'fleet2@localhost', 'fleet3@localhost']
const login = { username: 'fleet', password: 'fleet' }

/**
 * Starts three nodes of one RabbitMQ cluster, all in `folder` and on loopback, that serve MQTT on one port of three
 * addresses. Every process goes to `started`: killing those (by group) ends the cluster, whatever state it is in.
 */
export async function rabbitmqCluster(folder, started) {
  const [port, epmdPort, ...distributionPorts] = await freePorts(5)
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: epmdPort,
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  }
  // Without an epmd of ours the first node would start one that outlives it. With -d it says when it listens.
  const epmd = spawn('epmd', ['-d', '-port', epmdPort], {
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(epmd)
  await once(epmd.stderr, 'data')
  epmd.stderr.resume()

  const nodes = []
  for (const [index, name] of names.entries()) {
    const home = join(folder, name)
    mkdirSync(home)
    writeFileSync(join(home, 'enabled_plugins'), '[rabbitmq_mqtt].')
    writeFileSync(join(home, 'rabbitmq.conf'), configuration(hosts[index], port))
    const output = openSync(join(home, 'output.txt'), 'w')
    const node = spawn(rabbitmqServer, {
      env: {
        ...env,
        RABBITMQ_NODENAME: name,
        RABBITMQ_DIST_PORT: distributionPorts[index],
        RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
        RABBITMQ_LOG_BASE: join(home, 'log'),
        RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
      },
      detached: true,
      stdio: ['ignore', output, output],
    })
    started.push(node)
    nodes.push(node)
    // One after the other: nodes that start in one moment may each found a cluster of their own.
    await serves({ host: hosts[index], port, ...login }, node)
  }
  // The subscriptions of clean sessions are classic queues. Unless mirrored they are dead with their node, and whoever
  // subscribes again is disconnected, on every other node too.
  const mirrored = ['mirrored', '^mqtt-subscription-', '{"ha-mode":"all"}', '--apply-to', 'queues']
  await promisify(execFile)(rabbitmqctl, ['-n', names[0], 'set_policy', ...mirrored], { env })
  return { hosts, port, login, nodes }
}

/**
 * The settings that matter: subscriptions of lasting sessions are quorum queues, so that a reading is acknowledged only
 * when two nodes have it; and more than 10 messages may be on the way to a subscriber.
 */
const configuration = (host, port) => `
listeners.tcp = none
mqtt.listeners.tcp.1 = ${host}:${port}
mqtt.durable_queue_type = quorum
mqtt.prefetch = 1000
default_user = ${login.username}
default_pass = ${login.password}
disk_free_limit.absolute = 50MB
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
${names.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`).join('\n')}
`

/** Ports that are free on every address. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '0.0.0.0'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

async function serves(address, node) {
  const deadline = Date.now() + 180_000
  for (;;) {
    const client = connect({ ...address, clientId: 'ready', reconnectPeriod: 0 }).on('error', () => undefined)
    const closed = once(client, 'close').then(() => false)
    const connected = await Promise.race([once(client, 'connect'), closed]).catch(() => false)
    client.end(true)
    if (connected) return
    if (node.exitCode !== null || Date.now() > deadline)
      throw new Error(`the RabbitMQ node on ${address.host} does not answer: its log says why`)
    await pause(500)
  }
}
