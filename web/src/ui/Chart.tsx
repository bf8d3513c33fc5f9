import { useEffect, useRef } from 'react';
import { init, type EChartsCoreOption, type ECharts } from './echarts';

export const kFont = 'Inter, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "WenQuanYi Zen Hei", sans-serif';

// Tooltips are drawn on the canvas (renderMode richText): HTML ones would need inline styles, which
// the page's content security policy forbids.
export function Chart({ option, height, label, onPick }: {
  option: EChartsCoreOption; height: number; label: string; onPick?: (series: string, index: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  useEffect(() => {
    const made = init(box.current, undefined, { renderer: 'canvas' });
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => chart.current?.setOption({ textStyle: { fontFamily: kFont }, ...option }, { notMerge: true }), [option]);
  useEffect(() => {
    const made = chart.current;
    if (!made || !onPick) return;
    const pick = (event: { seriesName?: string; dataIndex?: number }) => onPick(event.seriesName ?? '', event.dataIndex ?? 0);
    made.on('click', pick as never);
    return () => void (made.isDisposed() || made.off('click', pick as never));
  }, [onPick]);
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
