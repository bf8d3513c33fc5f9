// Cuts the power of the file system under the real server: what was not synced is gone, names included.
// The data lie on ext4 in a file behind a loop device; tests/crash/cut_power.cc stops it without writing
// its journal out. Half of the cuts come under load, half 150 ms after it, when nothing else carries a
// forgotten sync along. Only answers read before the cut count. POWER_CUTS says how often.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { kBuild, startWaypost } from '../e2e/harness.mjs';
import { Ledger, sleep } from './ledger.mjs';

const kCuts = Number(process.env.POWER_CUTS ?? 20);
const kRoundSize = 1_000_000; // numbers a round may use
const kDiskBytes = 1 << 30;

const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });

class Disk {
  constructor(folder) {
    this.image = path.join(folder, 'disk');
    this.mount = path.join(folder, 'mount');
    fs.mkdirSync(this.mount);
    fs.closeSync(fs.openSync(this.image, 'w'));
    fs.truncateSync(this.image, kDiskBytes);
    run('mkfs.ext4', '-q', '-F', this.image);
  }
  powerOn() {
    run('mount', '-o', 'loop', this.image, this.mount);
    this.isOn = true;
  }
  cut() { run(path.join(kBuild, 'tests/crash/cut_power'), this.mount); }
  powerOff() {
    if (this.isOn) run('umount', this.mount);
    this.isOn = false;
  }
}

// A disk that is on, or why there can be none.
function makeDisk(folder) {
  try {
    const disk = new Disk(folder);
    disk.powerOn();
    return { disk };
  } catch (error) {
    return { missing: `no loop device with ext4 here: ${error.message.trim()}` };
  }
}

test(`${kCuts} power cuts lose nothing acknowledged and double nothing`, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-power-'));
  const { disk, missing } = makeDisk(folder);
  t.after(() => {
    disk?.powerOff();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  if (missing) return t.skip(missing);
  const data = path.join(disk.mount, 'data');
  const ledger = new Ledger(folder);
  for (let round = 0; round < kCuts; round++) {
    const server = await startWaypost(data, ['--store-flush-rows', round % 4 < 2 ? 300 : 2_000_000]);
    const load = ledger.load(server.port, round * kRoundSize, round % 2 ? 20 : undefined);
    if (round % 2) await load;
    await sleep(round % 2 ? 150 : 60 + ((round * 7919) % 300));
    const moment = ledger.now();
    disk.cut();
    await server.kill();
    await load;
    ledger.rewindTo(moment);
    disk.powerOff();
    disk.powerOn();
  }
  const { acknowledged } = await ledger.settle(t, data);
  assert.ok(acknowledged >= kCuts * 20, 'the load got through');
});
