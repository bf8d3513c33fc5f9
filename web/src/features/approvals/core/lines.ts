// What changed between two texts, line by line.
export interface Line {
  change: 'same' | 'out' | 'in';
  text: string;
}

const kMostCells = 4_000_000;
const kAround = 3; // lines shown beside a change

// Longest common subsequence of what lies between the common beginning and end; when that is very long, all of
// it out and in.
export function compareLines(before: string[], after: string[]): Line[] {
  let head = 0, tail = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) ++head;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) ++tail;
  const line = (change: Line['change']) => (text: string): Line => ({ change, text });
  const a = before.slice(head, before.length - tail), b = after.slice(head, after.length - tail);
  const middle = a.length * b.length > kMostCells ? [...a.map(line('out')), ...b.map(line('in'))] : common(a, b);
  return [...before.slice(0, head).map(line('same')), ...middle, ...before.slice(before.length - tail).map(line('same'))];
}

function common(a: string[], b: string[]): Line[] {
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width); // of what a[i..] and b[j..] have in common
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const same = i < a.length && j < b.length && a[i] === b[j];
    const out = !same && (j === b.length || (i < a.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!));
    lines.push(same ? { change: 'same', text: a[i]! } : out ? { change: 'out', text: a[i]! } : { change: 'in', text: b[j]! });
    if (same || out) ++i;
    if (same || !out) ++j;
  }
  return lines;
}

// Only changes and what is around them; a number stands for lines left out.
export function folded(lines: Line[]): (Line | number)[] {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - kAround), i + kAround + 1).some(({ change }) => change !== 'same'));
  const shown: (Line | number)[] = [];
  lines.forEach((line, i) => {
    if (near[i]) shown.push(line);
    else if (typeof shown.at(-1) === 'number') shown[shown.length - 1] = (shown.at(-1) as number) + 1;
    else shown.push(1);
  });
  return shown;
}
