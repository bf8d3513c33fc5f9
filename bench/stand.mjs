// What measurements of one server share: their options, the machine, the load, and where results go.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
export const kWriteKey = 'bench-write-key';
export const program = (name) => path.join(process.env.WAYPOST_BUILD, name);
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// --NAME VALUE of the command line for each of the defaults, and for --folder and --build; all are texts.
export function readOptions(defaults) {
  const all = { ...defaults, folder: path.join(root, '.dev/bench'), build: path.join(root, 'build/release') };
  const { values } = parseArgs({ options: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { type: 'string', default: value }])) });
  process.env.WAYPOST_BUILD = path.resolve(values.build);
  return values;
}

// An empty folder of that name for what is measured.
export function freshFolder(options, name) {
  const folder = path.resolve(options.folder, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

export const machine = () => ({ cpu: os.cpus()[0].model, threads: os.availableParallelism(), load_average: os.loadavg()[0] });
export const machineText = ({ cpu, threads, load_average }) => `${threads} threads of ${cpu}, load average ${load_average.toFixed(1)} before`;

export const folderBytes = (folder) => fs.readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((e) => e.isFile()).reduce((sum, e) => sum + fs.statSync(path.join(e.parentPath ?? e.path, e.name)).size, 0);

// Runs load_generator with --NAME VALUE of each flag; its report.
export async function load(flags) {
  const { stdout } = await promisify(execFile)(program('bench/load_generator'), Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]));
  return JSON.parse(stdout);
}

// Prints the text and writes both to bench/results.
export function publish(name, result, text) {
  console.log(text);
  const file = path.join(here, 'results', `${name}-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.json`, JSON.stringify(result, null, 1));
  fs.writeFileSync(`${file}.md`, `${text}\n`);
  return file;
}
