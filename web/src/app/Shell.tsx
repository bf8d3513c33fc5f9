import { Suspense, lazy, useEffect, useState } from 'react';
import { Button, Dropdown, Layout, Menu, Modal, Select, Tag, type MenuProps } from 'antd';
import { BarChartOutlined, DatabaseOutlined, LockOutlined, LogoutOutlined, MenuFoldOutlined, MenuUnfoldOutlined, NodeIndexOutlined, SafetyOutlined, SearchOutlined, SettingOutlined, TranslationOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { matchPath, Outlet, useLocation, useNavigate } from 'react-router-dom';
import { call } from '../api/client';
import { useProjects, useSession } from '../api/queries';
import { FactorForm } from '../features/signin/FactorForm';
import { PasswordForm } from '../features/signin/PasswordForm';
import { keepFocus } from '../lib/focus';
import { currentProject, kBase, link } from '../lib/links';
import { setLanguage, useLanguage, useTexts } from '../lib/texts';
import type { Page } from '../lib/page';
import { Clear } from './Clear';
import { pages } from './pages';
import { useRefused } from './refused';
import { texts } from './texts';
import { useTitles } from './titles';

const Search = lazy(() => import('./Search'));

const kGroups = { data: <DatabaseOutlined />, journeys: <NodeIndexOutlined />, analysis: <BarChartOutlined />, settings: <SettingOutlined /> };

function useMenu(): MenuProps['items'] {
  const t = useTexts(texts);
  const titleOf = useTitles();
  const item = (page: Page) => ({ key: page.path, icon: page.icon, label: titleOf(page) });
  const refused = useRefused();
  const seen = pages.filter((page) => !page.hidden && !refused(page));
  const items: NonNullable<MenuProps['items']> = [];
  for (const page of seen) {
    if (!page.group) {
      items.push(item(page));
    } else if (!items.some((made) => made?.key === page.group)) {
      const children = seen.filter(({ group }) => group === page.group).map(item);
      items.push({ key: page.group, icon: kGroups[page.group], label: t(page.group), children });
    }
  }
  return items;
}

function EnvironmentBadge() {
  const t = useTexts(texts);
  const environment = useSession().data?.environment ?? '';
  const known = environment === 'production' || environment === 'test' || environment === 'demo' ? environment : undefined;
  return <Tag color={known === 'production' ? 'red' : known === 'demo' ? 'blue' : 'gold'} variant="outlined">{known ? t(known) : environment}</Tag>;
}

function ProjectSelect() {
  const t = useTexts(texts);
  const projects = useProjects().data?.projects ?? [];
  const first = projects[0];
  if (!first) return null;
  if (projects.length === 1) return <span className="project">{first.name}</span>;
  const go = (name: string) => window.location.assign(`${kBase}/?project=${encodeURIComponent(name)}`);
  return (
    <Select aria-label={t('project')} variant="borderless" value={currentProject() || first.name} onChange={go}
      options={projects.map(({ name }) => ({ value: name, label: name }))} popupMatchSelectWidth={false} />
  );
}

function Person() {
  const t = useTexts(texts);
  const { data: session } = useSession();
  const [open, setOpen] = useState<'password' | 'factor'>();
  const close = () => setOpen(undefined);
  const client = useQueryClient();
  const signOut = async () => {
    const { url } = await call('closeSession');
    client.clear();
    window.location.assign(url ?? `${kBase}/`);
  };
  const items: MenuProps['items'] = [
    { key: 'password', icon: <LockOutlined />, label: t('changePassword'), onClick: () => setOpen('password') },
    { key: 'factor', icon: <SafetyOutlined />, label: t('factor'), onClick: () => setOpen('factor') },
    { key: 'out', icon: <LogoutOutlined />, label: t('signOut'), onClick: () => void signOut() },
  ];
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button type="text" icon={<UserOutlined />} title={session?.person}>{session?.title || session?.person}</Button>
      </Dropdown>
      <Modal open={open === 'password'} title={t('changePassword')} footer={null} destroyOnHidden width={400} onCancel={close}><PasswordForm onDone={close} /></Modal>
      <Modal open={open === 'factor'} title={t('factor')} footer={null} destroyOnHidden width={400} onCancel={close}><FactorForm onDone={close} /></Modal>
    </>
  );
}

// Ctrl/⌘ K anywhere.
function useSearchKey(open: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}

export function Shell() {
  const t = useTexts(texts);
  const language = useLanguage();
  const location = useLocation();
  const navigate = useNavigate();
  const titleOf = useTitles();
  const items = useMenu();
  const [narrow, setNarrow] = useState(false);
  const [searching, setSearching] = useState(false);
  useSearchKey(() => setSearching(true));
  useEffect(keepFocus, []);
  const current = pages.find(({ path }) => matchPath(path, location.pathname));
  const inMenu = pages.filter(({ path, hidden }) => !hidden && (path === location.pathname || location.pathname.startsWith(`${path}/`)));
  const title = current ? `${titleOf(current)} · ${t('product')}` : t('product');
  useEffect(() => void (document.title = title), [title]);
  useEffect(() => void document.querySelector('.navigation .ant-menu-item-selected')?.scrollIntoView({ block: 'nearest' }), [location.pathname]);

  return (
    <Layout className="shell">
      <a className="skip" href="#content">{t('skip')}</a>
      <Layout.Sider width={188} collapsedWidth={56} collapsed={narrow} trigger={null} className="navigation">
        <div className="brand"><img src={`${kBase}/icon.svg`} alt="" width={24} height={24} />{!narrow && <b>{t('product')}</b>}</div>
        <Menu mode="inline" items={items} selectedKeys={inMenu.map(({ path }) => path)} defaultOpenKeys={narrow ? [] : Object.keys(kGroups)}
          onClick={({ key }) => void navigate(link(key))} inlineIndent={14} />
        <Button type="text" className="fold" aria-label={t(narrow ? 'expand' : 'collapse')} icon={narrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
          onClick={() => setNarrow(!narrow)} />
      </Layout.Sider>
      <Layout>
        <Layout.Header className="top">
          <ProjectSelect />
          <EnvironmentBadge />
          <Button className="search-button" icon={<SearchOutlined />} onClick={() => setSearching(true)}>
            <span>{t('search')}</span><kbd>Ctrl K</kbd>
          </Button>
          <Button type="text" icon={<TranslationOutlined />} lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
            {t('switchLanguage')}
          </Button>
          <Clear />
          <Person />
        </Layout.Header>
        <Layout.Content id="content" className="content" tabIndex={-1}><Outlet /></Layout.Content>
      </Layout>
      {searching && <Suspense fallback={null}><Search onClose={() => setSearching(false)} /></Suspense>}
    </Layout>
  );
}
