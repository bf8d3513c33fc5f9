// How much more often one way of an experiment reaches the goal than another.

export interface Arm { entered: number; converted: number }
export interface Uplift { difference: number; low: number; high: number } // shares: 0.05 is five points

const kZ = 1.959963984540054; // 95% of both sides

// Wilson's score interval of a share.
function wilson({ entered: n, converted }: Arm): [number, number] {
  const share = converted / n, z2 = kZ * kZ, middle = share + z2 / (2 * n), half = kZ * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [(middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)];
}

// Newcombe's interval of a difference of shares (Statistics in Medicine 17, 1998, method 10), which holds for small
// numbers too. Nothing when an arm has nobody.
export function upliftOf(arm: Arm, base: Arm): Uplift | undefined {
  if (arm.entered === 0 || base.entered === 0) return undefined;
  const a = arm.converted / arm.entered, b = base.converted / base.entered, [lowA, highA] = wilson(arm), [lowB, highB] = wilson(base);
  return { difference: a - b, low: a - b - Math.hypot(a - lowA, highB - b), high: a - b + Math.hypot(highA - a, b - lowB) };
}

// More or less than chance would make it.
export const verdictOf = ({ low, high }: Uplift): 'more' | 'less' | 'chance' => (low > 0 ? 'more' : high < 0 ? 'less' : 'chance');
