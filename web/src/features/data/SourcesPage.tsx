import { useState } from 'react';
import { Button, Typography } from 'antd';
import { UploadOutlined } from '@ant-design/icons';
import { useProjects, useSources } from '../../api/queries';
import { currentProject } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { Snippets } from '../../ui/Snippets';
import { ImportDrawer } from './ImportDrawer';
import { texts } from './texts';

export default function SourcesPage() {
  const t = useTexts(texts);
  const sources = useSources();
  const [importing, setImporting] = useState<{ source: string; writeKey: string }>();
  const projects = useProjects().data?.projects;
  const project = currentProject() || projects?.[0]?.name || 'default';
  return (
    <>
      <PageHeader title={t('sources')} note={<>{t('sourcesNote')} {t('sourcesHint')}</>} />
      <Loaded query={sources} rows={10}>
        {({ sources: all }) => (
          <div className="stack">
            {all.map(({ name, write_key: key }) => (
              <section className="panel" key={name}>
                <div className="bar"><h2>{name}</h2><Button className="push" icon={<UploadOutlined />} onClick={() => setImporting({ source: name, writeKey: key })}>{t('importFile')}</Button></div>
                <dl className="pairs">
                  <dt>{t('address')}</dt><dd><Typography.Text copyable className="code">{window.location.origin}</Typography.Text></dd>
                  <dt>{t('writeKey')}</dt><dd><Typography.Text copyable className="code">{key}</Typography.Text> <span className="quiet">{t('keyShown')}</span></dd>
                </dl>
                <h2 style={{ marginTop: 16 }}>{t('howTo')}</h2>
                <Snippets writeKey={key} project={project} />
              </section>
            ))}
          </div>
        )}
      </Loaded>
      {importing && <ImportDrawer {...importing} onClose={() => setImporting(undefined)} />}
    </>
  );
}
