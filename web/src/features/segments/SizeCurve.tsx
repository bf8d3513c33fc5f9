import { useMemo } from 'react';
import type { SegmentRun } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { Chart } from '../../ui/Chart';
import { palette } from '../../ui/palette';
import { texts } from './texts';

// The size at each run, oldest first; a larger point where a version begins.
export function SizeCurve({ runs }: { runs: SegmentRun[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const option = useMemo(() => {
    const points = [...runs].reverse();
    return {
      animation: false, color: [palette.primary], grid: { left: 8, right: 24, top: 16, bottom: 4, outerBoundsMode: 'same' },
      tooltip: { trigger: 'axis', renderMode: 'richText' },
      xAxis: { type: 'time', axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet, hideOverlap: true } },
      yAxis: { type: 'value', min: 0, minInterval: 1, splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
      series: [{
        name: t('size'), type: 'line', step: 'end', areaStyle: { opacity: 0.06 },
        data: points.map(({ at, count, version, run }, i) => {
          const begins = i === 0 || version !== points[i - 1]!.version;
          return { name: dateTime(Date.parse(at), language), value: [at, count], symbolSize: begins ? 9 : 5, label: { show: begins, position: 'top', formatter: `v${version ?? run}`, color: palette.quiet } };
        }),
      }],
    };
  }, [runs, t, language]);
  return <div><h2>{t('curve')}</h2><Chart option={option} height={200} label={t('curve')} /></div>;
}
