import type { Kind as Name } from '../core/definition';
import { call } from './call';
import { chain } from './chain';
import { entry } from './entry';
import { exit } from './exit';
import { experiment } from './experiment';
import { fork } from './fork';
import { join } from './join';
import { judge } from './judge';
import type { Kind } from './kind';
import { list } from './list';
import { loop } from './loop';
import { rate } from './rate';
import { ratio } from './ratio';
import { send } from './send';
import { set } from './set';
import { split } from './split';
import { timeSplit } from './timeSplit';
import { wait } from './wait';
import { waitEvent } from './waitEvent';

// In the order of the palette.
export const kinds: readonly Kind[] = [entry, send, chain, wait, waitEvent, rate, judge, split, ratio, experiment, timeSplit, set, list, fork, join, loop, call, exit];

const byName = new Map(kinds.map((one) => [one.kind, one]));
export const kindOf = (name: Name): Kind => byName.get(name) ?? exit;
