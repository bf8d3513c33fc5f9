import { Typography } from 'antd';
import { useProjects, useSources } from '../../api/queries';
import { currentProject } from '../../lib/links';
import { useGap, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { Snippets } from '../../ui/Snippets';
import { texts } from './texts';

export default function SourcesPage() {
  const t = useTexts(texts);
  const gap = useGap();
  const sources = useSources();
  const projects = useProjects().data?.projects;
  const project = currentProject() || projects?.[0]?.name || 'default';
  return (
    <>
      <PageHeader title={t('sources')} note={<>{t('sourcesNote')}{gap}{t('sourcesHint')}</>} />
      <Loaded query={sources} rows={10}>
        {({ sources: all }) => (
          <div className="stack">
            {all.map(({ name, write_key: key }) => (
              <section className="panel" key={name}>
                <h2>{name}</h2>
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
    </>
  );
}
