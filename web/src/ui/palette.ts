// Tokens of the console; app/theme.ts gives them to components, charts read them here.
export const palette = {
  primary: '#1f5eff', success: '#12946a', warning: '#c77700', danger: '#d4380d',
  // Behind notes, and around them.
  successSoft: '#e8f6f0', successLine: '#a3d9c3', warningSoft: '#fff7e8', warningLine: '#f3d19b', dangerSoft: '#fff1ed', dangerLine: '#f5b8a3',
  text: '#16181d', quiet: '#5a6270', line: '#e4e7ec', ground: '#f6f7f9', surface: '#ffffff',
};

// Eight colours that colour-blind people tell apart; the same series has the same one on a page.
export const series = ['#1f5eff', '#e08a00', '#12946a', '#b0569b', '#3aa6d0', '#c8501e', '#6a55c2', '#6b7280'];

export const earlier = '#b4bac4'; // a comparison period

// Relative luminance, as WCAG has it.
const luminance = (channels: number[]) => {
  const [r, g, b] = channels.map((channel) => (channel <= 10 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};

// Sequential blue of a rate between 0 and 1, and the text colour that reads on it: of black and white one
// always has a contrast of 4.58 or more, which is where both have the same.
export function shade(rate: number): { background: string; color: string } {
  const strength = Math.max(0, Math.min(1, rate));
  const mix = (light: number, dark: number) => Math.round(light + (dark - light) * strength);
  const channels = [mix(243, 23), mix(247, 78), mix(255, 222)];
  return { background: `rgb(${channels.join(', ')})`, color: luminance(channels) + 0.05 > Math.sqrt(1.05 * 0.05) ? '#000000' : '#ffffff' };
}
