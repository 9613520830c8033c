import { execFileSync, spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { generateLog } from './generate-log.ts';

/**
 * `npm run bench [events]`: investigates a generated log through the command line and, in the same run, loads the same file
 * with DuckDB (typed columns) and greps it with jq. Figures are ratios; `--save` appends them to docs/performance.md.
 * Further logs are measured when named in DECKLOG_BENCH_LOGS (paths, separated by colons).
 */
const events = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 400_000);
const rounds = Number(process.env['DECKLOG_BENCH_ROUNDS'] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'decklog-bench-'));
const main = join(import.meta.dirname, '../../core/cli/decklog.mjs');
const duckdb = join(import.meta.dirname, 'duckdb-load.ts');

interface Figure {
  readonly name: string;
  readonly seconds: number;
  readonly detail: string;
}

/** Fewest seconds of all rounds: what else the machine did only adds. */
function best(name: string, run: (round: number) => string): Figure {
  let seconds = Number.POSITIVE_INFINITY;
  let detail = '';
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    detail = run(round);
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return { name, seconds, detail };
}

function ours(command: 'investigate' | 'import', paths: readonly string[], rawBytes: number): Figure {
  return best(`decklog ${command}`, (round) => {
    const kase = join(folder, `${command}-${round}.decklog`);
    const words = command === 'import' ? ['import', kase, ...paths] : ['investigate', ...paths, '--case', kase];
    const out = JSON.parse(
      execFileSync(process.execPath, [main, ...words, '--json', '--quiet'], { maxBuffer: 2 ** 30 }).toString(),
    );
    const size = statSync(kase).size;
    rmSync(kase);
    return `${out.case.events} events, ${out.alerts?.length ?? 0} alerts, peak ${Math.round(out.timing.peakRssBytes / 1e6)} MB, case ${((100 * size) / rawBytes).toFixed(1)} % of raw`;
  });
}

function duck(path: string): Figure {
  return best('DuckDB typed load', (round) => {
    const out = join(folder, `duck-${round}.db`);
    const text = execFileSync(process.execPath, [duckdb, path, out]).toString().trim();
    rmSync(out, { force: true });
    return text;
  });
}

function jq(path: string): Figure | null {
  if (spawnSync('jq', ['--version']).status !== 0) return null;
  const filter = 'select(.requestObject.spec.containers[]?.securityContext.privileged == true) | .auditID';
  const seconds = best('jq, one rule', () =>
    execFileSync('sh', ['-c', `gzip -dc "$0" | jq -rc '${filter}' | wc -l`, path])
      .toString()
      .trim(),
  );
  return { ...seconds, detail: `${seconds.detail} hits` };
}

function table(title: string, figures: readonly Figure[]): string {
  const base = figures.find((figure) => figure.name.startsWith('DuckDB'))?.seconds;
  const rows = figures.map(
    (figure) =>
      `| ${figure.name} | ${figure.seconds.toFixed(2)} s | ${base === undefined ? '' : (figure.seconds / base).toFixed(2)} | ${figure.detail} |`,
  );
  return [`**${title}**`, '', '| | best of rounds | to DuckDB | |', '|---|---:|---:|---|', ...rows, ''].join('\n');
}

async function generated(): Promise<string> {
  const plain = join(folder, 'generated.log');
  const packed = `${plain}.gz`;
  await generateLog(plain, events);
  await pipeline(createReadStream(plain), zlib.createGzip({ level: 1 }), createWriteStream(packed));
  const raw = statSync(plain).size;
  rmSync(plain);
  const compared = [duck(packed), jq(packed)].filter((figure) => figure !== null);
  return table(`${events} generated events, ${Math.round(raw / 1e6)} MB, gzip`, [
    ours('investigate', [packed], raw),
    ours('import', [packed], raw),
    ...compared,
  ]);
}

function given(path: string): string {
  const sizes = JSON.parse(
    execFileSync(process.execPath, [main, 'import', join(folder, 'size.decklog'), path, '--json', '--quiet'], {
      maxBuffer: 2 ** 30,
    }).toString(),
  );
  return table(`${path.split('/').slice(-2).join('/')}, ${sizes.case.events} events`, [
    ours('investigate', [path], sizes.case.rawBytes),
  ]);
}

try {
  const parts = [await generated()];
  for (const path of (process.env['DECKLOG_BENCH_LOGS'] ?? '').split(':'))
    if (existsSync(path)) parts.push(given(path));
  const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${cpus()[0]?.model}, Node ${process.versions.node}`;
  const text = `### ${machine}\n\n${parts.join('\n')}`;
  process.stdout.write(`${text}\n`);
  const history = join(import.meta.dirname, '../../docs/performance.md');
  if (process.argv.includes('--save')) writeFileSync(history, `${readFileSync(history, 'utf8').trimEnd()}\n\n${text}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
