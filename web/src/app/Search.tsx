import { useMemo, useState, type KeyboardEvent } from 'react';
import { Input, Modal, Tag } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router-dom';
import { useNames } from '../api/names';
import { useJourneys, useMay, useSegments, useTagNames } from '../api/queries';
import { labelOf } from '../lib/label';
import { link, questionLink } from '../lib/links';
import { search, type Found } from '../lib/match';
import { useLanguage, useTexts } from '../lib/texts';
import { pages } from './pages';
import { useRefused } from './refused';
import { texts } from './texts';
import { useTitles } from './titles';

interface Thing extends Found {
  kind: 'page' | 'event' | 'property' | 'segment' | 'tag' | 'journey' | 'customer';
  label: string;
  name?: string;
  to: string;
}

function useThings(): Thing[] {
  const names = useNames();
  const titleOf = useTitles();
  const refused = useRefused();
  const language = useLanguage();
  const segments = useSegments().data?.items, journeys = useJourneys().data?.journeys, tags = useTagNames().data?.items;
  return useMemo(() => {
    const shown = pages.filter((page) => !page.hidden && !refused(page));
    const words = ({ name, zh, en }: { name: string; zh?: string; en?: string }) => [name, zh, en].filter((word) => word !== undefined && word !== '') as string[];
    const trend = (name: string) => questionLink({ ask: 'trends', measures: [{ name: 'm1', of: name, measure: 'count' }] } as { ask: string });
    return [
      ...shown.map((page): Thing => {
        const { texts: { zh, en }, key } = page.title;
        return { kind: 'page', label: titleOf(page), to: link(page.path), words: [zh[key] ?? '', en[key] ?? '', page.path] };
      }),
      ...names.events.map((event): Thing => ({ kind: 'event', label: names.event(event.name), name: event.name, to: trend(event.name), words: words(event) })),
      ...names.properties.map((property): Thing => ({
        kind: 'property', label: names.property(property.name), name: property.name,
        to: link('/data/plan', { tab: 'properties', find: property.name }), words: words(property),
      })),
      ...(segments ?? []).map(({ id, name_zh: zh, name_en: en }): Thing => ({ kind: 'segment', label: (language === 'zh' ? zh || en : en || zh) || id, name: id, to: link(`/segments/${id}`), words: words({ name: id, zh, en }) })),
      ...(tags ?? []).map((tag): Thing => ({ kind: 'tag', label: labelOf(tag, language), name: tag.id, to: link(`/tags/${tag.id}`), words: words({ name: tag.id, zh: tag.name_zh, en: tag.name_en }) })),
      ...(journeys ?? []).map(({ id, name = '' }): Thing => ({ kind: 'journey', label: name || id, name: id, to: link(`/journeys/${id}`), words: words({ name: id, zh: name }) })),
    ];
  }, [names, titleOf, refused, segments, tags, journeys, language]);
}

export default function Search({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const things = useThings();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const may = useMay();
  // Customers are many: they are sought on their page.
  const found = useMemo(() => {
    const wanted = typed.trim();
    const customer: Thing = { kind: 'customer', label: t('seekCustomer', { typed: wanted }), to: link('/customers', { find: wanted }), words: [] };
    return [...search(typed, things, 12), ...(wanted && may('customers.view') ? [customer] : [])];
  }, [typed, things, t, may]);
  const open = (thing: Thing | undefined) => {
    if (!thing) return;
    onClose();
    void navigate(thing.to);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((old) => Math.max(0, Math.min(found.length - 1, old + step)));
    } else if (event.key === 'Enter') {
      open(found[chosen]);
    }
  };
  return (
    <Modal open onCancel={onClose} footer={null} closable={false} width={560} destroyOnHidden className="search" title={t('search')} transitionName="" maskTransitionName="">
      <Input autoFocus size="large" variant="borderless" prefix={<SearchOutlined />} placeholder={`${t('search')} · ${t('searchHint')}`} value={typed}
        onChange={(event) => { setTyped(event.target.value); setChosen(0); }} onKeyDown={onKey}
        role="combobox" aria-expanded aria-controls="found" aria-activedescendant={`found-${chosen}`} />
      <ul id="found" role="listbox" className="found">
        {found.map((thing, index) => (
          <li key={`${thing.kind} ${thing.to}`} id={`found-${index}`} role="option" aria-selected={index === chosen}
            onMouseEnter={() => setChosen(index)} onClick={() => open(thing)}>
            <Tag variant="filled">{t(thing.kind)}</Tag>
            <span>{thing.label}</span>
            {thing.name && thing.name !== thing.label && <span className="quiet code">{thing.name}</span>}
          </li>
        ))}
        {found.length === 0 && <li className="quiet">{t('nothingFound', { typed })}</li>}
      </ul>
      <p className="quiet hint">{t('moveHint')}</p>
    </Modal>
  );
}
