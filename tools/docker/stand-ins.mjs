import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './engine.mjs';

/**
 * Images of the same names as the real ones, made of Debian's packages and this machine's Node, for a machine that
 * reaches no image registry. What runs in them is the same program in the version that Debian has.
 */
const SERVERS = 'postgresql,nats-server,redis-server,nginx-light,ca-certificates';
const TRASH = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/cache/apt', 'var/lib/apt/lists'];

/** What the real Postgres image does at its first start, as far as compose.cluster.yaml asks for it. */
const POSTGRES_ENTRY = `#!/bin/bash
set -eu
data=/var/lib/postgresql/18/docker
as() { setpriv --reuid=999 --regid=999 --clear-groups "$@"; }
bin=$(echo /usr/lib/postgresql/*/bin)
mkdir -p "$data" && chown 999:999 /var/lib/postgresql /var/lib/postgresql/18 "$data" && chmod 700 "$data"
if [ ! -e "$data/PG_VERSION" ]; then
  cp "$POSTGRES_PASSWORD_FILE" /tmp/password && chown 999:999 /tmp/password
  as "$bin/initdb" -D "$data" -U postgres --pwfile=/tmp/password --auth=scram-sha-256 $POSTGRES_INITDB_ARGS
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
fi
exec setpriv --reuid=999 --regid=999 --clear-groups "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql
`;

/**
 * @param {NodeJS.ProcessEnv} env of the engine
 * @param {string} folder for what is made on the way
 * @param {Record<'base' | 'node' | 'postgres' | 'nats' | 'redis' | 'nginx', string>} names of the real images
 */
export function makeStandIns(env, folder, names) {
  importDebian(env, folder, 'base', names.base, 'ca-certificates');
  nodeImage(env, folder, names);
  importDebian(env, folder, 'servers', 'heirloom-servers', SERVERS);
  const entry =
    'RUN usermod --uid 999 postgres && groupmod --gid 999 postgres && mkdir -p /var/lib/postgresql';
  const postgres = join(folder, 'postgres');
  mkdirSync(postgres, { recursive: true });
  writeFileSync(join(postgres, 'entry.sh'), POSTGRES_ENTRY, { mode: 0o755 });
  build(env, postgres, names.postgres, [
    'FROM heirloom-servers',
    entry,
    'COPY entry.sh /entry.sh',
    'ENTRYPOINT ["/entry.sh"]',
  ]);
  build(env, join(folder, 'redis'), names.redis, [
    'FROM heirloom-servers',
    'RUN ln -s /usr/bin/redis-server /usr/bin/valkey-server',
  ]);
  for (const name of [names.nats, names.nginx]) run('docker', ['tag', 'heirloom-servers', name], { env });
}

function importDebian(env, folder, name, tag, packages) {
  if (run('docker', ['images', '--quiet', tag], { env }) !== '') return; // kept from the last time
  const root = join(folder, name);
  const mirror =
    run('sh', ['-c', "apt-get indextargets --format '$(REPO_URI)' | head -1"]) ||
    'http://deb.debian.org/debian';
  run('debootstrap', ['--variant=minbase', `--include=${packages}`, 'bookworm', root, mirror]);
  for (const trash of TRASH) rmSync(join(root, trash), { recursive: true, force: true });
  run('sh', ['-c', `tar -C '${root}' -c . | docker import --change 'CMD ["bash"]' - '${tag}'`], { env });
  rmSync(root, { recursive: true, force: true });
}

/** This machine's Node and npm in the places where the real image has them. */
function nodeImage(env, folder, names) {
  const context = join(folder, 'node');
  mkdirSync(context, { recursive: true });
  cpSync(process.execPath, join(context, 'node'));
  // Whom this machine trusts, so that packages come from where they come from here.
  cpSync('/etc/ssl/certs/ca-certificates.crt', join(context, 'authorities.crt'));
  const npm = realpathSync(run('sh', ['-c', 'command -v npm'])); // .../npm/bin/npm-cli.js
  cpSync(dirname(dirname(npm)), join(context, 'npm'), { recursive: true });
  build(env, context, names.node, [
    `FROM ${names.base}`,
    'COPY node /usr/local/bin/node',
    'COPY authorities.crt /etc/ssl/certs/ca-certificates.crt',
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
    'COPY npm /usr/local/lib/node_modules/npm',
    'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && chmod +x /usr/local/lib/node_modules/npm/bin/npm-cli.js',
  ]);
}

function build(env, context, tag, lines) {
  mkdirSync(context, { recursive: true });
  run('docker', ['build', '--tag', tag, '--file', '-', context], { env, input: `${lines.join('\n')}\n` });
}
