import { Tabs } from 'antd';
import { snippets } from '../lib/snippets';
import { Code } from './Code';

export function Snippets({ writeKey, project }: { writeKey: string; project: string }) {
  const items = snippets(window.location.origin, writeKey, project).map(({ name, code }) => ({ key: name, label: name, children: <Code text={code} /> }));
  return <Tabs size="small" items={items} />;
}
