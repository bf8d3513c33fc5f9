import { Table } from 'antd';
import type { Tag } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { Code } from '../../ui/Code';
import { texts } from './texts';

interface Layers {
  layers: { value: string; eql: string }[];
  otherwise?: string;
  match?: string;
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
          { title: t('rule'), dataIndex: 'eql', render: (eql: string) => (eql ? <span className="code">{eql}</span> : <span className="quiet">{t('otherwise')}</span>) },
        ]} />
      </>
    );
  }
  const { eql, of, ...more } = rest as { eql?: string; of?: string };
  return (
    <div className="stack tight">
      {(eql ?? of) && <Code text={(eql ?? of)!} />}
      {Object.keys(more).length > 0 && <Code text={JSON.stringify(more, null, 2)} />}
    </div>
  );
}
