import { fileName } from '../lib/csv';
import { palette } from './palette';

// What a chart draws, as ECharts takes it.
export type Picture = Record<string, unknown>;

const kWidth = 1200, kHeight = 560;

// Draws it aside, with its title, and saves it as a PNG.
export async function downloadPicture(title: string, picture: Picture) {
  const { init } = await import('./echarts');
  const box = document.createElement('div');
  const chart = init(box, undefined, { renderer: 'canvas', width: kWidth, height: kHeight });
  const grid = { left: 24, right: 32, top: 84, bottom: 20, outerBoundsMode: 'same' };
  const legend = picture.legend && { ...(picture.legend as object), top: 48, left: 24 };
  chart.setOption({ ...picture, animation: false, grid, ...(legend ? { legend } : {}), title: { text: title, left: 24, top: 12, textStyle: { color: palette.text, fontSize: 18 } } });
  const blob = await new Promise<Blob | null>((resolve) => chart.renderToCanvas({ pixelRatio: 2, backgroundColor: palette.surface }).toBlob(resolve));
  chart.dispose();
  if (!blob) return;
  const address = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = `${fileName(title)}.png`;
  anchor.click();
  URL.revokeObjectURL(address);
}
