import { useState } from 'react';
import { App, Button, Drawer, Input } from 'antd';
import type { TagPlace } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { useNamePlaces } from './queries';
import { texts } from './texts';

// What categories and albums are called in English; only what was changed is sent.
export function PlaceNames({ categories, albums, onDone }: { categories: TagPlace[]; albums: TagPlace[]; onDone: () => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const name = useNamePlaces();
  const [changed, setChanged] = useState<{ categories: Record<string, string>; albums: Record<string, string> }>({ categories: {}, albums: {} });
  const listOf = (of: Record<string, string>) => Object.entries(of).map(([place, english]) => ({ name: place, name_en: english.trim() }));
  const save = () => name.mutate({ categories: listOf(changed.categories), albums: listOf(changed.albums) }, { onSuccess: () => { void message.success(t('placeNamesSaved')); onDone(); } });
  const fields = (kind: 'categories' | 'albums', places: TagPlace[]) => (
    <section>
      <h3>{t(kind)}</h3>
      {places.map(({ name: place, name_en: english = '' }) => (
        <div key={place} className="row" style={{ marginTop: 6 }}>
          <label htmlFor={`${kind} ${place}`} style={{ width: 200, paddingLeft: kind === 'categories' ? 14 * (place.split('/').length - 1) : 0 }}>{kind === 'categories' ? place.slice(place.lastIndexOf('/') + 1) : place}</label>
          <Input id={`${kind} ${place}`} style={{ flex: 1 }} maxLength={60} value={changed[kind][place] ?? english} onChange={(event) => setChanged({ ...changed, [kind]: { ...changed[kind], [place]: event.target.value } })} />
        </div>
      ))}
    </section>
  );
  return (
    <Drawer open size={480} title={t('placeNames')} onClose={onDone} extra={<Button type="primary" loading={name.isPending} onClick={save}>{t('save')}</Button>}>
      <div className="stack">
        <p className="quiet">{t('placeNamesNote')}</p>
        {name.isError && <ProblemNote error={name.error} />}
        {fields('categories', categories)}
        {fields('albums', albums)}
      </div>
    </Drawer>
  );
}
