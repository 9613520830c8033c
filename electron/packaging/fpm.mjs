#!/usr/bin/env node
// Takes the place of fpm, a Ruby program that electron-builder would fetch, where a .deb is made without a network: understands what
// electron-builder gives to fpm, and has dpkg-deb make the package. Named to electron-builder by CUSTOM_FPM_PATH.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const many = { type: 'string', multiple: true };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { ...text, short: 's' },
    target: { ...text, short: 't' },
    depends: { ...many, short: 'd', default: [] },
    'deb-recommends': { ...many, default: [] },
    force: { type: 'boolean' },
    ...Object.fromEntries(
      [
        'name',
        'version',
        'architecture',
        'maintainer',
        'vendor',
        'url',
        'category',
        'license',
        'description',
        'package',
      ]
        .concat(['deb-priority', 'deb-compression', 'after-install', 'after-remove'])
        .map((name) => [name, text]),
    ),
  },
});

/** `from=to`, as fpm reads it: the content of a folder whose name ends with a slash, otherwise the thing itself. */
function place(root, mapping) {
  const [from, to] = mapping.split('=');
  const target = join(root, to);
  if (from.endsWith('/')) return cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  const isInto = to.endsWith('/');
  mkdirSync(isInto ? target : join(target, '..'), { recursive: true });
  cpSync(from, isInto ? join(target, basename(from)) : target, { recursive: true });
}

function controlText(root) {
  const kilobytes = execFileSync('du', ['-sk', '--apparent-size', '--exclude=DEBIAN', root], { encoding: 'utf8' });
  const [summary = '', ...more] = values.description.trim().split('\n');
  const fields = {
    Package: values.name,
    Version: values.version,
    Architecture: values.architecture,
    Maintainer: values.maintainer,
    'Installed-Size': kilobytes.split('\t')[0],
    Depends: values.depends.join(', '),
    Recommends: values['deb-recommends'].join(', '),
    Section: values.category ?? 'utils',
    Priority: values['deb-priority'],
    Homepage: values.url,
    Description: [summary, ...more.map((line) => ` ${line.trim() || '.'}`)].join('\n'),
  };
  const written = Object.entries(fields).filter(([, value]) => value);
  return `${written.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

/** The same modes on every machine, whatever its umask says. */
function plainModes(root) {
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', root]);
}

if (values.target !== 'deb') throw new Error(`only .deb can be made without fpm, not ${values.target}`);
const root = mkdtempSync(join(tmpdir(), 'decklog-deb-'));
try {
  for (const mapping of positionals) place(root, mapping);
  const control = join(root, 'DEBIAN');
  mkdirSync(control);
  writeFileSync(join(control, 'control'), controlText(root));
  for (const [option, name] of [
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ]) {
    if (values[option] === undefined || !statSync(values[option]).isFile()) continue;
    cpSync(values[option], join(control, name));
    chmodSync(join(control, name), 0o755);
  }
  plainModes(root);
  const level = process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ?? '6';
  const compression = [`-Z${values['deb-compression']}`, `-z${level}`];
  execFileSync('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, values.package], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
