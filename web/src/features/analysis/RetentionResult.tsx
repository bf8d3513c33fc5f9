import { useState } from 'react';
import { Select } from 'antd';
import { useNavigate } from 'react-router-dom';
import { bucket, exact, percent } from '../../lib/format';
import { customersLink } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { palette, series as colours, shade } from '../../ui/palette';
import type { Picture } from '../../ui/picture';
import { behind, groupName, type Cell, type RetentionAnswer } from './core/answer';
import type { RetentionQuestion } from './core/question';
import { periodName } from './tables';
import { texts } from './texts';
import { useWords, type Words } from './useWords';

const kDrawn = 7;

function RateCell({ cell, size, open }: { cell: Cell; size: number; open: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (!cell.complete && cell.count === 0) return <span className="cell quiet">–</span>;
  const title = `${exact(cell.count, language)} / ${exact(size, language)}${cell.complete ? '' : ` · ${t('open')}`}`;
  return <button type="button" className={cell.complete ? 'cell' : 'cell open'} style={shade(cell.rate)} title={title} disabled={cell.count === 0} onClick={open}>{percent(cell.rate)}</button>;
}

export function retentionPicture(answer: RetentionAnswer, _: RetentionQuestion, words: Words): Picture {
  const { t, language } = words;
  const cohorts = answer.everyone.cohorts.slice(-kDrawn);
  const rateOf = (cell: Cell) => (cell.complete || cell.count > 0 ? cell.rate : null);
  return {
    color: colours, legend: { show: true, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: palette.quiet }, type: 'scroll' },
    xAxis: { type: 'category', data: answer.columns.map((range) => periodName(range, answer.unit, words)), axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    yAxis: { type: 'value', axisLabel: { color: palette.quiet, formatter: (rate: number) => percent(rate) }, splitLine: { lineStyle: { color: palette.line } } },
    series: [
      { name: t('average'), type: 'line', data: answer.everyone.average.map(({ pooled }) => pooled), lineStyle: { width: 3 }, symbolSize: 7 },
      ...cohorts.map(({ from, cells }) => ({ name: bucket(from, answer.unit, language), type: 'line', data: cells.map(rateOf), lineStyle: { width: 1 }, symbolSize: 4 })),
    ],
  };
}

export function RetentionResult({ answer, question }: { answer: RetentionAnswer; question: RetentionQuestion }) {
  const words = useWords();
  const { t, language } = words;
  const navigate = useNavigate();
  const [chosen, setChosen] = useState('');
  const group = answer.groups?.find(({ by }) => JSON.stringify(by) === chosen);
  const part = group ?? answer.everyone;
  const about = (of: object) => behind(question, of, group?.by);
  if (part.cohorts.every(({ size }) => size === 0)) return <section className="panel"><Nothing what={t('noneInRange')} /></section>;
  return (
    <section className="panel">
      {answer.groups && (
        <Select aria-label={t('group')} style={{ width: 220, marginBottom: 12 }} value={chosen} onChange={setChosen}
          options={[{ value: '', label: t('everyone') }, ...answer.groups.map(({ by }) => ({ value: JSON.stringify(by), label: groupName(by, t) }))]} />
      )}
      <div className="scroll">
        <table className="retention">
          <thead><tr><th>{t('cohortDate')}</th><th>{t('size')}</th>{answer.columns.map((range) => <th key={range[0]}>{periodName(range, answer.unit, words)}</th>)}</tr></thead>
          <tbody>
            <tr>
              <td><b>{t('average')}</b></td><td className="plain" />
              {part.average.map(({ pooled }, index) => <td key={index}>{pooled === null ? <span className="cell quiet">–</span> : <span className="cell" style={shade(pooled)}><b>{percent(pooled)}</b></span>}</td>)}
            </tr>
            {part.cohorts.map(({ from, size, cells }) => (
              <tr key={from}>
                <td>{bucket(from, answer.unit, language)}</td>
                <td className="plain"><Num value={size} /></td>
                {cells.map((cell, index) => <td key={index}><RateCell cell={cell} size={size} open={() => void navigate(customersLink(about({ cohort: from, column: index })))} /></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
