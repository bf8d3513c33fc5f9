import { useState } from 'react';
import { Select, Tooltip } from 'antd';
import { Link } from 'react-router-dom';
import { useMayWhole, useSegments, useTagNames } from '../../api/queries';
import { useNames } from '../../api/names';
import { exact, percent } from '../../lib/format';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { Num, Rate } from '../../ui/Num';
import { series, shade } from '../../ui/palette';
import { keyOf, matrix, ruleOf, sayValue, verdict, type Named, type PortraitAnswer, type PortraitCell, type PortraitQuestion, type PortraitTable, type PortraitValue } from './core/portrait';
import type { PortraitNames } from './tables';
import { texts } from './texts';

// What fields, groups and values are called.
export function usePortraitNames(): PortraitNames {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const tags = useTagNames().data?.items ?? [], segments = useSegments().data?.items ?? [];
  return {
    field: ({ tag, customer = '' }: Named) => (tag === undefined ? names.property(customer) : labelOf(tags.find(({ id }) => id === tag) ?? { id: tag }, language)),
    group: ({ name, values_at: at }: { name: string; values_at?: string }) => `${labelOf(segments.find(({ id }) => id === name) ?? { id: name }, language)}${at ? ` · ${at.slice(0, 10)}` : ''}`,
    value: (value: PortraitValue | '$other') => sayValue(value, { other: t('other'), none: t('none'), yes: t('yes'), no: t('no'), number: (of) => exact(of, language) }),
  };
}

// The index against the base: marked when it is more than chance, its interval on hover.
function Tgi({ cell }: { cell: PortraitCell }) {
  const t = useTexts(texts);
  if (cell.tgi === null) return <span className="quiet" title={t('tooFew')}>–</span>;
  const said = verdict(cell);
  const about = t('interval95', { low: Math.round(cell.low ?? 0), high: Math.round(cell.high ?? 0), q: cell.q === null ? '–' : cell.q < 0.001 ? '< 0.001' : cell.q.toFixed(3) });
  return <Tooltip title={about}><span tabIndex={0} className={`num ${said === 'more' ? 'up' : said === 'less' ? 'down' : 'quiet'}`}>{said === 'more' ? '▲ ' : said === 'less' ? '▼ ' : ''}{Math.round(cell.tgi)}</span></Tooltip>;
}

const Share = ({ cell, index }: { cell: PortraitCell; index: number }) => (
  <div className="share" title={`${percent(cell.share)} / ${percent(cell.base_share)}`}>
    <i style={{ width: `${cell.share * 100}%`, background: series[index] }} /><i className="of-base" style={{ left: `${cell.base_share * 100}%` }} />
  </div>
);

function Values({ table, question, answer }: { table: PortraitTable; question: PortraitQuestion; answer: PortraitAnswer }) {
  const t = useTexts(texts);
  const { value: say, group: nameOf } = usePortraitNames();
  const maySelect = useMayWhole('segments.change');
  return (
    <div className="scroll" tabIndex={0}>
      <table className="portrait">
        <thead><tr><th>{t('value')}</th>{answer.groups.map((group, g) => <th key={g} colSpan={3}>{answer.groups.length > 1 && <i className="dot" style={{ background: series[g] }} />}{answer.groups.length > 1 ? nameOf({ ...question.groups[g]!, name: group.name }) : `${t('share')} · ${t('tgi')} · ${t('size')}`}</th>)}</tr></thead>
        <tbody>
          {table.rows.map(({ value, groups }, i) => (
            <tr key={i}>
              <td title={say(value)}>{say(value)}</td>
              {groups.map((cell, g) => {
                const rule = ruleOf(table, value), who = question.groups[g]?.who.eql;
                return [
                  <td key={`${g} share`}><Share cell={cell} index={g} /></td>,
                  <td key={`${g} tgi`}><Tgi cell={cell} /></td>,
                  <td key={`${g} count`}>{maySelect && rule && who && cell.count > 0 ? <Link className="link-number" title={t('asSegment')} to={link('/segments/new', { eql: `${who} AND ${rule}` })}><Num value={cell.count} /></Link> : <Num value={cell.count} />}</td>,
                ];
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cross({ table, question }: { table: PortraitTable<[PortraitValue, PortraitValue]>; question: PortraitQuestion }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { field, group, value: say } = usePortraitNames();
  const [chosen, choose] = useState(0);
  const { rows, columns, cell } = matrix(table);
  const most = Math.max(...table.rows.map(({ groups }) => groups[chosen]?.share ?? 0), 1e-9);
  return (
    <section className="panel">
      <div className="bar" style={{ marginBottom: 8 }}>
        <h2>{table.of!.map(field).join(' × ')}</h2>
        {question.groups.length > 1 && <Select size="small" aria-label={t('group')} value={chosen} onChange={choose} options={question.groups.map((one, g) => ({ value: g, label: group(one) }))} style={{ minWidth: 160 }} />}
      </div>
      <div className="scroll" tabIndex={0}>
        <table className="retention">
          <thead><tr><th />{columns.map((column, i) => <th key={i}>{say(column)}</th>)}</tr></thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}><td>{say(row)}</td>{columns.map((column, j) => {
                const found = cell(row, column)?.[chosen];
                if (!found) return <td key={j}><span className="cell quiet">–</span></td>;
                return <td key={j}><span className="cell" style={shade(found.share / most)} title={`${exact(found.count, language)} · ${t('tgi')} ${found.tgi === null ? '–' : Math.round(found.tgi)}`}>{percent(found.share)}{verdict(found) === 'more' ? ' ▲' : verdict(found) === 'less' ? ' ▼' : ''}</span></td>;
              })}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Telling({ answer, question }: { answer: PortraitAnswer; question: PortraitQuestion }) {
  const t = useTexts(texts);
  const { field, group } = usePortraitNames();
  return (
    <section className="panel">
      <h2>{t('mostTelling')}</h2>
      <div className="grid" style={{ gridTemplateColumns: `repeat(${Math.min(answer.groups.length, 3)}, minmax(0, 1fr))` }}>
        {answer.groups.map(({ most_telling: telling }, g) => {
          const most = Math.max(...telling.map(({ gain }) => gain), 1e-9);
          return (
            <div key={g}>
              {answer.groups.length > 1 && <p className="quiet"><i className="dot" style={{ background: series[g] }} />{group(question.groups[g]!)}</p>}
              {telling.length === 0 && <p className="quiet">{t('nothingTelling')}</p>}
              <ol className="telling">{telling.map((one) => <li key={keyOf(one)}><a href={`#${encodeURIComponent(keyOf(one))}`}>{field(one)}</a>{one.tag !== undefined && <span className="quiet"> {t('ofTag')}</span>}<div className="meter"><i style={{ width: `${(one.gain / most) * 100}%`, background: series[g] }} /></div></li>)}</ol>
            </div>
          );
        })}
      </div>
    </section>
  );
}

// What groups of customers are like against the base; `compact` is for a tile of a dashboard.
export function PortraitResult({ answer, question, compact }: { answer: PortraitAnswer; question: PortraitQuestion; compact?: boolean }) {
  const t = useTexts(texts);
  const { field, group } = usePortraitNames();
  if (answer.groups.every(({ count }) => count === 0)) return <section className="panel"><Nothing what={t('nobodyInGroup')} /></section>;
  const order = [...answer.fields].sort((a, b) => Math.max(...b.gain.map((gain) => gain ?? 0)) - Math.max(...a.gain.map((gain) => gain ?? 0)));
  return (
    <>
      <section className="panel numbers three">
        {answer.groups.map(({ count, shared }, g) => (
          <div key={g}><span className="quiet"><i className="dot" style={{ background: series[g] }} />{group(question.groups[g]!)}</span><b><Num value={count} /></b><span className="quiet">{t('ofBase')} <Rate part={count} whole={answer.base.count} />{g > 0 && <> · {t('sharedWithFirst')} <Num value={shared[0]} /></>}</span></div>
        ))}
      </section>
      <Telling answer={answer} question={question} />
      {!compact && answer.crosses.map((cross, i) => <Cross key={i} table={cross} question={question} />)}
      {!compact && order.map((table) => (
        <section key={keyOf(table)} id={encodeURIComponent(keyOf(table))} className="panel">
          <div className="bar" style={{ marginBottom: 8 }}><h2>{field(table)}</h2>{table.tag !== undefined && <span className="quiet">{t('ofTag')}</span>}{table.psi.some((psi) => (psi ?? 0) >= 0.1) && <span className="quiet">{t('psi', { psi: Math.max(...table.psi.map((psi) => psi ?? 0)).toFixed(2) })}</span>}</div>
          <Values table={table} question={question} answer={answer} />
        </section>
      ))}
    </>
  );
}
