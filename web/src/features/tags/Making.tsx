import { Table } from 'antd';
import type { Tag } from '../../api/schema';
import { exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { bareRule } from '../../rules/core/rule';
import { Code } from '../../ui/Code';
import { texts } from './texts';

interface Layers {
  layers: { value: string; eql: string }[];
  otherwise?: string;
  match?: string;
}

interface Bands {
  edges: number[];
  labels: string[];
}

// Which value a number between two edges gives; an edge is of the band above it.
function BandsTable({ bands: { edges, labels } }: { bands: Bands }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const said = (i: number) => {
    const low = edges[i - 1], high = edges[i], number = (edge: number) => exact(edge, language);
    if (low === undefined) return high === undefined ? t('bandAny') : t('bandBelow', { high: number(high) });
    return high === undefined ? t('bandFrom', { low: number(low) }) : t('bandBetween', { low: number(low), high: number(high) });
  };
  return (
    <Table size="small" rowKey="label" dataSource={labels.map((label, i) => ({ label, range: said(i) }))} pagination={false} columns={[
      { title: t('value'), dataIndex: 'label', width: 200 }, { title: t('band'), dataIndex: 'range' },
    ]} />
  );
}

// How the tag is made: layers as a table, the one rule or operand as EQL, what is left as it is kept.
export function Making({ make }: { make: NonNullable<Tag['make']> }) {
  const t = useTexts(texts);
  const { kind, ...rest } = make as { kind: 'layers' } & Record<string, unknown>;
  if (kind === 'layers') {
    const { layers, otherwise, match } = rest as unknown as Layers;
    const rows = [...layers, ...(otherwise === undefined ? [] : [{ value: otherwise, eql: '' }])];
    return (
      <>
        <p className="quiet">{t(match === 'all' ? 'layersAll' : 'layers')}</p>
        <Table size="small" rowKey={({ value, eql }) => `${value} ${eql}`} dataSource={rows} pagination={false} columns={[
          { title: t('value'), dataIndex: 'value', width: 200 },
          { title: t('rule'), dataIndex: 'eql', render: (eql: string) => (eql ? <span className="code">{bareRule(eql)}</span> : <span className="quiet">{t('otherwise')}</span>) },
        ]} />
      </>
    );
  }
  const { eql, of, bands, ...more } = rest as { eql?: string; of?: string; bands?: Bands };
  return (
    <div className="stack tight">
      {(eql ?? of) && <Code text={bareRule((eql ?? of)!)} />}
      {bands && <BandsTable bands={bands} />}
      {Object.keys(more).length > 0 && <Code text={JSON.stringify(more, null, 2)} />}
    </div>
  );
}
